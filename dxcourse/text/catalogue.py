"""Looks texts up: `ja/AREA.yaml`, keys joined by dots, ``{name}`` for a blank."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LANGUAGE = "ja"
HERE = Path(__file__).parent

# The C loader, where PyYAML has it, takes a tenth of the time: texts are read at every start.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TextError(LookupError):
    """There is no such text, or a blank of it is not filled: a mistake in the program."""


def say(key: str, /, **blanks: object) -> str:
    """Give a text with its blanks filled.

    Parameters
    ----------
    key
        The area, then the names down to the text: ``homework.collect.late``.
    blanks
        A value for each ``{name}`` of the text; `str.format` says how formats are written.

    Raises
    ------
    TextError
        There is no such text, or a blank is not filled.
    """
    text = _find(key)
    if not isinstance(text, str):
        raise TextError(f"{key}: not a text")
    try:
        return text.format(**blanks)
    except KeyError as error:
        raise TextError(f"{key}: nothing for the blank {{{error.args[0]}}}") from error


def say_all(key: str, /, **blanks: object) -> list[str]:
    """Give the texts of a list, each with its blanks filled; see `say`.

    Raises
    ------
    TextError
        There is no such list, or a blank is not filled.
    """
    texts = _find(key)
    if not isinstance(texts, list):
        raise TextError(f"{key}: not a list of texts")
    try:
        return [str(text).format(**blanks) for text in texts]
    except KeyError as error:
        raise TextError(f"{key}: nothing for the blank {{{error.args[0]}}}") from error


def words(key: str) -> Mapping[str, Any]:
    """Give an area, or a part of one, as data; its blanks are left to whoever takes it.

    Raises
    ------
    TextError
        There is no such part.
    """
    part = _find(key)
    if not isinstance(part, Mapping):
        raise TextError(f"{key}: a text, not a part of an area")
    return part


@cache
def area(name: str, language: str = LANGUAGE) -> Mapping[str, Any]:
    """Read an area's file.

    Raises
    ------
    TextError
        There is none.
    """
    try:
        text = (HERE / language / f"{name}.yaml").read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise TextError(f"{name}: no such area") from error
    found: Mapping[str, Any] = yaml.load(text, LOADER) or {}  # noqa: S506  -- a safe loader
    return found


@cache
def _find(key: str) -> object:
    first, *steps = key.split(".")
    found: object = area(first)
    for step in steps:
        if not isinstance(found, Mapping) or step not in found:
            raise TextError(f"{key}: no such text")
        found = found[step]
    return found
