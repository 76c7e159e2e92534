"""A rubric's criteria, and the points that a grader gave for each of them.

The criteria stand in the mark scheme as a numbered list, the name in bold and the full points
after it: ``1. **Where**　2点：…``. nbgrader has one score for the whole text: whoever grades begins
the comment with a line of the points, ``観点 2 1 2 0``, and enters their sum as the score.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from dxcourse.text import say

SCHEME = re.compile(
    r"^[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)^[^\n]*END MARK SCHEME[^\n]*$", re.DOTALL | re.MULTILINE
)
# What stands below a line in a rubric is for graders.
FOR_GRADERS = re.compile(r"^-{3,}\s*$", re.MULTILINE)
BETWEEN = r"[\s,、・/+＋]+"
NUMBER = r"\d+(?:\.\d+)?"


@dataclass(frozen=True)
class Criterion:
    """One of the things that a text is read for."""

    text: str
    points: float


@dataclass(frozen=True)
class CriterionScore:
    """What a text got for a criterion."""

    text: str
    points: float
    max_points: float


def rubric_of(prompt: str) -> str:
    """What learners get to read of the rubric in a question; "" without one."""
    found = SCHEME.search(prompt)
    return FOR_GRADERS.split(found[1])[0].strip() if found else ""


def criteria_of(prompt: str, points: float) -> tuple[Criterion, ...]:
    """The criteria of a question's rubric; none where they do not add up to its points."""
    found = tuple(
        Criterion(each["text"].strip(), float(each["points"]))
        for each in _item().finditer(rubric_of(prompt))
    )
    total = math.fsum(each.points for each in found)
    return found if found and math.isclose(total, points) else ()


@cache
def _item() -> re.Pattern[str]:
    points = re.escape(say("homework.criterion_points", points="\0"))
    points = points.replace(re.escape("\0"), rf"(?P<points>{NUMBER})")
    return re.compile(rf"^\d+\.\s+\*\*(?P<text>[^*\n]+)\*\*\s*{points}", re.MULTILINE)


def split_comment(
    comment: str, criteria: Sequence[Criterion]
) -> tuple[tuple[CriterionScore, ...], str]:
    """The points for each criterion that a comment begins with, and the rest of it.

    Without such a line there are none, and the comment is whole.
    """
    first, _, rest = comment.strip().partition("\n")
    if not criteria:
        return (), comment
    line = unicodedata.normalize("NFKC", first).strip()
    line = line.removeprefix(say("homework.criterion_word")).strip(" :")
    if not re.fullmatch(rf"{NUMBER}(?:{BETWEEN}{NUMBER})*", line):
        return (), comment
    points = [float(each) for each in re.split(BETWEEN, line)]
    if len(points) != len(criteria):
        return (), comment
    if any(got > each.points for got, each in zip(points, criteria, strict=True)):
        return (), comment
    scores = tuple(
        CriterionScore(each.text, got, each.points)
        for got, each in zip(points, criteria, strict=True)
    )
    return scores, rest.strip()


def adds_up(scores: Sequence[CriterionScore], score: float) -> bool:
    """Whether the points of the criteria are the score that the gradebook has."""
    return math.isclose(math.fsum(each.points for each in scores), score, abs_tol=1e-9)
