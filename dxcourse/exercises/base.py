"""What every kind of exercise shares: its fields, its items, and how an answer is read and judged.

A kind is a subclass of `Exercise` in a file of its own. It says five things about *one item*:
what a learner is shown (`face`), what its value is made of (`parts`), what a valid value is
(`check`), what the value is worth (`judge`) and which value is right (`key`). Everything else,
several items included, is here; surfaces look at the `shape` and never at the kind.

An **answer** is plain JSON, ``{"items": {item ref: value}}``; an item that was not answered is
absent. Names that an author gives in YAML (`id`) stay in the YAML; what leaves it (pages, answers,
scores) uses `ref`, a short code that says nothing.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from typing import Any, ClassVar, Generic, Self, TypeVar, get_args

from pydantic import Field, PrivateAttr, model_validator

from dxcourse.exercises.errors import AnswerError, shown
from dxcourse.exercises.parts import (
    ONLY,
    Item,
    Json,
    Named,
    Note,
    OptionsItem,
    Scene,
    Slug,
    Strict,
    Text,
    by_ref,
    unique,
)
from dxcourse.exercises.shapes import TYPED, Choice, Part, Privacy, Shape
from dxcourse.facts import Citation
from dxcourse.text import say


class Mark(StrEnum):
    """What is said of a value: never by colour alone, so each has a word and a sign on screen."""

    RIGHT = "right"
    PARTLY = "partly"
    WRONG = "wrong"
    OPEN = "open"  # argued, not marked
    TAKEN = "taken"  # received; nothing is said of it


class Remark(Strict):
    """A sentence of feedback, beside the item or the option it is about.

    `about` names the side of the value it speaks of (``evidence``, ``mirror``), where its mark
    wants other words than the usual ones.
    """

    text: str
    mark: Mark = Mark.TAKEN
    option: str | None = None
    about: str = ""
    citation: Citation | None = None

    @classmethod
    def of(
        cls, note: Note | None, mark: Mark, option: str | None = None, about: str = ""
    ) -> tuple[Remark, ...]:
        """Make a remark of the note, or nothing where the author wrote none."""
        if note is None:
            return ()
        remark = cls(text=note.text, mark=mark, option=option, about=about, citation=note.citation)
        return (remark,)


class ItemResult(Strict):
    """What an item's value is worth, and what is said of it.

    `points` lies in 0 … `max_points`; both are 0 for an item that is not marked. One for practice
    says right or wrong all the same.
    """

    points: float
    max_points: float
    mark: Mark
    remarks: tuple[Remark, ...] = ()
    in_place: tuple[str, ...] = ()
    """Of things in order those, by ref, that stand where they belong."""

    @property
    def judged(self) -> bool:
        """Whether the value was right or wrong, with points or for practice."""
        return self.max_points > 0 or self.mark in {Mark.RIGHT, Mark.PARTLY, Mark.WRONG}

    @property
    def full(self) -> bool:
        """Whether nothing is missing from the right value."""
        if self.max_points > 0:
            return self.points == self.max_points
        return self.mark is Mark.RIGHT

    @model_validator(mode="after")
    def _within_bounds(self) -> Self:
        if not (math.isfinite(self.points) and 0 <= self.points <= self.max_points):
            raise ValueError(f"{self.points} points of {self.max_points}")
        return self


class Result(Strict):
    """The results of the items that were answered, and the points of them all."""

    items: dict[str, ItemResult]
    max_points: float

    @property
    def points(self) -> float:
        """The sum over the answered items, 0 … `max_points`."""
        return min(math.fsum(r.points for r in self.items.values()), self.max_points)


I = TypeVar("I", bound=Item)  # noqa: E741  -- one letter for the item type, as in the docs


class Exercise(Strict, ABC, Generic[I]):
    """One activity with an id.

    Parameters
    ----------
    objectives
        Ids of `course.yaml` that this exercise practises.
    attempts
        How often an item may be answered anew; None is without limit. Items that are not marked
        may always be changed.
    reveal_after
        The id of another exercise: feedback waits until that one is answered.
    closing
        Said when every item has been answered.
    shuffle
        Whether items come in an order of each learner's own.
    total
        Whether a learner is told the points of all items together.
    scene
        What the question begins with in a room, on the wall and on the phones.
    """

    kind: ClassVar[str]
    shape: ClassVar[Shape]
    """What the answers are made of: the one thing that surfaces tell kinds apart by."""
    privacy: ClassVar[Privacy] = Privacy.PUBLIC
    """How others may be shown them."""
    seconds: ClassVar[int]
    """How long an item takes a learner: an estimate, see `docs/decisions/minutes.md`."""
    doubtful: ClassVar[bool] = False
    """Whether a key may be the doubt itself (fact or reading), and rest on what is unsettled."""
    linked: ClassVar[bool] = False
    """Whether items bear on each other: then a try is one of all, and none is settled alone."""

    id: Slug
    title: Text
    prompt: str = ""
    objectives: tuple[Slug, ...] = ()
    hints: tuple[Text, ...] = ()
    attempts: int | None = Field(default=3, ge=1)
    reveal_after: Slug | None = None
    closing: Note | None = None
    shuffle: bool = True
    total: bool = True
    scene: Scene | None = None
    items: tuple[I, ...] = Field(min_length=1)

    _awaited: frozenset[str] = PrivateAttr(default=frozenset())
    _release: Mapping[str, Json] | None = PrivateAttr(default=None)

    @property
    def awaited(self) -> frozenset[str]:
        """The items of `reveal_after`, by ref: feedback waits until all are answered."""
        return self._awaited

    def wait_for(self, other: Exercise[Any]) -> None:
        """Let feedback wait for all items of `reveal_after`: done once, when a bank is loaded."""
        self._awaited = frozenset(item.ref for item in other.items)

    @property
    def keyless(self) -> bool:
        """Whether it was made of what a release says, and has no key: nothing is marked then."""
        return self._release is not None

    def release_as(self, public: Mapping[str, Json]) -> None:
        """Be what a release says, and no more: done once, by whoever makes it without a key."""
        self._release = dict(public)

    # -- what a kind says ---------------------------------------------------------------------

    @abstractmethod
    def face(self, item: I) -> dict[str, Json]:
        """Show what a learner sees of an item beside its text. Never a key, never feedback."""

    @abstractmethod
    def check(self, item: I, value: Json) -> Json:
        """Give the value in its one canonical form, None for no answer, or raise `AnswerError`."""

    @abstractmethod
    def judge(self, item: I, value: Json) -> ItemResult:
        """Judge a checked value. Pure: the same value always gives the same result."""

    @abstractmethod
    def key(self, item: I) -> Json | None:
        """Give the right value, or None where there is none: a poll, or what is argued."""

    def explanation(self, item: I) -> tuple[Remark, ...]:  # noqa: ARG002  -- kinds use it
        """Say why the key is right, to somebody whose answer was another.

        Never what speaks of an answer as right: that of an order or a plan is said of what was
        made, and a kind that says nothing here has nothing of the sort.
        """
        return ()

    @abstractmethod
    def parts(self, item: I) -> tuple[Part, ...]:
        """Say what an item's value is made of: one part, or several under names of their own."""

    def main_part(self, item: I) -> Part:
        """Give the part that is counted and compared: the only one, or the one a kind names."""
        return self.parts(item)[0]

    def common(self) -> dict[str, Json]:
        """Show what a learner sees once for all items (bins, levels). Never a key."""
        return {}

    def missing_feedback(self, item: I) -> tuple[str, ...]:  # noqa: ARG002  -- a kind looks at it
        """Name the wrong answers that a marked item says nothing of: ids, or "" for any mistake."""
        return ()

    def seconds_of(self, item: I) -> int:  # noqa: ARG002  -- a kind may look at it
        """Estimate how long an item takes."""
        return self.seconds

    def judge_all(self, values: Mapping[str, Json]) -> dict[str, ItemResult]:
        """Judge the checked values of some items, by ref. Pure.

        Each is judged by itself; a `linked` kind judges them in view of each other.
        """
        known = {item.ref: item for item in self.items}
        return {ref: self.judge(known[ref], value) for ref, value in values.items()}

    # -- what all kinds share -----------------------------------------------------------------

    @model_validator(mode="before")
    @classmethod
    def _one_item_is_the_exercise(cls, raw: Json) -> Json:
        """Let an exercise of one item put the item's fields at the top (see `single`)."""
        if not isinstance(raw, Mapping) or "items" in raw:
            return raw
        item_type: type[Item] = get_args(cls.model_fields["items"].annotation)[0]
        own = item_type.model_fields.keys() - Named.model_fields.keys() - cls.model_fields.keys()
        title = raw.get("title")
        item = {name: value for name, value in raw.items() if name in own}
        item |= {"id": ONLY, "text": title if isinstance(title, str) and title.strip() else ONLY}
        rest = {name: value for name, value in raw.items() if name not in own}
        return {**rest, "items": [item]}

    @model_validator(mode="after")
    def _ids_are_unique(self) -> Self:
        unique(self.items, "item")
        return self

    @property
    def single(self) -> bool:
        """Whether the exercise is its one item, which then needs no heading of its own."""
        return len(self.items) == 1 and self.items[0].id == ONLY

    @property
    def written(self) -> bool:
        """Whether answers are in a person's own words, which are never twice the same."""
        return self.shape in TYPED and self.privacy is not Privacy.PUBLIC

    def marked(self, item: I, value: Json) -> Json:  # noqa: ARG002  -- a kind may look at it
        """Give of a checked value what is judged, None for nothing: changing it is a try."""
        return value

    def choices(self, item: I) -> tuple[Choice, ...]:
        """Give what can be chosen for an item; nothing where it is typed."""
        return self.main_part(item).choices

    def words(self, item: I, value: Json) -> str:
        """Give an item's value as a reader understands it; "" for none."""
        found = (part.words(part.of(value)) for part in self.parts(item))
        return say("answers.value.beside").join(filter(None, found))

    def words_of(self, ref: str, value: Json) -> str:
        """Give a stored value in words; of an item that is no longer there, as it was stored."""
        item = next((item for item in self.items if item.ref == ref), None)
        if value is None:
            return ""
        return str(value) if item is None else self.words(item, value)

    @property
    def max_points(self) -> float:
        """The sum of what every item can give."""
        return math.fsum(self.worth(item) for item in self.items)

    def worth(self, item: I) -> float:
        """Give the points an item can bring: 0 for practice, and without a key here."""
        return item.points if self.judges(item) else 0.0

    def judges(self, item: I) -> bool:
        """Whether a value of the item is right or wrong: it has a key, and the key is here."""
        return not self.keyless and self.key(item) is not None

    def public(self) -> dict[str, Json]:
        """Everything a learner may see before answering, as JSON."""
        if self._release is not None:
            return dict(self._release)
        items = [
            {"ref": i.ref, "text": "" if self.single else i.text, **self.face(i)}
            for i in (by_ref(self.items) if self.shuffle else self.items)
        ]
        return {
            "id": self.id,
            "kind": self.kind,
            "shape": self.shape.value,
            "title": self.title,
            "prompt": self.prompt,
            "hints": list(self.hints),
            "attempts": self.attempts,
            "shuffle": self.shuffle,
            "total": self.total,
            "linked": self.linked,
            "judged": any(self.judges(item) for item in self.items),
            "deferred": self.reveal_after is not None,
            **self.common(),
            "items": items,
        }

    def read(self, raw: Json) -> dict[str, Json]:
        """Give the answer in canonical form: ``{"items": {ref: value}}``, refs in order.

        Raises
        ------
        AnswerError
            The shape is wrong, an item is unknown, or a value does not fit its item.
        """
        if not isinstance(raw, Mapping) or set(raw) != {"items"}:
            raise AnswerError(f'{self.id}: an answer is {{"items": {{ref: value}}}}')
        values = raw["items"]
        if not isinstance(values, Mapping):
            raise AnswerError(f"{self.id}: items is a mapping of item refs to values")
        known = {item.ref: item for item in self.items}
        for ref in values:
            if ref not in known:
                raise AnswerError(f"{self.id}: there is no item {shown(ref)}")
        checked = {
            ref: self.check(known[ref], value)
            for ref, value in sorted(values.items())
            if value is not None
        }
        return {"items": {ref: value for ref, value in checked.items() if value is not None}}

    def score(self, answer: Mapping[str, Json]) -> Result:
        """Judge every answered item of an answer that `read` has accepted.

        Without a key each is only taken: nothing is said of it.
        """
        if self.keyless:
            return Result(items={ref: self.untouched(ref) for ref in answer["items"]}, max_points=0)
        return Result(items=self.judge_all(answer["items"]), max_points=self.max_points)

    def model_answer(self) -> dict[str, Json]:
        """Give the right answer; items that have no key are absent."""
        if self.keyless:
            return {"items": {}}
        keys = {item.ref: self.key(item) for item in self.items}
        return {"items": {ref: key for ref, key in sorted(keys.items()) if key is not None}}

    def untouched(self, ref: str) -> ItemResult:
        """Give the result of an item of which nothing may be said yet."""
        item = next(item for item in self.items if item.ref == ref)
        return ItemResult(points=0, max_points=self.worth(item), mark=Mark.TAKEN)


