"""Whose a hand-in is, from the names that people and programs give to folders and files.

Pure: what is not sure is a question, never a guess.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from dxcourse.text import say

STUDENT = re.compile(r"\w[\w.@-]{0,127}")  # "+" parts names in nbgrader's exchange
MOODLE = re.compile(r"^(?P<name>.+?)_\d+_assignsubmission_[a-z]+_?(?P<rest>.*)$", re.IGNORECASE)
COPY = re.compile(
    r"(?:^copy of |^コピー *[~〜～-] *)"
    r"|(?:"
    r"\s*[(（]\d+[)）]|\s*\[\d+\]"
    r"|\s+-\s+(?:copy|コピー)(?:\s*[(（]\d+[)）])?|\s*のコピー(?:\s*\d+)?"
    r"|\s+copy(?:\s*\d+)?|[\s_-]*(?:の)?競合コピー.*|\s*\([^()]*conflicted copy[^()]*\)"
    r")$",
    re.IGNORECASE,
)
ENDINGS = re.compile(
    r"(?:\.(?:jsonl|ipynb|json|zip|txt|html?|pdf|jpe?g|png|heic|docx?))+$", re.IGNORECASE
)
INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def fold(name: str) -> str:
    """A name for comparing: width, case, composition and what cannot be seen make no difference."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold()
    return " ".join(unicodedata.normalize("NFKC", plain).split())


def without_copy(name: str) -> str:
    """A name without what browsers and systems add to a second file of that name."""
    before = ""
    while name != before:
        before, name = name, COPY.sub("", name).strip()
    return name


def stem(name: str) -> str:
    """A file's name without endings, and without what marks a copy."""
    return without_copy(ENDINGS.sub("", without_copy(name)))


def as_id(name: str) -> str:
    """The student id that a name gives where there is no roster; "" where it gives none."""
    plain = INVISIBLE.sub("", unicodedata.normalize("NFC", name))
    narrow = "".join(unicodedata.normalize("NFKC", c) if _is_wide_ascii(c) else c for c in plain)
    made = "_".join(narrow.split())
    return made if STUDENT.fullmatch(made) else ""


def _is_wide_ascii(sign: str) -> bool:
    return "\uff01" <= sign <= "\uff5e" or sign == "\u3000"


@dataclass(frozen=True)
class RosterEntry:
    """A student as the gradebook has them: `names` are other names that tell who it is."""

    id: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Owner:
    """Whose something is, or the question; `sure` where a roster or a person says so."""

    student: str = ""
    question: str = ""
    sure: bool = False
    note: str = ""


