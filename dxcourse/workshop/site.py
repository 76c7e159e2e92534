"""The pages of a workshop and what they are made of, put together once."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import segno
from jinja2 import Environment

from dxcourse.text import words
from dxcourse.text.templates import templates
from dxcourse.web.site import WebSite
from dxcourse.web.static_files import Representation, StaticFiles, read_scripts, static_files
from dxcourse.widgets import page_script, style, tokens
from dxcourse.workshop.drawings import PICTURE_TYPES, our_picture
from dxcourse.workshop.folder import Wifi, WorkshopFolder, WorkshopKeys
from dxcourse.workshop.results import wall_words

HERE = Path(__file__).parent
SCRIPTS = {"phone": "phone", "board": "board", "wall": "screen", "test": "test", "sheet": "sheet"}
"""Pages with a script, and the part of the words that it shows."""


@dataclass(kw_only=True)
class RoomSite(WebSite):
    """What is the same for everybody who asks.

    Parameters
    ----------
    join_address
        What a phone opens, without the key: ``http://192.168.0.12:8850``.
    join_key
        What stands in the QR code behind it.
    address, port
        The address of this machine behind that name.
    own
        All addresses of this machine: who comes from one of them is no phone.
    wifi
        The network that phones join first, where it was told.
    """

    join_address: str
    join_key: str
    address: str
    port: int = 0
    own: frozenset[str] = frozenset()
    wifi: Wifi | None = None

    @property
    def join_url(self) -> str:
        """What the QR code says."""
        return f"{self.join_address}/j/{self.join_key}"

    @cached_property
    def environment(self) -> Environment:
        """The templates."""
        return templates(HERE / "templates")

    def render(self, page: str, /, **more: Any) -> str:  # noqa: ANN401  -- what the template wants
        """A page's HTML, with the words that its script shows."""
        spoken = words(f"workshop.{SCRIPTS[page]}") if page in SCRIPTS else {}
        template = self.environment.get_template(f"{page}.html.j2")
        return template.render(
            static=f"/static/{self.version}",
            words=spoken,
            stage_words=words("workshop.screen"),
            wall_words=wall_words(),
            **more,
        )

    def door(self, keys: WorkshopKeys) -> dict[str, Any]:
        """What the wall says of how to come in."""
        at = f"/wall/{keys.wall}"
        return {
            "qr": f"{at}/qr.svg",
            "wifi": self.wifi.name if self.wifi else "",
            "wifi_qr": f"{at}/wifi.svg" if self.wifi else "",
            "code": keys.code_to_read,
            "address": self.join_address.removeprefix("http://"),
            "pictures": {"tea": "/pictures/tea.svg"},
        }

    def picture(self, kept: WorkshopFolder, name: str) -> tuple[Representation, str] | None:
        """A picture by its name, and what kind it is: one of ours, or of the workshop's folder."""
        kind = PICTURE_TYPES.get(Path(name).suffix.lower())
        path = kept.pictures / Path(name).name
        if kind and path.is_file():
            return Representation.of(path.read_bytes()), kind
        drawn = our_picture(Path(name).stem)
        if drawn is None or kind != PICTURE_TYPES[".svg"]:
            return None
        return Representation.of(drawn.encode()), kind

    def error_page(self, status: int) -> str:
        """What a person reads when something is not there or went wrong."""
        return self.render("error", status=status)

    @cached_property
    def qr(self) -> Representation:
        """The QR code to join by, as SVG; its colours stay dark on light on any screen."""
        return qr_code(self.join_url)

    @cached_property
    def wifi_qr(self) -> Representation | None:
        """The QR code that joins the network."""
        return qr_code(self.wifi.code) if self.wifi else None

    @cached_property
    def static(self) -> StaticFiles:
        """Scripts and sheets by name."""
        return static_files(
            {
                **read_scripts(HERE / "static"),
                "exercise.js": page_script(),
                "phone.css": style() + self._sheet("room.css") + self._sheet("phone.css"),
                "board.css": tokens()
                + self._stage
                + self._sheet("room.css")
                + self._sheet("board.css"),
                "wall.css": tokens() + self._stage + self._sheet("screen.css"),
            }
        )

    @property
    def _stage(self) -> str:
        return self._sheet("stage.css") + self._sheet("wall.css")

    def _sheet(self, name: str) -> str:
        return (HERE / "static" / name).read_text(encoding="utf-8")


def qr_code(text: str) -> Representation:
    """A QR code as SVG; dark on light on any screen."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=4, dark="#000", light="#fff", xmldecl=False, omitsize=True
    )
    return Representation.of(out.getvalue())
