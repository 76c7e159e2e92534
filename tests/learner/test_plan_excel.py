"""The Excel file, read back; what a learner typed is text in it."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from dxcourse.learner import FollowUp, Plan, PlanLine, excel_file

DAY = date(2026, 12, 1)


def _plan(*values: str) -> Plan:
    lines = (*(PlanLine(f"欄{n}", value) for n, value in enumerate(values)), PlanLine("いつ", DAY))
    return Plan(
        "pledge", "15分のはじめ", DAY, lines, (FollowUp(30, date(2026, 12, 31), "話した？"),)
    )


def _sheet(plan: Plan) -> Any:
    return load_workbook(BytesIO(excel_file(plan))).active


def _parts(plan: Plan) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(excel_file(plan))) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def test_everything_of_the_plan_is_on_one_sheet() -> None:
    sheet = _sheet(_plan("窓口の人", ""))
    assert sheet.title == "わたしの行動計画"
    assert sheet["A1"].value == "15分のはじめ"
    assert [(sheet.cell(row, 1).value, sheet.cell(row, 2).value) for row in (3, 4, 5)] == [
        ("欄0", "窓口の人"),
        ("欄1", None),
        ("いつ", datetime(2026, 12, 1)),  # noqa: DTZ001  -- Excel's days have no zone
    ]
    assert [cell.value for cell in sheet[7]] == ["何日後", "いつ", "問い", "気づいたこと"]
    asked = ["30日後", datetime(2026, 12, 31), "話した？", None]  # noqa: DTZ001
    assert [cell.value for cell in sheet[8]] == asked
    assert sheet["B5"].number_format == 'yyyy"年"m"月"d"日"（aaa）'
    assert "まちづくりが目的" in sheet["A10"].value


def test_it_is_made_for_one_sheet_of_paper() -> None:
    sheet = _sheet(_plan("あ" * 400))
    assert sheet.page_setup.paperSize == 9
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_area == "'わたしの行動計画'!$A$1:$D$9"
    assert sheet["B3"].alignment.wrap_text
    assert sheet.row_dimensions[3].height >= 20 * 400 / 30


@pytest.mark.parametrize(
    "text",
    [
        '=HYPERLINK("http://example.invalid","押す")',
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-1+1",
        "@SUM(1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "＋1",
        "－1",
        "＠SUM(1)",
    ],
)
def test_no_text_becomes_a_formula(text: str) -> None:
    plan = _plan(text)
    cell = _sheet(plan)["B3"]
    assert cell.data_type == "s"
    assert cell.quotePrefix  # it stays text when someone edits the cell
    assert str(cell.value).replace("\r", "\n") == text.replace("\r", "\n")
    sheet = _parts(plan)["xl/worksheets/sheet1.xml"]
    assert "<f>" not in sheet
    assert "<f " not in sheet


def test_other_text_is_as_it_was_typed() -> None:
    text = '<b>窓口</b> & "朝"\n二行目 💡'
    cell = _sheet(_plan(text))["B3"]
    assert (cell.value, cell.quotePrefix) == (text, False)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(), max_size=30), max_size=4))
def test_any_text_gives_a_file_that_can_be_read(values: list[str]) -> None:
    sheet = _sheet(_plan(*values))
    types = {cell.data_type for row in sheet.iter_rows() for cell in row}
    assert not types & {"f", "e"}  # no formula, no error value such as #N/A


def test_the_file_names_no_address_and_nobody() -> None:
    parts = _parts(_plan("窓口の人"))
    assert "hyperlink" not in parts["xl/worksheets/sheet1.xml"].lower()
    assert not [name for name in parts if "externalLink" in name]
    made = load_workbook(BytesIO(excel_file(_plan("窓口の人")))).properties
    assert (made.creator, made.lastModifiedBy) == ("openpyxl", None)
