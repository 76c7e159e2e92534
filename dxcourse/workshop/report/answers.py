"""All answers as CSV: one line an item, in words, without a trace of who gave it."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from typing import Any

from dxcourse.exercises.shapes import TYPED, Shape
from dxcourse.spreadsheet import csv_text
from dxcourse.text.typed import visible
from dxcourse.workshop.moderation import author_mark, place_of
from dxcourse.workshop.report.content import is_small, say, with_consent, words
from dxcourse.workshop.results import GivenAnswer, is_withheld, voice_id_of
from dxcourse.workshop.snapshot import AskedExercise, Workshop


def answers_csv(workshop: Workshop) -> str:
    """Give the answers as CSV for a spreadsheet (it begins with a byte-order mark).

    The lines of one answer share a number. It is drawn anew for each exercise, so that nobody's
    answers can be followed from one to the next. What was typed stands only with consent; where
    the room was too small for a breakdown, and for voices that were hidden, nothing stands.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = (
        "csv_exercise",
        "csv_title",
        "csv_number",
        "csv_item",
        "csv_answer",
        "csv_sure",
        "csv_reason",
    )
    writer.writerow([words()[name] for name in names])
    for asked in workshop.asked:
        for row in _rows(workshop, asked):
            writer.writerow([csv_text(cell) for cell in row])
    return "\ufeff" + out.getvalue()


def _rows(workshop: Workshop, asked: AskedExercise) -> Iterator[tuple[str, ...]]:
    exercise = asked.exercise
    if is_small(asked) or is_withheld(exercise, asked.given, asked.tallies):
        yield (exercise.id, exercise.title, "", "", say("csv_none_of_it"), "", "")
        return

    def place(each: GivenAnswer) -> str:
        return hashlib.sha256(f"{workshop.seed}\0{exercise.id}\0{each.who}".encode()).hexdigest()

    for number, each in enumerate(sorted(with_consent(workshop, asked), key=place), start=1):
        for item in exercise.items:
            if item.ref in each.items:
                told = _told(asked, workshop.seed, item, each)
                text = "" if exercise.single else item.text
                yield (exercise.id, exercise.title, str(number), text, *told)


def _told(
    asked: AskedExercise,
    seed: str,
    item: Any,  # noqa: ANN401  -- of any kind
    each: GivenAnswer,
) -> tuple[str, str, str]:
    """Give answer, sureness and reason in words: the main parts, and what stands beside them."""
    exercise, value = asked.exercise, each.items[item.ref]
    main = exercise.main_part(item)
    day = getattr(item, "field", "text") == "date"
    answer: list[str] = []
    sure = reason = ""
    for part in exercise.parts(item):
        said = part.of(value)
        if part.shape in TYPED and not day:
            text = _typed(asked, seed, item.ref, str(said or ""), each)
            answer, reason = ([*answer, text], reason) if part == main else (answer, text)
        elif part.shape is Shape.LIKERT and part != main:
            sure = part.words(said)
        else:
            answer.append(part.words(said))
    return say("csv_join").join(filter(None, answer)), sure, reason


def _typed(asked: AskedExercise, seed: str, ref: str, text: str, each: GivenAnswer) -> str:
    if not visible(text):
        return ""
    voice = voice_id_of(asked.exercise, ref, text, seed=seed)
    mark = author_mark(seed, place_of(asked.exercise.id, ref), each.who)
    seen = each.consent and asked.moderation.counts(voice, [mark])
    return visible(text) if seen else say("csv_withheld")
