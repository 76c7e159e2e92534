"""`classify`: things into bins, after ticking the evidence, and saying how sure one is."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import Field, ValidationInfo, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark, mark_of, ticked_share
from dxcourse.exercises.errors import AnswerError
from dxcourse.exercises.parts import Item, Json, Named, Note, Strict, Text, find, hold_known, unique
from dxcourse.exercises.shapes import Choice, Part, Privacy, Shape
from dxcourse.exercises.typed_text import kept
from dxcourse.facts import Facts
from dxcourse.text import say

MAX_REASON = 1000  # characters
SEARCH = 28  # seconds to read a card and tick what stands on it


class Bin(Named):
    """Where a thing may be put; `undecided` is an honest answer and never the key."""

    undecided: bool = False


class Evidence(Named):
    """Something a learner may find on an evidence card; `none` says that nothing is there."""

    none: bool = False


class Verdicts(Strict):
    """What is said of an item: when right, for each other bin, of the evidence, when open.

    `evidence` asks for another look; `evidence_right` is said instead once all of it is found.
    """

    right: Note | None = None
    bins: dict[str, Note] = Field(default_factory=dict)
    evidence: Note | None = None
    evidence_right: Note | None = None
    open: Note | None = None


class ClassifyItem(Item):
    """A thing to classify.

    `plan` is a code of the promotion plan's items: text and key then come from `data/`, of the
    edition that the exercise names (a key only where its class is settled), and not from the YAML.

    `bin` is its key; without one the item is open: argued, not marked. `card` is what there is to
    read. `seen` and `unseen` are the evidence that the text settles; what stands in neither is
    left to the learner.
    """

    plan: str | None = None
    card: tuple[Note, ...] = ()
    bin: str | None = None
    seen: tuple[str, ...] = ()
    unseen: tuple[str, ...] = ()
    feedback: Verdicts = Verdicts()

    @model_validator(mode="before")
    @classmethod
    def _from_plan(cls, raw: Json, info: ValidationInfo) -> Json:
        scope = info.context or {}
        facts: Facts | None = scope.get("facts")
        if not isinstance(raw, dict) or "plan" not in raw:
            return raw
        if facts is None:
            code = str(raw["plan"])
            return {"id": code, "text": code, **raw} if scope.get("broken") else raw
        own = sorted({"text", "bin"} & raw.keys())
        if own:
            raise field_error("exercises.plan_gives", fields="・".join(own))
        rows = {row.code: row for row in facts.plan(scope.get("edition"))}
        row = rows.get(raw["plan"]) if isinstance(raw["plan"], str) else None
        if row is None:
            raise field_error(
                "exercises.plan_missing",
                about=str(raw["plan"]),
                edition=next(iter(rows.values())).edition,
                code=raw["plan"],
                known=", ".join(rows),
            )
        settled = {"bin": row.class_} if row.class_scored else {}
        return {"id": row.code, **raw, "text": f"{row.code}\u3000{row.name}", **settled}


class Classify(Exercise[ClassifyItem]):
    """Things into bins. Value: ``{"bin": ref, "evidence": [ref], "sure": 0 …, "reason": text}``.

    An item's points are shared evenly by its settled steps: the evidence and the bin. Where
    `evidence_counts` is false, what was found on the card is told and not marked: it stands there.
    """

    kind: ClassVar[str] = "classify"
    shape: ClassVar[Shape] = Shape.MATCHING
    seconds: ClassVar[int] = 12
    doubtful: ClassVar[bool] = True

    bins: tuple[Bin, ...] = Field(min_length=2)
    evidence: tuple[Evidence, ...] = ()
    sureness: tuple[Text, ...] = ()
    evidence_counts: bool = True
    reasons: bool = False
    edition: str = ""
    """Of the plan, where items come from it: cards, keys and feedback were written for that one."""

    @model_validator(mode="before")
    @classmethod
    def _edition_is_there(cls, raw: Json, info: ValidationInfo) -> Json:
        facts: Facts | None = (info.context or {}).get("facts")
        items = raw.get("items") if isinstance(raw, dict) else None
        planned = any(isinstance(item, dict) and "plan" in item for item in items or ())
        if facts is None or not planned:
            return raw
        if not raw.get("edition"):
            raise field_error("exercises.edition")
        if raw["edition"] not in facts.editions():
            edition, known = str(raw["edition"]), "、".join(facts.editions())
            blanks = {"edition": edition, "known": known}
            raise field_error("exercises.edition_missing", about=edition, **blanks)
        return raw

    @model_validator(mode="after")
    def _names_exist(self) -> Self:
        unique(self.bins, "bin")
        unique(self.evidence, "evidence")
        bins = [b.id for b in self.bins]
        keys = [b.id for b in self.bins if not b.undecided]
        ticks = [e.id for e in self.evidence]
        for item in self.items:
            named = (
                ("bin", [item.bin] if item.bin is not None else [], keys),
                ("bin", item.feedback.bins, bins),
                ("evidence", (*item.seen, *item.unseen), ticks),
            )
            for what, names, known in named:
                hold_known(item.id, what, names, known)
            for name in item.seen:
                if name in item.unseen:
                    blanks = {"item": item.id, "name": name}
                    raise field_error("exercises.seen_unseen", about=name, **blanks)
        return self

    @override
    def common(self) -> dict[str, Json]:
        return {
            "bins": [{"ref": b.ref, "text": b.text} for b in self.bins],
            "evidence": [{"ref": e.ref, "text": e.text, "none": e.none} for e in self.evidence],
            "sureness": list(self.sureness),
            "reasons": self.reasons,
        }

    @override
    def face(self, item: ClassifyItem) -> dict[str, Json]:
        return {"card": [note.face() for note in item.card]}

    @override
    def parts(self, item: ClassifyItem) -> tuple[Part, ...]:
        bins = tuple(Choice(b.ref, b.text) for b in self.bins)
        evidence = tuple(Choice(e.ref, e.text) for e in self.evidence)
        steps = tuple(Choice(n, text) for n, text in enumerate(self.sureness))
        found = [Part("bin", Shape.MATCHING, bins)]
        found += [Part("evidence", Shape.MULTIPLE_CHOICE, evidence)] if evidence else []
        found += [Part("sure", Shape.LIKERT, steps)] if steps else []
        found += [Part("reason", Shape.TEXT, privacy=Privacy.WRITTEN)] if self.reasons else []
        return tuple(found)

    @override
    def words(self, item: ClassifyItem, value: Json) -> str:
        told = {part.name: part.words(part.of(value)) for part in self.parts(item)}
        seen, reason = told.get("evidence", ""), told.get("reason", "")
        found = (
            say("answers.value.seen", seen=seen) if seen else "",
            told["bin"],
            told.get("sure", ""),
            say("answers.value.reason", reason=reason) if reason else "",
        )
        return say("answers.value.beside").join(filter(None, found))

    @override
    def check(self, item: ClassifyItem, value: Json) -> Json:
        place = f"{self.id}/{item.ref}"
        if not isinstance(value, dict) or set(value) - {"bin", "evidence", "sure", "reason"}:
            raise AnswerError(
                f"{place}: a value has bin, evidence, sure and reason, and nothing else"
            )
        ticks, sure, put = value.get("evidence", []), value.get("sure"), value.get("bin")
        if not isinstance(ticks, list):
            raise AnswerError(f"{place}: evidence is a list of refs")
        if sure is not None and (type(sure) is not int or sure not in range(len(self.sureness))):
            raise AnswerError(f"{place}: sure is a whole number below {len(self.sureness)}")
        checked = {
            "bin": None if put is None else find(self.bins, put, place).ref,
            "evidence": sorted({find(self.evidence, tick, place).ref for tick in ticks}),
            "sure": sure,
            "reason": kept(value.get("reason", ""), MAX_REASON, place),
        }
        return checked if checked["bin"] or checked["evidence"] or checked["reason"] else None

    @override
    def seconds_of(self, item: ClassifyItem) -> int:
        return self.seconds + SEARCH * bool(self.evidence)

    @override
    def key(self, item: ClassifyItem) -> Json | None:
        if not self._steps(item):
            return None
        bins = {b.id: b.ref for b in self.bins}
        return {
            "bin": bins[item.bin] if item.bin else None,
            "evidence": sorted(self._refs(item.seen)),
            "sure": None,
            "reason": "",
        }

    @override
    def explanation(self, item: ClassifyItem) -> tuple[Remark, ...]:
        said = item.feedback
        evidence = Remark.of(said.evidence if item.seen else None, Mark.TAKEN, about="evidence")
        return evidence + Remark.of(said.right if item.bin else None, Mark.TAKEN)

    @override
    def missing_feedback(self, item: ClassifyItem) -> tuple[str, ...]:
        said = {item.bin, *item.feedback.bins}
        return tuple(b.id for b in self.bins if b.id not in said) if item.bin else ()

    @override
    def marked(self, item: ClassifyItem, value: Json) -> Json:
        """Give the settled steps: how sure one is, and why, may be said and changed at any time."""
        if not self._steps(item):
            return value
        steps = {name: value[name] for name in self._steps(item)}
        return steps if any(steps.values()) else None

    @override
    def judge(self, item: ClassifyItem, value: Json) -> ItemResult:
        steps = self._steps(item)
        chosen = next((b for b in self.bins if b.ref == value["bin"]), None)
        hit = chosen is not None and chosen.id == item.bin
        said = item.feedback
        note = said.right if hit else said.bins.get(chosen.id) if chosen else None
        shares: list[float] = []
        remarks: tuple[Remark, ...] = ()
        if item.seen:
            found = ticked_share(value["evidence"], self._refs(item.seen), self._refs(item.unseen))
            if "evidence" in steps:
                shares.append(found)
            told = said.evidence_right or said.evidence if found == 1 else said.evidence
            remarks += Remark.of(told, mark_of(found), about="evidence")
        about = "judgement" if self.evidence else ""
        if "bin" in steps:
            shares.append(float(hit))
            remarks += Remark.of(note, mark_of(float(hit)), about=about)
        else:
            remarks += Remark.of(note, Mark.OPEN) + Remark.of(said.open, Mark.OPEN)
        worth = self.worth(item)
        share = sum(shares) / len(shares) if shares else 0.0
        mark = mark_of(share) if "bin" in steps else Mark.OPEN
        return ItemResult(points=worth * share, max_points=worth, mark=mark, remarks=remarks)

    def _steps(self, item: ClassifyItem) -> tuple[str, ...]:
        """Which steps of an item the text settles, and so are marked."""
        evidence = self.evidence_counts and bool(item.seen)
        return ("evidence",) * evidence + ("bin",) * bool(item.bin)

    def _refs(self, names: tuple[str, ...]) -> list[str]:
        refs = {e.id: e.ref for e in self.evidence}
        return [refs[name] for name in names]
