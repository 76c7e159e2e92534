from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.checking.rules.guessing import as_far, at_least, counts
from support.tiny_course import COMING_BANK, FIRST_BANK, SECOND_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def questions(rights: list[int], lengths: tuple[int, ...] = (3, 3, 3, 3), long: int = 3) -> str:
    """Give an exercise with a question for each place of a right option, which is `long`."""
    items = ""
    for number, right in enumerate(rights):
        options = ""
        for place, length in enumerate(lengths):
            key = ", correct: true" if place == right else ""
            words = "字" * (long if key else length)
            fields = f"id: o{place}, text: {words}, feedback: 問{place}{key}"
            options += f"        - {{{fields}}}\n"
        items += f"    - id: i{number}\n      text: 問い\n      options:\n{options}"
    return f"\n- kind: choice\n  id: many\n  title: たくさん\n  items:\n{items}"


def add(course: TinyCourse, text: str) -> None:
    """Put it into the bank of a module that is coming: it need not be shown."""
    bank = (course.root / COMING_BANK).read_text(encoding="utf-8")
    course.write(COMING_BANK, bank + text)


def test_a_right_option_much_longer_than_the_others(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "青い旗", "青い旗を立てる場所")  # 9 characters beside 3 and 3
    course.finds(FIRST_BANK, "青い旗", "cues.long_key", ratio=3.0)


def test_a_right_option_a_little_longer(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "青い旗", "青い旗の下")  # 5 beside 3: 1.7 times
    course.finds_nothing()


def test_the_option_that_stays_last_does_not_count(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "わからないので、また今度にします", "？")
    course.finds_nothing()


def test_a_long_right_option_of_several(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "三の案", "三の案の長い長い版")
    course.finds(SECOND_BANK, "三の案", "cues.long_key", ratio=3.0)


def test_right_options_longest_too_often(course: TinyCourse) -> None:
    # 5 hits of 5 by chance: 1/4 ^ 5, less than 0.05
    add(course, questions([0, 1, 2, 3, 0], long=4))
    course.finds(COMING_BANK, "text: 字字字字,", "cues.longest", hits=5, asked=5, chance=1.25)


def test_right_options_longest_as_often_as_by_chance(course: TinyCourse) -> None:
    # 2 hits of 2: 1/4 ^ 2 is 0.0625
    add(course, questions([0, 1], long=4))
    course.finds_nothing()


def test_two_longest_options_tell_nothing(course: TinyCourse) -> None:
    add(course, questions([0, 1, 2, 0, 1, 2], lengths=(3, 3, 3, 4), long=4))
    course.finds_nothing()


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_right_options_at_one_place_too_often(course: TinyCourse, place: int) -> None:
    add(course, questions([place] * 12))
    message = f"で、正解が{place + 1}番目にあります"
    found = [each for each in course.report().findings if message in each.message]
    assert len(found) == 1
    assert found[0].code == "cues.place"


def test_where_a_place_is_told(course: TinyCourse) -> None:
    add(course, questions([2] * 7))
    # Of the course's own, one question of two has a right option at the third place.
    course.finds(SECOND_BANK, "三の案", "cues.place", place=3, hits=8, reaching=9, chance=2.75)


def test_right_options_never_at_a_place(course: TinyCourse) -> None:
    add(course, questions([0, 2, 3] * 16))
    found = course.report().findings
    assert [finding.file for finding in found] == [FIRST_BANK]
    assert found[0].message.startswith("54問のうち3問で、正解が2番目")


def test_right_options_at_all_places(course: TinyCourse) -> None:
    add(course, questions([3, 1, 0, 2] * 6))
    course.finds_nothing()


@given(st.integers(0, 40), st.floats(0, 1))
def test_equal_chances_are_binomial(trials: int, chance: float) -> None:
    wanted = [
        math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)
    ]
    assert counts([chance] * trials) == pytest.approx(wanted)


@given(st.lists(st.floats(0, 1), max_size=20), st.integers(0, 20))
def test_probabilities(chances: list[float], hits: int) -> None:
    assert math.fsum(counts(chances)) == pytest.approx(1)
    assert 0 <= at_least(hits, chances) <= 1 + 1e-9
    assert 0 <= as_far(hits, chances) <= 1


def test_tails_by_hand() -> None:
    assert at_least(2, [0.5, 0.25]) == pytest.approx(0.125)
    assert at_least(0, [0.5, 0.25]) == pytest.approx(1)
    assert as_far(0, [0.5] * 4) == pytest.approx(2 / 16)
    assert as_far(2, [0.5] * 4) == 1
