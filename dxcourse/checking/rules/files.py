"""What lies in the course's folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.authored import strays

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking.content import Files
    from dxcourse.errors import Finding

BANK, DATA, AGENDAS = "exercises/bank", "data", "exercises/agendas"


def stray_files(files: Files) -> Iterator[Finding]:
    """Hold that every file beside exercises, agendas and tables is one that is read."""
    for folder in (BANK, AGENDAS):
        yield from strays(files.root / folder, folder, ".yaml")
    for found in strays(files.root / DATA, DATA, ".csv"):
        if not (found.code == "strays.ending" and found.file.endswith((".yaml", ".md"))):
            yield found
