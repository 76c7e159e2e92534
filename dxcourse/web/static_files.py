"""Scripts and sheets that a server sends: read once, compressed once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from dxcourse.web.representation import Representation

HERE = Path(__file__).parent
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json; charset=utf-8",
}
StaticFiles = Mapping[str, tuple[str, Representation]]
"""Of each file its content type and what is sent, by name."""


def static_files(texts: Mapping[str, str]) -> StaticFiles:
    """Make files of what stands in them; the name's ending says the type."""
    return {
        name: (TYPES[Path(name).suffix], Representation.of(text.encode()))
        for name, text in texts.items()
    }


def read_scripts(folder: Path) -> dict[str, str]:
    """The scripts of a folder, by name."""
    return {path.name: path.read_text("utf-8") for path in sorted(folder.glob("*.js"))}


def page_scripts() -> dict[str, str]:
    """The scripts of a page with exercises that are answered over HTTP."""
    return read_scripts(HERE / "static")


def page_style() -> str:
    """The sheet of a page's frame."""
    return (HERE / "static/page.css").read_text("utf-8")
