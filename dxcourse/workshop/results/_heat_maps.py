"""Heat maps: items by places, counted; what all kinds that draw one share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dxcourse.workshop.results._count import counted, disagreement, is_split
from dxcourse.workshop.results._inside import Room
from dxcourse.workshop.results._pictures import Certainty, Column, Heat, HeatRow
from dxcourse.workshop.results._tables import heat_table
from dxcourse.workshop.results._words import say


def heat_map(  # noqa: PLR0913  -- what a picture has, by name
    columns: Iterable[Column],
    rows: Iterable[HeatRow],
    *,
    item: str = "",
    title: str = "",
    caption: str,
    first: str = "item",
    several: bool = False,
) -> Heat:
    """Draw rows by columns.

    Parameters
    ----------
    first
        What the rows are, by its word: it heads the table's first column.
    several
        Whether one answer may be in more than one column of a row.
    """
    columns, rows = tuple(columns), tuple(rows)
    return Heat(
        item=item,
        title=title,
        caption=caption,
        n=max((row.n for row in rows), default=0),
        columns=columns,
        rows=rows,
        several=several,
        table=heat_table(columns, rows, say(first)),
    )


def heat_row(  # noqa: PLR0913  -- what a row has, by name
    room: Room,
    item: Any,  # noqa: ANN401  -- of any kind
    refs: Sequence[str],
    *,
    values: Iterable[str],
    before: Iterable[str] | None,
    right: Iterable[int] = (),
    certainty: Certainty | None = None,
) -> HeatRow:
    """Count an item's values, each one of `refs`, with the hands that were raised for it.

    `values` and `before` are what phones answered now and the first time, `right` the places in
    `refs` that are.
    """
    counts = counted(values, refs, room.hands(item.ref))
    return HeatRow(
        ref=item.ref,
        text=item.text,
        counts=tuple(counts),
        n=sum(counts),
        disagreement=disagreement(counts),
        split=is_split(counts),
        certainty=certainty,
        right=tuple(right),
        before=None if before is None else tuple(counted(before, refs, {})),
    )
