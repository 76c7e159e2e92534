"""A rubric's criteria, and the points that a grader gave for each of them.

The criteria stand in the mark scheme as a numbered list, the name in bold and the full points
after it: ``1. **Where**　2点：…``. nbgrader has one score for the whole text: whoever grades begins
the comment with a line of the points, ``観点 2 1 2 0``, and enters their sum as the score. The
boxes that our formgrader has for them (`templates/formgrader.js`) read and write that same line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from dxcourse.homework.source_notebook import Cell, nbgrader_of
from dxcourse.text import say

SCHEME = re.compile(
    r"^[^\n]*BEGIN MARK SCHEME[^\n]*\n(.*?)^[^\n]*END MARK SCHEME[^\n]*$", re.DOTALL | re.MULTILINE
)
# What stands below a line in a rubric is for graders.
FOR_GRADERS = re.compile(r"^-{3,}\s*$", re.MULTILINE)
# Scripts take these three as they are: JavaScript must read them alike.
BETWEEN = r"[\s,、・/+＋]+"
NUMBER = r"[0-9]+(?:\.[0-9]+)?"
AFTER_WORD = r"[\s:]*"


@dataclass(frozen=True)
class Criterion:
    """One of the things that a text is read for; `levels` says what earns how many points."""

    text: str
    points: float
    levels: str = ""


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


def prompts_of(cells: Iterable[Cell]) -> dict[str, str]:
    """The question of each text that is graded by hand: the locked one above it; by grade id."""
    found: dict[str, str] = {}
    locked = ""
    for cell in cells:
        meta = nbgrader_of(cell)
        if meta.get("grade") and meta.get("solution"):
            found[str(meta.get("grade_id", ""))] = locked
        if meta.get("locked") and cell["cell_type"] == "markdown":
            locked = cell["source"]
    return found


def criteria_of(prompt: str, points: float) -> tuple[Criterion, ...]:
    """The criteria of a question's rubric; none where they do not add up to its points."""
    found = tuple(
        Criterion(each["text"].strip(), float(each["points"]), each["levels"].strip())
        for each in _item().finditer(rubric_of(prompt))
    )
    total = math.fsum(each.points for each in found)
    return found if found and math.isclose(total, points) else ()


@cache
def _item() -> re.Pattern[str]:
    points = re.escape(say("homework.criterion_points", points="\0"))
    points = points.replace(re.escape("\0"), rf"(?P<points>{NUMBER})")
    item = rf"^\d+\.\s+\*\*(?P<text>[^*\n]+)\*\*\s*(?P<levels>{points}[^\n]*)"
    return re.compile(item, re.MULTILINE)


def split_comment(
    comment: str, criteria: Sequence[Criterion]
) -> tuple[tuple[CriterionScore, ...], str]:
    """The points for each criterion that a comment begins with, and the rest of it.

    Without such a line there are none, and the comment is whole.
    """
    first, _, rest = comment.strip().partition("\n")
    scores = read_points(first, criteria)
    return (scores, rest.strip()) if scores else ((), comment)


def read_points(line: str, criteria: Sequence[Criterion]) -> tuple[CriterionScore, ...]:
    """The points for each criterion that a line has; none where it is no such line."""
    numbers = _plain(line).removeprefix(say("homework.criterion_word"))
    numbers = re.sub(rf"^{AFTER_WORD}|{AFTER_WORD}$", "", numbers)
    if not re.fullmatch(rf"{NUMBER}(?:{BETWEEN}{NUMBER})*", numbers):
        return ()
    points = [float(each) for each in re.split(BETWEEN, numbers)]
    if len(points) != len(criteria):
        return ()
    scores = tuple(
        CriterionScore(each.text, got, each.points)
        for got, each in zip(points, criteria, strict=True)
    )
    return () if any(each.points > each.max_points for each in scores) else scores


def misread_line(comment: str, criteria: Sequence[Criterion]) -> str:
    """The first line of a comment that was meant for points and cannot be read so; "" for none.

    It has the word and a number, or nothing but numbers: too few, too many or too large ones.
    """
    first = comment.strip().partition("\n")[0].strip()
    word = re.escape(say("homework.criterion_word"))
    meant = rf"{word}{AFTER_WORD}[-+]?{NUMBER}.*|{NUMBER}(?:{BETWEEN}{NUMBER})+"
    if not criteria or not re.fullmatch(meant, _plain(first)):
        return ""
    return "" if read_points(first, criteria) else first


def points_line(scores: Sequence[CriterionScore]) -> str:
    """The line that a comment begins with."""
    return " ".join([say("homework.criterion_word"), *(f"{each.points:g}" for each in scores)])


def with_points(
    comment: str, scores: Sequence[CriterionScore], criteria: Sequence[Criterion]
) -> str:
    """A comment that begins with these points, in place of those that it had, if any."""
    had, rest = split_comment(comment, criteria)
    if not had and misread_line(comment, criteria):
        rest = comment.strip().partition("\n")[2]
    return f"{points_line(scores)}\n{rest.strip()}".strip()


def _plain(line: str) -> str:
    return unicodedata.normalize("NFKC", line).strip()


def adds_up(scores: Sequence[CriterionScore], score: float) -> bool:
    """Whether the points of the criteria are the score that the gradebook has."""
    return math.isclose(math.fsum(each.points for each in scores), score, abs_tol=1e-9)
