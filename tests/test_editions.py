"""A new edition of the plan is rows in ``data/``: the quiz, the table and the picture follow."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dxcourse.checking import check
from dxcourse.course import Course, OutdatedError
from dxcourse.figures import PictureTexts, draw
from dxcourse.notebook_calls import exercise

ROOT = Path(__file__).resolve().parent.parent
EDITION = "9.9"


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """Copy the course, with an edition that renames 1-2 and no longer settles 1-5."""
    for folder in ("notebooks", "exercises", "data"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    data = tmp_path / "data"

    def edit(row: dict[str, str]) -> dict[str, str]:
        row = row | {"edition": EDITION}
        if row.get("code") == "1-2":
            row |= {"name": "新しい名前の取組", "short": "新しい取組"}
        if row.get("code") == "1-5":
            row |= {"class": "open", "class_scored": "false"}
            row |= {"class_certainty": "unreadable", "class_fact": "item-1-4-class"}
        return row

    newest = "3.0"
    append(data / "plan_editions.csv", lambda row: row | {"id": EDITION, "date": "2027-04"}, newest)
    for table in ("plan_sections", "plan_items"):
        copy_edition(data, table, newest, edit)
    return Course.load(tmp_path)


def copy_edition(data: Path, table: str, edition: str, edit: Any) -> None:
    """Write a file of its own for the new edition: nothing that was there is touched."""
    with (data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = [edit(row) for row in reader if row["edition"] == edition]
        fields = list(reader.fieldnames or [])
    with (data / f"{table}_{EDITION}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fields)
        writer.writeheader()
        writer.writerows(rows)


def append(path: Path, edit: Any, edition: str) -> None:
    """Add a row made of the one that is the newest now."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        row = next(row for row in reader if row["id"] == edition)
        fields = list(reader.fieldnames or [])
    with path.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, fields).writerow(edit(row))


def test_what_was_written_for_one_edition_is_shown_under_no_other(course: Course) -> None:
    """No card, key or feedback of the old edition stands under a new name: it is not shown."""
    with pytest.raises(OutdatedError) as caught:
        course.exercise("plan-class")
    (found,) = caught.value.findings
    assert found.file == "exercises/bank/04_reading_the_plan.yaml"
    assert f"今の版は{EDITION}" in found.message
    assert "plan-class" not in course.exercises
    assert not any("plan-class" in names for names in course.shown.values())
    written = {item.id: item for item in course.bank.exercises["plan-class"].items}
    assert "新しい名前" not in written["1-2"].text


def test_the_linter_says_what_is_to_be_looked_at_and_nothing_that_follows(course: Course) -> None:
    codes = [each.code for each in check(course.root).findings]
    assert set(codes) == {"exercises.edition_old"}


def test_the_quiz_follows_once_its_edition_is_renewed(course: Course) -> None:
    bank = course.root / "exercises/bank/04_reading_the_plan.yaml"
    text = bank.read_text(encoding="utf-8")
    bank.write_text(text.replace('edition: "3.0"', f'edition: "{EDITION}"'), encoding="utf-8")
    renewed = Course.load(course.root)
    items = {item.id: item for item in renewed.exercise("plan-class").items}
    assert items["1-2"].text == "1-2　新しい名前の取組"
    assert items["1-2"].bin == "deadline"
    more = {item.id: item for item in renewed.exercise("plan-class-more").items}
    assert more["1-5"].bin is None  # no longer settled: argued, not marked
    now = {item.ref for item in Course.load(ROOT).exercise("plan-class").items}
    assert {item.ref for item in items.values()} == now  # answers stay valid


def test_a_notebook_shows_a_note_in_place_of_what_is_outdated(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(course.root / "notebooks")
    monkeypatch.setenv("DXCOURSE_RENDER", "1")
    shown = str(exercise("plan-class").data)
    assert "書き直しています" in shown
    assert "証拠品" not in shown


def test_the_picture_follows_a_new_edition(course: Course) -> None:
    day = date(2027, 5, 1)
    new = draw("plan_map", course.facts, day, PictureTexts.load(course.root / "data"))
    old = draw("plan_map", Course.load(ROOT).facts, day, PictureTexts.load(ROOT / "data"))
    assert "新しい取組＝期限DX" in new.alt
    assert "新しい取組＝" not in old.alt
    assert new.svg != old.svg
