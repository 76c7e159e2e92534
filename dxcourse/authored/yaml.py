"""YAML that remembers its lines, so that a mistake is reported where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dxcourse.authored.messages import Mistake, finding, mistakes
from dxcourse.errors import Finding
from dxcourse.text import say_all

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pydantic import BaseModel, ValidationError

# The C loader, where PyYAML has it: a third of the time, the same nodes and lines.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
NEAR = 3  # lines above the place where a parser gave up, in which its cause may stand


class YamlError(ValueError):
    """A file is not YAML that can be read: line, cause and cure."""

    def __init__(self, line: int, code: str, /, **blanks: object) -> None:
        self.line, self.code = line, code
        self.message, self.cure = say_all(f"check.{code}", **blanks)
        super().__init__(f"{self.message} → {self.cure}")

    def finding(self, file: str) -> Finding:
        """Give the finding, of a file by its name."""
        return Finding(file, self.line, self.message, self.cure, self.code)


@dataclass(frozen=True)
class Document:
    """A YAML document as plain data, the nodes it came from, and its text."""

    data: Any
    node: yaml.Node
    text: str = ""

    def line(self, place: Sequence[int | str], about: str = "") -> int:
        """Give the line of a place such as ``(3, "items", 0, "bin")``, as near as it can be found.

        With a value that is meant, the line of that value at the place.
        """
        node, line, _ = _walk(self.node, place)
        if about:
            for scalar in _scalars(node):
                if scalar.value == about:
                    return _line(scalar)
        return line

    def findings(
        self,
        file: str,
        error: ValidationError,
        within: Sequence[int | str] = (),
        model: type[BaseModel] | None = None,
    ) -> Iterator[Finding]:
        """Give everything that pydantic found in the part named by `within`.

        With the `model` that was read, a misspelt field is told the one that was meant. Where a
        sign on the line only looks like one of YAML's, that is told in place of what follows.
        """
        seen: set[int | Finding] = set()
        for found in mistakes(error, model):
            place = (*within, *found.place)
            line = self.line(place, found.about)
            if looking := self._look(line, found):
                if line not in seen:
                    yield finding(file, line, looking[0], **looking[1])
                seen.add(line)
                continue
            named = [step for step in _walk(self.node, place)[2] if isinstance(step, str)]
            if found.missing:
                named.append(str(place[-1]))
            told = found.finding(file, line, ".".join(named))
            if told not in seen:  # each entry of a list, all on one line
                yield told
            seen.add(told)

    def look(self, line: int) -> tuple[str, dict[str, str]] | None:
        """Name what on a line only looks like a sign of YAML: its code and blanks."""
        lines = self.text.splitlines()
        return suspect(lines[line - 1]) if 0 < line <= len(lines) else None

    def _look(self, line: int, found: Mistake) -> tuple[str, dict[str, str]] | None:
        return None if found.code.startswith("exercises.") and found.about else self.look(line)


def read_yaml(path: Path) -> Document:
    """Read a UTF-8 YAML file.

    Raises
    ------
    YamlError
        It is not UTF-8, not YAML, empty, or a mapping names a field twice.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise YamlError(raw[: error.start].count(b"\n") + 1, "yaml.not_utf8") from error
    try:
        return _document(text)
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        raise _told(text, error) from error
    except yaml.YAMLError as error:
        raise YamlError(1, "yaml.syntax", detail=str(error).splitlines()[0]) from error
    except ValueError as error:  # a date that is none, a number too long
        raise YamlError(1, "yaml.value", detail=error) from error
    except RecursionError as error:
        raise YamlError(1, "yaml.nested") from error


def _told(text: str, error: yaml.MarkedYAMLError) -> YamlError:
    """Say why a parser gave up: by the sign that misled it, where one stands near."""
    marks = [mark.line + 1 for mark in (error.problem_mark, error.context_mark) if mark]
    at = marks[0] if marks else 1
    if quoted := open_quote(text):
        line, sign = quoted
        if line <= at:
            return YamlError(line, "yaml.open_quote", sign=sign)
    near = [found for found in suspects(text) if at - NEAR <= found[0] <= at or found[0] in marks]
    if near:
        line, code, blanks = min(near, key=lambda found: abs(found[0] - at))
        return YamlError(line, code, **blanks)
    if error.problem and error.problem.startswith("mapping values are not allowed"):
        return YamlError(at, "yaml.inner_colon")
    return YamlError(at, "yaml.syntax", detail=error.problem)


def _document(text: str) -> Document:
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None or node.tag.endswith(":null"):
            raise YamlError(1, "yaml.empty")
        _no_field_twice(node)
        return Document(loader.construct_document(node), node, text)
    finally:
        loader.dispose()


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _walk(node: yaml.Node, place: Sequence[int | str]) -> tuple[yaml.Node, int, list[int | str]]:
    """Go to a place: the node there, its line, and the steps that the file really has.

    A field is reported at its name, not at its value, which may begin lines below.
    """
    line, steps = _line(node), list[int | str]()
    for step in place:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            if step < len(node.value):
                node = node.value[step]
                line = _line(node)
                steps.append(step)
        elif isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    node, line = value, _line(key)
                    steps.append(step)
                    break
    return node, line, steps


