"""What to take of what was handed in: whose it is, which copy is the newest, what is missing.

Pure: files, roster and what was taken before come in; what to write comes out, with a line for
everybody and everything. A learner's hand-in is taken whole or not at all; what is not sure is
refused with a question that a person can answer.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256

from dxcourse.assignment import ANSWERS
from dxcourse.homework.errors import SubmissionError
from dxcourse.homework.incoming import FileKind, FoundFile
from dxcourse.homework.student_names import Owner, Roster, fold, stem
from dxcourse.homework.submitted_answers import (
    MAX_BYTES,
    WRITTEN,
    SubmittedAnswers,
    read_records,
)
from dxcourse.homework.times import is_due_notice
from dxcourse.text import say


class HandInState(Enum):
    """What became of a learner's hand-in."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    EARLIER = "earlier"
    """Nothing came this time; something was taken before."""
    MISSING = "missing"


@dataclass(frozen=True)
class ReleasedCells:
    """A notebook as learners got it: the names of nbgrader's cells, and every cell's text."""

    names: frozenset[str]
    texts: frozenset[str]


@dataclass(frozen=True)
class EarlierHandIn:
    """What was taken of a learner before.

    `replaced` has the digests of files that were taken once and gave way to newer ones.
    """

    answers: bytes | None = None
    notebooks: Mapping[str, bytes] = field(default_factory=dict)
    replaced: frozenset[str] = frozenset()


@dataclass(frozen=True)
class HandInContext:
    """What the plan is made for.

    Parameters
    ----------
    exercises
        The ids of the assignment's exercises; None where it has none of ours.
    notebooks
        Its notebooks by name, without ending.
    owners
        Who first handed in an answer, by the answer's id: ids are random.
    take
        Places that a person has said to take.
    """

    assignment: str
    exercises: Collection[str] | None
    notebooks: Mapping[str, ReleasedCells]
    roster: Roster
    earlier: Mapping[str, EarlierHandIn]
    owners: Mapping[str, str]
    now: datetime
    take: Collection[tuple[str, ...]] = ()


@dataclass(frozen=True)
class LeftOut:
    """A file that is not taken, whose it would be, and why."""

    place: str
    student: str
    why: str


@dataclass(frozen=True)
class HandIn:
    """A learner's line: what is taken, what of it is new, and what a person should know."""

    student: str
    state: HandInState
    answers: bytes | None = field(default=None, repr=False)
    notebooks: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    parts: tuple[str, ...] = ()
    """The places of what is taken."""
    notes: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    time: datetime | None = None

    @property
    def refused(self) -> str:
        """Why it is refused; "" where it is not."""
        return " / ".join(self.questions) if self.state is HandInState.REFUSED else ""


@dataclass(frozen=True)
class HandInPlan:
    """A line for everybody, and one for everything that is not taken."""

    hand_ins: tuple[HandIn, ...]
    left_out: tuple[LeftOut, ...]
    """With all of what nobody could be named for: `student` is "" there."""


def plan_hand_ins(files: Sequence[FoundFile], context: HandInContext) -> HandInPlan:
    """Decide about everything that was found."""
    groups: dict[str, list[tuple[FoundFile, Owner]]] = {}
    left: list[LeftOut] = []
    empty: list[LeftOut] = []
    learners = [_learners(file) for file in files]
    named: dict[str, set[str]] = {}  # who is named in the answers below an outermost folder
    for file, names in zip(files, learners, strict=True):
        if len(file.place) > 1:
            named.setdefault(file.place[0], set()).update(names)
    for file, names in zip(files, learners, strict=True):
        owner = Owner()
        stray = len(file.place) == 1 and not context.roster.entries  # nobody's, as far as is known
        if file.kind is not FileKind.JUNK and not (stray and file.kind is FileKind.OTHER):
            # A notebook names nobody: it goes by what lies with it, so that no hand-in is parted.
            owner = context.roster.owner(file.place, names or named.get(file.place[0], set()))
        if file.kind is FileKind.EMPTY:
            empty.append(LeftOut(file.path, owner.student, file.told))
        elif owner.student:
            groups.setdefault(owner.student, []).append((file, owner))
        else:
            why = file.told if file.kind in {FileKind.JUNK, FileKind.OTHER} else owner.question
            told = f"{why} {file.told}" if file.kind is FileKind.BLOCKED else why
            left.append(LeftOut(file.path, "", told))
    planned = [_Planning(student, own, context).plan() for student, own in sorted(groups.items())]
    hand_ins = _without_copied([hand_in for hand_in, _ in planned], context)
    left += [each for _, own in planned for each in own]
    seen = {each.student for each in hand_ins}
    for student in sorted(set(context.roster.ids) | set(context.earlier)):
        if student not in seen:
            state = HandInState.EARLIER if student in context.earlier else HandInState.MISSING
            hand_ins.append(HandIn(student, state))
    lines = {each.student for each in hand_ins}
    left += [each if each.student in lines else replace(each, student="") for each in empty]
    return HandInPlan(tuple(sorted(hand_ins, key=lambda h: h.student)), tuple(left))


