"""Texts and answers of two learners that are alike: where to look, and no judgement.

Two people in one office may well write alike, and right answers are alike by nature: only wrong
ones tell something. Whoever grades reads both, and asks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from dxcourse.assignment import Assignment
from dxcourse.homework.collect import released_notebooks
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import SubmissionError
from dxcourse.homework.hand_in import ReleasedCells, own_texts
from dxcourse.homework.scoring import review_exercise
from dxcourse.homework.submission_files import check_submission
from dxcourse.homework.submitted_answers import SubmittedAnswers, read_submitted_answers

ALIKE = 0.8  # of two texts' signs, in the same order
SHORTEST = 30  # signs: below that, texts are alike by chance
FEWEST = 3  # equal wrong answers
SHARE = 0.8  # of the wrong answers of the one who has fewer
SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class AlikePair:
    """Two learners, and what is alike: 0 … 1 of their texts, and how many wrong answers."""

    students: tuple[str, str]
    text: float = 0.0
    answers: int = 0
    wrong: int = 0
    """The wrong answers of the one who has fewer."""


def alike_pairs(course: HomeworkCourse, assignment: str) -> list[AlikePair]:
    """The pairs of learners to look at, the most alike first.

    Raises
    ------
    HomeworkError
        The assignment is not released.
    """
    released = released_notebooks(course.folder("release", assignment))
    exercises = Assignment.at(course.folder("source", assignment))
    texts: dict[str, str] = {}
    wrong: dict[str, dict[str, str]] = {}
    for student in course.students(assignment):
        folder = course.folder("submitted", assignment, student)
        try:
            check_submission(folder, student, released)
            given = read_submitted_answers(folder, student, folder.parent.parent)
        except SubmissionError:
            continue  # grading names it
        texts[student] = _written(folder, released)
        wrong[student] = dict(_wrong(exercises, given)) if exercises else {}
    found = [
        AlikePair((one, other), alike, *_equal(wrong[one], wrong[other]))
        for one, other, alike in _alike(texts)
    ]
    told = [each for each in found if each.text or each.answers]
    return sorted(told, key=lambda each: (-each.text, -each.answers, each.students))


def _written(folder: Path, released: Mapping[str, ReleasedCells]) -> str:
    """The signs of all that a learner wrote, without spaces, marks and punctuation."""
    paths = [path for name in sorted(released) if (path := folder / f"{name}.ipynb").exists()]
    own = [text for path in paths for text in own_texts(path.read_bytes(), released[path.stem])]
    return SIGNS.sub("", "".join(own))


def _wrong(exercises: Assignment, given: SubmittedAnswers) -> Iterator[tuple[str, str]]:
    """What was answered, in words, to each item that is not right."""
    counting = given.counting()
    for exercise in exercises.exercises.values():
        if exercise.max_points <= 0:
            continue
        scored = review_exercise(exercise, counting)
        for ref, value in scored.answer["items"].items():
            result = scored.result.items.get(ref)
            if result and result.points < result.max_points:
                yield f"{exercise.id}/{ref}", exercise.words_of(ref, value)


def _equal(mine: Mapping[str, str], theirs: Mapping[str, str]) -> tuple[int, int]:
    """How many wrong answers two have in common, of how many; (0, 0) where that says nothing."""
    same = sum(theirs.get(place) == answer for place, answer in mine.items())
    fewer = min(len(mine), len(theirs))
    return (same, fewer) if same >= FEWEST and same >= SHARE * fewer else (0, 0)


def _alike(texts: Mapping[str, str]) -> Iterator[tuple[str, str, float]]:
    """Each pair, and how much of their texts is the same: 0 where that says nothing."""
    match = SequenceMatcher(autojunk=False)
    for other in texts:
        match.set_seq2(texts[other])  # what it learns of this one serves for all others
        for one in texts:
            if one < other:
                match.set_seq1(texts[one])
                yield one, other, _ratio(match, min(len(texts[one]), len(texts[other])))


def _ratio(match: SequenceMatcher[str], shorter: int) -> float:
    if shorter < SHORTEST or match.real_quick_ratio() < ALIKE or match.quick_ratio() < ALIKE:
        return 0.0
    found = match.ratio()
    return found if found >= ALIKE else 0.0
