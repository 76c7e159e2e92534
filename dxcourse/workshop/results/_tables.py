"""Pictures as tables: the same in rows."""

from __future__ import annotations

from collections.abc import Sequence

from dxcourse.workshop.results._pictures import Bar, Column, HeatRow, Table, Theme, Voice
from dxcourse.workshop.results._words import say

Cell = str | int | float | None


def bars_table(bars: Sequence[Bar], first: str) -> Table:
    """Lay bars out in rows."""
    asked_before = any(bar.before is not None for bar in bars)
    marked = any(bar.right is not None for bar in bars)
    head = [first, say("answers")]
    head += [say("before")] if asked_before else []
    head += [say("key")] if marked else []
    rows: list[tuple[Cell, ...]] = []
    for bar in bars:
        row: list[Cell] = [bar.text, bar.count]
        row += [bar.before] if asked_before else []
        row += [say("tick") if bar.right else ""] if marked else []
        rows.append(tuple(row))
    return Table(head=tuple(head), rows=tuple(rows))


def heat_table(columns: Sequence[Column], rows: Sequence[HeatRow], first: str) -> Table:
    """Lay a heat map out in rows; what it says by shade or sign stands in words."""
    split = any(row.split for row in rows)
    marked = any(row.right for row in rows)
    certain = any(row.certainty for row in rows)
    noted = any(row.note for row in rows)
    head = [first, *(column.text for column in columns)]
    asked_before = any(row.before is not None for row in rows)
    head += [f"{say('before')} {column.text}" for column in columns] if asked_before else []
    head += [say("split_head")] if split else []
    head += [say("key")] if marked else []
    head += [say("certainty")] if certain else []
    head += [say("note")] if noted else []
    body: list[tuple[Cell, ...]] = []
    for row in rows:
        cells: list[Cell] = [row.text, *row.counts]
        cells += (row.before or (None,) * len(columns)) if asked_before else ()
        cells += [say("split") if row.split else ""] if split else []
        cells += [say("and").join(columns[at].text for at in row.right)] if marked else []
        sure = row.certainty
        cells += [f"{sure.mark} {sure.name}" if sure else ""] if certain else []
        cells += [row.note] if noted else []
        body.append(tuple(cells))
    return Table(head=tuple(head), rows=tuple(body))


def themes_table(themes: Sequence[Theme]) -> Table:
    """Lay themes out in rows."""
    asked_before = any(theme.before is not None for theme in themes)
    head = (say("theme"), say("people"), *([say("before")] if asked_before else []))
    rows = tuple(
        (theme.name, theme.count, *([theme.before] if asked_before else [])) for theme in themes
    )
    return Table(head=head, rows=rows)


def voices_table(voices: Sequence[Voice]) -> Table:
    """Lay voices out in rows."""
    rows = tuple((voice.text, voice.count) for voice in voices)
    return Table(head=(say("voice"), say("people")), rows=rows)
