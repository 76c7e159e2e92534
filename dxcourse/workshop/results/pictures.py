"""The pictures as data. Each brings a table that says the same to those who cannot see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from dxcourse.text import say as text
from dxcourse.text import words


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PictureTable(_Piece):
    """A picture in rows: the first cell of each names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[str | int | float | None, ...], ...]


class _Picture(_Piece):
    """What every picture has.

    `n` is how many answers it stands for, `title` the item's text (empty where the exercise is
    its one item), `caption` what the picture is called when it is not seen, `page` where it stands
    on the projector, which shows one page at a time.
    """

    item: str
    title: str
    caption: str
    n: int
    table: PictureTable
    page: int = 0


class Certainty(_Piece):
    """How sure the key is, and where that comes from: the sign, its word, the source."""

    mark: str
    name: str
    source: str


class Bar(_Piece):
    """One option: how many chose it now, and before where it was asked before."""

    ref: str
    text: str
    count: int
    before: int | None = None
    right: bool | None = None


class Bars(_Picture):
    """Options as bars; `several` where one answer may tick more than one."""

    shape: Literal["bars"] = "bars"
    bars: tuple[Bar, ...]
    several: bool = False
    before_n: int | None = None


class Column(_Piece):
    """A column of a heat map; `sign` stands for what is fixed there."""

    ref: str
    text: str
    sign: str = ""


class HeatRow(_Piece):
    """A row of a heat map.

    `disagreement` is the entropy of the counts, 0 (one mind) … 1 (every column alike); `split`
    where two columns are nearly as strong. `right` holds the places of the columns that are right.
    """

    ref: str
    text: str
    counts: tuple[int, ...]
    n: int
    disagreement: float = 0.0
    split: bool = False
    certainty: Certainty | None = None
    right: tuple[int, ...] = ()
    before: tuple[int, ...] | None = None
    note: str = ""


class Heat(_Picture):
    """Rows by columns; `several` where one answer may be in more than one column of a row."""

    shape: Literal["heat"] = "heat"
    columns: tuple[Column, ...]
    rows: tuple[HeatRow, ...]
    several: bool = False


class HistogramStep(_Piece):
    """A step of a histogram: from `low` to below `high` (the last one holds `high` too)."""

    low: float
    high: float
    label: str
    count: int
    before: int | None = None
    right: bool | None = None


class Histogram(_Picture):
    """Numbers in steps of one width; the steps at the ends may be open, as their labels say."""

    shape: Literal["histogram"] = "histogram"
    spans: tuple[HistogramStep, ...]
    median: str
    before_median: str | None = None
    right: str | None = None


class Spoke(_Piece):
    """An axis of the radar: mean and middle half of the room, on levels from 0."""

    text: str
    mean: float
    low: float
    high: float
    before: float | None = None


class Radar(_Picture):
    """The room on several axes, all people together."""

    shape: Literal["radar"] = "radar"
    levels: tuple[str, ...]
    spokes: tuple[Spoke, ...]


class Word(_Piece):
    """A word of the cloud, as most people wrote it, and how many did."""

    text: str
    count: int


class Cloud(_Picture):
    """Words of the room's answers, the most used first."""

    shape: Literal["cloud"] = "cloud"
    words: tuple[Word, ...]


class Voice(_Piece):
    """What someone wrote, made fit to show. Its id comes from the text, never from the person.

    `count` is how many wrote just this, `nods` how many agreed with it; `cut` whether it goes
    on, and `span` how many of a row's three places it needs on the wall.
    """

    id: str
    text: str
    count: int = 1
    pinned: bool = False
    cut: bool = False
    nods: int = 0
    span: int = 1


class Theme(_Piece):
    """What opinions speak of, or a heading of the facilitator's; with some voices."""

    id: str
    name: str
    count: int
    before: int | None = None
    voices: tuple[Voice, ...] = ()


class Themes(_Picture):
    """Themes with sample voices. One opinion may touch several themes, or none."""

    shape: Literal["themes"] = "themes"
    themes: tuple[Theme, ...]
    groups: tuple[Theme, ...] = ()
    pinned: tuple[Voice, ...] = ()
    others: Theme
    before_n: int | None = None

    @property
    def all(self) -> tuple[Theme, ...]:
        """The facilitator's headings, the themes, and what touches none."""
        return (*self.groups, *self.themes, self.others)


class Voices(_Picture):
    """Some voices, in an order that is not the one they came in."""

    shape: Literal["voices"] = "voices"
    voices: tuple[Voice, ...]


class Pledges(_Picture):
    """How many wrote a pledge: a card each on the wall."""

    shape: Literal["pledges"] = "pledges"


class Plain(_Picture):
    """A picture of its rows alone: of a shape that has no way of its own."""

    shape: Literal["plain"] = "plain"


Picture = Annotated[
    Bars | Heat | Histogram | Radar | Cloud | Themes | Voices | Pledges | Plain,
    Field(discriminator="shape"),
]


Cell = str | int | float | None


def bars_table(bars: Sequence[Bar], first: str) -> PictureTable:
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
    return PictureTable(head=tuple(head), rows=tuple(rows))


def heat_table(columns: Sequence[Column], rows: Sequence[HeatRow], first: str) -> PictureTable:
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
    return PictureTable(head=tuple(head), rows=tuple(body))


def themes_table(themes: Sequence[Theme]) -> PictureTable:
    """Lay themes out in rows."""
    asked_before = any(theme.before is not None for theme in themes)
    head = (say("theme"), say("people"), *([say("before")] if asked_before else []))
    rows = tuple(
        (theme.name, theme.count, *([theme.before] if asked_before else [])) for theme in themes
    )
    return PictureTable(head=head, rows=rows)


def voices_table(voices: Sequence[Voice]) -> PictureTable:
    """Lay voices out in rows."""
    rows = tuple((voice.text, voice.count) for voice in voices)
    return PictureTable(head=(say("voice"), say("people")), rows=rows)


# -- The words and figures of the pictures, on the wall and in tables ------------------------------


def say(name: str, **fields: Any) -> str:  # noqa: ANN401  -- what `format` takes
    """Give a word of the pictures and tables, filled in."""
    return text(f"workshop.pictures.{name}", **fields)


def theme_name(theme: str) -> str:
    """Give the name of a theme, by its id."""
    return text(f"workshop.themes.{theme}")


def theme_names() -> tuple[str, ...]:
    """Give the ids of the themes that texts touch, in their order."""
    return tuple(words("workshop.themes"))


def wall_words() -> Mapping[str, str]:
    """Give the words that `wall.js` is handed; {n} and the like are filled in there."""
    return words("workshop.wall")


DIGITS = 12  # significant ones: what a float adds beyond is noise
SHORT_DIGITS = 3  # significant digits that a short number keeps


def exact(value: float) -> str:
    """Give a number with its thousands set apart: ``1,741``, ``0.35``."""
    rounded = float(f"{value:.{DIGITS}g}")
    if rounded.is_integer():
        return f"{int(rounded):,}"
    text = f"{rounded:,.10f}".rstrip("0")
    return text.rstrip(".")


def short(value: float) -> str:
    """Give a number for a narrow place: 「120万」, where that loses nothing."""
    for power, name in ((12, "trillion"), (8, "hundred_million"), (4, "ten_thousand")):
        part = float(f"{value / 10**power:.{DIGITS}g}")
        if abs(part) >= 1 and float(f"{part:.{SHORT_DIGITS}g}") == part:
            return f"{exact(part)}{say(name)}"
    return exact(value)
