"""The pictures as data. Each brings a table that says the same to those who cannot see it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class _Piece(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Table(_Piece):
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
    table: Table
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


class Span(_Piece):
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
    spans: tuple[Span, ...]
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
    """A word of the cloud: how many answers have it, and where it stands.

    `x`, `y` is where its baseline begins, `size` its font size and `width` the width it was laid
    out with, all in the cloud's units.
    """

    text: str
    count: int
    x: float
    y: float
    size: float
    width: float


class Cloud(_Picture):
    """Words of the room's opinions, laid out on `width` by `height`."""

    shape: Literal["cloud"] = "cloud"
    width: int
    height: int
    words: tuple[Word, ...]


class Voice(_Piece):
    """What someone wrote, made fit to show. Its id comes from the text, never from the person.

    `count` is how many wrote just this; `cut` whether it goes on.
    """

    id: str
    text: str
    count: int = 1
    pinned: bool = False
    cut: bool = False


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


Picture = Annotated[
    Bars | Heat | Histogram | Radar | Cloud | Themes | Voices, Field(discriminator="shape")
]
