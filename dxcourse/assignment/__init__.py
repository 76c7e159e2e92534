"""An assignment's exercises beside its notebook: with keys in its source, without in a release."""

from dxcourse.assignment._assignment import ANSWERS, EXERCISES, Assignment
from dxcourse.assignment._errors import AssignmentError
from dxcourse.assignment._hidden import hidden, leak
from dxcourse.assignment._keyless import Keyless, keyless, keyless_copy, write_keyless

__all__ = [
    "ANSWERS",
    "EXERCISES",
    "Assignment",
    "AssignmentError",
    "Keyless",
    "hidden",
    "keyless",
    "keyless_copy",
    "leak",
    "write_keyless",
]
