"""The report as PowerPoint slides: the page for the mayor, then one question after the other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from dxcourse.workshop.report.comparison import ComparedQuestion, compare_tables
from dxcourse.workshop.report.content import (
    ExerciseResult,
    ReportContent,
    report_content,
    say,
    words,
)
from dxcourse.workshop.report.deck import (
    ACCENT,
    BEFORE,
    INK,
    PAPER,
    SMALL,
    SOFT,
    TITLE_SIZES,
    WHITE,
    Deck,
    Group,
    Panel,
    Paragraph,
    Series,
    Slide,
)
from dxcourse.workshop.report.slide_text import TableRow
from dxcourse.workshop.results import Bars, Cloud, Heat, Histogram, Picture, Themes, Voice, Voices
from dxcourse.workshop.snapshot import Workshop

VOICE_SIZES = (36, 32, 28, 24)  # points
FRONT_VOICES = (24, 22, 20, 18)  # where they all have room beside the rest
NEARLY = 4  # points less: a heading among voices
WORD_SIZES = (40, 36, 32, 28, 24)


def powerpoint_report(workshop: Workshop) -> bytes:
    """Make the file (.pptx). Whatever someone typed is text in it."""
    told = report_content(workshop)
    deck = Deck(say("title", name=told.name), workshop.day)
    _front(deck, told)
    for result in told.results:
        if result.view.pictures:
            _result(deck, result)
    _counted_only(deck, [each for each in told.results if not each.view.pictures])
    for question in compare_tables(workshop):
        _compared(deck, question)
    return deck.file()


def _front(deck: Deck, told: ReportContent) -> None:
    """Tell who moved, what was said, what was promised: it stands alone."""
    summary = told.summary
    title = words()["front"] if summary.moved else words()["front_still"]
    above = say("title", name=told.name)
    slide = deck.slide(title, _soft([f"{above}　{told.day}　{told.hours}".strip()]))
    if summary.moved and summary.moved.view.changed:
        changed = summary.moved.view.changed
        number = Paragraph(
            f"{changed.n}{words()['moved_unit']}", 54, WHITE, bold=True, font="slide_serif"
        )
        moved = [
            Paragraph(summary.moved.view.title, 24, WHITE, bold=True),
            Paragraph(say("moved_of", of=changed.of, n=changed.n), 24, WHITE, above=6),
        ]
        slide.panels([Panel(0.34, ACCENT, [number]), Panel(0.66, ACCENT, moved)])
    kept = [Panel(0.22, PAPER, _counted("came", told.participants, "moved_unit"))]
    if summary.pledges:
        kept.append(Panel(0.22, PAPER, _counted("pledges", summary.pledges, "sheets")))
    asked = [
        Paragraph(words()["in_a_month"], 18, SOFT),
        Paragraph(summary.month, 32, ACCENT, bold=True, font="slide_serif"),
        Paragraph(words()["month_question"], 20, INK, bold=True),
    ]
    left = 1 - sum(each.share for each in kept)
    slide.panels([*kept, Panel(left, PAPER, asked)])
    promise = [Paragraph(words()["promise"], SMALL, SOFT, above=10)]
    heading = Paragraph(words()["front_voices"], 18, ACCENT, bold=True)
    for size in FRONT_VOICES if summary.voices else ():
        said = [heading, *(_quote(voice, size) for voice in summary.voices)]
        if slide.has_room([*said, *promise]):
            slide.text([*said, *promise])
            return
    slide.text(promise)
    if summary.voices:
        _voices(deck, words()["front_voices"], [("", summary.voices)])


def _counted(name: str, count: int, unit: str) -> list[Paragraph]:
    number = Paragraph(f"{count}{words()[unit]}", 32, ACCENT, bold=True, font="slide_serif")
    return [Paragraph(words()[name], 18, SOFT), number]


def _result(deck: Deck, result: ExerciseResult) -> None:
    view = result.view
    notes = [_answered(result), *result.notes]
    if view.changed:
        notes.append(say("changed", of=view.changed.of, n=view.changed.n))
    pictures = [each for each in view.pictures if _says_something(each)]
    if not pictures:
        deck.slide(view.title, _soft(notes))
    for spoken, some in groupby(pictures, lambda each: isinstance(each, Voices)):
        if spoken:
            told = [(each.title, each.voices) for each in some if isinstance(each, Voices)]
            _voices(deck, view.title, told, notes)
            notes = []
            continue
        for picture in some:
            _picture(deck, view.title, picture, notes)
            notes = []


def _answered(result: ExerciseResult) -> str:
    answered = result.view.answered
    counted = [f"{answered.people}{words()['people']}"]
    counted += [f"{answered.pairs}{words()['pairs']}"] if answered.pairs else []
    counted += [f"{words()['hands']} {answered.hands}"] if answered.hands else []
    return "　".join(counted)


def _counted_only(deck: Deck, results: Sequence[ExerciseResult]) -> None:
    """List together the questions of which there is nothing but how many answered."""
    why: dict[tuple[str, ...], list[str]] = {}
    for each in results:
        why.setdefault(each.notes, []).append(
            say("slide_told", name=each.view.title, told=_answered(each))
        )

    def groups(size: int) -> Sequence[Group]:
        return [
            (
                [Paragraph(note, size - NEARLY, SOFT, above=12) for note in notes],
                [Paragraph(line, size, INK, above=6) for line in lines],
            )
            for notes, lines in why.items()
        ]

    if results:
        deck.paragraphs(words()["slide_counts"], [], groups, TITLE_SIZES)


def _says_something(picture: Picture) -> bool:
    """Say whether there is something to see: that all voices are other ones is nothing."""
    if isinstance(picture, Themes):
        return any(each.count or each.before for each in picture.all if each != picture.others)
    return bool(picture.table.rows)


def _picture(deck: Deck, title: str, picture: Picture, notes: Sequence[str]) -> None:
    beneath = _soft(each for each in (picture.title, *notes) if each)
    if isinstance(picture, Cloud):
        _cloud(deck, title, picture, beneath)
        return
    drawn = _bars(picture)
    if drawn and deck.takes_chart(title, beneath, drawn[0]):
        slide = deck.slide(title, beneath)
        slide.chart(*drawn, told=picture.caption)
        slides = [slide]
    else:
        rows = _rows(picture)
        slides = deck.tables(title, beneath, picture.table.head, rows, picture.caption)
    for slide in slides:
        _note(slide, picture)


def _note(slide: Slide, picture: Picture) -> None:
    """Tell in words what the picture shows: for whoever speaks, and whoever does not see it."""
    heads, lines = picture.table.head[1:], [picture.caption]
    for name, *cells in picture.table.rows:
        pairs = zip(heads, cells, strict=True)
        told = [f"{of} {cell}" for of, cell in pairs if cell not in {"", None}]
        lines.append(say("slide_told", name=name, told=say("csv_join").join(told)))
    slide.note(lines)


def _rows(picture: Picture) -> list[TableRow]:
    """Give a picture's rows; those of a heat map with shades, and what is right there marked."""
    if not isinstance(picture, Heat):
        return [TableRow(row) for row in picture.table.rows]
    found = []
    for row, cells in zip(picture.rows, picture.table.rows, strict=True):
        shown = list(cells)
        for at in row.right:
            shown[1 + at] = f"✓ {shown[1 + at]}"
        shares = [None, *(count / row.n if row.n else 0.0 for count in row.counts)]
        found.append(TableRow(shown, shares=shares))
    return found


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


