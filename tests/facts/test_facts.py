"""What ships holds together, and is looked up, cited and handed out."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from dxcourse.facts import (
    ChainLink,
    Change,
    Deadline,
    Facts,
    FactsError,
    Figure,
    FigureSeries,
    Law,
    PlanItem,
    PlanResult,
    PlanSection,
    Society,
    Source,
    UnknownFactError,
)
from dxcourse.facts.checks import DEADLINE_KINDS
from dxcourse.facts.load import TABLES
from dxcourse.facts.rows import columns

DATA = Path(__file__).parents[2] / "data"
SETTLED = {"1-1", "1-2", "1-5", "2-4", "3-1"}


def test_facts_are_a_mapping(facts: Facts) -> None:
    assert len(facts) == len(list(facts)) > 150
    assert "item-1-2-deadline" in facts
    assert facts["item-1-2-deadline"].provenance == "law"
    assert facts.get("no-such-fact") is None
    assert repr(facts) == f"<Facts: {len(facts)} facts>"


def test_an_unknown_fact_is_named_with_the_nearest(facts: Facts) -> None:
    with pytest.raises(UnknownFactError) as caught:
        facts.cite("item-1-2-dedline")
    assert isinstance(caught.value, FactsError)
    assert str(caught.value) == (
        "data/facts.csv: 事実「item-1-2-dedline」がありません → 「item-1-2-deadline」のことですか"
    )


def test_a_fact_cannot_be_changed(facts: Facts) -> None:
    with pytest.raises(ValueError, match="frozen"):
        facts["item-1-2-deadline"].statement = "x"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("fact", "mark", "provenance", "text"),
    [
        ("item-1-1-handbook", "◎", "講師の資料", "講師の資料・スライド16（2024-06時点）"),
        (
            "chain-priority-plan-article",
            "◎",
            "法令・閣議決定",
            "デジタル社会形成基本法・第39条（2026-05-08時点、日本法令外国語訳DBで確認）",
        ),
        (
            "item-1-2-deadline",
            "◎",
            "法令・閣議決定",
            "標準化の基本方針（2022-10-07時点、iais.or.jp 2025-08で確認）",
        ),
        ("redflag-years", "◎", "法令・閣議決定", "英国 1896年法・第1条（1896-08-14時点）"),
        ("item-1-4-class", "◇", "講師の資料", "講師の資料・スライド21（2024-06時点）"),
        ("pair-view", "○", "講師の資料", "講師の資料・スライド15（2024-06時点）"),
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
    results = {code: row.number for row in facts.rows(PlanResult) for code in row.codes}
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
    for model in (ChainLink, Society):
        orders = [row.model_dump()["order"] for row in facts.rows(model)]
        assert orders == list(range(1, len(orders) + 1))
    assert [row.number for row in facts.rows(PlanResult)] == [1, 2, 3, 4, 5]
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


def test_a_definition_that_says_more_than_general_knowledge_cites_what_it_rests_on(
    facts: Facts,
) -> None:
    rests = {row.id: row.facts for row in facts.glossary()}
    assert rests["bcp"] == ("glossary-general", "role-telework-scope")
    assert rests["rpa"] == ("glossary-general",)


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
    with pytest.raises(FactsError, match="表「plan」がありません → 表は legend, sources"):
        facts.table("plan")
    with pytest.raises(FactsError, match="class,both の行がありません"):
        facts.name("class", "both")
    assert [entry.mark for entry in facts.legend("certainty")] == ["◎", "○", "△", "◇"]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_readme_describes_every_column(table: object) -> None:
    found = next(each for each in TABLES if each is table)
    heading = f"### `{found.pattern if found.name == 'figures' else found.name + '.csv'}`"
    section = (DATA / "README.md").read_text(encoding="utf-8").split(heading)[1].split("###")[0]
    for column in columns(found.model):
        assert f"| `{column}` |" in section, column


def deadline(month: str) -> Deadline:
    return Deadline(id="d", item="1-2", date=month, kind="due", what="w", fact="f")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name} has no {old!r}"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, start: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.startswith(start))


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
    with pytest.raises(FactsError, match=rf"版「{edition}」の取組がありません.*3\.0）$"):
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
