"""What was handed in by any means, made into nbgrader's submissions."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from dxcourse.assignment import ANSWERS, Assignment
from dxcourse.files import write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.errors import HomeworkError, SubmissionError
from dxcourse.homework.hand_in import (
    EarlierHandIn,
    HandIn,
    HandInContext,
    HandInPlan,
    HandInState,
    LeftOut,
    ReleasedCells,
    digest_of,
    plan_hand_ins,
)
from dxcourse.homework.incoming import FileKind, FoundFile, find_files
from dxcourse.homework.parallel import Progress
from dxcourse.homework.release import check_released
from dxcourse.homework.source_notebook import nbgrader_of
from dxcourse.homework.student_names import Roster, RosterEntry
from dxcourse.homework.submission_files import is_plain_file, replacing_folder
from dxcourse.homework.submitted_answers import SubmittedAnswers
from dxcourse.text import say

STAMP = "timestamp.txt"
HISTORY = ".dxcourse-collected.jsonl"  # in the course's folder: what was taken, a line a file


@dataclass(frozen=True)
class Collected:
    """What became of everybody and everything."""

    hand_ins: tuple[HandIn, ...]
    left_out: tuple[LeftOut, ...]

    def of(self, student: str) -> HandIn:
        """A learner's line."""
        return next(each for each in self.hand_ins if each.student == student)

    def count(self, *states: HandInState) -> int:
        """How many learners are in one of some states."""
        return sum(each.state in states for each in self.hand_ins)


def collect_from(  # noqa: PLR0913
    course: HomeworkCourse,
    assignment: str,
    folder: Path,
    *,
    add: bool = False,
    take: Sequence[str] = (),
    named: Mapping[str, str] | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    report: Callable[[Progress], None] = lambda _: None,
) -> Collected:
    """Take what lies below a folder, however mail, platforms and browsers have left it.

    Parameters
    ----------
    add
        Whether a student whom the roster does not have is taken, too.
    take
        Files or folders, from `folder`, that a person has decided to take.
    named
        Whose a file or folder is, where a person has said so.

    Raises
    ------
    HomeworkError
        Nothing can be collected: the assignment is not released, or there is no such folder.
    """
    release = course.folder("release", assignment)
    notebooks = released_notebooks(release)
    if not folder.is_dir():
        raise HomeworkError(say("homework.collect.no_folder", folder=folder))
    files = find_files(folder)
    progress = Progress(len(files))
    report(progress)
    exercises = Assignment.at(release)
    handed_out = {path.name: path.read_bytes() for path in release.iterdir() if path.is_file()}
    work = [each for each in files if not _is_handed_out(each, handed_out)]
    out = [
        LeftOut(each.path, "", say("homework.collect.handed_out"))
        for each in files
        if _is_handed_out(each, handed_out)
    ]
    with course.alone():
        earlier = _earlier(course, assignment)
        context = HandInContext(
            assignment=assignment,
            exercises=frozenset(exercises.exercises) if exercises else None,
            notebooks=notebooks,
            roster=read_roster(
                course,
                others_too=add,
                answered={_parts(folder, path): who for path, who in (named or {}).items()},
            ),
            earlier=earlier,
            owners=_owners(earlier),
            now=clock(),
            take=tuple(_parts(folder, path) for path in take),
        )
        plan = _with_unused_answers(plan_hand_ins(work, context), context, files)
        hand_ins = tuple(_carry_out(course, assignment, each) for each in plan.hand_ins)
    progress.made = progress.total
    report(progress)
    return Collected(hand_ins, (*plan.left_out, *out))


def released_notebooks(release: Path) -> dict[str, ReleasedCells]:
    """The notebooks of a release, as far as collecting needs them.

    Raises
    ------
    HomeworkError
        The assignment is not released, or its release has keys.
    """
    paths = sorted(release.glob("*.ipynb")) if release.is_dir() else []
    if not paths:
        raise HomeworkError(say("homework.not_released", assignment=release.name))
    check_released(release)
    found = {}
    for path in paths:
        cells = nbformat.read(path, as_version=4)["cells"]
        names = {str(nbgrader_of(cell).get("grade_id", "")) for cell in cells} - {""}
        found[path.stem] = ReleasedCells(
            frozenset(names), frozenset(cell["source"].strip() for cell in cells)
        )
    return found


def read_roster(
    course: HomeworkCourse,
    *,
    others_too: bool = False,
    answered: Mapping[tuple[str, ...], str] | None = None,
) -> Roster:
    """The students that a person has entered into the gradebook; those who came by themselves not.

    Otherwise the first who hand in would be the roster, and everybody after them refused.
    """
    newcomers = course.newcomers()
    with course.gradebook() as gradebook:
        entries = [
            RosterEntry(student.id, tuple(_names(student)))
            for student in gradebook.students
            if student.id not in newcomers
        ]
        assignments = {each.name for each in gradebook.assignments} | set(course.assignments())
    return Roster(tuple(entries), frozenset(assignments), dict(answered or {}), others_too)


def _names(student: object) -> Iterable[str]:
    first = getattr(student, "first_name", None) or ""
    last = getattr(student, "last_name", None) or ""
    email = getattr(student, "email", None) or ""
    if first and last:
        yield from (f"{last} {first}", f"{first} {last}")
    elif first or last:
        yield first or last
    if "@" in email:
        yield from (email, email.partition("@")[0])
    if getattr(student, "lms_user_id", None):
        yield str(student.lms_user_id)  # type: ignore[attr-defined]