def _cloud(deck: Deck, title: str, picture: Cloud, beneath: Sequence[Paragraph]) -> None:
    """Write the words, those of one count together, the most used the largest."""
    unit = picture.table.head[1]
    used = [(n, list(some)) for n, some in groupby(picture.words, lambda word: word.count)]

    def groups(size: int) -> Sequence[Group]:
        lines = []
        for at, (n, some) in enumerate(used):
            text = words()["words_join"].join(word.text for word in some)
            told = say("slide_words", words=text, n=n, unit=unit)
            lines.append(Paragraph(told, max(24, size - 4 * at), ACCENT, bold=True, above=8))
        return [((), lines)]

    deck.paragraphs(title, beneath, groups, WORD_SIZES)


def _voices(
    deck: Deck,
    title: str,
    told: Sequence[tuple[str, Sequence[Voice]]],
    above: Sequence[str] = (),
) -> None:
    """Write voices, each under what it answers to where there is more than one such thing."""

    def groups(size: int) -> Sequence[Group]:
        return [
            (
                [Paragraph(head, size - NEARLY, ACCENT, bold=True, above=16)] if head else [],
                [_quote(voice, size) for voice in voices],
            )
            for head, voices in told
        ]

    deck.paragraphs(title, _soft(line for line in above if line), groups, VOICE_SIZES)


def _quote(voice: Voice, size: int) -> Paragraph:
    agreed = [say("times", n=voice.count)] if voice.count > 1 else []
    agreed += [say("nods", n=voice.nods)] if voice.nods else []
    text = f"「{voice.text}」{words()['cut'] if voice.cut else ''}"
    return Paragraph(text, size, INK, above=8, font="slide_serif", tail="　".join(agreed))


def _compared(deck: Deck, question: ComparedQuestion) -> None:
    """Lay the tables of the room side by side; what most at one chose stands out."""
    rows = []
    for at, (option, counts) in enumerate(zip(question.options, question.counts, strict=True)):
        cells = (option, *(question.share(at, column) for column in range(len(counts))))
        most = [max(row[column] or 0 for row in question.counts) for column in range(len(counts))]
        strong = frozenset(x for x, n in enumerate(counts, start=1) if n and n == most[x - 1])
        rows.append(TableRow(cells, strong))
    rows.append(TableRow((words()["people"], *map(str, question.sizes))))  # none is too small
    title = say("slide_tables", title=question.title)
    head = (words()["answers"], *question.groups)
    deck.tables(title, _soft([words()["tables_note"]]), head, rows, title)


def _soft(lines: Iterable[str]) -> list[Paragraph]:
    return [Paragraph(line, 18, SOFT) for line in lines]
