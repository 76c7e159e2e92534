"""A package's names whose modules are imported when the names are used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Give the `__getattr__` of a package (PEP 562); `modules` says where each name is.

    Raises
    ------
    AttributeError
        From what is given: the package has no such name.
    """

    def fetch(name: str) -> Any:  # noqa: ANN401  -- whatever stands under the name
        if name in modules:
            return getattr(import_module(f"{package}.{modules[name]}"), name)
        msg = f"module {package!r} has no attribute {name!r}"
        raise AttributeError(msg)

    return fetch
