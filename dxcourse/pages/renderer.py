"""A notebook becomes a page: Voila's renderer, our template, and no failed page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from nbclient.exceptions import CellExecutionError
from voila.exporter import VoilaMarkdownRenderer
from voila.notebook_renderer import NotebookRenderer

from dxcourse import course as courses
from dxcourse.notebook_calls import unbroken
from dxcourse.pages.cache import RenderError

WIDE = 4  # columns that do not fit on a phone


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
        head = text.partition("</tr>")[0]
        columns = head.count("</th>") + head.count("</td>")
        focus = ' tabindex="0"' if columns >= WIDE else ""
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
