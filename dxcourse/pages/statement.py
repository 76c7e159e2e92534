"""What the operator states in a file of their own: on answers, and on accessibility."""

from __future__ import annotations

from pathlib import Path

import mistune
from markupsafe import Markup

MARKDOWN = mistune.create_markdown(escape=True, plugins=["table"])
MOST = 200_000  # characters; a statement has far fewer


def statement(path: Path) -> Markup:
    """A file of Markdown as HTML. HTML in it is shown as text, and no link runs a script.

    Raises
    ------
    OSError, UnicodeDecodeError
        It cannot be read.
    """
    text = path.read_text(encoding="utf-8-sig")[:MOST]
    return Markup(MARKDOWN(text))  # noqa: S704  -- `escape` lets no HTML through
