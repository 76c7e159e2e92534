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
        ("facts.csv", "id,statement,", "id,", "id,", r'no column "statement": the columns are id,'),
        ("facts.csv", ",note\n", ",note,extra\n", "id,", r'unknown column "extra": the columns'),
        ("facts.csv", ",locator,", ",source,", "id,", r'no column "locator"'),
        (
            "facts.csv",
            "dx-question,",
            "dx-question,x,",
            "dx-question",
            r"9 cells under 8 columns: put a value that contains a comma in double quotes",
        ),
        (
            "facts.csv",
            "。,slides,スライド3,",
            "。,slide,スライド3,",
            "dx-question",
            r'source: "slide" is not in data/sources\.csv: did you mean "slides"\?',
        ),
        (
            "facts.csv",
            "2024-06,trainer,stated",
            "2024-13,trainer,stated",
            "pair-schedule",
            r'as_of: "2024-13" is not a date: write YYYY, YYYY-MM or YYYY-MM-DD',
        ),
        (
            "facts.csv",
            "2024-06,trainer,stated",
            "Jun-24,trainer,stated",
            "pair-schedule",
            r'as_of: "Jun-24" is not a date: .*Excel',
        ),
        (
            "facts.csv",
            "dx-definition,",
            "dx-question,",
            "dx-question,スライドは",
            r'id "dx-question" stands already at data/facts\.csv:6: change or remove one',
        ),
        (
            "facts.csv",
            "trainer,stated",
            "trainer,certain",
            "pair-schedule",
            r'certainty: "certain" is not in data/legend\.csv \(group certainty\): add it there',
        ),
        (
            "facts.csv",
            "講師は定義の前に、DXとは何だと思うかを会場に尋ねている。",
            "  ",
            "dx-question",
            r'statement: "  " is empty: fill it in',
        ),
        (
            "facts.csv",
            "dx-question,",
            "DX Question,",
            "DX Question",
            r'id: "DX Question" is not an id: use lower-case letters, digits and hyphens',
        ),
        (
            "facts.csv",
            "スライド3,2024-06,trainer",
            "スライド3,2024-06,law",
            "dx-question",
            r'provenance: "law" is more than its source "slides" has \("trainer"\)',
        ),
        (
            "facts.csv",
            "dx-question,講",
            'dx-question,"講',
            "dx-question",
            r"not CSV \(.*\): check the double quotes",
        ),
        (
            "plan_items.csv",
            "3.0,1-2,",
            "3.0,1月2日,",
            "3.0,1月2日",
            r'code: "1月2日" is not an item\'s code: write it like 1-2.*Excel',
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,unreadable,true",
            "3.0,1-4",
            r'class_scored: only a class that is "stated" is marked right or wrong: write false',
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,stated,false",
            "3.0,1-4",
            r'class_certainty: "stated", but its fact "item-1-4-class" is "unreadable": make',
        ),
        (
            "plan_items.csv",
            "open,unreadable,false",
            "open,unreadable,maybe",
            "3.0,1-4",
            r'class_scored: "maybe" is neither true nor false: write true or false',
        ),
        (
            "plan_items.csv",
            "item-1-4-name,1,",
            "item-1-4-name,4,",
            "3.0,1-4",
            r"section: edition 3\.0 has no section 4: add it to data/plan_sections\.csv",
        ),
        (
            "plan_items.csv",
            "2026-03,item",
            "2026-03-31,item",
            "3.0,1-2",
            r'deadline: "2026-03-31" is not a month: write YYYY-MM',
        ),
        ("plan_items.csv", ",2,item-1-1", ",7,item-1-1", "3.0,1-1", r'result: "7" is not in data/'),
        ("plan_items.csv", ",legal,", ",must,", "3.0,1-2", r'"must" is not in .*\(group binding\)'),
        ("results.csv", "1-1|3-1", "1-1|3-9", "2,", r'items: "3-9" is not in data/plan_items\.csv'),
        ("deadlines.csv", ",due,", ",until,", "standard", r'kind: "until" is not allowed: Input'),
        (
            "figures_telework.csv",
            "89.4",
            "89.4%",
            "telework-reason-counter",
            r'value: "89\.4%" is not a number: write digits only',
        ),
        ("figures_telework.csv", "89.4", "nan", "telework-reason-counter", r"is not a number"),
        ("sources.csv", "2024-06-24", "2024-02-30", "slides", r'published: "2024-02-30" is not'),
        (
            "legend.csv",
            "{months}か月前",
            "{days}日前",
            "deadline,due-past",
            r"the blanks are {months}",
        ),
        (
            "opinion_terms.csv",
            "窓口,カウンター",
            "窓口,ＡＩ",
            "tools,道具・技術,AI,",  # the second of the two is the one named
            r'"AI" stands already at data/opinion_terms\.csv:\d+: keep it in one place',
        ),
        (
            "opinion_terms.csv",
            "tools,道具・技術,RPA",
            "tools,道具,RPA",
            "tools,道具,RPA",
            r"use one name",
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
    with pytest.raises(FactsError, match=rf"^data/facts\.csv:{line}: not UTF-8.*CSV UTF-8"):
        Facts.load(data)


def test_an_empty_file_is_refused(data: Path) -> None:
    (data / "facts.csv").write_text("", encoding="utf-8")
    with pytest.raises(FactsError, match=r'^data/facts\.csv:1: no column "id"'):
        Facts.load(data)


@pytest.mark.parametrize("name", ["facts.csv", "plan_items.csv"])
def test_a_missing_file_is_refused(data: Path, name: str) -> None:
    (data / name).unlink()
    with pytest.raises(FactsError, match=r"^data/.*\.csv:1: cannot be read .*: put the file back"):
        Facts.load(data)


def test_a_missing_template_is_refused(data: Path) -> None:
    path = data / "legend.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("citation,whole-seen")]
    path.write_text("\n".join(kept), encoding="utf-8")
    with pytest.raises(FactsError, match=r"^data/legend\.csv:1: no citation,whole-seen: add"):
        Facts.load(data)