def digest_of(data: bytes) -> str:
    """What tells a file's content from another's."""
    return sha256(data).hexdigest()


def own_texts(notebook: bytes, released: ReleasedCells | None) -> tuple[str, ...]:
    """The texts of a notebook that the release does not have, in order."""
    known = released.texts if released else frozenset()
    return tuple(
        text
        for _, text in _cells(notebook)
        if text and text not in known and not is_due_notice(text)
    )


def _cells(notebook: bytes) -> Iterator[tuple[str, str]]:
    """Grade id ("" for none) and text of each cell, whatever the format's version."""
    try:
        data = json.loads(notebook)
    except (ValueError, RecursionError):
        return
    sheets = data.get("worksheets")
    cells = data.get("cells")
    if not isinstance(cells, list):
        cells = sheets[0].get("cells", []) if isinstance(sheets, list) and sheets else []
    for cell in cells if isinstance(cells, list) else []:
        if not isinstance(cell, dict):
            continue
        meta = cell.get("metadata")
        about = meta.get("nbgrader") if isinstance(meta, dict) else None
        name = about.get("grade_id") if isinstance(about, dict) else ""
        source = cell.get("source", cell.get("input", ""))
        text = "".join(map(str, source)) if isinstance(source, list) else str(source)
        yield (name if isinstance(name, str) else ""), text.strip()


def _learners(file: FoundFile) -> set[str]:
    if file.kind is not FileKind.ANSWERS:
        return set()
    try:
        return {record.learner for record in read_records(file.data, file.path)[0]}
    except SubmissionError:
        return set()


def _without_copied(hand_ins: list[HandIn], context: HandInContext) -> list[HandIn]:
    """Refuse answers that two learners hand in: who wrote them, no program knows."""
    holders: dict[str, set[str]] = {}
    ids: dict[str, set[str]] = {}
    for each in hand_ins:
        if each.state is HandInState.REFUSED or each.answers is None:
            continue
        ids[each.student] = {
            record.id
            for record in SubmittedAnswers.parse(each.answers, each.student, lambda _: False).all()
        }
        for id_ in ids[each.student]:
            holders.setdefault(id_, set()).add(each.student)
    made = []
    for each in hand_ins:
        others: set[str] = set()
        for id_ in ids.get(each.student, ()):
            before = context.owners.get(id_)
            others |= {before} if before else holders[id_]
        others -= {each.student}
        taken = each.state is HandInState.TAKEN
        if others and taken and not any(_is_named(p, context.take) for p in each.parts):
            asked = say("homework.collect.copied", names=say("homework.and").join(sorted(others)))
            each = replace(each, state=HandInState.REFUSED, questions=(asked,))  # noqa: PLW2901
        made.append(each)
    return made


def _is_named(place: str, chosen: Collection[tuple[str, ...]]) -> bool:
    names = tuple(place.split("/"))
    return any(names[: len(each)] == each for each in chosen)


