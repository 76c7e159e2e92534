"""`opinion`: free text, never marked; what it touches on is mirrored back as a question."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from pydantic import Field, PrivateAttr, ValidationInfo, field_validator, model_validator
from typing_extensions import override

from dxcourse.authored import field_error
from dxcourse.exercises.base import Exercise, ItemResult, Mark, Remark
from dxcourse.exercises.parts import Item, Json, Note, Strict
from dxcourse.exercises.shapes import Part, Privacy, Shape
from dxcourse.exercises.typed_text import Words, kept

CHANGE = ("process", "culture", "experience", "value")  # what DX changes: the course's definition
THEMES = (*CHANGE, "tools")
MAX_QUESTIONS = 3  # more would be an interrogation
TERM = "{term}"


class Mirror(Strict):
    """The question for each theme, in the order they are asked; `none` where no change is named."""

    process: Note | None = None
    culture: Note | None = None
    experience: Note | None = None
    value: Note | None = None
    tools: Note | None = None
    none: Note | None = None

    @field_validator("*")
    @classmethod
    def _braces_are_the_term(cls, note: Note | None, info: ValidationInfo) -> Note | None:
        known = [] if info.field_name == "none" else [TERM]
        for braces in re.findall(r"\{[^}]*\}?|\}", note.text if note else ""):
            if braces not in known:
                raise field_error("exercises.braces", braces=braces, term=TERM)
        return note

    def questions(self, touched: dict[str, str]) -> tuple[Remark, ...]:
        """Ask of the themes touched, at most `MAX_QUESTIONS`; it never says what someone is."""
        asked = [(getattr(self, theme), touched[theme]) for theme in THEMES if theme in touched]
        if not any(theme in touched for theme in CHANGE):
            asked.append((self.none, ""))
        remarks = [
            Remark(
                text=n.text.replace(TERM, word),
                mark=Mark.OPEN,
                about="mirror",
                citation=n.citation,
            )
            for n, word in asked
            if n is not None
        ]
        return tuple(remarks[:MAX_QUESTIONS])


class OpinionItem(Item):
    """A question to answer in one's own words."""

    placeholder: str = ""
    max_length: int = Field(default=400, ge=1, le=4000)
    mirror: Mirror | None = None


class Opinion(Exercise[OpinionItem]):
    """Free text. Value: the text; nothing but spaces is no answer."""

    kind: ClassVar[str] = "opinion"
    shape: ClassVar[Shape] = Shape.TEXT
    privacy: ClassVar[Privacy] = Privacy.WRITTEN
    seconds: ClassVar[int] = 45

    _words: Words | None = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _take_words(self, info: ValidationInfo) -> Self:
        facts = (info.context or {}).get("facts")
        if facts is not None:
            self._words = Words.of(
                (word, term.theme) for term in facts.terms() for word in term.words
            )
        return self

    @override
    def face(self, item: OpinionItem) -> dict[str, Json]:
        return {"placeholder": item.placeholder, "max_length": item.max_length}

    @override
    def parts(self, item: OpinionItem) -> tuple[Part, ...]:
        return (Part("", Shape.TEXT, privacy=self.privacy),)

    @override
    def check(self, item: OpinionItem, value: Json) -> Json:
        return kept(value, item.max_length, f"{self.id}/{item.ref}") or None

    @override
    def key(self, item: OpinionItem) -> None:
        return None

    @override
    def judge(self, item: OpinionItem, value: Json) -> ItemResult:
        remarks: tuple[Remark, ...] = ()
        if item.mirror is not None and self._words is not None:
            remarks = item.mirror.questions(self.touched(value))
        return ItemResult(points=0, max_points=0, mark=Mark.TAKEN, remarks=remarks)

    def touched(self, text: str) -> dict[str, str]:
        """Find the themes a text touches, each with its first word; none without the facts."""
        return {} if self._words is None else self._words.touched(text)
