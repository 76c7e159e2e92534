from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.checking.rules.guessing import only_asks
from support.tiny_course import COMING_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse

OPTION = "        - {{id: {id}, text: {text}, feedback: {said}{key}}}\n"


def questions(number: int, right: str, wrong: str, said: str = "答え{}") -> str:
    items = ""
    for n in range(number):
        place = n % 4
        options = "".join(
            OPTION.format(
                id=id_,
                said=said.format(f"{n}{id_}"),
                text=right if at == place else wrong,
                key=", correct: true" if at == place else "",
            )
            for at, id_ in enumerate("abcd")
        )
        items += f"    - id: i{n}\n      text: 問い\n      options:\n{options}"
    return f"\n- kind: choice\n  id: many\n  title: たくさん\n  items:\n{items}"


def add(course: TinyCourse, text: str) -> None:
    bank = (course.root / COMING_BANK).read_text(encoding="utf-8")
    course.write(COMING_BANK, bank + text)


def test_a_rule_that_knows_nothing_and_gets_much_is_warned_of(course: TinyCourse) -> None:
    add(course, questions(12, "町で3件", "町で数件"))
    report = course.report()
    assert [each.code for each in report.warnings] == ["blind.rule"]
    assert "数字のいちばん多い選択肢" in report.warnings[0].message
    assert report.warnings[0].file == COMING_BANK


def test_what_all_options_share_gives_no_one_an_edge(course: TinyCourse) -> None:
    add(course, questions(12, "町で3件", "町で4件"))
    report = course.report()
    assert report.warnings == ()
    (blind, asking) = report.figures
    assert blind.values["questions"] == 17
    assert blind.values["digits"] == pytest.approx(blind.values["chance"], abs=0.02)
    assert "当てずっぽうなら" in report.text()
    assert 0 <= asking.values["only"] <= asking.values["ending"] <= 1


def test_feedback_that_mostly_asks_is_warned_of(course: TinyCourse) -> None:
    add(course, questions(12, "町で3件", "町で4件", said="{}は、なぜですか？"))
    assert [each.code for each in course.report().warnings] == ["blind.half"]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("なぜですか？", True),
        ("誰のためですか。いつまでですか。", True),
        ("青が先です。なぜでしょうか？", False),
        ("そのとおりです。", False),
    ],
)
def test_what_does_nothing_but_ask(text: str, asks: bool) -> None:  # noqa: FBT001
    assert only_asks(text) is asks
