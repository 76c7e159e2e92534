"""The table at the end of collecting: a line for everybody, and one for everything left out."""

from __future__ import annotations

from collections.abc import Iterator

from dxcourse.homework.collect import Collected
from dxcourse.homework.hand_in import HandInState
from dxcourse.text import say

SHOWN_SYSTEM = {say("homework.incoming.system")}


def collected_lines(collected: Collected) -> Iterator[str]:
    """Every line of the table, ready to print."""
    width = max((len(each.student) for each in collected.hand_ins), default=0)
    for each in collected.hand_ins:
        state = say(f"homework.hand_in.{each.state.value}")
        what = say("homework.and").join(each.parts)
        yield f"{each.student.ljust(width)}  {state}{f'  {what}' if what else ''}"
        for question in each.questions:
            yield f"    ? {question}"
        for note in each.notes:
            yield f"    ・{note}"
        for left in collected.left_out:
            if left.student == each.student and not any(left.place in q for q in each.questions):
                yield f"    － {left.place}：{left.why}"
    nobody = [left for left in collected.left_out if not left.student]
    system = [left for left in nobody if left.why in SHOWN_SYSTEM]
    for left in nobody:
        if left not in system:
            yield f"－ {left.place}：{left.why}"
    if system:
        yield say("homework.table.system", n=len(system))
    yield say(
        "homework.table.sum",
        taken=collected.count(HandInState.TAKEN),
        unchanged=collected.count(HandInState.UNCHANGED, HandInState.EARLIER),
        refused=collected.count(HandInState.REFUSED),
        missing=collected.count(HandInState.MISSING),
    )
