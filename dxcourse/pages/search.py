"""What the search looks through: every section and every term, without what a gate hides."""

from __future__ import annotations

import json
import re

from dxcourse.chapters import heading_of, revealed_by
from dxcourse.course import Course

_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_SIGNS = re.compile(r"^\s*(?:#{1,6}|[-*+]|\d+\.)\s+|^[-| ]+$|[*`]", re.MULTILINE)


def search_index(course: Course) -> list[dict[str, str]]:
    """Give the places to find: where each is, what it is called, and its text."""
    found: list[dict[str, str]] = []
    for module in course.modules:
        book = json.loads(course.notebook(module).read_text(encoding="utf-8"))
        for cell in book["cells"]:
            if cell["cell_type"] != "markdown" or cell.get("id") == "key-points":
                continue
            source = "".join(cell["source"])
            title = heading_of(source)
            if title:
                address = f"/modules/{module.id}#s-{cell.get('id', '')}"
                name = f"{module.id}　{module.title}"
                found.append({"at": address, "in": name, "title": title, "text": ""})
            if found and not revealed_by(cell):
                found[-1]["text"] += " " + plain(source)
    found += [
        {
            "at": f"/appendix/glossary#{term.id}",
            "in": "",
            "title": term.term,
            "text": f"{term.reading} {term.definition}",
        }
        for term in course.facts.glossary()
    ]
    return found


def plain(source: str) -> str:
    """A Markdown text as it is read, on one line."""
    text = _SIGNS.sub("", _LINK.sub(r"\1", source)).replace("|", " ")
    return re.sub(r"\s+", " ", text).strip()
