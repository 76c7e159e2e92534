"""What must not go out: answers, keys, and addresses that a page would load from outside."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from dxcourse.authored import finding
from dxcourse.authored.yaml import LOADER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Files
    from dxcourse.errors import Finding


SOURCE, RELEASE = "exercises/homework/source", "exercises/homework/release"
PUBLISHED = ("notebooks", "exercises/bank", "data", SOURCE, RELEASE)
ANSWERS = ("answers.jsonl*", "*.sqlite*", "*.db")
YAMLS = ("*.yaml*", "*.yml*")
KEYED = "exercises.yaml"
KEYS = frozenset(
    {
        "correct",
        "bin",
        "seen",
        "unseen",
        "answer",
        "value",
        "tolerance",
        "feedback",
        "start",
        "rules",
    }
)


def answer_records(files: Files) -> Iterator[Finding]:
    """Hold that no record of answers lies in what is released, served or packaged."""
    patterns = (f"{folder}/**/{name}" for folder in PUBLISHED for name in ANSWERS)
    for path in files.find(*patterns):
        yield finding(files.name(path), 1, "leaks.answers")


def released_keys(files: Files) -> Iterator[Finding]:
    """Hold that a release has no keys, and that of a source only `exercises.yaml` has any.

    A release takes every file beside a notebook as it is; `exercises.yaml` alone loses its keys
    on the way.
    """
    for folder in (SOURCE, RELEASE):
        for path in files.find(*(f"{folder}/**/{name}" for name in YAMLS)):
            if folder == SOURCE and path.name == KEYED:
                continue
            text = path.read_text(encoding="utf-8-sig", errors="replace")
            line, key = _first_key(text)
            if key:
                code = "leaks.key_in_release" if folder == RELEASE else "leaks.key_in_source"
                yield finding(files.name(path), line, code, key=key, file=KEYED)


def _first_key(text: str) -> tuple[int, str]:
    """Find the first field that holds a key; things in an author's own order are one."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError:
        return 1, ""
    for field, value in _fields(node):
        ordered = field.value == "things" and "ref" not in {n.value for n, _ in _fields(value)}
        if field.value in KEYS or ordered:
            return field.start_mark.line + 1, field.value
    return 1, ""


def _fields(node: Any) -> Iterator[tuple[yaml.ScalarNode, Any]]:  # noqa: ANN401  -- a tree of nodes
    if isinstance(node, yaml.MappingNode):
        for name, value in node.value:
            if isinstance(name, yaml.ScalarNode):
                yield name, value
            yield from _fields(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _fields(child)


# Code in a text is shown, not followed.
CODE = re.compile(
    r"^(`{3,}|~{3,}).*?(?:^\1|\Z)|(`+)(?!`).+?(?<!`)\2(?!`)", re.MULTILINE | re.DOTALL
)
OUT = r"(?:[a-z][a-z0-9+.-]*:|[\\/]{2})"
ATTRIBUTE = rf"\b(?:src|srcset|href|action|poster|data)\s*=\s*[\"']?\s*({OUT}[^\s\"'>]+)"
TARGETS = (
    re.compile(rf"\]\(\s*<?({OUT}[^)\s>]*)", re.IGNORECASE),
    re.compile(rf"^ {{0,3}}\[[^\]\n]+\]:\s*<?({OUT}[^\s>]*)", re.IGNORECASE | re.MULTILINE),
    re.compile(r"<([a-z][a-z0-9+.-]+:[^\s<>]*)>", re.IGNORECASE),
    re.compile(ATTRIBUTE, re.IGNORECASE),
)
IMAGE = re.compile(r"!\[")
HTML = re.compile(r"<(?:/?[a-z][a-z0-9-]*(?:[\s/][^<>]*)?>|!--|!\[CDATA|[?])", re.IGNORECASE)
ALIGNED = re.compile(r"^(?=.*-)(?=.*\|)[-:| ]*:[-:| ]*$", re.MULTILINE)

# In our own files. A name space is a name, and nothing is fetched from it.
WEB = r"(?:(?:https?|wss?|ftp):)?//(?!www\.w3\.org/)[\w.\[-]+[^\s\"'`)>]*"
LOADED = (
    re.compile(rf"\b(?:src|srcset|href|action|poster|data)\s*=\s*[\"']?\s*({WEB})", re.IGNORECASE),
    re.compile(rf"(?:url\(|@import)\s*[\"']?\s*({WEB})", re.IGNORECASE),
    re.compile(rf"[\"'`]({WEB})", re.IGNORECASE),
)
KINDS = ("css", "js", "mjs", "html", "j2", "svg")
FOLDERS = ("notebooks", "exercises/homework/source", "dxcourse")


def addresses_in_text(files: Files) -> Iterator[Finding]:
    """Hold that no link, image or tag in a notebook's text leads outside; a mention may."""
    for name, line, found in _in_text(files, *TARGETS):
        yield finding(name, line, "leaks.outside", address=found[1])


def images(files: Files) -> Iterator[Finding]:
    """Hold that pictures come from `picture()`, which gives them their alt text."""
    for name, line, _ in _in_text(files, IMAGE):
        yield finding(name, line, "leaks.image")


def raw_html(files: Files) -> Iterator[Finding]:
    """Hold that text has no raw HTML, and no table whose colons become inline styles."""
    for name, line, found in _in_text(files, HTML):
        yield finding(name, line, "leaks.html", tag=found[0])
    for name, line, _ in _in_text(files, ALIGNED):
        yield finding(name, line, "leaks.aligned")


def addresses_in_files(files: Files) -> Iterator[Finding]:
    """Hold that no style sheet, script or template of the course names an outside address.

    In a checkout, the package's own are read as well.
    """
    for path in files.find(*(f"{folder}/**/*.{kind}" for folder in FOLDERS for kind in KINDS)):
        text = path.read_text(encoding="utf-8", errors="replace")
        seen = set()
        for pattern in LOADED:
            for found in pattern.finditer(text):
                line = text.count("\n", 0, found.start(1)) + 1
                if (line, found[1]) not in seen:
                    seen.add((line, found[1]))
                    yield finding(files.name(path), line, "leaks.loaded", address=found[1])


def _in_text(files: Files, *patterns: re.Pattern[str]) -> Iterator[tuple[str, int, re.Match[str]]]:
    for book in files.notebooks.values():
        for cell in book.cells:
            if cell.kind != "markdown":
                continue
            text = CODE.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), cell.source)
            for pattern in patterns:
                for found in pattern.finditer(text):
                    yield book.name, cell.line_at(text.count("\n", 0, found.start())), found
