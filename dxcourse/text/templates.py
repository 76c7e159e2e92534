"""The one set-up of our HTML templates: everything is escaped, and a missing value is an error."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from dxcourse.text import say


def templates(folder: Path) -> Environment:
    """Where the templates of a folder are.

    ``t("pages.title")`` is `dxcourse.text.say`; `script_json` puts data into a script element.
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
    return found


def script_json(data: object) -> Markup:
    """JSON that no content can break out of a script element with."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(  # noqa: S704  -- `<`, `>` and `&` are escaped right here
        text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    )
