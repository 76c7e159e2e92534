"""The kinds there are: every module of `kinds/` that defines one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from functools import cache
from typing import Any

from dxcourse.exercises import kinds
from dxcourse.exercises.base import Exercise


@cache
def kinds_by_name() -> dict[str, type[Exercise[Any]]]:
    """Kind name to class. A new file in this package is a new kind; nothing else lists them."""
    found: dict[str, type[Exercise[Any]]] = {}
    for module in pkgutil.iter_modules(kinds.__path__):
        loaded = importlib.import_module(f"dxcourse.exercises.kinds.{module.name}")
        for _, cls in inspect.getmembers(loaded, inspect.isclass):
            # `Exercise[ChoiceItem]` is a class of the module too; only a kind says what it is.
            if (
                issubclass(cls, Exercise)
                and "kind" in vars(cls)
                and cls.__module__ == loaded.__name__
            ):
                found[cls.kind] = cls
    return found