class _Planning:
    """What to take of one learner's files."""

    def __init__(
        self, student: str, files: Sequence[tuple[FoundFile, Owner]], context: HandInContext
    ) -> None:
        self.student = student
        self.context = context
        self.files = [file for file, _ in files]
        self.sure = all(owner.sure for _, owner in files)
        self.notes = list(dict.fromkeys(owner.note for _, owner in files if owner.note))
        self.questions: list[str] = []
        self.left: list[LeftOut] = []
        self.earlier = context.earlier.get(student, EarlierHandIn())
        self.chosen = [
            file for file in self.files if file.place in context.take or self._below(file)
        ]

    def _below(self, file: FoundFile) -> bool:
        return _is_named(file.path, self.context.take)

    def plan(self) -> tuple[HandIn, list[LeftOut]]:
        """Decide; give the line and what is left out."""
        blocked = [file for file in self.files if file.kind is FileKind.BLOCKED]
        for file in blocked:
            self.leave(file, file.told)
            if not self.chosen:
                self.questions.append(f"{file.path}: {file.told}")
        for file in self.files:
            if file.kind in {FileKind.OTHER, FileKind.JUNK}:
                self.leave(file, file.told)
        answers = self.answers()
        notebooks = self.notebooks()
        inside = self.names_inside()
        if len(inside) > 1 and not self.sure and not self.chosen:
            self.ask("several_inside", names=say("homework.and").join(sorted(inside)))
        if self.questions:
            for part in (answers, *notebooks.values()):
                if part is not None:
                    self.leave(part, _say("whole"))
            return HandIn(
                self.student,
                HandInState.REFUSED,
                notes=tuple(self.notes),
                questions=tuple(self.questions),
            ), self.left
        return self.taken(answers, notebooks), self.left

    def names_inside(self) -> set[str]:
        """What parts the work below a folder: it may be the folder of several people."""
        skip = {fold(name) for name in (*self.context.roster.assignments, self.context.assignment)}
        found = set()
        for file in self.files:
            if file.kind not in {FileKind.ANSWERS, FileKind.NOTEBOOK, FileKind.BLOCKED}:
                continue
            *folders, last = file.place
            plain = [name for name in folders if fold(stem(name)) not in skip]
            name = plain[1] if len(plain) > 1 else fold(stem(last))
            ours = ("answers", *skip, *map(fold, self.context.notebooks))
            if len(plain) > 1 or (plain and not name.startswith(ours)):
                found.add(name)
        return found

    def leave(self, file: FoundFile, why: str) -> None:
        self.left.append(LeftOut(file.path, self.student, why))

    def ask(self, name: str, **blanks: object) -> None:
        self.questions.append(_say(name, **blanks))

    def taken(self, answers: FoundFile | None, notebooks: Mapping[str, FoundFile]) -> HandIn:
        """The line of what can be taken: whether it is new, and what is missing."""
        earlier = self.earlier
        if answers is None and not notebooks and earlier == EarlierHandIn():
            return HandIn(
                self.student,
                HandInState.REFUSED,
                notes=tuple(self.notes),
                questions=(_say("nothing", assignment=self.context.assignment),),
            )
        for file in (answers, *notebooks.values()):
            if file is not None and file.told:
                self.notes.append(f"{file.path}: {file.told}")
        new = [file for file in (answers,) if file and file.data != earlier.answers]
        new += [
            file for name, file in notebooks.items() if file.data != earlier.notebooks.get(name)
        ]
        data = answers.data if answers else earlier.answers
        books = {**earlier.notebooks, **{name: file.data for name, file in notebooks.items()}}
        if self.context.exercises is not None and data is None:
            self.notes.append(_say("no_answers", answers=ANSWERS))
        for name in sorted(set(self.context.notebooks) - set(books)):
            self.notes.append(_say("no_notebook", notebook=f"{name}.ipynb"))
        time = self.time(data, notebooks)
        state = HandInState.TAKEN if new else HandInState.UNCHANGED
        return HandIn(
            self.student,
            state,
            data,
            books,
            tuple(file.path for file in (*((answers,) if answers else ()), *notebooks.values())),
            tuple(dict.fromkeys(self.notes)),
            time=time,
        )

    def time(self, answers: bytes | None, notebooks: Mapping[str, FoundFile]) -> datetime | None:
        """When it was handed in: at the last answer, else when the notebook was last changed."""
        if answers:
            last = _last(self.parsed(answers))
            if last is not None:
                if last > self.context.now:
                    self.notes.append(_say("future", time=f"{last:%Y-%m-%d %H:%M} UTC"))
                return last
        times = [file.modified for file in notebooks.values() if file.modified]
        return max(times, default=None)

    def parsed(self, data: bytes) -> SubmittedAnswers:
        ids = self.context.roster.ids | set(self.context.earlier)
        return SubmittedAnswers.parse(
            data, self.student, lambda name: name != self.student and name in ids
        )

    # Answers

    def answers(self) -> FoundFile | None:
        """The answers file to take; None where there is none, or the one from before stays."""
        found = [file for file in self.files if file.kind is FileKind.ANSWERS]
        if self.context.exercises is None:
            for file in found:
                self.leave(file, _say("not_asked"))
            return None
        readable: list[tuple[FoundFile, SubmittedAnswers]] = []
        for file in found:
            if self.chosen and file not in self.chosen:
                self.leave(file, _say("not_chosen"))
                continue
            given = self.readable(file)
            if given is not None:
                readable.append((file, given))
        if not readable:
            return None
        best = self.newest_answers(readable)
        return best and self.against_earlier(*best)

    def readable(self, file: FoundFile) -> SubmittedAnswers | None:
        """What a file says, if it can be scored as this learner's; else it is a question."""
        if len(file.data) > MAX_BYTES:
            self.leave(file, _say("answers_large", mega=MAX_BYTES // 1_000_000))
            self.ask("answers_large", mega=MAX_BYTES // 1_000_000)
            return None
        try:
            given = self.parsed(file.data)
            last = _last(given)
            _ = last and last.astimezone(UTC)
        except (SubmissionError, OverflowError) as error:
            why = str(error).removeprefix(f"{self.student}: ")
            if isinstance(error, OverflowError):
                why = _say("no_time")
            self.leave(file, why)
            self.questions.append(f"{file.path}: {why}")
            return None
        known = self.context.exercises or ()
        if given.records and not any(
            name in known or name.startswith(WRITTEN) for name in given.records
        ):
            why = _say("other_assignment", assignment=self.context.assignment)
            self.leave(file, why)
            self.questions.append(f"{file.path}: {why}")
            return None
        if not given.records:
            self.leave(file, _say("empty", file=file.path))
            self.notes.append(_say("empty", file=file.path))
            return None
        return given

    def newest_answers(
        self, found: list[tuple[FoundFile, SubmittedAnswers]]
    ) -> tuple[FoundFile, SubmittedAnswers] | None:
        """Of several files the one that holds all lines of the others; else ask."""
        best = max(found, key=lambda each: (len(_ids(each[1])), _is_exact(each[0], ANSWERS)))
        rest = [each for each in found if each is not best]
        others = [each for each in rest if not _ids(each[1]) <= _ids(best[1])]
        if others:
            exact = [each for each in found if _is_exact(each[0], ANSWERS)]
            places = say("homework.and").join(each[0].path for each in (best, *others))
            if len(exact) == 1:
                best = exact[0]
                self.notes.append(_say("other_copies", taken=best[0].path, places=places))
            else:
                for file, _ in found:
                    self.leave(file, _say("which"))
                self.ask("which_answers", places=places)
                return None
        for file, _ in found:
            if file is not best[0]:
                self.leave(file, _say("older_copy", taken=best[0].path))
        return best

    def against_earlier(self, file: FoundFile, given: SubmittedAnswers) -> FoundFile | None:
        """Whether a file is newer than the one that was taken before; None where that one stays."""
        before = self.earlier.answers
        if before is None or before == file.data or file in self.chosen:
            return file
        try:
            known = self.parsed(before)
        except SubmissionError:
            return file  # what is there cannot be scored: anything is better
        if _ids(known) < _ids(given):
            return file
        last, former = _last(given), _last(known)
        holds_more = _ids(given) <= _ids(known)
        if not holds_more and (
            not last or not former or last == former or self.ahead(last, former)
        ):
            self.leave(file, _say("which"))
            self.ask("which_time", place=file.path)
            return None
        if not holds_more and last and former and last > former:
            return file
        self.leave(file, _say("kept_newer"))
        self.notes.append(_say("kept_newer"))
        return None

    def ahead(self, *times: datetime) -> bool:
        """Whether a clock was ahead when one of some answers was given: then none of them tells."""
        return max(times) > self.context.now

    # Notebooks

    def notebooks(self) -> dict[str, FoundFile]:
        """The notebooks to take, by the name they were released under."""
        found: dict[str, list[FoundFile]] = {}
        for file in self.files:
            if file.kind is not FileKind.NOTEBOOK:
                continue
            if self.chosen and file not in self.chosen:
                self.leave(file, _say("not_chosen"))
                continue
            name = self.released_name(file)
            if not name:
                self.leave(file, _say("foreign_notebook", assignment=self.context.assignment))
            else:
                found.setdefault(name, []).append(file)
        chosen: dict[str, FoundFile] = {}
        for name, files in sorted(found.items()):
            best = self.newest_notebook(name, files)
            if best is not None:
                chosen[name] = best
        return chosen

    def released_name(self, file: FoundFile) -> str:
        """Which notebook of the assignment it is, by its cells; else by its name; "" for none."""
        own = {name for name, _ in _cells(file.data)} - {""}
        shared = {name: len(own & cells.names) for name, cells in self.context.notebooks.items()}
        plain = stem(file.place[-1])
        if own and plain in shared and shared[plain]:
            return plain
        best = max(shared, key=lambda name: shared[name], default="")
        if best and shared[best] and shared[best] * 2 >= len(own):
            return best
        return plain if plain in shared and not own else ""

    def newest_notebook(self, name: str, files: list[FoundFile]) -> FoundFile | None:
        """Of several copies the one that has all that is written in the others; else ask."""
        released = self.context.notebooks[name]
        exact = f"{name}.ipynb"
        written = {file.place: own_texts(file.data, released) for file in files}
        order = sorted(
            files, key=lambda f: (_size(written[f.place]), _is_exact(f, exact)), reverse=True
        )
        best = order[0]
        others = [
            file for file in order[1:] if not _within(written[file.place], written[best.place])
        ]
        if others:
            for file in files:
                self.leave(file, _say("which"))
            places = say("homework.and").join(file.path for file in (best, *others))
            self.ask("which_notebook", places=places)
            return None
        for file in order[1:]:
            self.leave(file, _say("older_copy", taken=best.path))
        if not _is_exact(best, exact):
            self.notes.append(_say("renamed_notebook", place=best.path, notebook=exact))
        return self.against_earlier_notebook(name, best, written[best.place])

    def against_earlier_notebook(
        self, name: str, file: FoundFile, written: tuple[str, ...]
    ) -> FoundFile | None:
        """Whether it takes the place of the one from before; None where that one stays."""
        before = self.earlier.notebooks.get(name)
        if before is None or before == file.data or file in self.chosen:
            return file
        if digest_of(file.data) in self.earlier.replaced:
            self.leave(file, _say("kept_newer_notebook"))
            self.notes.append(_say("kept_newer_notebook"))
            return None
        if not written and own_texts(before, self.context.notebooks[name]):
            self.leave(file, _say("kept_written"))
            self.notes.append(_say("kept_written"))
            return None
        return file


def _within(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether all that is written here is written there, too."""
    return all(any(text in other for other in others) for text in some)


def _size(texts: tuple[str, ...]) -> int:
    return sum(map(len, texts))


def _is_exact(file: FoundFile, name: str) -> bool:
    return file.place[-1].casefold() == name.casefold()


def _ids(given: SubmittedAnswers) -> set[str]:
    return {record.id for record in given.all()}


def _last(given: SubmittedAnswers) -> datetime | None:
    return max((record.time for record in given.all()), default=None)


def _say(name: str, /, **blanks: object) -> str:
    return say(f"homework.collect.{name}", **blanks)
