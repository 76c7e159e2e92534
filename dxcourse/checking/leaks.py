"""Answers and keys that lie where a release, a page or the package would take them along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Files

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
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def answers(files: Files) -> Iterator[Finding]:
    """Hold that no record of answers lies in what is released, served or packaged."""
    patterns = (f"{folder}/**/{name}" for folder in PUBLISHED for name in ANSWERS)
    for path in files.find(*patterns):
        message = "a record of answers, which would be given away from here; move or delete it"
        yield Finding(files.name(path), 1, message)


def keys(files: Files) -> Iterator[Finding]:
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
                cure = "release again" if folder == RELEASE else f"only {KEYED} may; move it away"
                message = f'a learner would get the key in field "{key}"; {cure}'
                yield Finding(files.name(path), line, message)


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
