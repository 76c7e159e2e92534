"""YAML that remembers its lines, so that a mistake is reported where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from dxcourse.authored.messages import mistakes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pydantic import BaseModel, ValidationError


# The C loader, where PyYAML has it: a third of the time, the same nodes and lines.
LOADER: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class YamlError(ValueError):
    """A file is not YAML that can be read: line and cause."""

    def __init__(self, line: int, cause: str) -> None:
        super().__init__(cause)
        self.line = line


@dataclass(frozen=True)
class Document:
    """A YAML document as plain data, and the nodes it came from."""

    data: Any
    node: yaml.Node

    def line(self, place: Sequence[int | str], message: str = "") -> int:
        """Give the line of a place such as ``(3, "items", 0, "bin")``, as near as it can be found.

        A message that quotes a value (``names bin "deadine"``) is led to the line of that value.
        """
        node, line, _ = _walk(self.node, place)
        for quoted in reversed(re.findall(r'"([^"]+)"', message)):
            for scalar in _scalars(node):
                if scalar.value == quoted:
                    return _line(scalar)
        return line

    def explain(
        self,
        error: ValidationError,
        within: Sequence[int | str] = (),
        model: type[BaseModel] | None = None,
    ) -> Iterator[tuple[int, str]]:
        """Give line and message of everything that pydantic found in the part named by `within`.

        With the `model` that was read, a misspelt field is told the one that was meant.
        """
        for found in mistakes(error, model):
            place = (*within, *found.place)
            named = [step for step in _walk(self.node, place)[2] if isinstance(step, str)]
            if found.missing:
                named.append(str(place[-1]))
            told = f"{'.'.join(named)}: {found.cause}" if named else found.cause
            yield self.line(place, found.cause if found.ours else ""), told


def read_yaml(path: Path) -> Document:
    """Read a UTF-8 YAML file.

    Raises
    ------
    YamlError
        It is not UTF-8, not YAML, empty, or a mapping names a field twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        cause = "not UTF-8; save the file as UTF-8 (an editor may have written Shift_JIS)"
        raise YamlError(line, cause) from error
    try:
        return _document(text)
    except YamlError:
        raise
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        cause = f"not YAML: {error.problem}; check indentation, colons and quotes near here"
        raise YamlError(mark.line + 1 if mark else 1, cause) from error
    except yaml.YAMLError as error:
        raise YamlError(1, f"not YAML: {error}".splitlines()[0]) from error
    except ValueError as error:  # a date that is none, a number too long
        raise YamlError(1, f"not YAML: {error}; put such values in quotes") from error
    except RecursionError as error:
        cause = "nested too deeply, or a part that holds itself; write it flat"
        raise YamlError(1, cause) from error


def _document(text: str) -> Document:
    loader = LOADER(text)
    try:
        node = loader.get_single_node()
        if node is None or node.tag.endswith(":null"):
            raise YamlError(1, "the file is empty")
        _no_field_twice(node)
        return Document(loader.construct_document(node), node)
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
                raise YamlError(_line(key), "a field's name is a word; quote the text before this")
            if key.value in seen:
                raise YamlError(_line(key), f'"{key.value}" stands twice here; keep one')
            seen.add(key.value)
            _no_field_twice(value)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            _no_field_twice(child)
