"""`cloze`: a blank in a sentence, filled in by typing; several answers may be right."""

from __future__ import annotations

import unicodedata
from typing import ClassVar, Self

from pydantic import Field, model_validator
from typing_extensions import override

from dxcourse.exercises.base import Exercise, ItemResult, Remark, flat, mark_of
from dxcourse.exercises.parts import Item, Json, Note, Strict, Text
from dxcourse.exercises.shapes import Part, Shape
from dxcourse.exercises.typed_text import kept

BLANK = "（　）"
MAX_TYPED = 40  # characters

# Hiragana is typed where katakana is meant, and the other way round.
KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}


def folded(text: str) -> str:
    """Give a text as it is compared: width (NFKC), case, kana and spaces make no difference."""
    plain = unicodedata.normalize("NFKC", text).casefold().translate(KATAKANA)
    return "".join(plain.split())


class ClozeVerdicts(Strict):
    """What is said of what was typed: when right, of a text foreseen, and of any other."""

    right: Note | None = None
    texts: dict[str, Note] = Field(default_factory=dict)
    wrong: Note | None = None


class ClozeItem(Item):
    """A sentence with one blank, and every text that is right in it; the first is shown."""

    answers: tuple[Text, ...] = Field(min_length=1)
    feedback: ClozeVerdicts = ClozeVerdicts()

    @model_validator(mode="after")
    def _one_blank(self) -> Self:
        if self.text.count(BLANK) != 1:
            raise ValueError(f"a sentence has one blank; write it as {BLANK}")
        return self


class Cloze(Exercise[ClozeItem]):
    """Blanks to fill in. Value: what was typed, without spaces around it."""

    kind: ClassVar[str] = "cloze"
    shape: ClassVar[Shape] = Shape.TEXT
    seconds: ClassVar[int] = 20

    @override
    def face(self, item: ClozeItem) -> dict[str, Json]:
        return {"max_length": MAX_TYPED}

    @override
    def parts(self, item: ClozeItem) -> tuple[Part, ...]:
        return (Part("", Shape.TEXT),)

    @override
    def check(self, item: ClozeItem, value: Json) -> Json:
        return kept(value, MAX_TYPED, f"{self.id}/{item.ref}") or None

    @override
    def key(self, item: ClozeItem) -> Json:
        return item.answers[0]

    @override
    def judge(self, item: ClozeItem, value: Json) -> ItemResult:
        typed, said = folded(value), item.feedback
        share = float(typed in {folded(answer) for answer in item.answers})
        foreseen = {folded(text): note for text, note in said.texts.items()}
        note = said.right if share else foreseen.get(typed, said.wrong)
        return flat(item, share, Remark.of(note, mark_of(share)))