def flat(item: Item, share: float, remarks: tuple[Remark, ...] = ()) -> ItemResult:
    """Make a result from the share of an item's points that was reached (0 … 1)."""
    return ItemResult(
        points=item.points * share, max_points=item.points, mark=mark_of(share), remarks=remarks
    )


def explained(item: OptionsItem) -> tuple[Remark, ...]:
    """Give what is said of the right options, as it explains them; see `Exercise.explanation`."""
    told = (Remark.of(option.feedback, Mark.TAKEN, option.ref) for option in item.right)
    return tuple(chain.from_iterable(told))


def mark_of(share: float) -> Mark:
    """Name the share of an item's points that was reached (0 … 1)."""
    return Mark.RIGHT if share == 1 else Mark.PARTLY if share > 0 else Mark.WRONG


# -- Partial credit, in one place for all kinds ----------------------------------------------------


def ticked_share(ticked: Collection[str], right: Collection[str], wrong: Collection[str]) -> float:
    """Share of the right ticks found, each wrong tick cancelling one of them (0 … 1).

    The rule of Moodle's multiple-answer questions with all right options weighted alike and a wrong
    one weighing as much as a right one. Ticks in neither `right` nor `wrong` do not count.
    """
    if not right:
        return 0.0
    hits = len(set(ticked) & set(right))
    slips = len(set(ticked) & set(wrong))
    return max(0.0, (hits - slips) / len(set(right)))


def lcs_length(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence (Wagner & Fischer 1974), O(len(a)·len(b))."""
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, start=1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def order_share(given: Sequence[str], right: Sequence[str]) -> float:
    """How much of an order is right: (LCS − 1) / (n − 1), so that the reverse order gets 0."""
    if given == right:
        return 1.0
    return max(0.0, (lcs_length(given, right) - 1) / (len(right) - 1))
