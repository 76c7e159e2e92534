"""Everything broken is refused, with the file, the line and the cure."""

from collections.abc import Callable
from pathlib import Path

import pytest

from dxcourse.facts import (
    Facts,
    FactsError,
)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "message"),
    [
        ("facts.csv", "id,statement,", "id,", "id,", r"「statement」がない.*見出しは id,"),
        ("facts.csv", ",note\n", ",note,extra\n", "id,", r"「extra」は余分.*見出しは"),
        ("facts.csv", ",locator,", ",source,", "id,", r"「locator」がない"),
        (
            "facts.csv",
            "dx-question,",
            "dx-question,x,",
            "dx-question",
            r"値が9個、列は8個です → カンマを含む値は引用符",
        ),
        (
            "facts.csv",
            "。,slides,スライド3,",
            "。,slide,スライド3,",
            "dx-question",
            "source：「slide」がdata/sources.csvにありません → 「slides」のことですか",
        ),
        (
            "facts.csv",
            "2024-06,trainer,stated",
            "2024-13,trainer,stated",
            "pair-schedule",
            "as_of：「2024-13」は日付ではありません → 2026・2026-03・2026-03-31 のように",
        ),
        (
            "facts.csv",
            "2024-06,trainer,stated",
            "Jun-24,trainer,stated",
            "pair-schedule",
            "as_of：「Jun-24」は日付ではありません → .*Excel",
        ),
        (
            "facts.csv",
            "dx-definition,",
            "dx-question,",
            "dx-question,スライドは",
            r"id 「dx-question」は、すでにdata/facts\.csv:6にあります → どちらか一つ",
        ),
        (
            "facts.csv",
            "trainer,stated",
            "trainer,certain",
            "pair-schedule",
            r"certainty：「certain」がdata/legend\.csv（group が certainty",
        ),
        (
            "facts.csv",
            "講師は定義の前に、DXとは何だと思うかを会場に尋ねている。",
            "  ",
            "dx-question",
            "statement：空です → 文を書いてください",
        ),
        (
            "facts.csv",
            "dx-question,",
            "DX Question,",
            "DX Question",
            "id：「DX Question」は使えない文字が入っています → 半角の英小文字と数字を、ハイフン",
        ),
        (
            "facts.csv",
            "スライド3,2024-06,trainer",
            "スライド3,2024-06,law",
            "dx-question",
            "provenance：「law」は、出典「slides」の「trainer」より強い言い方です",
        ),
        (
            "facts.csv",
            "dx-question,講",
            'dx-question,"講',
            "dx-question",
            "CSVとして読めません（.*） → この行の引用符",
        ),
        (
            "plan_items.csv",
            "3.0,1-2,",
            "3.0,1月2日,",
            "3.0,1月2日",
            "code：「1月2日」は取組の番号ではありません → 1-2 のように.*Excel",
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,unreadable,true",
            "3.0,1-4",
            "class_scored：正誤を付けてよいのは、分類が「stated」のときだけです → false",
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,stated,false",
            "3.0,1-4",
            "class_certainty：「stated」ですが、根拠の「item-1-4-class」は「unreadable」です",
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,unreadable,maybe",
            "3.0,1-4",
            "class_scored：「maybe」はtrueでもfalseでもありません → true か false",
        ),
        (
            "plan_items.csv",
            "item-1-4-name,1,",
            "item-1-4-name,4,",
            "3.0,1-4",
            r"section：版3\.0に区分4がありません → data/plan_sections\.csv に",
        ),
        (
            "plan_items.csv",
            "2026-03,item",
            "2026-03-31,item",
            "3.0,1-2",
            "deadline：「2026-03-31」は月ではありません → 2026-03 のように",
        ),
        ("plan_items.csv", ",2,item-1-1", ",7,item-1-1", "3.0,1-1", "result：「7」がdata/"),
        ("plan_items.csv", ",legal,", ",must,", "3.0,1-2", "「must」が.*（group が binding の行）"),
        ("results.csv", "1-1|3-1", "1-1|3-9", "2,", r"items：「3-9」がdata/plan_items\.csv"),
        (
            "deadlines.csv",
            ",due,",
            ",until,",
            "standard",
            "kind：「until」は使えない値です → due、start、date のどれか",
        ),
        (
            "figures_telework.csv",
            "89.4",
            "89.4%",
            "telework-reason-counter",
            r"value：「89\.4%」は数ではありません → 半角の数字だけを、単位",
        ),
        ("figures_telework.csv", "89.4", "nan", "telework-reason-counter", "数ではありません"),
        (
            "sources.csv",
            "2024-06-24",
            "2024-02-30",
            "slides",
            "published：「2024-02-30」は日付ではありません",
        ),
        (
            "legend.csv",
            "{months}か月前",
            "{days}日前",
            "deadline,due-past",
            "使える空欄は{months}です",
        ),
        (
            "opinion_terms.csv",
            "窓口,カウンター",
            "窓口,ＡＩ",
            "tools,道具・技術,AI,",  # the second of the two is the one named
            r"「AI」は、すでにdata/opinion_terms\.csv:\d+にあります",
        ),
        (
            "opinion_terms.csv",
            "tools,道具・技術,RPA",
            "tools,道具,RPA",
            "tools,道具,RPA",
            "一つの呼び方にそろえて",
        ),
    ],
)
def test_a_broken_line_is_refused(  # noqa: PLR0913, PLR0917
    data: Path, file: str, old: str, new: str, line: str, message: str
) -> None:
    path = data / file
    edit(path, old, new)
    with pytest.raises(FactsError, match=message) as caught:
        Facts.load(data)
    place = str(caught.value).split(": ")[0]
    assert place == f"data/{file}:{line_of(path, line)}"


def shift_jis(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("cp932", errors="replace"))


def utf_16(path: Path) -> None:
    path.write_bytes(path.read_text(encoding="utf-8").encode("utf-16"))


@pytest.mark.parametrize(("spoil", "line"), [(shift_jis, 2), (utf_16, 1)])
def test_another_encoding_is_refused(data: Path, spoil: Callable[[Path], None], line: int) -> None:
    spoil(data / "facts.csv")
    with pytest.raises(FactsError, match=rf"^data/facts\.csv:{line}: UTF-8.*「CSV UTF-8"):
        Facts.load(data)


def test_an_empty_file_is_refused(data: Path) -> None:
    (data / "facts.csv").write_text("", encoding="utf-8")
    with pytest.raises(
        FactsError, match=r"^data/facts\.csv:1: 列の見出しが合いません（「id」がない"
    ):
        Facts.load(data)


@pytest.mark.parametrize("name", ["facts.csv", "plan_items.csv"])
def test_a_missing_file_is_refused(data: Path, name: str) -> None:
    (data / name).unlink()
    with pytest.raises(FactsError, match=r"^data/.*\.csv: ファイルがありません.*前の版から戻して"):
        Facts.load(data)


def test_a_missing_template_is_refused(data: Path) -> None:
    path = data / "legend.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("citation,whole-seen")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(FactsError, match=r"^data/legend\.csv: citation,whole-seen の行が"):
        Facts.load(data)
