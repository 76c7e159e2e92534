"""The one set-up of our HTML templates: everything is escaped, and a missing value is an error."""

from __future__ import annotations

import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dxcourse.text import say


def templates(folder: Path) -> Environment:
    """Where the templates of a folder are.

    ``t("pages.title")`` is `dxcourse.text.say`; `strong` sets off what a text has between ``**``;
    `script_json` puts data into a script element.
    """
    found = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.globals["t"] = say
    found.filters["script_json"] = script_json
    found.filters["strong"] = strong
    return found


def strong(text: str) -> Markup:
    """A text whose parts between ``**`` are set off; everything else of it is escaped."""
    return Markup(re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", str(escape(text))))  # noqa: S704


def script_json(data: object) -> Markup:
    """JSON that no content can break out of a script element with."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(  # noqa: S704  -- `<`, `>` and `&` are escaped right here
        text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    )
