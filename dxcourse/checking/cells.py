"""Cells as files keep them: ids that stay, and nothing that a run has left."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dxcourse.checking._finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Files

ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*")
# What nbformat and JupyterLab give to a cell that has no id: eight digits of a UUID, or all of it.
MACHINE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{12})?")


def ids(files: Files) -> Iterator[Finding]:
    """Hold that every cell has an id of its own, which a person chose and which says what it is."""
    for book in files.notebooks.values():
        seen: dict[str, int] = {}
        for cell in book.cells:
            if not cell.id:
                message = "a cell has no id; give it one that says what it is"
            elif cell.id in seen:
                message = (
                    f'cell id "{cell.id}" stands already at line {seen[cell.id]}; choose another'
                )
            elif MACHINE.fullmatch(cell.id):
                message = f'cell id "{cell.id}" is a machine\'s; choose one that says what it is'
            elif not ID.fullmatch(cell.id):
                message = f'cell id "{cell.id}" is not lower-case words joined by hyphens; mend it'
            else:
                seen[cell.id] = cell.line
                continue
            yield Finding(book.name, cell.line, message)


def outputs(files: Files) -> Iterator[Finding]:
    """Hold that no outputs and no counts of runs are kept."""
    for book in files.notebooks.values():
        for cell in book.cells:
            if cell.ran:
                message = f'cell "{cell.id}" keeps outputs of a run; clear all outputs and save'
                yield Finding(book.name, cell.line, message)


def metadata(files: Files) -> Iterator[Finding]:
    """Hold that a notebook names the kernel that every machine has, and keeps no widget's state."""
    for book in files.notebooks.values():
        if "widgets" in book.metadata:
            message = "the metadata keep the state of widgets; clear all outputs and save"
            yield Finding(book.name, 1, message)
        kernel, language = (book.metadata.get(name) for name in ("kernelspec", "language_info"))
        if not (isinstance(kernel, dict) and kernel.get("name") == "python3"):
            yield Finding(book.name, 1, 'the kernelspec of the metadata is not "python3"; mend it')
        if not (isinstance(language, dict) and language.get("name") == "python"):
            yield Finding(
                book.name, 1, 'the language_info of the metadata is not "python"; mend it'
            )
