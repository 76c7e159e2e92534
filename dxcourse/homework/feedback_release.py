"""Feedback for many: a page for each graded submission, one learner's failure no other's."""

from __future__ import annotations

from collections.abc import Callable

from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.progress import Progress


def give_back(
    course: HomeworkCourse,
    assignment: str,
    student: str | None = None,
    *,
    report: Callable[[Progress], None] = lambda _: None,
) -> Progress:
    """Write what each learner is given back, or one of them, anew.

    Raises
    ------
    HomeworkError
        Nothing of the assignment, or of that student, is graded.
    """
    graded = course.students(assignment, "autograded")
    chosen = graded if student is None else [each for each in graded if each == student]
    if not chosen:
        whose = assignment if student is None else f"{assignment} of {student}"
        raise HomeworkError(f"{whose}: nothing is graded; run `dxcourse homework grade` first")
    progress = Progress(len(chosen))
    report(progress)
    for each in chosen:
        try:
            course.feedback(assignment, each)
        except HomeworkError as error:
            progress.failed[each] = f"{each}: {str(error).removeprefix(f'{each}: ')}"
        else:
            progress.made += 1
        report(progress)
    return progress
