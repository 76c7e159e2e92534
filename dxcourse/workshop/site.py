"""The pages of a workshop and what they are made of, put together once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import segno
import yaml
from jinja2 import Environment

from dxcourse.text.templates import templates
from dxcourse.web.profile import ServerProfile
from dxcourse.web.representation import Representation
from dxcourse.widgets import page_script, style, tokens
from dxcourse.workshop.results import wall_words

HERE = Path(__file__).parent
_JS, _CSS = "text/javascript; charset=utf-8", "text/css; charset=utf-8"


@dataclass
class RoomSite:
    """What is the same for everybody who asks.

    Parameters
    ----------
    hosts
        The names under which this server is asked for; others get nothing (DNS rebinding).
    join_address
        What a phone opens, without the key: ``http://192.168.0.12:8850``.
    join_key
        What stands in the QR code behind it.
    address
        The address of this machine behind that name.
    """

    hosts: frozenset[str]
    join_address: str
    join_key: str
    address: str
    manner: ServerProfile = field(default_factory=ServerProfile)
    busy: set[object] = field(default_factory=set)
    """The requests that are being answered."""

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
    def static(self) -> dict[str, tuple[str, Representation]]:
        """Scripts and sheets by name."""
        found = {"exercise.js": (_JS, Representation.of(page_script().encode()))}
        for path in sorted((HERE / "static").iterdir()):
            if path.suffix == ".js":
                found[path.name] = (_JS, Representation.of(path.read_bytes()))
        sheets = {
            "phone.css": style() + self._sheet("room.css") + self._sheet("phone.css"),
            "board.css": tokens() + self._sheet("room.css") + self._sheet("board.css"),
            "wall.css": tokens() + self._sheet("wall.css") + self._sheet("screen.css"),
        }
        return found | {
            name: (_CSS, Representation.of(text.encode())) for name, text in sheets.items()
        }

    def _sheet(self, name: str) -> str:
        return (HERE / "static" / name).read_text(encoding="utf-8")

    @cached_property
    def version(self) -> str:
        """The part of a static address that changes when any of the files does."""
        etags = "".join(page.etag for _, page in self.static.values())
        return hashlib.sha256(etags.encode()).hexdigest()[:12]
