"""Reads one CSV file into rows, each with the place it stands at."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError

from dxcourse.errors import ReadableError
from dxcourse.facts import rows
from dxcourse.facts.rows import Row, columns

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Table:
    """A table: its row model, the columns no two rows share, the files it is in."""

    name: str
    model: type[Row]
    key: tuple[str, ...]
    files: str = ""
    """A glob where the table may be spread over files; else the table's own name."""

    @property
    def pattern(self) -> str:
        """The glob of the table's files."""
        return self.files or f"{self.name}.csv"


TABLES = (
    Table("legend", rows.LegendEntry, ("group", "id")),
    Table("sources", rows.Source, ("id",)),
    Table("facts", rows.Fact, ("id",)),
    Table("laws", rows.Law, ("id",)),
    Table("chain", rows.Link, ("id",)),
    Table("plan_editions", rows.PlanEdition, ("id",)),
    Table("plan_sections", rows.PlanSection, ("edition", "section"), "plan_sections*.csv"),
    Table("plan_items", rows.PlanItem, ("edition", "code"), "plan_items*.csv"),
    Table("results", rows.Result, ("number",)),
    Table("deadlines", rows.Deadline, ("id",)),
    Table("changes", rows.Change, ("date", "fact")),
    Table("societies", rows.Society, ("id",)),
    Table("figure_series", rows.FigureSeries, ("series",)),
    Table("figures", rows.Figure, ("series", "group", "as_of", "unit"), "figures_*.csv"),
    Table("opinion_terms", rows.OpinionTerm, ("theme", "term")),
    Table("glossary", rows.GlossaryTerm, ("id",)),
)


class FactsError(ReadableError, ValueError):
    """``data/`` is not as it should be; the message is ``file:line: what: cure``."""


class UnknownFactError(FactsError, KeyError):
    """A fact was asked for that ``data/facts.csv`` does not have."""

    def __str__(self) -> str:
        # KeyError would show the message in quotes.
        return str(self.args[0])


# What to do about pydantic's own complaints; ours say it themselves.
CURES = {
    "string_too_short": ("is empty", "fill it in"),
    "string_pattern_mismatch": ("is not an id", "use lower-case letters, digits and hyphens"),
    "bool_parsing": ("is neither true nor false", "write true or false"),
}
NUMBER_CURE = ("is not a number", "write digits only, with no comma, sign of unit or space")


@dataclass(frozen=True)
class Placed:
    """A row, and where it was read."""

    place: str
    row: Row


def read_rows(path: Path, model: type[Row]) -> Iterator[Placed]:
    """Read a file's rows.

    Parameters
    ----------
    path : pathlib.Path
        The file: UTF-8, with or without a byte-order mark, a header line first.
    model : type of Row
        What a line holds.

    Yields
    ------
    Placed
        The row and its place, ``data/facts.csv:12``.

    Raises
    ------
    FactsError
        The file cannot be read, or a line is not as the model says.
    """
    name = f"{path.parent.name}/{path.name}"
    expected = columns(model)
    lines = _lines(name, _text(path, name))
    place, header = next(lines, (f"{name}:1", []))
    _check_header(place, header, expected)
    for place, cells in lines:
        if len(cells) != len(header):
            raise FactsError(
                f"{place}: {len(cells)} cells under {len(header)} columns: put a value "
                "that contains a comma in double quotes, and keep every comma between cells"
            )
        try:
            row = model.model_validate(dict(zip(header, cells, strict=True)))
        except ValidationError as error:
            raise FactsError(f"{place}: {_explain(error.errors()[0])}") from None
        yield Placed(place, row)


def _text(path: Path, name: str) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FactsError(
            f"{name}:1: cannot be read ({error.strerror}): put the file back, or start again "
            "from `dxcourse init`"
        ) from error
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise FactsError(
            f"{name}:{line}: not UTF-8 (Shift_JIS?): save the file as "
            "「CSV UTF-8（コンマ区切り）」 in Excel"
        ) from error


def _lines(name: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """Part the text into cells; a place is the line where a row begins."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    start = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield f"{name}:{start}", cells
            start = reader.line_num + 1
    except csv.Error as error:
        raise FactsError(
            f"{name}:{start}: not CSV ({error}): check the double quotes of this line"
        ) from error


def _check_header(place: str, header: list[str], expected: list[str]) -> None:
    missing = [column for column in expected if column not in header]
    unknown = [column for column in header if column not in expected]
    if missing or unknown or len(header) != len(expected):
        found = "; ".join(
            [f'no column "{column}"' for column in missing]
            + [f'unknown column "{column}"' for column in unknown]
        )
        raise FactsError(
            f"{place}: {found or 'a column twice'}: the columns are {','.join(expected)}"
        )


def _explain(error: "ErrorDetails") -> str:
    column = error["loc"][0] if error["loc"] else "row"
    if error["type"] == "value_error":
        return f"{column}: {error['msg'].removeprefix('Value error, ')}"
    value = error["input"]
    if error["type"] in CURES:
        what, cure = CURES[error["type"]]
    elif error["type"].startswith(("int_", "float_", "finite_", "greater_than")):
        what, cure = NUMBER_CURE
    else:
        what, cure = "is not allowed", error["msg"]
    return f'{column}: "{value}" {what}: {cure}'
