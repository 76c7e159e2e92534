"""The house: a name stands for one thing, and a kind of exercise is known in one package."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from dxcourse.exercises import kinds_by_name

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "dxcourse"
OF_A_PLAN = {"learner/plan.py", "notebook_calls/report.py"}
"""A plan is made of a pledge, and of nothing else: this is that kind's own surface."""
WORDS = {"number", "order", "match"}
"""Names of kinds that are words of other things as well; an import of theirs counts."""
LONGEST = 700  # lines: what can be read at a sitting is shorter, and most modules are half of it


def modules() -> dict[str, ast.Module]:
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def test_the_name_of_a_public_class_stands_for_one_thing() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for name, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}


def test_no_module_outside_exercises_names_a_kind() -> None:
    """What surfaces look at is the shape of a value, and its privacy."""
    kinds = set(kinds_by_name()) - WORDS
    naming = {
        name
        for name, tree in modules().items()
        if not name.startswith("exercises/")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and node.value in kinds)
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("dxcourse.exercises.kinds")
        )
    }
    assert naming - OF_A_PLAN == set()


def test_a_package_imports_no_private_module_of_another() -> None:
    private = {
        f"{name}: {node.module}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dxcourse.")
        for package in [(node.module or "").split(".")]
        if any(part.startswith("_") for part in package) and package[1] != name.split("/")[0]
    }
    assert private == set()


def test_a_module_can_be_read_at_a_sitting() -> None:
    lines = {
        name: len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) for name in modules()
    }
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}
