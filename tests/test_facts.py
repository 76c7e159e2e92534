"""The facts: what ships holds together, and everything broken is refused with its place."""

import shutil
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.facts import (
    Change,
    Deadline,
    Fact,
    Facts,
    FactsError,
    Figure,
    FigureSeries,
    Law,
    Link,
    PlanItem,
    PlanSection,
    Result,
    Society,
    Source,
    UnknownFactError,
    days_left,
    deadline_status,
    today_in_japan,
)
from dxcourse.facts._checks import DEADLINE_KINDS
from dxcourse.facts._tables import TABLES
from dxcourse.facts.rows import Row, columns

DATA = Path(__file__).parent.parent / "data"
SETTLED = {"1-1", "1-2", "1-5", "2-4", "3-1"}


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.load(DATA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


def deadline(month: str) -> Deadline:
    return Deadline(id="d", item="1-2", date=month, kind="due", what="w", fact="f")


# What ships


def test_facts_are_a_mapping(facts: Facts) -> None:
    assert len(facts) == len(list(facts)) > 150
    assert "item-1-2-deadline" in facts
    assert facts["item-1-2-deadline"].provenance == "plan"
    assert facts.get("no-such-fact") is None
    assert repr(facts) == f"<Facts: {len(facts)} facts>"


def test_an_unknown_fact_is_named_with_the_nearest(facts: Facts) -> None:
    with pytest.raises(UnknownFactError) as caught:
        facts.cite("item-1-2-dedline")
    assert isinstance(caught.value, FactsError)
    assert str(caught.value) == (
        'data/facts.csv:1: no fact has the id "item-1-2-dedline": did you mean "item-1-2-deadline"?'
    )


def test_a_fact_cannot_be_changed(facts: Facts) -> None:
    with pytest.raises(ValueError, match="frozen"):
        facts["item-1-2-deadline"].statement = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fact", "mark", "provenance", "text"),
    [
        ("item-1-1-handbook", "◎", "講師の資料", "講師の資料・16枚目（2024-06時点）"),
        (
            "chain-priority-plan-article",
            "◎",
            "法令・閣議決定",
            "デジタル社会形成基本法・第37条（2021-09-01時点、情報通信白書R3で確認）",
        ),
        (
            "item-1-2-deadline",
            "◎",
            "国の計画・手順書",
            "標準化の基本方針（2022-10時点、iais.or.jp 2025-08で確認）",
        ),
        ("redflag-years", "◎", "報道・二次資料", "講座の下調べ（2026-09時点）"),
        ("item-1-4-class", "◇", "講師の資料", "講師の資料・21枚目（2024-06時点）"),
        ("pair-view", "○", "講師の資料", "講師の資料・15枚目（2024-06時点）"),
    ],
)
def test_a_citation_shows_both_marks(
    facts: Facts, fact: str, mark: str, provenance: str, text: str
) -> None:
    citation = facts.cite(fact)
    assert (citation.mark, citation.provenance, citation.text) == (mark, provenance, text)


def test_every_fact_can_be_cited(facts: Facts) -> None:
    for fact in facts:
        citation = facts.cite(fact)
        assert citation.mark in "◎○△◇"
        assert "{" not in citation.text


def test_the_plan_has_the_thirteen_items_of_slide_15(facts: Facts) -> None:
    codes = [item.code for item in facts.plan()]
    assert codes == [f"1-{n}" for n in range(1, 8)] + [f"2-{n}" for n in range(1, 5)] + [
        "3-1",
        "3-2",
    ]
    assert facts.plan() == facts.plan("3.0")


def test_only_the_five_settled_items_are_scored(facts: Facts) -> None:
    scored = {item.code for item in facts.plan() if item.class_scored}
    assert scored == SETTLED
    assert all(item.class_ == "deadline" for item in facts.plan() if item.class_scored)


def test_only_a_sourced_date_is_a_deadline(facts: Facts) -> None:
    dated = {item.code: item.deadline for item in facts.plan() if item.deadline}
    assert dated == {"1-2": "2026-03", "1-3": "2026-09"}


def test_handbooks_and_results_are_those_of_slides_16_and_18(facts: Facts) -> None:
    plan = {item.code: item for item in facts.plan()}
    assert {code for code, item in plan.items() if item.handbook != "none"} == SETTLED
    results = {code: row.number for row in facts.rows(Result) for code in row.codes}
    assert results == {code: item.result for code, item in plan.items() if item.result}
    assert results == {"1-1": 2, "3-1": 2, "2-4": 3, "1-2": 4, "1-5": 5}


def test_the_plans_dates_stand_among_the_deadlines(facts: Facts) -> None:
    listed = {(row.item, row.date, row.fact) for row in facts.deadlines()}
    for item in facts.plan():
        if item.deadline:
            assert (item.code, item.deadline, item.deadline_fact) in listed


