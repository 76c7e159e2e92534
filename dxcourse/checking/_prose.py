"""A module's text as it is read: without the signs of Markdown."""

from __future__ import annotations

import re

LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s|^[-| ]+$|[|*`\s]", re.MULTILINE)


def characters(source: str) -> int:
    """Count the characters of a Markdown text that a reader reads."""
    return len(SIGNS.sub("", LINK.sub(r"\1", source)))
