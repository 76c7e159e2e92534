"""Each text is there, is used, and has its blanks filled: in Python, templates and scripts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from string import Formatter

import pytest
from jinja2 import Environment, nodes

from dxcourse.text import catalogue

PACKAGE = Path(catalogue.__file__).parents[1]
AREAS = sorted((PACKAGE / "text" / catalogue.LANGUAGE).glob("*.yaml"))
SCRIPTS = sorted(PACKAGE.glob("**/*.js"))
TEMPLATES = sorted(PACKAGE.glob("**/*.j2"))
MODULES = sorted(PACKAGE.glob("**/*.py"))
ANY = r"([\w-]+(?:\.[\w-]+)*)"


@dataclass(frozen=True)
class Use:
    """A call that asks for a text: `key` is a pattern where a part is known only at run time."""

    place: str
    key: str
    exact: bool
    blanks: frozenset[str] | None
    """The blanks that are filled; None where only the run tells."""
    whole: bool = False
    """A part of an area is asked for, as data."""

    def takes(self, key: str) -> bool:
        return self.match(key) is not None

    def match(self, key: str) -> re.Match[str] | None:
        return self.pattern.fullmatch(key)

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Compiled once: there are more than the `re` module keeps."""
        tail = rf"(?:\.{ANY})?" if self.whole else ""
        return re.compile((re.escape(self.key) if self.exact else self.key) + tail)


def texts() -> dict[str, object]:
    """Every text by its key; a list is one."""
    found: dict[str, object] = {}

    def walk(key: str, part: object) -> None:
        if isinstance(part, Mapping):
            for name, inner in part.items():
                assert isinstance(name, str), f"{key}: {name!r} is no name; put it in quotes"
                walk(f"{key}.{name}", inner)
        else:
            found[key] = part

    for path in AREAS:
        walk(path.stem, catalogue.area(path.stem))
    return found


def in_python(path: Path) -> Iterator[Use]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dxcourse.text"):
            names |= {each.asname or each.name: each.name for each in node.names}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
            continue
        called = names.get(node.func.id)
        if called not in {"say", "say_all", "words"}:
            continue
        key, exact = key_of(node.args[0])
        keywords = [each.arg for each in node.keywords]
        blanks = None if None in keywords else frozenset(filter(None, keywords))
        place = f"{path.relative_to(PACKAGE)}:{node.lineno}"
        yield Use(place, key, exact, blanks, whole=called == "words")


def key_of(node: ast.expr) -> tuple[str, bool]:
    """The key of a call, or the pattern of an f-string."""
    if isinstance(node, ast.Constant):
        return str(node.value), True
    if isinstance(node, ast.JoinedStr):
        parts = [
            re.escape(str(part.value)) if isinstance(part, ast.Constant) else ANY
            for part in node.values
        ]
        return "".join(parts), False
    return "", False


def in_template(path: Path) -> Iterator[Use]:
    place = str(path.relative_to(PACKAGE))
    tree = Environment(autoescape=True).parse(path.read_text(encoding="utf-8"))
    for call in tree.find_all(nodes.Call):
        if not isinstance(call.node, nodes.Name) or call.node.name != "t":
            continue
        blanks = None if call.dyn_kwargs else frozenset(each.key for each in call.kwargs)
        yield Use(f"{place}:{call.lineno}", *pattern_of(call.args[0]), blanks)


def pattern_of(node: nodes.Expr) -> tuple[str, bool]:
    if isinstance(node, nodes.Const):
        return str(node.value), True
    if isinstance(node, nodes.Concat):
        parts = [re.escape(str(p.value)) if isinstance(p, nodes.Const) else ANY for p in node.nodes]
        return "".join(parts), False
    return "", False


@pytest.fixture(scope="module")
def uses() -> list[Use]:
    python = [use for path in MODULES for use in in_python(path)]
    return python + [use for path in TEMPLATES for use in in_template(path)]


@pytest.fixture(scope="module")
def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in [*SCRIPTS, *TEMPLATES, *MODULES])


def blanks_of(text: object) -> set[str]:
    told = text if isinstance(text, list) else [text]
    return {
        re.split(r"[.\[]", name)[0]
        for each in told
        if isinstance(each, str)
        for _, name, _, _ in Formatter().parse(each)
        if name is not None
    }


def test_a_key_says_at_least_its_area(uses: list[Use]) -> None:
    """A key that is made wholly at run time could be any: nothing would hold it."""
    assert [use.place for use in uses if not re.match(r"[a-z_]+", use.key)] == []


def test_a_text_that_is_asked_for_is_there(uses: list[Use]) -> None:
    known = texts()
    assert [f"{use.place}: {use.key}" for use in uses if not any(map(use.takes, known))] == []


def test_a_text_that_is_there_is_used(uses: list[Use], sources: str) -> None:
    """By its key; or as one of a part, and then some source knows it by its own name."""
    words = set(re.findall(r"[\w-]+", sources)) | set(re.findall(r"\w+", sources))

    def known(name: str) -> bool:
        """Whether a source has the name, or makes it of two parts as ``column_{name}``."""
        halves = [(name[: found.end()], name[found.end() :]) for found in re.finditer("_", name)]
        return name in words or any(a in words and b in words for a, b in halves)

    def named(use: Use, key: str) -> bool:
        """Whether what a call leaves open is known by name somewhere."""
        found = use.match(key)
        parts = [] if found is None else [part for part in found.groups() if part]
        return found is not None and all(known(part.split(".")[-1]) for part in parts)

    unused = [key for key in texts() if not any(named(use, key) for use in uses)]
    assert unused == []


def test_a_blank_is_filled(uses: list[Use], sources: str) -> None:
    wrong = []
    words = set(re.findall(r"\w+", sources))
    for key, text in texts().items():
        blanks = blanks_of(text)
        assert all(re.fullmatch(r"[a-z_]+", name) for name in blanks), f"{key}: {blanks}"
        for use in uses:
            if use.takes(key) and use.blanks is not None and not use.whole:
                wrong += [f"{use.place}: {key}: {{{b}}}" for b in sorted(blanks - use.blanks)]
            elif use.takes(key):
                lost = sorted(blanks - words)
                wrong += [f"{use.place}: {key}: {{{b}}}" for b in lost]
    assert wrong == []


def test_a_value_for_a_blank_has_one(uses: list[Use]) -> None:
    known = texts()
    wrong = [
        f"{use.place}: {use.key}: {sorted(idle)}"
        for use in uses
        if use.exact and not use.whole and use.blanks and use.key in known
        if (idle := use.blanks - blanks_of(known[use.key]))
    ]
    assert wrong == []
