"""What someone typed stays text in a spreadsheet, in Excel files and in CSV alike."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell import Cell

# Text that a spreadsheet would take for a formula when it is typed or read from CSV; a Japanese
# Excel takes the full-width signs alike.
FORMULA = tuple("=+-@＝＋－＠\t\r\n")
# What XML cannot hold would leave a file that Excel calls damaged.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def put_text(cell: Cell, value: str) -> None:
    """Write text as text: openpyxl alone would make a formula of 「=…」."""
    cell.value = FORBIDDEN.sub("", value)
    cell.data_type = "s"
    # As if begun with an apostrophe: it stays text when someone edits the cell.
    cell.quotePrefix = value.startswith(FORMULA)


def csv_text(text: str) -> str:
    """Give a text for a cell of a CSV that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text
