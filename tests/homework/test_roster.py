from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from dxcourse.homework import HomeworkCourse, HomeworkError
from dxcourse.homework.collect import read_roster
from dxcourse.homework.roster import RosterRow, enter_roster, read_roster_file

HANAKO = RosterRow("u01", "髙橋", "花子", "a@example.jp")
JIRO = RosterRow("u02", "山﨑", "次郎", "b@example.jp")
PLAIN = "id,last_name,first_name,email\nu01,髙橋,花子,a@example.jp\nu02,山﨑,次郎,b@example.jp\n"
JAPANESE = (
    "職員番号,氏名,メールアドレス\nｕ０１,髙橋　花子,a@example.jp\nu02,山﨑 次郎,b@example.jp\n"
)
BROKEN_LINES = (
    'id,"姓","名",email\nu01,"髙橋\n",花子,a@example.jp\nu02,山﨑,"次\n郎",b@example.jp\n'
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (PLAIN, "utf-8"),
        (PLAIN, "utf-8-sig"),
        (PLAIN, "cp932"),
        (PLAIN.replace(",", "\t"), "utf-16"),
        (PLAIN.replace(",", "\t"), "utf-16-le"),
        (PLAIN + ",,,\n\n,,,\n", "cp932"),  # M: empty rows
        ("受講者名簿　令和8年度\n\n" + PLAIN, "utf-8"),
        (JAPANESE, "cp932"),
        (BROKEN_LINES, "utf-8"),
    ],
)  # fmt: skip
def test_what_excel_saves_in_japan_is_read(tmp_path: Path, text: str, code: str) -> None:
    """M, N, O, and roster/ of the cases."""
    (tmp_path / "r.csv").write_bytes(text.encode(code))
    first, second = read_roster_file(tmp_path / "r.csv")
    assert first == HANAKO
    assert (second.id, second.last_name, second.email) == ("u02", "山﨑", "b@example.jp")
    assert second.first_name in {"次郎", "次 郎"}


def test_a_workbook_is_read(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["名簿"], [], ["番号", "姓", "名"], [101, "髙橋", "花子"], [None, None, None]):
        sheet.append(row)
    book.save(tmp_path / "r.xlsx")
    assert read_roster_file(tmp_path / "r.xlsx") == [RosterRow("101", "髙橋", "花子")]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name\nx\n", "受講者の列がありません"),
        (b"id\n../x\n", ":2：受講者「../x」は使えません"),
        (b"id\na\nb\na\n", ":4：受講者 a が二度あります（2 行目にも）"),
        (b"id\n", "受講者が一人もいません"),
        (b"\xd0\xcf\x11\xe0rest", "古いExcel"),
        (b"PK\x03\x04rest", "読めません"),
        (b"id\n\x81\n", "CSV UTF-8"),
    ],
)
def test_what_cannot_be_used_says_why(tmp_path: Path, data: bytes, told: str) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(HomeworkError, match=told):
        read_roster_file(tmp_path / "r.csv")


def test_who_is_entered_may_hand_in(course: HomeworkCourse) -> None:
    course.set_newcomers({"u01", "guest"})
    enter_roster(course, [HANAKO, JIRO])
    assert {entry.id for entry in read_roster(course).entries} == {"u01", "u02"}
    names = {entry.id: entry.names for entry in read_roster(course).entries}
    assert "髙橋 花子" in names["u01"]
    assert course.newcomers() == {"guest"}
