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


MISTAKES: dict[str, tuple[str, int, str, str]] = {
    # -- the file
    "tab": ("- kind: choice\n\tid: a", 2, "yaml.tab", "字下げにタブがあります"),
    "quote": ("- kind: choice\n  title: 'x", 2, "yaml.open_quote", "引用符「'」が閉じていません"),
    "colon": (
        "- kind: choice\n  title: a: b",
        2,
        "yaml.inner_colon",
        "値の中に「: 」があり、項目名の終わりとして読まれます",
    ),
    "empty": ("", 1, "yaml.empty", "中身がありません"),
    "only a comment": ("# 題\n", 1, "yaml.empty", "中身がありません"),
    "null": ("~", 1, "yaml.empty", "中身がありません"),
    "no list": (
        "kind: choice\nid: a",
        1,
        "exercises.not_a_list",
        "課題のファイルは、課題を並べたものです",
    ),
    "no mapping": (
        CHOICE + "- 題\n",
        7,
        "exercises.not_a_mapping",
        "課題には kind・id・title が要ります",
    ),
    "twice a field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  title: 問"),
        4,
        "yaml.twice",
        "「title」がここに二度あります",
    ),
    "a list as name": ("- ? [kind]\n  : choice", 1, "yaml.key", "項目名が文字ではありません"),
    "holds itself": ("- &a [*a]", 1, "yaml.nested", "入れ子が深すぎるか、自分自身を含んでいます"),
    "a date that is none": (
        "- kind: choice\n  title: 2026-13-45",
        1,
        "yaml.value",
        "YAMLの値として読めません（month must be in 1..12）",
    ),
    "two documents": (
        CHOICE + "---\n- kind: choice",
        7,
        "yaml.syntax",
        "YAMLとして読めません（but found another document）",
    ),
    # -- every kind
    "no kind": ("- id: a\n  title: 題", 1, "exercises.kind", "課題の種類「」はありません"),
    "unknown kind": (
        "- id: a\n  kind: choise",
        2,
        "exercises.kind",
        "課題の種類「choise」はありません",
    ),
    "kind is a list": (
        "- id: a\n  kind: [choice]",
        2,
        "exercises.kind",
        "課題の種類「['choice']」はありません",
    ),
    "no title": (
        _with(CHOICE, "  title: 題\n", ""),
        1,
        "fields.missing",
        "title：書かれていません",
    ),
    "empty title": (_with(CHOICE, "題", '""'), 3, "fields.string_too_short", "title：空です"),
    "a date as title": (
        _with(CHOICE, "題", "2026-03-31"),
        3,
        "fields.string_type",
        "title：文字として読めない値です",
    ),
    "bad id": (
        _with(CHOICE, "id: a", "id: あ"),
        2,
        "fields.string_pattern_mismatch",
        "id：「あ」は使えない文字が入っています",
    ),
    "misspelt field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  promt: 問"),
        4,
        "fields.extra_forbidden",
        "promt：ここにはない項目名です",
    ),
    "misspelt field of the only item": (
        _with(CHOICE, "  options:", "  optoins:"),
        4,
        "fields.extra_forbidden",
        "optoins：ここにはない項目名です",
    ),
    "strange field": (
        _with(CHOICE, "  title: 題", "  title: 題\n  colour: red"),
        4,
        "fields.extra_forbidden",
        "colour：ここにはない項目名です",
    ),
    "text of the only item": (
        _with(CHOICE, "  title: 題", "  title: 題\n  text: 問"),
        4,
        "fields.extra_forbidden",
        "text：ここにはない項目名です",
    ),
    "no attempts": (
        _with(NUMBER, "  value", "  attempts: 0\n  value"),
        4,
        "fields.greater_than_equal",
        "attempts：1より小さい数です",
    ),
    "hints no list": (
        _with(NUMBER, "  value", "  hints: 考えて\n  value"),
        4,
        "fields.tuple_type",
        "hints：並びになっていません",
    ),
    "items empty": (
        "- kind: match\n  id: a\n  title: 題\n  items:",
        4,
        "fields.tuple_type",
        "items：並びになっていません",
    ),
    "points beside items": (
        _with(SCALE, "  levels", "  points: 2\n  levels"),
        4,
        "fields.extra_forbidden",
        "points：ここにはない項目名です",
    ),
    "no points": (
        _with(NUMBER, "  value", "  points: -1\n  value"),
        4,
        "fields.greater_than_equal",
        "points：0より小さい数です",
    ),
    "unknown fact": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, fact: no-such}"),
        6,
        "exercises.fact",
        "options.feedback：事実「no-such」が data/facts.csv にありません",
    ),
    "fact is a list": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, fact: [a]}"),
        6,
        "fields.string_type",
        "options.feedback.fact：文字として読めない値です",
    ),
    "citation by hand": (
        _with(CHOICE, "text: い", "text: い, feedback: {text: え, citation: 白書}"),
        6,
        "fields.extra_forbidden",
        "options.feedback.citation：ここにはない項目名です",
    ),
    "waits for nothing": (
        _with(NUMBER, "  value", "  reveal_after: later\n  value"),
        4,
        "exercises.waits_missing",
        "reveal_after の課題「later」がありません",
    ),
    "waits for itself": (
        _with(NUMBER, "  value", "  reveal_after: a\n  value"),
        4,
        "exercises.waits_circle",
        "reveal_after が「a」から元に戻ってきます",
    ),
    "two exercises": (
        NUMBER + NUMBER,
        6,
        "exercises.doubled",
        "課題「a」は、すでにexercises/bank/01_x.yaml:1にあります",
    ),
    # -- choice, multichoice
    "two right options": (
        _with(CHOICE, "text: い", "text: い, correct: true"),
        6,
        "exercises.two_right",
        "「x」「y」がどれも正解です",
    ),
    "one option": (
        _with(CHOICE, "    - {id: y, text: い}\n", ""),
        4,
        "fields.too_short",
        "options：1件しかありません（2件から）",
    ),
    "no right option": (
        _with(CHOICE.replace("choice", "multichoice"), ", correct: true", ""),
        1,
        "exercises.none_right",
        "正解の選択肢がありません",
    ),
    "two options of one id": (
        _with(CHOICE, "id: y", "id: x"),
        5,
        "exercises.twice",
        "「x」が二度あります（選択肢）",
    ),
    "correct is no flag": (
        _with(CHOICE, "correct: true", "correct: たぶん"),
        5,
        "fields.bool_type",
        "options.correct：「たぶん」はtrueでもfalseでもありません",
    ),
    "misspelt field of an option": (
        _with(CHOICE, "text: い", "txt: い"),
        6,
        "fields.extra_forbidden",
        "options.txt：ここにはない項目名です",
    ),
    # -- classify
    "unknown bin": (
        _with(CLASSIFY, "bin: deadline", "bin: deadine"),
        10,
        "exercises.unknown_name",
        "「1-2」の置き場「deadine」がありません",
    ),
    "undecided is no key": (
        _with(CLASSIFY, "bin: deadline", "bin: undecided"),
        4,
        "exercises.unknown_name",
        "「1-2」の置き場「undecided」がありません",
    ),
    "unknown evidence": (
        _with(CLASSIFY, "seen: [law]", "seen: [lwa]"),
        11,
        "exercises.unknown_name",
        "「1-2」の証拠「lwa」がありません",
    ),
    "evidence on both sides": (
        _with(CLASSIFY, "seen: [law]", "seen: [law]\n      unseen: [law]"),
        6,
        "exercises.seen_unseen",
        "「1-2」の証拠「law」が seen と unseen の両方にあります",
    ),
    "feedback for no bin": (
        _with(CLASSIFY, "seen: [law]", "feedback: {bins: {contiuous: え}}"),
        11,
        "exercises.unknown_name",
        "「1-2」の置き場「contiuous」がありません",
    ),
    "an id without quotes": (
        _with(CLASSIFY, '"1-2"', "12"),
        8,
        "fields.string_type",
        "items.id：文字として読めない値です",
    ),
    # -- match, order
    "unknown answer": (
        _with(MATCH, "answer: wheel", "answer: weel"),
        8,
        "exercises.unknown_name",
        "「s2」の答え「weel」がありません",
    ),
    "no answer": (
        _with(MATCH, "      answer: wheel\n", ""),
        6,
        "fields.missing",
        "items.answer：書かれていません",
    ),
    "feedback for no answer": (
        MATCH + "      feedback: {answers: {chip: え}}",
        9,
        "exercises.unknown_name",
        "「s2」の答え「chip」がありません",
    ),
    "one thing": (
        _with(ORDER, "    - {id: y, text: い}\n", ""),
        4,
        "fields.too_short",
        "things：1件しかありません（2件から）",
    ),
    "two things of one id": (
        _with(ORDER, "id: y", "id: x"),
        5,
        "exercises.twice",
        "「x」が二度あります（並べるもの）",
    ),
    # -- number
    "no value": (
        _with(NUMBER, "  value: 13\n", ""),
        1,
        "fields.missing",
        "value：書かれていません",
    ),
    "value in words": (
        _with(NUMBER, "13", "十三"),
        4,
        "fields.float_type",
        "value：「十三」は数ではありません",
    ),
    "value in quotes": (
        _with(NUMBER, "13", '"13"'),
        4,
        "fields.float_type",
        "value：「13」は数ではありません",
    ),
    "value is a flag": (
        _with(NUMBER, "13", "yes"),
        4,
        "fields.float_type",
        "value：数ではありません",
    ),
    "value without end": (
        _with(NUMBER, "13", ".inf"),
        4,
        "fields.finite_number",
        "value：数ではありません",
    ),
    "value too large": (
        _with(NUMBER, "13", "1.0e+16"),
        4,
        "fields.less_than_equal",
        "value：1e+15より大きい数です",
    ),
    "tolerance below 0": (
        NUMBER + "  tolerance: -1",
        5,
        "fields.greater_than_equal",
        "tolerance：0より小さい数です",
    ),
    # -- scale
    "level that is not there": (
        SCALE + '      feedback: {"2": え}',
        8,
        "exercises.level",
        "「s」の返す言葉の段階「2」がありません",
    ),
    "level in words": (
        SCALE + "      feedback: {あり: え}",
        8,
        "fields.int_type",
        "items.feedback.あり：「あり」は整数ではありません",
    ),
    "radar with one axis": (
        SCALE + "  radar: true",
        1,
        "exercises.radar",
        "レーダーの図には軸が3本から要ります",
    ),
    # -- schedule
    "event in no month": (
        _with(SCHEDULE, "months: [12月]", "months: [13月]"),
        6,
        "exercises.unknown_name",
        "「council」の月「13月」がありません",
    ),
    "start in no month": (
        _with(SCHEDULE, "start: 1月", "start: 4月"),
        17,
        "exercises.unknown_name",
        "「switch」の月「4月」がありません",
    ),
    "deadline in no month": (
        _with(SCHEDULE, "month: 1月", "month: 4月"),
        20,
        "exercises.unknown_name",
        "「switch」の月「4月」がありません",
    ),
    "needs no task": (
        _with(SCHEDULE, "needs: {law", "needs: {lwa"),
        19,
        "exercises.unknown_name",
        "「switch」の仕事「lwa」がありません",
    ),
    "needs itself": (
        _with(SCHEDULE, "needs: {law", "needs: {switch"),
        14,
        "exercises.unknown_name",
        "「switch」の仕事「switch」がありません",
    ),
    "ends in no event": (
        _with(SCHEDULE, "ends_in: {council", "ends_in: {concil"),
        13,
        "exercises.unknown_name",
        "「law」の出来事「concil」がありません",
    ),
    "no rule": (
        _with(SCHEDULE, "        ends_in: {council: その月に？}\n", "        {}\n"),
        12,
        "exercises.no_rule",
        "items.rules：条件が一つもないので、どの月でも正解になります",
    ),
    "no rules": (
        _with(SCHEDULE, "      rules:\n        ends_in: {council: その月に？}\n", ""),
        8,
        "fields.missing",
        "items.rules：書かれていません",
    ),
    "no note": (
        _with(SCHEDULE, ", note: いつ？", ""),
        20,
        "fields.missing",
        "items.rules.deadline.note：書かれていません",
    ),
    "the sample collides": (
        _with(SCHEDULE, "start: 11月", "start: 12月"),
        8,
        "exercises.breaks_rule",
        "模範の計画が「law」の条件 ends_in を破っています（その月に？）",
    ),
    "the sample is out of order": (
        _with(SCHEDULE, "start: 1月", "start: 12月"),
        14,
        "exercises.breaks_rule",
        "模範の計画が「switch」の条件 needs を破っています（条例は？）",
    ),
    "the sample runs over": (
        _with(SCHEDULE, "length: 1", "length: 2"),
        14,
        "exercises.runs_past",
        "「switch」が1月より先まで続きます",
    ),
    "no length": (
        _with(SCHEDULE, "length: 1", "length: 0"),
        16,
        "fields.greater_than_equal",
        "items.length：1より小さい数です",
    ),
    "two months of one name": (
        _with(SCHEDULE, "[11月, 12月, 1月]", "[11月, 12月, 12月]"),
        1,
        "exercises.month_twice",
        "同じ名前の月があります",
    ),
    "a month without unit": (
        _with(SCHEDULE, "[11月, 12月, 1月]", "[11, 12, 1]"),
        4,
        "fields.string_type",
        "months：文字として読めない値です",
    ),
    "a long sign": (
        _with(SCHEDULE, "sign: 議", "sign: 定例会"),
        6,
        "fields.string_too_long",
        "events.sign：長すぎます（2文字まで）",
    ),
    # -- opinion
    "braces": (
        _with(OPINION, "{term}", "{word}"),
        5,
        "exercises.braces",
        "mirror.process：「{word}」は埋められません",
    ),
    "open braces": (
        _with(OPINION, "{term}", "{term"),
        5,
        "exercises.braces",
        "mirror.process：「{term」？」は埋められません",
    ),
    "term in none": (
        OPINION + "    none: 「{term}」はない",
        6,
        "exercises.braces",
        "mirror.none：「{term}」は埋められません",
    ),
    "misspelt theme": (
        _with(OPINION, "process", "proces"),
        5,
        "fields.extra_forbidden",
        "mirror.proces：ここにはない項目名です",
    ),
    "mirror is a text": (
        "- kind: opinion\n  id: a\n  title: 題\n  mirror: え",
        4,
        "fields.dict_type",
        "mirror：項目の集まりになっていません",
    ),
    "length is a text": (
        OPINION + "  max_length: 長め",
        6,
        "fields.int_type",
        "max_length：「長め」は整数ではありません",
    ),
}