@dataclass(frozen=True)
class Roster:
    """Who may hand in. Without entries, everybody may, under the name they give.

    Parameters
    ----------
    entries
        The students that a person has entered.
    assignments
        Names of the course's assignments: a folder so named is nobody's name.
    answered
        Places that a person has said the student of, by the names of the place.
    others_too
        Whether students who are not on the roster are taken.
    """

    entries: tuple[RosterEntry, ...] = ()
    assignments: Collection[str] = ()
    answered: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    others_too: bool = False

    @property
    def ids(self) -> frozenset[str]:
        """The ids of everybody on it."""
        return frozenset(entry.id for entry in self.entries)

    def owner(self, place: tuple[str, ...], learners: Iterable[str] = ()) -> Owner:
        """Say whose a file is.

        Parameters
        ----------
        place
            The names from the folder of hand-ins down to the file.
        learners
            The names that stand in the file itself.
        """
        said = self._answered(place)
        if said:
            return self._told(said)
        names = list(self._names(place))
        if not names:
            return Owner(question=_say("whose", place="/".join(place)))
        if self.entries:
            found = self._known(names)
            if found or not self.others_too:
                return self._of_roster(found, names[0], learners)
        return _named(names, learners)

    def _of_roster(self, found: set[str], name: str, learners: Iterable[str]) -> Owner:
        """The one student that was found; else what to ask."""
        if len(found) == 1:
            return Owner(found.pop(), sure=True)
        if found:
            shown = say("homework.and").join(sorted(found))
            return Owner(question=_say("two_students", names=shown))
        inside = {learner for learner in learners if learner in self.ids}
        if len(inside) == 1:
            return Owner(question=_say("inside", name=name, student=inside.pop()))
        return Owner(question=_say("unknown", name=name))

    def _answered(self, place: tuple[str, ...]) -> str:
        for length in range(len(place), 0, -1):
            if place[:length] in self.answered:
                return self.answered[place[:length]]
        return ""

    def _told(self, student: str) -> Owner:
        if not STUDENT.fullmatch(student):
            return Owner(question=_say("no_id", name=student, sign=_wrong_sign(student)))
        if self.entries and student not in self.ids and not self.others_too:
            return Owner(question=_say("unknown", name=student))
        return Owner(student, sure=True)

    def _names(self, place: tuple[str, ...]) -> Iterable[str]:
        """What may name a learner, outermost first."""
        skip = {fold(name) for name in self.assignments} | {"answers", "exercises", "timestamp"}
        *folders, file = place
        for name in folders:
            moodle = MOODLE.match(name)
            plain = moodle["name"] if moodle else stem(name)
            if fold(plain) not in skip and plain:
                yield plain
        moodle = MOODLE.match(file)
        if moodle:
            yield moodle["name"]
        elif not folders:
            plain = stem(file)
            for assignment in self.assignments:
                plain = re.sub(rf"[\s_-]*{re.escape(assignment)}[\s_-]*", "", plain)
            plain = re.sub(r"^answers[\s_-]+|[\s_-]+answers$", "", plain)
            if fold(plain) not in skip and plain:
                yield plain

    def _known(self, names: list[str]) -> set[str]:
        """The students that names stand for; the ways of looking go from sure to less so."""
        for matches in (self._by_id, self._by_name, self._by_part):
            found = {student for name in names for student in matches(name)}
            if found:
                return found
        return set()

    def _by_id(self, name: str) -> set[str]:
        exact = {entry.id for entry in self.entries if entry.id == name}
        return exact or {entry.id for entry in self.entries if fold(entry.id) == fold(name)}

    def _by_name(self, name: str) -> set[str]:
        wanted = fold(name).replace(" ", "")
        return {
            entry.id
            for entry in self.entries
            for other in entry.names
            if fold(other).replace(" ", "") == wanted
        }

    def _by_part(self, name: str) -> set[str]:
        """By an id or a whole name that stands in a longer name, between other signs."""
        text = _parted(fold(name))
        return {
            entry.id
            for entry in self.entries
            for part in (entry.id, *entry.names)
            if len(part) > 1 and re.search(rf"(?<!\w){re.escape(_parted(fold(part)))}(?!\w)", text)
        }


def _parted(text: str) -> str:
    return re.sub(r"[_\s()（）【】\[\]]+", " ", text)


def _named(names: list[str], learners: Iterable[str]) -> Owner:
    """Whose it is where everybody may hand in: the first folder's, or whom the file names too."""
    inside = {fold(name) for name in learners}
    chosen = next((name for name in names if fold(name) in inside), names[0])
    student = as_id(chosen)
    if not student:
        return Owner(question=_say("no_id", name=chosen, sign=_wrong_sign(chosen)))
    note = "" if student == chosen else _say("renamed", name=chosen, student=student)
    return Owner(student, sure=len(inside) == 1 and fold(chosen) in inside, note=note)


def _wrong_sign(name: str) -> str:
    """The sign of a name that no id may have, in words."""
    for at, sign in enumerate(name):
        if not re.match(r"\w" if at == 0 else r"[\w.@-]", sign):
            known = unicodedata.name(sign, f"U+{ord(sign):04X}")
            return f"{sign} ({known})" if sign.isprintable() and not sign.isspace() else known
    return _say("too_long") if name else "-"


def _say(name: str, /, **blanks: object) -> str:
    return say(f"homework.whose.{name}", **blanks)
