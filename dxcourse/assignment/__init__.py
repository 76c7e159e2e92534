"""An assignment's exercises beside its notebook: with keys in its source, without in a release."""

from dxcourse.assignment._keyless import keyless, keyless_copy, write_keyless
from dxcourse.assignment.errors import AssignmentError
from dxcourse.assignment.folder import ANSWERS, EXERCISES, Assignment
from dxcourse.assignment.leaks import hidden, leak

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