def _scalars(node: yaml.Node) -> Iterator[yaml.ScalarNode]:
    if isinstance(node, yaml.ScalarNode):
        yield node
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _scalars(child)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value)
            yield from _scalars(key)


def _no_field_twice(node: yaml.Node) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(_line(key), "yaml.key")
            if key.value in seen:
                raise YamlError(_line(key), "yaml.twice", name=key.value)
            seen.add(key.value)
            _no_field_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _no_field_twice(child)


# -- Signs that only look like those that YAML reads: full-width ones, and curly quotes ------------

FIELD = r"^[ ]*(?:-[ ]+)*[\"']?[A-Za-z_][\w-]*[\"']?"
WIDE_COLON = re.compile(FIELD + r"[ \u3000]*：")
WIDE_COLON_WITHIN = re.compile(r"[{,、，｛][ \u3000]*[A-Za-z_][\w-]*[ ]*：")
WIDE_SPACE = re.compile(r"^[ -]*\u3000|" + FIELD + r":\u3000|^[ ]*-\u3000")
WIDE_DASH = re.compile(r"^[ ]*([－ー−‐–—・])[ \u3000]*(?=[A-Za-z_\"'{｛])")
WIDE_COMMA = re.compile(
    r"\[[ \w-]+([、，])[ \w、，-]*\]|\{[^}「」]*([、，])[ ]*[A-Za-z_]\w*[ ]*[:：]"
)
WIDE_BRACKET = re.compile(FIELD + r":[ ]+([｛［])")
CURLY_QUOTE = re.compile(r"(?:" + FIELD + r":[ ]+|^[ ]*-[ ]+|[\[{,][ ]*(?:\w+:[ ]+)?)([“”„‟‘’‛])")
CORNER_LIST = re.compile(FIELD + r":[ ]+([【〔])")
TAB = re.compile(r"^[ ]*\t")
COMMENT = re.compile(r"^\s*#")


def suspect(line: str) -> tuple[str, dict[str, str]] | None:
    """Name what on a line of YAML only looks like a sign that counts: a code, and its blanks."""
    if COMMENT.match(line):
        return None
    for code, pattern in (
        ("yaml.tab", TAB),
        ("yaml.wide_dash", WIDE_DASH),
        ("yaml.wide_space", WIDE_SPACE),
        ("yaml.wide_colon", WIDE_COLON),
        ("yaml.wide_colon", WIDE_COLON_WITHIN),
        ("yaml.wide_bracket", WIDE_BRACKET),
        ("yaml.corner_quote", CORNER_LIST),
        ("yaml.curly_quote", CURLY_QUOTE),
        ("yaml.wide_comma", WIDE_COMMA),
    ):
        if found := pattern.search(line):
            sign = next(filter(None, found.groups()), "")
            return code, {"sign": sign, "half": narrow(sign)}
    return None


def narrow(text: str) -> str:
    """Give half-width signs for full-width ones."""
    straight = text.translate({ord(c): '"' for c in "“”„‟"} | {ord(c): "'" for c in "‘’‛"})
    return unicodedata.normalize("NFKC", straight)


def suspects(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Give every line with such a sign: its number, the code, and the blanks."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := suspect(line):
            yield number, *found


def open_quote(text: str) -> tuple[int, str] | None:
    """Find the quotation mark that is not closed on its line, and swallows the field after it.

    A quoted text may go on over lines; but where a line inside it looks like a field of the file,
    its end was forgotten.
    """
    quote, begun = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if quote and re.match(r"^[ ]*(?:-[ ]+)*[A-Za-z_][\w-]*:(?: |$)", line):
            return begun, quote
        quote, begun = _after(line, quote, begun, number)
    return (begun, quote) if quote else None


def _after(line: str, quote: str, begun: int, number: int) -> tuple[str, int]:
    """Go through a line: the quotation mark that is open at its end, and the line it stands on."""
    at = 0
    while at < len(line):
        sign = line[at]
        if not quote:
            if sign == "#" and line[at - 1 : at] in {"", " "}:
                break
            if sign in "\"'" and _begins_value(line[:at]):
                quote, begun = sign, number
        elif (sign == "\\" and quote == '"') or (
            sign == quote and quote == "'" and line[at + 1 : at + 2] == "'"
        ):
            at += 1
        elif sign == quote:
            quote = ""
        at += 1
    return quote, begun


def _begins_value(before: str) -> bool:
    """Whether a value of YAML may begin after what stands before it on its line."""
    bare = before.rstrip(" ")
    return not bare or bare[-1] in "{[," or (bare[-1] in ":-" and bare != before)
