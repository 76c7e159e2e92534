"""A mistake in YAML is reported with its file and line, what is wrong there, and the cure."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from dxcourse.authored import read_yaml
from dxcourse.exercises import Bank, ExerciseError, load_bank, parse
from dxcourse.facts import Facts

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.load(ROOT / "data")


def _load(folder: Path, text: str | bytes, facts: Facts | None = None) -> Bank:
    file = folder / "exercises/bank/01_x.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(dedent(text).strip("\n").encode() if isinstance(text, str) else text)
    return load_bank([file], facts, folder)


CHOICE = """
- kind: choice
  id: a
  title: 題
  options:
    - {id: x, text: あ, correct: true}
    - {id: y, text: い}
"""
CLASSIFY = """
- kind: classify
  id: a
  title: 題
  bins: [{id: deadline, text: 期限}, {id: undecided, text: 未定, undecided: true}]
  evidence:
    - {id: law, text: 法}
  items:
    - id: "1-2"
      text: 標準化
      bin: deadline
      seen: [law]
"""
MATCH = """
- kind: match
  id: a
  title: 題
  answers: [{id: wheel, text: 車輪}, {id: engine, text: 蒸気}]
  items:
    - id: s2
      text: 農耕
      answer: wheel
"""
SCALE = """
- kind: scale
  id: a
  title: 題
  levels: [なし, あり]
  items:
    - id: s
      text: 話した
"""
NUMBER = """
- kind: number
  id: a
  title: 題
  value: 13
"""
OPINION = """
- kind: opinion
  id: a
  title: 題
  mirror:
    process: 「{term}」？
"""
ORDER = """
- kind: order
  id: a
  title: 題
  things:
    - {id: x, text: あ}
    - {id: y, text: い}
"""
SCHEDULE = """
- kind: schedule
  id: a
  title: 題
  months: [11月, 12月, 1月]
  events:
    - {id: council, text: 議会, sign: 議, months: [12月]}
  items:
    - id: law
      text: 条例
      length: 2
      start: 11月
      rules:
        ends_in: {council: その月に？}
    - id: switch
      text: 切替
      length: 1
      start: 1月
      rules:
        needs: {law: 条例は？}
        deadline: {month: 1月, note: いつ？}
