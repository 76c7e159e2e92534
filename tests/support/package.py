"""The package's own modules as syntax, read once for all tests that hold the house to its rules."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "dxcourse"


@cache
def modules() -> dict[str, ast.Module]:
    """Each module by its path within the package, with slashes; not to be changed."""
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }
