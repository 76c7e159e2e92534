"""A notebook becomes a page: Voila's renderer, our template, and no failed page."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from html import escape, unescape
from typing import Any

from nbclient.exceptions import CellExecutionError
from voila.exporter import VoilaMarkdownRenderer
from voila.notebook_renderer import NotebookRenderer

from dxcourse import course as courses
from dxcourse.notebook_calls import unbroken
from dxcourse.pages.cache import RenderError

WIDE = 4  # columns that do not fit on a phone
PAIR = 2  # columns that do, whatever they hold
SHORT = 12  # characters of a cell that do not break where three columns share a phone

_CELL = re.compile(r"<t[hd][^>]*>(.*?)</t[hd]>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell"}


def _length(cell: str) -> int:
    return len(_TAG.sub("", cell))


def _listed(head: str, body: str, names: list[str]) -> str:
    """Rows that a phone shows as a list: cells that could be mixed up say their columns.

    The roles stay a table's.
    """
    cells = [_length(cell) for cell in _CELL.findall(body)]
    long = [max(cells[place :: len(names)]) > SHORT for place in range(len(names))]
    place = 0

    def named(found: re.Match[str]) -> str:
        nonlocal place
        column = place % len(names)
        place += 1
        short = column and not long[column]
        if not column or (not short and sum(long[1:]) == 1):  # nothing to be taken for another
            return found[0]
        label = f'{found[0]} data-label="{escape(unescape(names[column]))}"'
        return f"{label} data-short" if short else label

    whole = head + "</tr>" + re.sub(r"<td", named, body)
    return re.sub(
        r"<(thead|tbody|tr|th|td)\b", lambda found: f'{found[0]} role="{_ROLES[found[1]]}"', whole
    )


class PageRenderer(NotebookRenderer):  # type: ignore[misc]  # Voila has no types
    """Voila's renderer, which raises where Voila shows a page without its content.

    A cell's exception and a time-out both end as status 200 in Voila; here they end the page.
    """

    async def _jinja_cell_generator(self, nb: Any, kernel_id: str) -> AsyncGenerator[Any, None]:  # noqa: ANN401, ARG002
        for index, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                cell.outputs = []
                await self._run(cell, index)
            yield cell
        await self._cleanup_resources()

    async def _run(self, cell: Any, index: int) -> None:  # noqa: ANN401
        place = f"{self.notebook_path}, cell {cell.get('id', index)}"
        try:
            await self.executor.async_execute_cell(cell, index, store_history=False)
        except CellExecutionError as error:
            msg = f"{place}: {error.ename}: {error.evalue}"
            raise RenderError(msg) from error
        except Exception as error:
            msg = f"{place}: {type(error).__name__}: {error}"
            raise RenderError(msg) from error
        if not cell.source.startswith("from dxcourse import") and not any(
            "text/html" in output.get("data", {}) for output in cell.outputs
        ):
            msg = f"{place}: it came out empty"
            raise RenderError(msg)


class PlainMarkdown(VoilaMarkdownRenderer):  # type: ignore[misc]
    """Markdown without an anchor behind every heading, and with notebooks' links made ours."""

    def text(self, text: str) -> str:
        """Text whose codes do not break at the end of a line."""
        return unbroken(str(super().text(text)))

    def heading(self, text: str, level: int, **_: Any) -> str:  # noqa: ANN401
        """A heading, as it is."""
        return f"<h{level}>{text}</h{level}>\n"

    def table(self, text: str) -> str:
        """A table; the keyboard can scroll one that is wider than a phone."""
        head, _, body = text.partition("</tr>")
        names = [_TAG.sub("", cell) for cell in _CELL.findall(head)]
        focus = ' tabindex="0"' if len(names) >= WIDE else ""
        cells = [_length(cell) for cell in _CELL.findall(body)]
        if (
            len(names) > PAIR
            and max(cells[1 :: len(names)] + cells[2 :: len(names)], default=0) > SHORT
        ):
            listed = _listed(head, body, names)
            return f'<table{focus} class="listed" role="table">\n{listed}</table>\n'
        return f"<table{focus}>\n{text}</table>\n"

    def table_cell(self, text: str, align: str | None = None, *, head: bool = False) -> str:
        """A cell: a corner with nothing in it heads nothing, and no style stands in the page."""
        tag = "th" if head and text.strip() else "td"
        scope = ' scope="col"' if tag == "th" else ""
        side = f' data-align="{align}"' if align else ""
        return f"<{tag}{scope}{side}>{text}</{tag}>\n"

    def link(self, text: str, url: str, title: str | None = None) -> str:
        """A link; one to another notebook of the course leads to that notebook's page."""
        notebook, _, place = url.partition("#")
        if notebook.endswith(".ipynb"):
            address = courses.current().address_of(notebook) or "/"
            url = f"{address}#{place}" if place else address
        return str(super().link(text, url, title))
