"""Packages import from those below them only, as CONTRIBUTING.md says: its line is the rule."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from support.import_picture import PICTURE, picture, tree

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "dxcourse"
RULE = re.compile(r"^- Imports go one way.*?: (.*?)\. `tests", re.MULTILINE | re.DOTALL)


def layers() -> dict[str, int]:
    found = RULE.search((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8"))
    assert found
    steps = found[1].split(";")
    return {name: n for n, step in enumerate(steps) for name in re.findall(r"`(\w+)`", step)}


def imported(path: Path) -> Iterator[str]:
    """Name each part of ours that a module imports, wherever in it that stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "dxcourse":
            names = [f"dxcourse.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            names = [node.module or ""]
        yield from (name.split(".")[1] for name in names if name.startswith("dxcourse."))


def test_every_part_has_its_place() -> None:
    modules = {path.stem for path in PACKAGE.glob("[a-z]*.py")}
    packages = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert modules | packages == set(layers())


def test_imports_go_one_way() -> None:
    at = layers()
    wrong = {
        f"{path.relative_to(ROOT)}: {name}"
        for part in at
        for path in [*PACKAGE.glob(f"{part}/**/*.py"), *PACKAGE.glob(f"{part}.py")]
        for name in imported(path)
        if name in at and name != part and at[name] >= at[part]
    }
    assert wrong == set()


def test_what_all_may_use_uses_little() -> None:
    """The private modules at the top: no package of ours above `exercises` is in them."""
    low = {"errors", "text", "files", "lazy", "authored", "facts", "exercises"}
    used = {name for path in PACKAGE.glob("_[a-z]*.py") for name in imported(path)}
    assert {name for name in used if not name.startswith("_")} <= low


def test_the_picture_of_imports_is_what_they_are() -> None:
    """Where this fails: python tests/support/import_picture.py."""
    assert PICTURE.read_text(encoding="utf-8") == picture()


def test_the_tree_in_the_readme_is_what_is_there() -> None:
    """Where this fails: python tests/support/import_picture.py."""
    assert f"```text\n{tree()}\n```" in (ROOT / "README.md").read_text(encoding="utf-8")
