"""How many taps each exercise of the course takes, from its first card to its verdict.

After a change that is meant, ``make soak ARGS=tests/e2e/browser/test_taps.py`` with
``DXCOURSE_GOLDEN=write`` writes `docs/design/taps.md` anew.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from e2e.browser.test_cards import play
from e2e.browser.test_looks import FOUND
from support.chromium import ROOT
from support.controls import right, section
from support.exercise_page import ExercisePage
from support.looks import PHONE

if TYPE_CHECKING:
    from pathlib import Path

    from support.chromium import Visit

pytestmark = [pytest.mark.soak, pytest.mark.browser, pytest.mark.xdist_group("exercises")]

TABLE = ROOT / "docs/design/taps.md"
HEAD = """\
# Taps of each exercise

On a phone, answered rightly card by card, checks and 「つぎへ」 included; a thing moved by a
place is a tap (a finger that drags needs one for all), a text that is typed another. Written by
`tests/e2e/browser/test_taps.py`.

| exercise | kind | items | taps | a tap an item |
|---|---|---|---|---|
"""
MOST = 6.5  # taps an item: the court's bin, ticks, judgement, how sure, check, on
COUNT = """() => {
    const typed = new Set();
    window.taps = 0;
    const tap = () => { window.taps += 1; };
    addEventListener('pointerdown', tap, true);
    addEventListener('keydown', event => event.key === 'Enter' && tap(), true);
    addEventListener('input', ({ target }) => {
        if (!target.matches('textarea, [type=text], [type=date], [type=range]')) return;
        if (!typed.has(target)) tap();
        typed.add(target);
    }, true);
}"""


def taps_of(there: ExercisePage, exercise: Any) -> int:
    page = there.open([exercise])
    page.evaluate(COUNT)
    play(page, exercise, right(exercise))
    assert section(page, exercise).get_attribute("data-view") in {"all", None}
    taps: int = page.evaluate("window.taps")
    page.close()
    return taps


@pytest.mark.timeout(1800)
def test_every_exercise_takes_as_many_taps_as_told(visit: Visit, tmp_path: Path) -> None:
    context = visit.browser("exercise.test", viewport={"width": PHONE, "height": 740})
    there = ExercisePage(context, tmp_path)
    rows, tiring = [], []
    for names in FOUND.shown.values():
        for name in names:
            exercise: Any = FOUND.exercises[name]
            taps, items = taps_of(there, exercise), len(exercise.items)
            rows.append(f"| `{name}` | {exercise.kind} | {items} | {taps} | {taps / items:.1f} |\n")
            if exercise.kind != "order" and taps / items > MOST:
                tiring.append(rows[-1])
    found = HEAD + "".join(rows)
    if os.environ.get("DXCOURSE_GOLDEN") == "write":
        TABLE.write_text(found, encoding="utf-8")
    assert tiring == []
    assert found == TABLE.read_text(encoding="utf-8")
