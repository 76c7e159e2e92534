"""A notebook run as our pages run it, and what a reader then sees."""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from dxcourse.course import COURSE_VARIABLE
from dxcourse.settings import RENDER_VARIABLE, TODAY_VARIABLE
from support import waiting

BLOCKS = {"p", "li", "tr", "h1", "h2", "h3", "dt", "dd", "summary", "figcaption", "caption", "div"}


class _Reader(HTMLParser):
    """Collects the words of a page, a line a block; pictures speak by their alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = [""]
        self._silent = False
        self._drawing = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in {"script", "style"}
        self._drawing = tag == "svg" or self._drawing
        if tag in BLOCKS:
            self.lines.append("")
        if tag == "svg" and dict(attrs).get("aria-label"):
            self.lines[-1] += f"[{dict(attrs)['aria-label']}]"
        if tag in {"td", "th"} and self.lines[-1]:
            self.lines[-1] += " | "

    def handle_endtag(self, tag: str) -> None:
        self._silent = False
        self._drawing = self._drawing and tag != "svg"
        if tag in BLOCKS:
            self.lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._silent and not self._drawing:
            self.lines[-1] += data


def words_of(html: str) -> list[str]:
    """Give the lines a reader sees of some HTML."""
    reader = _Reader()
    reader.feed(html)
    return [" ".join(line.split()) for line in reader.lines if line.strip()]


class Reader:
    """Runs notebooks one after the other in a kernel, whose start took longer than most of them.

    Before each all names are cleared, so that a notebook has what its own cells bring.
    """

    def __init__(self, root: Path, today: str) -> None:
        self._kernel = AsyncKernelManager(kernel_name="python3")
        self._environment = os.environ | {
            RENDER_VARIABLE: "1",
            TODAY_VARIABLE: today,
            COURSE_VARIABLE: str(root),
        }

    def read(self, notebook: Path) -> str:
        """Run a notebook and give what a reader sees, cell by cell.

        Raises
        ------
        CellExecutionError
            A cell failed.
        """
        page = nbformat.read(notebook, as_version=4)
        page.cells.insert(0, new_code_cell("%reset -f"))
        place = {"metadata": {"path": notebook.parent}}
        client = NotebookClient(page, km=self._kernel, timeout=120, resources=place)
        try:
            client.execute(env=self._environment)
        finally:
            if client.kc is not None:
                client.kc.stop_channels()
        lines: list[str] = []
        for cell in page.cells[1:]:
            lines.append(f"== {cell.id}")
            if cell.cell_type == "markdown":
                lines += cell.source.splitlines()
                continue
            for output in cell.outputs:
                assert output.output_type in {"display_data", "execute_result"}, output
                lines += words_of(output.data["text/html"])
        return "\n".join(lines) + "\n"

    def close(self) -> None:
        """End the kernel."""

        async def end() -> None:
            await self._kernel.shutdown_kernel(now=True)

        waiting.run(end())