"""


def _with(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


MISTAKES: dict[str, tuple[str, int, str]] = {
    # -- the file
    "tab": ("- kind: choice\n\tid: a", 2, "check indentation"),
    "quote": ("- kind: choice\n  title: 'x", 2, "check indentation, colons and quotes"),
    "colon": ("- kind: choice\n  title: a: b", 2, "not YAML"),
    "empty": ("", 1, "the file is empty"),
    "only a comment": ("# 題\n", 1, "the file is empty"),
    "null": ("~", 1, "the file is empty"),
    "no list": ("kind: choice\nid: a", 1, "a list; begin each with '- kind:'"),
    "no mapping": (CHOICE + "- 題\n", 7, "an exercise is a mapping with kind, id and title"),
    "twice a field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  title: 問"),
        4,
        '"title" stands twice here; keep one',
    ),
    "a list as name": ("- ? [kind]\n  : choice", 1, "a field's name is a word"),
    "holds itself": ("- &a [*a]", 1, "holds itself; write it flat"),
    "a date that is none": ("- kind: choice\n  title: 2026-13-45", 1, "put such values in quotes"),
    "two documents": (CHOICE + "---\n- kind: choice", 7, "not YAML"),
    # -- every kind
    "no kind": ("- id: a\n  title: 題", 1, 'kind "None" is not known; kinds are choice, '),
    "unknown kind": ("- id: a\n  kind: choise", 2, 'kind "choise" is not known; kinds are choice'),
    "kind is a list": ("- id: a\n  kind: [choice]", 2, "is not known; kinds are"),
    "no title": (_with(CHOICE, "  title: 題\n", ""), 1, "title: missing; add it here"),
    "empty title": (_with(CHOICE, "題", '""'), 3, "title: empty; write a text"),
    "a date as title": (_with(CHOICE, "題", "2026-03-31"), 3, "title: not a text; put it in"),
    "bad id": (_with(CHOICE, "id: a", "id: あ"), 2, "id: "),
    "misspelt field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  promt: 問"),
        4,
        'promt: no such field; did you mean "prompt"?',
    ),
    "misspelt field of the only item": (
        _with(CHOICE, "  options:", "  optoins:"),
        4,
        'optoins: no such field; did you mean "options"?',
    ),
    "strange field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  colour: red"),
        4,
        "colour: no such field (docs/authoring.md lists them); mend its name or delete it",
    ),
    "text of the only item": (
        _with(CHOICE, "  title: 題", "  title: 題\n  text: 問"),
        4,
        "text: no such field",
    ),
    "no attempts": (
        _with(NUMBER, "  value", "  attempts: 0\n  value"),
        4,
        "attempts: write a number from 1 on",
    ),
    "hints no list": (
        _with(NUMBER, "  value", "  hints: 考えて\n  value"),
        4,
        "hints: write a list, each entry after '- '",
    ),
    "items empty": ("- kind: match\n  id: a\n  title: 題\n  items:", 4, "items: write a list"),
    "points beside items": (
        _with(SCALE, "  levels", "  points: 2\n  levels"),
        4,
        "points: no such field",
    ),
    "no points": (
        _with(NUMBER, "  value", "  points: 0\n  value"),
        4,
        "points: write a number above 0",
    ),
    "unknown fact": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, fact: no-such}"),
        6,
        'options.feedback: fact "no-such" is not in data/facts.csv; add it there or mend the id',
    ),
    "fact is a list": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, fact: [a]}"),
        6,
        "options.feedback.fact: not a text",
    ),
    "citation by hand": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, citation: 白書}"),
        6,
        "options.feedback.citation: no such field",
    ),
    "waits for nothing": (
        _with(NUMBER, "  value", "  reveal_after: later\n  value"),
        4,
        'reveal_after "later" is no exercise; mend the id or write it',
    ),
    "waits for itself": (
        _with(NUMBER, "  value", "  reveal_after: a\n  value"),
        4,
        'reveal_after "a" leads back to it; take one of them out',
    ),
    "two exercises": (
        NUMBER + NUMBER,
        6,
        'exercise "a" is already at 01_x.yaml:1; give each an id of its own',
    ),
    # -- choice, multichoice
    "two right options": (
        _with(CHOICE, "text: い", "text: い, correct: true"),
        6,
        'options "x", "y" are all correct; use kind: multichoice, or leave one',
    ),
    "one option": (
        _with(CHOICE, "    - {id: y, text: い}\n", ""),
        4,
        "options: has 1, needs 2 or more; add to the list",
    ),
    "no right option": (
        _with(CHOICE.replace("choice", "multichoice"), ", correct: true", ""),
        1,
        "no option is correct; mark the right ones with correct: true",
    ),
    "two options of one id": (
        _with(CHOICE, "id: y", "id: x"),
        5,
        'option "x" stands twice; give each an id of its own',
    ),
    "correct is no flag": (
        _with(CHOICE, "correct: true", "correct: たぶん"),
        5,
        "options.correct: write true or false",
    ),
    "misspelt field of an option": (
        _with(CHOICE, "text: い", "txt: い"),
        6,
        'options.txt: no such field; did you mean "text"?',
    ),
    # -- classify
    "unknown bin": (
        _with(CLASSIFY, "bin: deadline", "bin: deadine"),
        10,
        'item "1-2" names bin "deadine"; bins are deadline',
    ),
    "undecided is no key": (
        _with(CLASSIFY, "bin: deadline", "bin: undecided"),
        4,
        'item "1-2" names bin "undecided"; bins are deadline',
    ),
    "unknown evidence": (
        _with(CLASSIFY, "seen: [law]", "seen: [lwa]"),
        11,
        'item "1-2" names evidence "lwa"; evidence is law',
    ),
    "evidence on both sides": (
        _with(CLASSIFY, "seen: [law]", "seen: [law]\n      unseen: [law]"),
        6,
        'item "1-2" has evidence "law" in seen and unseen; keep one',
    ),
    "feedback for no bin": (
        _with(CLASSIFY, "seen: [law]", "feedback: {bins: {contiuous: え}}"),
        11,
        'item "1-2" has feedback for bin "contiuous"; bins are deadline, undecided',
    ),
    "an id without quotes": (_with(CLASSIFY, '"1-2"', "12"), 8, "items.id: not a text; put it in"),
    # -- match, order
    "unknown answer": (
        _with(MATCH, "answer: wheel", "answer: weel"),
        8,
        'item "s2" names answer "weel"; answers are wheel, engine',
    ),
    "no answer": (_with(MATCH, "      answer: wheel\n", ""), 6, "items.answer: missing; add it"),
    "feedback for no answer": (
        MATCH + "      feedback: {answers: {chip: え}}",
        9,
        'item "s2" names answer "chip"; answers are wheel, engine',
    ),
    "one thing": (
        _with(ORDER, "    - {id: y, text: い}\n", ""),
        4,
        "things: has 1, needs 2 or more; add to the list",
    ),
    "two things of one id": (_with(ORDER, "id: y", "id: x"), 5, 'thing "x" stands twice; give'),
    # -- number
    "no value": (_with(NUMBER, "  value: 13\n", ""), 1, "value: missing; add it here"),
    "value in words": (_with(NUMBER, "13", "十三"), 4, "value: write a number, without quotes"),
    "value in quotes": (_with(NUMBER, "13", '"13"'), 4, "value: write a number, without quotes"),
    "value is a flag": (_with(NUMBER, "13", "yes"), 4, "value: write a number, without quotes"),
    "value without end": (_with(NUMBER, "13", ".inf"), 4, "value: write a finite number"),
    "value too large": (_with(NUMBER, "13", "1.0e+16"), 4, "value: write a number up to 1e+15"),
    "tolerance below 0": (NUMBER + "  tolerance: -1", 5, "tolerance: write a number from 0 on"),
    # -- scale
    "level that is not there": (
        SCALE + '      feedback: {"2": え}',
        8,
        'item "s" has feedback for level "2"; levels are 0 to 1',
    ),
    "level in words": (SCALE + "      feedback: {あり: え}", 8, "write a whole number"),
    "radar with one axis": (
        SCALE + "  radar: true",
        1,
        "a radar needs 3 axes or more; name them, or leave radar out",
    ),
    # -- schedule
    "event in no month": (
        _with(SCHEDULE, "months: [12月]", "months: [13月]"),
        6,
        'event "council" names month "13月"; months are 11月, 12月, 1月',
    ),
    "start in no month": (
        _with(SCHEDULE, "start: 1月", "start: 4月"),
        17,
        'item "switch" names month "4月"; months are',
    ),
    "deadline in no month": (
        _with(SCHEDULE, "month: 1月", "month: 4月"),
        20,
        'item "switch" names month "4月"; months are',
    ),
    "needs no task": (
        _with(SCHEDULE, "needs: {law", "needs: {lwa"),
        19,
        'item "switch" names task "lwa"; tasks are law',
    ),
    "needs itself": (
        _with(SCHEDULE, "needs: {law", "needs: {switch"),
        14,
        'item "switch" names task "switch"; tasks are law',
    ),
    "ends in no event": (
        _with(SCHEDULE, "ends_in: {council", "ends_in: {concil"),
        13,
        'item "law" names event "concil"; events are council',
    ),
    "no rule": (
        _with(SCHEDULE, "        ends_in: {council: その月に？}\n", "        {}\n"),
        12,
        "items.rules: no rule, so any month were right; add a deadline or what it avoids",
    ),
    "no rules": (
        _with(SCHEDULE, "      rules:\n        ends_in: {council: その月に？}\n", ""),
        8,
        "items.rules: missing; add it here",
    ),
    "no note": (
        _with(SCHEDULE, ", note: いつ？", ""),
        20,
        "items.rules.deadline.note: missing; add it here",
    ),
    "the sample collides": (
        _with(SCHEDULE, "start: 11月", "start: 12月"),
        8,
        "the sample plan breaks ends_in (その月に？); move a start, or mend the rule of item",
    ),
    "the sample is out of order": (
        _with(SCHEDULE, "start: 1月", "start: 12月"),
        14,
        "the sample plan breaks needs (条例は？)",
    ),
    "the sample runs over": (
        _with(SCHEDULE, "length: 1", "length: 2"),
        14,
        'it runs past 1月; start it earlier, item "switch"',
    ),
    "no length": (_with(SCHEDULE, "length: 1", "length: 0"), 16, "length: write a number from 1"),
    "two months of one name": (
        _with(SCHEDULE, "[11月, 12月, 1月]", "[11月, 12月, 12月]"),
        1,
        "two months have one name; give each its own",
    ),
    "a month without unit": (
        _with(SCHEDULE, "[11月, 12月, 1月]", "[11, 12, 1]"),
        4,
        "months: not a text; put it in quotes",
    ),
    "a long sign": (_with(SCHEDULE, "sign: 議", "sign: 定例会"), 6, "at most 2 characters"),
    # -- opinion
    "braces": (
        _with(OPINION, "{term}", "{word}"),
        5,
        "mirror.process: {word} cannot be filled in; write {term}",
    ),
    "open braces": (_with(OPINION, "{term}", "{term"), 5, "mirror.process: {term」？ cannot"),
    "term in none": (OPINION + "    none: 「{term}」はない", 6, "mirror.none: {term} cannot be"),
    "misspelt theme": (
        _with(OPINION, "process", "proces"),
        5,
        'mirror.proces: no such field; did you mean "process"?',
    ),
    "mirror is a text": (
        "- kind: opinion\n  id: a\n  title: 題\n  mirror: え",
        4,
        "mirror: write fields, each with its name and ': '",
    ),
    "length is a text": (OPINION + "  max_length: 長め", 6, "max_length: write a whole number"),
}


@pytest.mark.parametrize(("text", "line", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_names_file_line_place_and_cure(
    tmp_path: Path, facts: Facts, text: str, line: int, message: str
) -> None:
    with pytest.raises(ExerciseError) as found:
        _load(tmp_path, text, facts)
    first = str(found.value).splitlines()[0]
    assert first.startswith(f"exercises/bank/01_x.yaml:{line}: ")
    assert message in first
    assert "Input should" not in first
    assert "Value error" not in first


@pytest.mark.parametrize("text", [CHOICE, CLASSIFY, MATCH, SCALE, NUMBER, OPINION, ORDER, SCHEDULE])
def test_what_the_mistakes_were_made_in_is_right(tmp_path: Path, facts: Facts, text: str) -> None:
    bank = _load(tmp_path, text, facts)
    assert list(bank.exercises) == ["a"]
    assert bank.places["a"].line == 1


def test_a_file_in_shift_jis_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"01_x\.yaml:2: not UTF-8; save the file as UTF-8"):
        _load(tmp_path, "- kind: choice\n  title: 題".encode("cp932"))


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    windows = CHOICE.strip().replace("\n", "\r\n").encode("utf-8-sig")
    assert list(_load(tmp_path, windows).exercises) == ["a"]


def test_every_mistake_is_reported_at_once(tmp_path: Path) -> None:
    text = _with(CHOICE, "correct: true", "corect: true") + _with(NUMBER, "13", "多い") + "- x"
    with pytest.raises(ExerciseError) as found:
        _load(tmp_path, text)
    lines = [line.split(":")[1] for line in str(found.value).splitlines()]
    assert lines == ["5", "11", "12"]


def test_an_exercise_of_another_file_is_named_when_an_id_is_taken(tmp_path: Path) -> None:
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    for file in files:
        file.write_text(NUMBER, encoding="utf-8")
    with pytest.raises(ExerciseError, match=r'b\.yaml:2: exercise "a" is already at a\.yaml:2'):
        load_bank(files, None, tmp_path)


def test_feedback_may_wait_for_an_exercise_of_a_later_file(tmp_path: Path) -> None:
    files = [tmp_path / "a.yaml", tmp_path / "b.yaml"]
    files[0].write_text(NUMBER + "  reveal_after: b", encoding="utf-8")
    files[1].write_text(_with(NUMBER, "id: a", "id: b"), encoding="utf-8")
    assert list(load_bank(files, None, tmp_path).exercises) == ["a", "b"]


def test_a_fact_comes_with_its_citation(facts: Facts) -> None:
    fact = next(iter(facts))
    closing = {"text": "え", "fact": fact}
    exercise = parse(
        {"kind": "number", "id": "a", "title": "題", "value": 1, "closing": closing}, facts
    )
    assert exercise.closing is not None
    assert exercise.closing.citation == facts.cite(fact)
    assert "citation" not in exercise.model_dump()["closing"]


def test_a_line_is_found_as_near_as_it_can_be(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_text("a:\n  b:\n    - c: 1\n    - d:\n        e\n", encoding="utf-8")
    document = read_yaml(file)
    assert document.line(("a", "b", 1, "d")) == 4
    assert document.line(("a", "b", 1, "d"), 'here is "e"') == 5
    assert document.line(("a", "b", 7)) == 2
    assert document.line(("a", "x", "b")) == 2
    assert document.line(()) == 1
