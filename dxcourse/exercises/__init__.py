"""Exercises as data: kinds, a file a kind, pure and without Jupyter."""

from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, Result
from dxcourse.exercises.errors import AnswerError, ExerciseError
from dxcourse.exercises.load import AnyExercise, Bank, SourcePlace, load_bank, parse
from dxcourse.exercises.parts import Item, Note, Scene, SceneCard, within
from dxcourse.exercises.registry import is_own, kinds_by_name

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
    "Remark",
    "Result",
    "Scene",
    "SceneCard",
    "SourcePlace",
    "is_own",
    "kinds_by_name",
    "load_bank",
    "parse",
    "within",
]
