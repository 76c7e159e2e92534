"""Agendas: those that come with the course fit it and the printed plans; mistakes are told."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse.workshop import Agenda, WorkshopError, read_agenda
from dxcourse.workshop.agenda import AgendaStop
from dxcourse.workshop.drawings import our_pictures
from support.chromium import ROOT

if TYPE_CHECKING:
    from dxcourse.course import Course


@pytest.mark.parametrize(("name", "live"), [("60", 3), ("90", 5), ("120", 6)])
def test_a_shipped_agenda_has_its_minutes_and_the_plans_live_exercises(
    course: Course, name: str, live: int
) -> None:
    agenda = read_agenda(name, course)
    assert agenda.minutes == float(name)
    assert sum(stop.live for stop in agenda.stops) == live
    for stop in agenda.stops:
        assert stop.notes
        assert stop.least == stop.minutes or stop.shorten
        assert sum(step.seconds for step in stop.steps) <= stop.minutes * 60
    least = sum(stop.least for stop in agenda.stops)
    assert least < agenda.minutes


@pytest.mark.parametrize("name", ["60", "90", "120"])
def test_a_shipped_agenda_begins_its_stops_when_the_printed_plan_does(
    course: Course, name: str
) -> None:
    text = (ROOT / f"docs/facilitator/plan-{name}.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \| (?:\*\*)?([^|*]+)", text, re.MULTILINE)
    planned = {int(minute): title for minute, title in rows if "終わり" not in title}
    at, begins = 0.0, {}
    for stop in read_agenda(name, course).stops:
        begins[int(at)] = stop.title
        at += stop.minutes
    assert sorted(begins) == sorted(planned)
    for minute, title in begins.items():
        if title.startswith("演習"):
            assert planned[minute].startswith(title[:3])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("title: x\nstops: []\n", "stops"),
        (
            "title: x\nstops:\n  - {id: a, title: A, minutes: 5, asks: [plan-clas]}\n",
            "課題「plan-clas」が exercises/bank/ にありません → 「plan-class」のことですか",
        ),
        (
            "title: x\nstops:\n- {id: a, title: A, minutes: 5, asks: [{id: plan-class, items: [x]}]}",  # noqa: E501
            "課題「plan-class」に項目「x」がありません → 1-2、",
        ),
        (
            "title: x\nstops:\n  - {id: a, title: A, minutes: 5, least: 6}\n",
            "least（6分）が minutes",
        ),
        ("title: x\nstops:\n  - {id: a, title: A, minute: 5}\n", "minutes"),
        (
            "title: x\nstops:\n- {id: a, title: A, minutes: 1}\n- {id: a, title: B, minutes: 1}\n",
            "段「a」が二度あります",
        ),
        (
            "title: x\ntwice: {a: b}\nstops:\n  - {id: a, title: A, minutes: 1}\n",
            "「a」は、どの段でも聞いていません",
        ),
    ],
)
def test_a_mistake_in_an_agenda_is_told_with_its_file_and_line(
    course: Course, tmp_path: Path, text: str, told: str
) -> None:
    path = tmp_path / "agenda.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(WorkshopError) as error:
        read_agenda(str(path), course)
    assert re.match(rf"{re.escape(str(path))}:\d+: .*", str(error.value))
    assert told in str(error.value)


def test_the_agenda_that_the_guide_shows_is_one(course: Course, tmp_path: Path) -> None:
    guide = (ROOT / "docs/facilitator/workshop.md").read_text("utf-8")
    (block,) = re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL)
    path = tmp_path / "agenda.yaml"
    path.write_text(block, "utf-8")
    agenda = read_agenda(str(path), course)
    assert [stop.live for stop in agenda.stops] == [False, True]
    played = agenda.exercises(course)["plan-class"]
    assert [item.id for item in played.items] == ["3-1"]
    assert played.prompt == "3-1だけを考えます"


def test_a_question_brings_its_scene_and_an_agenda_may_give_it_another(
    course: Course, tmp_path: Path
) -> None:
    text = """title: x
stops:
  - {id: a, title: A, minutes: 5, asks: [counter-first-move]}
  - {id: b, title: B, minutes: 5, asks: [{id: region-call, scene: {lines: [もしもし]}}]}
"""
    path = tmp_path / "agenda.yaml"
    path.write_text(text, "utf-8")
    played = read_agenda(str(path), course).exercises(course)
    own, other = played["counter-first-move"].scene, played["region-call"].scene
    assert own is not None
    assert own == course.exercises["counter-first-move"].scene
    assert sum(card.amount for card in own.cards) == 30
    assert other is not None
    assert (other.lines, other.picture) == (("もしもし",), "")
    drawn = {each.scene.picture for each in course.exercises.values() if each.scene}
    assert drawn - {""} <= set(our_pictures())


def keys_of(stop: AgendaStop, agenda: Agenda) -> str:
    """The keys at a stop: what is asked again later is not revealed the first time."""
    keys = ["`N`"]
    asked_later = {ask.id for ask in stop.asks} & set(agenda.twice.values())
    ends = ["`C`"] if asked_later else ["`C`", "`Shift`＋`R`"]
    steps = [f"`S` {step.text}" for step in stop.steps]
    if stop.asks:
        keys += ["`O`", *steps[:-1], *ends, *steps[-1:]]
    return " → ".join(keys)


def test_the_guide_has_the_keys_of_every_stop_of_the_ninety_minutes(course: Course) -> None:
    guide = (ROOT / "docs/facilitator/workshop.md").read_text("utf-8")
    part = guide.split("## 90分の、段ごとのキー")[1].split("\n## ")[0]
    agenda = read_agenda("90", course)
    rows = [f"| {stop.title} | {keys_of(stop, agenda)} |" for stop in agenda.stops]
    assert [line for line in part.splitlines() if line.startswith("| ")][1:] == rows


def test_the_film_in_the_guide_is_there_small_and_told_in_words() -> None:
    guide = (ROOT / "docs/facilitator/workshop.md").read_text("utf-8")
    shown = re.findall(r"!\[(.+?)\]\(\.\./(images/workshop/.+?)\)", guide)
    files = sorted((ROOT / "docs/images/workshop").iterdir())
    assert [path.name for path in files] == [Path(name).name for _, name in shown]
    assert len(files) == 7
    for path in files:
        assert path.read_bytes()[8:12] == b"WEBP"
        assert path.stat().st_size < 100_000


def test_an_agenda_that_is_not_there_is_told_which_there_are(course: Course) -> None:
    with pytest.raises(WorkshopError, match="60、90、120"):
        read_agenda("75", course)
