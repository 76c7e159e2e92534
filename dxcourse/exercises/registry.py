"""The kinds there are: a file each in `kinds/`, and those that installed packages bring."""

from __future__ import annotations

import importlib
import inspect
import logging
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from dxcourse.exercises import kinds
from dxcourse.exercises.base import Exercise
from dxcourse.text import say

log = logging.getLogger(__name__)

GROUP = "dxcourse.kinds"
"""The entry points by which a package names its kinds: ``cloze = "dxcourse_cloze:Cloze"``."""


@cache
def kinds_by_name() -> dict[str, type[Exercise[Any]]]:
    """Kind name to class: the course's own, and then other packages'.

    A package that cannot be used is named in the log and left out; the course goes on without it.
    """
    found = {cls.kind: cls for cls in _own_kinds()}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        try:
            cls = _loaded(point)
        except Exception as error:  # noqa: BLE001  -- another package's fault, whatever it is
            cause = f"{type(error).__name__}: {error}"
            log.warning(say("check.kinds.broken", kind=point.name, source=point.value, cause=cause))
        else:
            if cls.kind in found:
                log.warning(say("check.kinds.twice", kind=cls.kind, source=point.value))
            else:
                found[cls.kind] = cls
    return found


def is_own(cls: type[Exercise[Any]]) -> bool:
    """Whether a kind is one of the course's own."""
    return cls.__module__.startswith(f"{kinds.__name__}.")


def _own_kinds() -> list[type[Exercise[Any]]]:
    found = []
    for module in pkgutil.iter_modules(kinds.__path__):
        loaded = importlib.import_module(f"{kinds.__name__}.{module.name}")
        for _, cls in inspect.getmembers(loaded, inspect.isclass):
            # `Exercise[ChoiceItem]` is a class of the module too; only a kind says what it is.
            if (
                issubclass(cls, Exercise)
                and "kind" in vars(cls)
                and cls.__module__ == loaded.__name__
            ):
                found.append(cls)
    return found


def _loaded(point: EntryPoint) -> type[Exercise[Any]]:
    """Load what an entry point names.

    Raises
    ------
    TypeError
        It is no kind of exercise, or one of another name.
    """
    cls = point.load()
    if not (inspect.isclass(cls) and issubclass(cls, Exercise) and not inspect.isabstract(cls)):
        raise TypeError(say("check.kinds.no-kind"))
    if getattr(cls, "kind", None) != point.name:
        raise TypeError(say("check.kinds.other-name", name=point.name))
    if not hasattr(cls, "shape"):
        raise TypeError(say("check.kinds.no-shape"))
    return cls
