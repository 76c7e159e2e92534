"""An item's value in words, from what is public of its exercise: the same for every kind.

Records outlive editions of an exercise: what a value points at and is no longer there stands as it
was stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dxcourse.exercises import AnyExercise


def in_words(exercise: AnyExercise, ref: str, value: Any) -> str:  # noqa: ANN401  -- any kind's
    """Give a value as a reader understands it; "" for none.

    What points at something is told by that thing's text; a whole number by the level or month it
    counts; a number with its unit; what a learner typed as it is.
    """
    if value is None:
        return ""
    public = exercise.public()
    item: Mapping[str, Any] = next((each for each in public["items"] if each["ref"] == ref), {})
    if isinstance(value, Mapping):
        return _judgement(public, value)
    texts = dict(_texts(public, item))
    if isinstance(value, list):
        between = _say("then") if exercise.kind == "order" else _say("and")
        return between.join(_text(texts, each) for each in value)
    if isinstance(value, str):
        return texts.get(value, value)
    counted = public.get("months") or public.get("levels")
    if counted and isinstance(value, int):
        return _span(counted, value, int(item.get("length", 1)))
    return f"{value:g}{item.get('unit', '')}"


def _judgement(public: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """A classification: what was seen, where it was put, how sure, and why."""
    texts = dict(_texts(public, {}))
    seen = _say("and").join(_text(texts, each) for each in value.get("evidence") or ())
    parts = [_say("seen", seen=seen)] if seen else []
    if value.get("bin"):
        parts.append(_text(texts, value["bin"]))
    if value.get("sure") is not None:
        parts.append(_step(public.get("sureness", ()), value["sure"]))
    if value.get("reason"):
        parts.append(_say("reason", reason=value["reason"]))
    return _say("beside").join(parts)


def _texts(public: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("options", "things"):
        yield from ((each["ref"], each["text"]) for each in item.get(name, ()))
    for name in ("answers", "bins", "evidence"):
        yield from ((each["ref"], each["text"]) for each in public.get(name, ()))


def _text(texts: Mapping[str, str], ref: object) -> str:
    return texts.get(str(ref), str(ref))


def _step(steps: Sequence[Any], place: object) -> str:
    """The name of a level or month by its place."""
    if not isinstance(place, int) or not 0 <= place < len(steps):
        return str(place)
    step = steps[place]
    return str(step["text"] if isinstance(step, Mapping) else step)


def _span(counted: Sequence[Any], first: int, length: int) -> str:
    if length == 1:
        return _step(counted, first)
    last = min(first + length, len(counted)) - 1
    return _say("from_to", first=_step(counted, first), last=_step(counted, last))


@cache
def _words() -> dict[str, str]:
    file = Path(__file__).with_name("in_words.yaml")
    found: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def _say(name: str, /, **values: object) -> str:
    return _words()[name].format(**values)
