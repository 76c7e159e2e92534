"""A deadline is told against the day on which a page is made, and never by prose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import yaml

from dxcourse.facts import Facts
from dxcourse.notebook_calls import changes, deadlines, now
from dxcourse.settings import RENDER_VARIABLE, TODAY_VARIABLE
from support.notebook_text import words_of

ROOT = Path(__file__).resolve().parents[2]
DAYS = ("2024-06-24", "2026-03-31", "2026-04-01", "2026-10-01", "2027-04-01")
MODULES = ("03", "04", "05")
SAID = re.compile(
    r"(期限|開始予定|この時期)(は過ぎています|の月は過ぎています|は今月です|まであと)"
)
# What would be true on some days only, where nothing computes it.
BOUND = re.compile(
    r"(期限|時期|期間|予定の月)は(もう|すでに)|もう過ぎ|過ぎています|あと\d+か月|今月です|"
    r"(移行|開始)は(まだ|これから)"
)
# A sentence of a deadline that tells something as past, and the dates that it names.
DEADLINE = re.compile(r"期限|移行|対象の期間|公金収納|eL-QR|方針|年以内|求められ|目標の時期")
PAST = re.compile(
    r"(ました|でした|終わった|過ぎた|(過ぎて|終わって|始まって)います)(?=。|$|\\n|\")"
)
DATED = re.compile(r"(20\d\d)年(?:(\d{1,2})月)?")


@pytest.fixture(params=DAYS)
def day(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> date:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv(RENDER_VARIABLE, "1")
    monkeypatch.setenv(TODAY_VARIABLE, request.param)
    return date.fromisoformat(request.param)


def words(month: str, kind: str, today: date) -> str:
    """Say by hand where a month lies from a day."""
    year, number = int(month[:4]), int(month[5:7])
    ahead = (year - today.year) * 12 + number - today.month
    name = {"due": "期限", "start": "開始予定", "date": "この時期"}[kind]
    if ahead > 0:
        return f"{name}まであと{ahead}か月です"
    if ahead == 0:
        return f"{name}は今月です"
    of = "の月" if kind == "start" else ""
    return f"{name}{of}は過ぎています（{-ahead}か月前）"


def test_every_deadline_of_the_table_is_seen_from_the_day(day: date) -> None:
    seen = " ".join(words_of(deadlines().data))
    assert f"{day.year}年{day.month}月{day.day}日" in seen
    rows = Facts.load(ROOT / "data").deadlines()
    assert {row.date for row in rows} >= {"2026-03", "2026-04", "2026-09"}
    for row in rows:
        assert words(row.date, row.kind, day) in seen


@pytest.mark.parametrize("module", MODULES)
def test_a_chapter_opens_with_what_is_true_on_the_day(day: date, module: str) -> None:
    seen = " ".join(words_of(now(module).data))
    told = Facts.load(ROOT / "data").changes(day, module)
    assert told
    for row in told:
        assert row.what in seen
        if row.kind != "event":
            assert words(row.date, row.kind, day) in seen
    assert len(SAID.findall(seen)) == sum(row.kind != "event" for row in told)


@pytest.mark.usefixtures("day")
def test_what_has_not_happened_on_the_day_is_not_told(day: date) -> None:
    seen = " ".join(words_of(changes().data))
    for row in Facts.load(ROOT / "data").changes(date(9999, 1, 1)):
        known = row.kind != "event" or row.date <= day.isoformat()[: len(row.date)]
        assert (row.what in seen) == known, row.what


def texts() -> Iterator[tuple[str, str]]:
    """Give what the course says by itself: its prose, its exercises, the room's notes."""
    for notebook in sorted((ROOT / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in notebook.parts:
            for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
                if cell["cell_type"] == "markdown":
                    yield f"{notebook.name}#{cell['id']}", "".join(cell["source"])
    banks = [*(ROOT / "exercises").rglob("*.yaml"), *(ROOT / "dxcourse").rglob("agendas/*.yaml")]
    for bank in sorted(banks):
        content = yaml.safe_load(bank.read_text(encoding="utf-8"))
        yield bank.name, json.dumps(content, ensure_ascii=False)
    for table in ("facts.csv", "changes.csv", "glossary.csv"):
        yield table, (ROOT / "data" / table).read_text(encoding="utf-8")


def test_prose_never_says_what_only_some_days_make_true() -> None:
    found = [
        f"{place}: {text[max(0, hit.start() - 20) : hit.end() + 10]}"
        for place, text in texts()
        for hit in BOUND.finditer(text)
    ]
    assert found == []


def dates(sentence: str) -> list[str]:
    """List the months that a sentence names, and the years where it names no month."""
    found = DATED.findall(sentence)
    return [f"{year}-{int(month):02}" if month else year for year, month in found]


def test_prose_tells_no_deadline_as_past_that_a_day_has_still_ahead() -> None:
    first = DAYS[0]
    found = [
        f"{place}: {sentence}"
        for place, text in texts()
        if not place.endswith(".csv")
        for sentence in re.split(r"(?<=[。？])|\n|\\n", text)
        if DEADLINE.search(sentence) and PAST.search(sentence)
        if any(each > first[: len(each)] for each in dates(sentence))
    ]
    assert found == []
