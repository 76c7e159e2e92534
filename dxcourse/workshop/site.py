"""The pages of a workshop and what they are made of, put together once."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import segno
import yaml
from jinja2 import Environment

from dxcourse.text.templates import templates
from dxcourse.web.representation import Representation
from dxcourse.web.site import WebSite
from dxcourse.web.static_files import StaticFiles, read_scripts, static_files
from dxcourse.widgets import page_script, style, tokens
from dxcourse.workshop.results import wall_words

HERE = Path(__file__).parent


@dataclass(kw_only=True)
class RoomSite(WebSite):
    """What is the same for everybody who asks.

    Parameters
    ----------
    join_address
        What a phone opens, without the key: ``http://192.168.0.12:8850``.
    join_key
        What stands in the QR code behind it.
    address
        The address of this machine behind that name.
    """

    join_address: str
    join_key: str
    address: str

    @property
    def join_url(self) -> str:
        """What the QR code says."""
        return f"{self.join_address}/j/{self.join_key}"

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        return templates(HERE / "templates")

    @cached_property
    def words(self) -> Mapping[str, Any]:
        """Every word that the scripts and the terminal show."""
        found: dict[str, Any] = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))
        return found

    def render(self, page: str, /, **more: Any) -> str:  # noqa: ANN401  -- what the template wants
        """A page's HTML."""
        words = {
            "words": self.words.get(page, {}),
            "wall_words": wall_words(),
        }
        template = self.environment.get_template(f"{page}.html.j2")
        return template.render(static=f"/static/{self.version}", **words, **more)

    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""
        return self.render("error", status=status)

    @cached_property
    def qr(self) -> Representation:
        """The QR code to join by, as SVG; its colours stay dark on light on any screen."""
        out = io.BytesIO()
        segno.make(self.join_url, error="m", micro=False).save(
            out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
        )
        return Representation.of(out.getvalue())

    @cached_property
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""
        return static_files(
            {
                **read_scripts(HERE / "static"),
                "exercise.js": page_script(),
                "phone.css": style() + self._sheet("room.css") + self._sheet("phone.css"),
                "board.css": tokens() + self._sheet("room.css") + self._sheet("board.css"),
                "wall.css": tokens() + self._sheet("wall.css") + self._sheet("screen.css"),
            }
        )

    def _sheet(self, name: str) -> str:
        return (HERE / "static" / name).read_text(encoding="utf-8")