def test_deadlines_are_in_order_of_their_dates(facts: Facts) -> None:
    dates = [row.date for row in facts.deadlines()]
    assert dates == sorted(dates)


def test_each_kind_of_deadline_has_its_words(facts: Facts) -> None:
    assert get_args(Deadline.model_fields["kind"].annotation) == DEADLINE_KINDS
    due = deadline("2026-03")
    assert facts.deadline_text(due, date(2026, 11, 23)) == "期限は過ぎています（8か月前）"
    assert facts.deadline_text(due, date(2026, 3, 31)) == "期限は今月です"
    assert facts.deadline_text(due, date(2025, 12, 31)) == "期限まであと3か月です"


def test_pictures_find_their_rows_in_order(facts: Facts) -> None:
    for model in (Link, Society):
        orders = [row.model_dump()["order"] for row in facts.rows(model)]
        assert orders == list(range(1, len(orders) + 1))
    assert [row.number for row in facts.rows(Result)] == [1, 2, 3, 4, 5]
    assert len(facts.rows(Law)) >= 5
    assert {row.era_fact for row in facts.rows(Society)} == {"society-eras-illustration"}


def test_changes_are_in_order_and_after_the_slides(facts: Facts) -> None:
    dates = [row.date for row in facts.rows(Change)]
    assert dates == sorted(dates)
    assert dates[0] >= "2024-06"


def test_every_series_has_values_and_shares_are_shares(facts: Facts) -> None:
    for series in facts.rows(FigureSeries):
        assert facts.figures(series.series), series.series
    for figure in facts.rows(Figure):
        if figure.unit == "%":
            assert 0 <= figure.value <= 100
    counter = facts.figures("telework-reason-counter")
    assert [(row.value, row.as_of) for row in counter] == [(89.4, "2021")]


def test_every_figure_stands_in_its_facts_words(facts: Facts) -> None:
    for figure in facts.rows(Figure):
        fact = facts[figure.fact]
        number = f"{figure.value:.0f}" if figure.value.is_integer() else f"{figure.value}"
        assert number in fact.statement + fact.note, f"{figure.fact}: {number}"


def test_opinion_terms_cover_the_five_themes(facts: Facts) -> None:
    themes = Counter(row.theme for row in facts.terms())
    assert set(themes) == {"process", "culture", "experience", "value", "tools"}
    assert min(themes.values()) >= 15
    first = facts.terms()[0]
    assert first.words[0] == first.term


def test_the_glossary_is_long_enough_and_read_in_kana(facts: Facts) -> None:
    assert len(facts.glossary()) >= 40
    for row in facts.glossary():
        assert all(
            "ぁ" <= char <= "ゖ" or "ァ" <= char <= "ー" or char == "・" for char in row.reading
        )


def test_general_knowledge_is_never_stated(facts: Facts) -> None:
    for fact in facts.values():
        if fact.source == "general-knowledge":
            assert fact.certainty == "inferred", fact.id


def test_nothing_but_law_and_cabinet_is_called_law(facts: Facts) -> None:
    trainer = [fact for fact in facts.values() if fact.source == "slides"]
    assert trainer
    assert {fact.provenance for fact in trainer} <= {"trainer", "secondary"}


def test_a_statement_is_one_sentence(facts: Facts) -> None:
    for fact in facts.values():
        assert fact.statement.endswith("。"), fact.id
        assert fact.statement.count("。") == 1, fact.id


def test_every_source_is_used(facts: Facts) -> None:
    used = {fact.source for fact in facts.values()}
    used |= {source.seen_in for source in facts.rows(Source)}
    assert {source.id for source in facts.rows(Source)} <= used


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_table_is_a_copy(facts: Facts, table: str) -> None:
    frame = facts.table(table)
    assert len(frame) > 0
    frame[frame.columns[0]] = "changed"
    assert facts.table(table).iloc[0, 0] != "changed"


def test_a_tables_numbers_are_numbers(facts: Facts) -> None:
    items = facts.table("plan_items")
    assert items.loc[items["class_scored"], "code"].tolist() == sorted(SETTLED)
    assert items["result"].dropna().astype(int).tolist() == [2, 4, 5, 3, 2]
    assert facts.table("figures")["value"].dtype == float


