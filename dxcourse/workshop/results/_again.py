"""An exercise that is asked twice under two ids: the first answers in the second one's refs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.exercises._parts import Named
from dxcourse.workshop.results._given import Given


def asked_again(
    earlier: AnyExercise, later: AnyExercise, given: Iterable[Given]
) -> tuple[Given, ...]:
    """Give answers to the earlier exercise as if they were to the later one.

    Items, options, bins and the like belong together by the id that the author gave them; what
    the later exercise does not have is left out.
    """
    there = dict(_named(later))
    refs = {ref: there[path] for path, ref in _named(earlier) if path in there}
    return tuple(
        Given(each.who, _translated(each.items, refs), each.pair, each.consent) for each in given
    )


def names_of(exercise: AnyExercise) -> dict[str, str]:
    """Give what is written on everything that an answer can point at, by ref."""
    found: dict[str, str] = {}
    for _, value in exercise:
        for thing in _things(value):
            found[thing.ref] = thing.text
            found |= {inner.ref: inner.text for _, part in thing for inner in _things(part)}
    return found


def _named(exercise: AnyExercise) -> Iterable[tuple[tuple[str, ...], str]]:
    """List everything that an answer can point at: the path of ids to it, and its ref."""
    for _, value in exercise:
        for thing in _things(value):
            yield (type(thing).__name__, thing.id), thing.ref
            for _, part in thing:
                for inner in _things(part):
                    yield (type(inner).__name__, thing.id, inner.id), inner.ref


def _things(value: Any) -> Sequence[Named]:  # noqa: ANN401  -- a field of any kind
    return [each for each in value if isinstance(each, Named)] if isinstance(value, tuple) else []


def _translated(items: Any, refs: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401
    translated: dict[str, Any] = {}
    for ref, value in items.items():
        found = _value(value, refs)
        if ref in refs and found is not None:
            translated[refs[ref]] = found
    return translated


def _value(value: Any, refs: dict[str, str]) -> Any:  # noqa: ANN401  -- plain JSON
    if isinstance(value, dict):
        return {name: _value(part, refs) for name, part in value.items()}
    if isinstance(value, list):
        return [refs[part] for part in value if part in refs]
    if isinstance(value, str):
        return refs.get(value, value)
    return value
