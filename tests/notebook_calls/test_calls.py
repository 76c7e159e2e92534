"""Pieces that show data: every row is there, with its marks, and follows the data."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from dxcourse.course import CourseError
from dxcourse.facts import Change, Facts
from dxcourse.notebook_calls import changes, now, numbers
from dxcourse.settings import RENDER_VARIABLE, TODAY_VARIABLE

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the data of a course that a test may change, and which the pieces show."""
    for folder in ("data", "exercises", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(RENDER_VARIABLE, "1")
    monkeypatch.setenv(TODAY_VARIABLE, "2026-11-27")
    return tmp_path / "data"


def without_codes(html: str) -> str:
    """HTML without the spans that hold codes like 1-4 together."""
    return re.sub(r'<span class="dxl-unbroken">(.*?)</span>', r"\1", html)


def test_every_change_is_told_in_the_order_of_its_date_with_its_marks(data: Path) -> None:
    facts = Facts.load(data)
    rows = facts.rows(Change)
    shown = without_codes(changes().data)
    dates = re.findall(r'datetime="([0-9-]+)"', shown)
    assert dates == sorted(row.date for row in rows)
    for row in rows:
        cite = facts.cite(row.fact)
        assert row.what in shown
        assert facts[row.fact].statement in shown
        assert f"{cite.mark} {cite.certainty}　／　{cite.provenance}：{cite.text}" in shown


def test_a_change_that_is_added_is_shown(data: Path) -> None:
    with (data / "changes.csv").open("a", encoding="utf-8") as file:
        file.write("2027-02,1-2,due,<b>あたらしい</b>こと,item-1-2-deadline,\n")
    shown = changes().data
    assert shown.count("2027年2月") == 1
    assert "&lt;b&gt;あたらしい&lt;/b&gt;こと" in shown


@pytest.mark.usefixtures("data")
def test_a_module_opens_with_its_changes_and_its_deadlines_seen_from_today(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = now("03").data
    assert "2026年11月27日から見ると" in shown
    assert "推進計画の対象の期間の終わり" in shown
    assert "この時期は過ぎています（8か月前）" in shown
    assert "重点計画の決め直し（2025年）" in shown
    monkeypatch.setenv(TODAY_VARIABLE, "2024-06-24")
    shown = now("03").data
    assert "この時期まであと21か月です" in shown
    assert "2025年" not in shown  # what has not happened yet is not told


def test_a_figure_stands_with_its_place_date_and_mark(data: Path) -> None:
    shown = without_codes(numbers("cio", "women-section-managers", "women-subsection-chiefs").data)
    assert re.search(r"<td>市区町村</td><td>2023年</td><td[^>]*>◎ 1,270団体</td>", shown)
    assert "◎ 17.8%" in shown
    assert "◎ 35.0%" in shown  # as many decimals as its neighbours have
    assert Facts.load(data).cite("figure-women-2020").text in shown


@pytest.mark.usefixtures("data")
def test_a_series_without_a_value_is_named() -> None:
    with pytest.raises(CourseError, match="系列「cip」の値がありません"):
        numbers("cio", "cip")
