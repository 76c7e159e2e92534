"""Exercises as data: kinds, a file a kind, pure and without Jupyter."""

from dxcourse.exercises._base import Exercise, ItemResult, Mark, Remark, Result
from dxcourse.exercises._errors import AnswerError, ExerciseError
from dxcourse.exercises._kinds import kinds
from dxcourse.exercises._load import AnyExercise, Bank, Place, load_bank, parse
from dxcourse.exercises._parts import Item, Note, within

__all__ = [
    "AnswerError",
    "AnyExercise",
    "Bank",
    "Exercise",
    "ExerciseError",
    "Item",
    "ItemResult",
    "Mark",
    "Note",
    "Place",
    "Remark",
    "Result",
    "kinds",
    "load_bank",
    "parse",
    "within",
]
