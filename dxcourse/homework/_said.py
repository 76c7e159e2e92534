"""An item's value in words, from what is public of its exercise: the same for every kind."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dxcourse.exercises import AnyExercise
from dxcourse.homework._words import say


def in_words(exercise: AnyExercise, ref: str, value: Any) -> str:  # noqa: ANN401  -- any kind's
    """Give a value as a reader understands it; "" for none.

    What points at something is told by that thing's text; a whole number by the level or month it
    counts; a number with its unit; what a learner typed as it is.
    """
    if value is None:
        return ""
    public = exercise.public()
    item = next(each for each in public["items"] if each["ref"] == ref)
    if isinstance(value, Mapping):
        return _judgement(public, value)
    texts = dict(_texts(public, item))
    if isinstance(value, list):
        between = say("then") if exercise.kind == "order" else say("and")
        return between.join(texts.get(each, str(each)) for each in value)
    if isinstance(value, str):
        return texts.get(value, value)
    counted = public.get("months") or public.get("levels")
    if counted and isinstance(value, int):
        return _span(counted, value, int(item.get("length", 1)))
    return f"{value:g}{item.get('unit', '')}"


def _judgement(public: Mapping[str, Any], value: Mapping[str, Any]) -> str:
    """A classification: what was seen, where it was put, how sure, and why."""
    texts = dict(_texts(public, {}))
    seen = say("and").join(texts[each] for each in value.get("evidence", ()))
    parts = [say("seen", seen=seen)] if seen else []
    if value.get("bin"):
        parts.append(texts[value["bin"]])
    if value.get("sure") is not None:
        parts.append(public["sureness"][value["sure"]])
    if value.get("reason"):
        parts.append(say("reason", reason=value["reason"]))
    return say("beside").join(parts)


def _texts(public: Mapping[str, Any], item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in ("options", "things"):
        yield from ((each["ref"], each["text"]) for each in item.get(name, ()))
    for name in ("answers", "bins", "evidence"):
        yield from ((each["ref"], each["text"]) for each in public.get(name, ()))


def _span(counted: list[Any], first: int, length: int) -> str:
    names = [each["text"] if isinstance(each, Mapping) else str(each) for each in counted]
    last = names[min(first + length, len(names)) - 1]
    return names[first] if length == 1 else say("from_to", first=names[first], last=last)