def test_a_table_or_a_name_that_is_not_there_is_refused(facts: Facts) -> None:
    with pytest.raises(FactsError, match='no table "plan": the tables are legend, sources'):
        facts.table("plan")
    with pytest.raises(FactsError, match="no class,both"):
        facts.name("class", "both")
    assert [entry.mark for entry in facts.legend("certainty")] == ["◎", "○", "△", "◇"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_readme_describes_every_column(table: object) -> None:
    found = next(each for each in TABLES if each is table)
    heading = f"### `{found.pattern if found.name == 'figures' else found.name + '.csv'}`"
    section = (DATA / "README.md").read_text(encoding="utf-8").split(heading)[1].split("###")[0]
    for column in columns(found.model):
        assert f"| `{column}` |" in section, column


# A new edition, and other changes that need no code


def test_a_new_edition_is_a_file(data: Path) -> None:
    edit(
        data / "plan_editions.csv",
        "4.0,第4.0版",
        "5.0,第5.0版,2027-03,plan-edition-4-0,\n4.0,第4.0版",
    )
    sections = (data / "plan_sections.csv").read_text(encoding="utf-8")
    items = (data / "plan_items.csv").read_text(encoding="utf-8")
    (data / "plan_sections_5.csv").write_text(sections.replace("3.0,", "5.0,"), encoding="utf-8")
    (data / "plan_items_5.csv").write_text(items.replace("3.0,", "5.0,"), encoding="utf-8")
    facts = Facts.load(data)
    assert {item.edition for item in facts.plan()} == {"5.0"}
    assert {item.edition for item in facts.plan("3.0")} == {"3.0"}
    assert len(facts.rows(PlanItem)) == 2 * len(facts.plan())
    assert len(facts.rows(PlanSection)) == 6


@pytest.mark.parametrize("edition", ["4.0", "9.9"])
def test_an_edition_without_items_is_refused(facts: Facts, edition: str) -> None:
    with pytest.raises(FactsError, match=rf'no items of edition "{edition}".*are 3\.0$'):
        facts.plan(edition)


def test_excels_marks_and_line_ends_are_accepted(facts: Facts, data: Path) -> None:
    for path in data.glob("*.csv"):
        text = path.read_text(encoding="utf-8").replace("\n", "\r\n") + "\r\n,,\r\n"
        path.write_bytes(text.encode("utf-8-sig"))
    assert dict(Facts.load(data)) == dict(facts)


def test_a_quoted_cell_may_hold_commas_and_lines(data: Path) -> None:
    path = data / "facts.csv"
    with path.open("a", encoding="utf-8") as file:
        file.write('quoted,"一つ, 二つ\n三つ。",slides,,2024-06,trainer,stated,\n')
        file.write("broken,,slides,,2024-06,trainer,stated,\n")
    # The place is where the row begins, two-line cells before it counted.
    with pytest.raises(FactsError, match=rf"facts\.csv:{line_of(path, 'broken')}: statement"):
        Facts.load(data)


# Everything broken is refused, with the file, the line and the cure


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
            "。,slides,3枚目,",
            "。,slide,3枚目,",
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
            "3枚目,2024-06,trainer",
            "3枚目,2024-06,law",
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


# Dates


@pytest.mark.parametrize(
    ("month", "today", "state", "months", "days"),
    [
        ("2026-03", date(2026, 3, 1), "this-month", 0, 30),
        ("2026-03", date(2026, 3, 31), "this-month", 0, 0),
        ("2026-03", date(2026, 4, 1), "past", 1, -1),
        ("2026-03", date(2025, 12, 31), "ahead", 3, 90),
        ("2028-02", date(2028, 2, 28), "this-month", 0, 1),
    ],
)
def test_a_deadline_is_seen_from_today(
    month: str, today: date, state: str, months: int, days: int
) -> None:
    status = deadline_status(deadline(month), today)
    assert (status.state, status.months) == (state, months)
    assert days_left(deadline(month), today) == days


@given(
    today=st.dates(date(1900, 1, 1), date(2200, 1, 1)),
    year=st.integers(1900, 2200),
    month=st.integers(1, 12),
)
def test_the_state_and_the_days_agree(today: date, year: int, month: int) -> None:
    due = deadline(f"{year}-{month:02d}")
    status = deadline_status(due, today)
    assert (status.state == "past") == (days_left(due, today) < 0)
    assert (status.months == 0) == (status.state == "this-month")


def test_today_is_japans() -> None:
    evening = datetime(2026, 3, 31, 15, 0, tzinfo=UTC)
    assert today_in_japan(evening) == date(2026, 4, 1)
    assert today_in_japan(evening - timedelta(seconds=1)) == date(2026, 3, 31)
    hawaii = timezone(timedelta(hours=-10))
    assert today_in_japan(datetime(2026, 3, 31, 5, 0, tzinfo=hawaii)) == date(2026, 4, 1)


def test_a_moment_without_a_zone_has_no_date_in_japan() -> None:
    with pytest.raises(ValueError, match="time zone"):
        today_in_japan(datetime(2026, 3, 31))  # noqa: DTZ001


def test_a_row_refuses_what_is_not_a_column() -> None:
    assert issubclass(Fact, Row)
    with pytest.raises(ValueError, match="extra"):
        Fact.model_validate({"id": "a", "colour": "red"})
