from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.tiny_course import FIRST_BANK, SECOND_BANK

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


def test_a_key_that_rests_on_what_cannot_be_read(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "fact: dx-definition", "fact: slide-8-unreadable")
    message = (
        'the key rests on fact "slide-8-unreadable", which is unreadable: '
        "do not mark it, or cite what settles it"
    )
    course.finds(FIRST_BANK, "slide-8", message)


def test_a_key_of_another_kind(course: TinyCourse) -> None:
    course.edit(SECOND_BANK, "right: そう", "right: {text: そう, fact: slide-8-unreadable}")
    message = (
        'the key rests on fact "slide-8-unreadable", which is unreadable: '
        "do not mark it, or cite what settles it"
    )
    course.finds(SECOND_BANK, "slide-8", message)


def test_a_bin_may_be_for_what_is_uncertain(course: TinyCourse) -> None:
    kept = "right: {text: そう, fact: slide-8-unreadable}, bins:"
    course.edit(SECOND_BANK, "right: そう, bins:", kept)
    course.finds_nothing()


def test_a_key_may_rest_on_what_the_trainer_says(course: TinyCourse) -> None:
    course.edit(FIRST_BANK, "fact: dx-definition", "fact: dx-digital-meaning")
    course.finds_nothing()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (",slides,", ",,", 'source: "" is empty: fill it in'),
        (",stated,", ",,", 'certainty: "" is empty: fill it in'),
        (",stated,", ",sure,", 'certainty: "sure" is not in data/legend.csv (group certainty): '),
    ],
)
def test_a_fact_without_source_or_certainty(
    course: TinyCourse, old: str, new: str, message: str
) -> None:
    line = course.line("data/facts.csv", old)
    course.edit("data/facts.csv", old, new)
    (found,) = course.report().findings
    assert (found.file, found.line) == ("data/facts.csv", line)
    assert found.message.startswith(message)
