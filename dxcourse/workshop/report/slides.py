"""The report as PowerPoint slides: the page for the mayor, then one question after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dxcourse.workshop.report.comparison import ComparedQuestion, compare_tables
from dxcourse.workshop.report.content import (
    ExerciseResult,
    ReportContent,
    report_content,
    say,
    words,
)
from dxcourse.workshop.report.deck import ACCENT, BEFORE, INK, SMALL, SOFT, Deck, Line, Series
from dxcourse.workshop.results import Bars, Histogram, Picture, Themes, Voice, Voices
from dxcourse.workshop.snapshot import Workshop


def powerpoint_report(workshop: Workshop) -> bytes:
    """Make the file (.pptx). Whatever someone typed is text in it."""
    told = report_content(workshop)
    deck = Deck()
    _front(deck, told)
    for result in told.results:
        _result(deck, result)
    for question in compare_tables(workshop):
        _compared(deck, question)
    return deck.file()


def _front(deck: Deck, told: ReportContent) -> None:
    """Tell who moved, what was said, what was promised: it stands alone."""
    summary = told.summary
    lines: list[Line] = [
        (say("title", name=told.name), 18, False, SOFT),
        (f"{told.day}　{told.hours}".strip(), 18, False, SOFT),
        (f"{words()['came']}　{told.participants}{words()['moved_unit']}", 28, True, ACCENT),
    ]
    if summary.moved and summary.moved.view.changed:
        changed = summary.moved.view.changed
        lines.append((summary.moved.view.title, 20, True, INK))
        lines.append((say("moved_of", of=changed.of, n=changed.n), 24, True, ACCENT))
    if summary.pledges:
        line = f"{words()['pledges']}　{summary.pledges}{words()['sheets']}"
        lines.append((line, 28, True, ACCENT))
    lines.append((f"{words()['in_a_month']}　{summary.month}", 20, True, INK))
    lines.append((words()["month_question"], 20, False, INK))
    lines.append((words()["promise"], SMALL, False, SOFT))
    deck.slide(words()["front"] if summary.moved else words()["front_still"], lines)
    if summary.voices:
        _voices(deck, words()["front_voices"], summary.voices)


def _result(deck: Deck, result: ExerciseResult) -> None:
    view = result.view
    counted = [f"{view.answered.people}{words()['people']}"]
    counted += [f"{view.answered.pairs}{words()['pairs']}"] if view.answered.pairs else []
    counted += [f"{words()['hands']} {view.answered.hands}"] if view.answered.hands else []
    notes = ["　".join(counted), *result.notes]
    if view.changed:
        notes.append(say("changed", of=view.changed.of, n=view.changed.n))
    if not view.pictures:
        deck.slide(view.title, _soft(notes))
    for at, picture in enumerate(view.pictures):
        _picture(deck, view.title, picture, notes if at == 0 else ())


def _picture(deck: Deck, title: str, picture: Picture, notes: Sequence[str]) -> None:
    if isinstance(picture, Voices):
        _voices(deck, title, picture.voices, (picture.title, *notes))
        return
    beneath = _soft(each for each in (picture.title, *notes) if each)
    drawn = _bars(picture)
    if drawn and deck.takes_chart(beneath, drawn[0]):
        deck.slide(title, beneath).chart(*drawn)
    else:
        deck.tables(title, beneath, picture.table.head, picture.table.rows)


def _bars(picture: Picture) -> tuple[list[str], list[Series]] | None:
    """Give names and counts of what is drawn as bars; the earlier ones first."""
    things: Sequence[Any]
    if isinstance(picture, Bars):
        things, names = picture.bars, [f"{'✓ ' if b.right else ''}{b.text}" for b in picture.bars]
    elif isinstance(picture, Histogram):
        things, names = picture.spans, [span.label for span in picture.spans]
    elif isinstance(picture, Themes):
        things = [each for each in picture.all if each.count or each.before]
        names = [each.name for each in things]
    else:
        return None
    if not things:
        return None
    now = Series(words()["now"], [each.count for each in things], ACCENT)
    if any(each.before is not None for each in things):
        return names, [
            Series(words()["before"], [each.before or 0 for each in things], BEFORE),
            now,
        ]
    return names, [now]


def _voices(deck: Deck, title: str, voices: Sequence[Voice], above: Sequence[str] = ()) -> None:
    blocks: list[Sequence[Line]] = [_soft(line for line in above if line)]
    for voice in voices:
        quote = f"「{voice.text}」{words()['cut'] if voice.cut else ''}"
        agreed = [(say("nods", n=voice.nods), SMALL, False, SOFT)] if voice.nods else []
        blocks.append([(quote, 24, False, INK), *agreed])
    deck.paragraphs(title, [block for block in blocks if block])


def _compared(deck: Deck, question: ComparedQuestion) -> None:
    """Lay the tables of the room side by side; what most at one chose stands out."""
    rows, strong = [], []
    for at, (option, counts) in enumerate(zip(question.options, question.counts, strict=True)):
        rows.append((option, *(question.share(at, column) for column in range(len(counts)))))
        most = [max(row[column] or 0 for row in question.counts) for column in range(len(counts))]
        strong.append([x for x, n in enumerate(counts, start=1) if n and n == most[x - 1]])
    rows.append((words()["people"], *map(str, question.sizes)))  # a small table has no column
    lines = _soft([f"{words()['tables']}　{words()['tables_note']}"])
    head = (words()["answers"], *question.groups)
    deck.tables(question.title, lines, head, rows, [*strong, []])


def _soft(lines: Iterable[str]) -> list[Line]:
    return [(line, 16, False, SOFT) for line in lines]