@pytest.mark.parametrize(("text", "line", "code", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_names_file_line_place_and_cure(  # noqa: PLR0913, PLR0917
    tmp_path: Path, facts: Facts, text: str, line: int, code: str, message: str
) -> None:
    with pytest.raises(ExerciseError) as caught:
        _load(tmp_path, text, facts)
    found = caught.value.findings[0]
    assert (found.file, found.line) == ("exercises/bank/01_x.yaml", line)
    assert (found.code, found.message) == (code, message)
    assert found.cure


@pytest.mark.parametrize("text", [CHOICE, CLASSIFY, MATCH, SCALE, NUMBER, OPINION, ORDER, SCHEDULE])
def test_what_the_mistakes_were_made_in_is_right(tmp_path: Path, facts: Facts, text: str) -> None:
    bank = _load(tmp_path, text, facts)
    assert list(bank.exercises) == ["a"]
    assert bank.places["a"].line == 1


def test_a_file_in_shift_jis_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ExerciseError, match=r"01_x\.yaml:2: UTF-8の文字として読めません"):
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
    with pytest.raises(ExerciseError, match=r"b\.yaml:2: 課題「a」は、すでにa\.yaml:2"):
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
    assert document.line(("a", "b", 1, "d"), "e") == 5
    assert document.line(("a", "b", 7)) == 2
    assert document.line(("a", "x", "b")) == 2
    assert document.line(()) == 1
