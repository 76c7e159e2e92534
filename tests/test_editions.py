"""A new edition of the plan is rows in ``data/``: the quiz, the table and the picture follow."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dxcourse.course import Course
from dxcourse.figures import PictureTexts, draw

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


def test_the_quiz_follows_a_new_edition(course: Course) -> None:
    items = {item.id: item for item in course.exercise("plan-class").items}
    assert items["1-2"].text == "1-2　新しい名前の取組"
    assert items["1-2"].bin == "deadline"
    items = {item.id: item for item in course.exercise("plan-class-more").items}
    assert items["1-5"].bin is None  # no longer settled: argued, not marked


def test_answers_stay_valid_over_editions(course: Course) -> None:
    now = {item.ref for item in Course.load(ROOT).exercise("plan-class").items}
    assert {item.ref for item in course.exercise("plan-class").items} == now


def test_the_picture_follows_a_new_edition(course: Course) -> None:
    day = date(2027, 5, 1)
    new = draw("plan_map", course.facts, day, PictureTexts.load(course.root / "data"))
    old = draw("plan_map", Course.load(ROOT).facts, day, PictureTexts.load(ROOT / "data"))
    assert "新しい取組＝期限DX" in new.alt
    assert "新しい取組＝" not in old.alt
    assert new.svg != old.svg