def _parts(folder: Path, text: str) -> tuple[str, ...]:
    """A place as the table names it, from what a person typed: it may be a path on the disk."""
    path = Path(text)
    for base in (folder.resolve(), folder):
        try:
            return (path.resolve() if base.is_absolute() else path).relative_to(base).parts
        except ValueError:
            continue
    return path.parts


def _is_handed_out(file: FoundFile, handed_out: Mapping[str, bytes]) -> bool:
    """Whether it is a file that came with the assignment, and comes back with it."""
    name = file.place[-1]
    return name == STAMP or (
        name in handed_out and not name.endswith(".ipynb") and file.kind is FileKind.OTHER
    )


def _with_unused_answers(
    plan: HandInPlan, context: HandInContext, files: Sequence[FoundFile]
) -> HandInPlan:
    """Tell of an answer of the person at the keyboard that named nothing there is."""
    places = {file.place[:length] for file in files for length in range(len(file.place) + 1)}
    asked = [*context.take, *context.roster.answered]
    unused = tuple(
        LeftOut("/".join(each), "", say("homework.collect.no_such_place"))
        for each in asked
        if each not in places
    )
    return HandInPlan(plan.hand_ins, plan.left_out + unused)


def _earlier(course: HomeworkCourse, assignment: str) -> dict[str, EarlierHandIn]:
    """What lies among the submissions already, by student."""
    replaced = _history(course, assignment)
    found = {}
    for student in course.students(assignment):
        folder = course.folder("submitted", assignment, student)
        answers = folder / ANSWERS
        notebooks = {
            path.stem: path.read_bytes() for path in folder.glob("*.ipynb") if is_plain_file(path)
        }
        found[student] = EarlierHandIn(
            answers.read_bytes() if is_plain_file(answers) else None,
            notebooks,
            frozenset(replaced.get(student, ())),
        )
    return found


def _history(course: HomeworkCourse, assignment: str) -> dict[str, set[str]]:
    """The digests of what was taken of each student, at any time."""
    found: dict[str, set[str]] = {}
    path = course.root / HISTORY
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for line in lines:
        try:
            about = json.loads(line)
            if about["assignment"] == assignment:
                found.setdefault(about["student"], set()).add(about["digest"])
        except (ValueError, KeyError, TypeError):
            continue  # a line that a crash cut off: at worst an old file is taken for a new one
    return found


def _owners(earlier: Mapping[str, EarlierHandIn]) -> dict[str, str]:
    """Whose the answers are that were handed in before: ids are random, so a second has copied."""
    owners: dict[str, str] = {}
    for student, before in sorted(earlier.items()):
        try:
            given = SubmittedAnswers.parse(before.answers or b"", student, lambda _: False)
        except SubmissionError:
            continue
        for record in given.all():
            owners.setdefault(record.id, student)
    return owners


def _carry_out(course: HomeworkCourse, assignment: str, hand_in: HandIn) -> HandIn:
    """Write a submission that is taken, whole or not at all."""
    if hand_in.state is not HandInState.TAKEN:
        return hand_in
    target = course.folder("submitted", assignment, hand_in.student)
    try:
        with replacing_folder(target) as part:
            shutil.copytree(course.folder("release", assignment), part, dirs_exist_ok=True)
            for name, data in hand_in.notebooks.items():
                (part / f"{name}.ipynb").write_bytes(data)
            if hand_in.answers is not None:
                (part / ANSWERS).write_bytes(hand_in.answers)
            if hand_in.time is not None:
                stamp = f"{hand_in.time.astimezone(UTC):%Y-%m-%d %H:%M:%S.%f} UTC"
                (part / STAMP).write_text(stamp, encoding="utf-8")
    except OSError as error:
        why = say("homework.collect.cannot_write", cause=error.strerror)
        return HandIn(hand_in.student, HandInState.REFUSED, questions=(why,))
    _remember(course, assignment, hand_in)
    return hand_in


def _remember(course: HomeworkCourse, assignment: str, hand_in: HandIn) -> None:
    path = course.root / HISTORY
    lines = path.read_bytes() if path.is_file() else b""
    for data in hand_in.notebooks.values():
        about = {"assignment": assignment, "student": hand_in.student, "digest": digest_of(data)}
        line = json.dumps(about, ensure_ascii=False).encode() + b"\n"
        if line not in lines:
            lines += line
    write_atomically(path, lines)


# -- The table at the end of collecting: a line for everybody, and one for everything left out -----

SHOWN_SYSTEM = {say("homework.incoming.system")}


def collected_lines(collected: Collected) -> Iterator[str]:
    """Every line of the table, ready to print."""
    width = max((len(each.student) for each in collected.hand_ins), default=0)
    for each in collected.hand_ins:
        state = say(f"homework.hand_in.{each.state.value}")
        what = say("homework.and").join(each.parts)
        yield f"{each.student.ljust(width)}  {state}{f'  {what}' if what else ''}"
        for question in each.questions:
            yield f"    ? {question}"
        for note in each.notes:
            yield f"    ・{note}"
        for left in collected.left_out:
            if left.student == each.student and not any(left.place in q for q in each.questions):
                yield f"    － {left.place}：{left.why}"
    nobody = [left for left in collected.left_out if not left.student]
    system = [left for left in nobody if left.why in SHOWN_SYSTEM]
    for left in nobody:
        if left not in system:
            yield f"－ {left.place}：{left.why}"
    if system:
        yield say("homework.table.system", n=len(system))
    yield say(
        "homework.table.sum",
        taken=collected.count(HandInState.TAKEN),
        unchanged=collected.count(HandInState.UNCHANGED, HandInState.EARLIER),
        refused=collected.count(HandInState.REFUSED),
        missing=collected.count(HandInState.MISSING),
    )
