"""An assignment's exercises beside its notebook: with keys in its source, without in a release."""

from dxcourse.assignment.errors import AssignmentError
from dxcourse.assignment.folder import ANSWERS, EXERCISES, Assignment
from dxcourse.assignment.keyless import hidden, keyless, keyless_copy, leak, write_keyless

__all__ = [
    "ANSWERS",
    "EXERCISES",
    "Assignment",
    "AssignmentError",
    "hidden",
    "keyless",
    "keyless_copy",
    "leak",
    "write_keyless",
]
