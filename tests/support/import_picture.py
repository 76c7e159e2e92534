"""Draws the direction of imports from the imports themselves.

``python tests/support/import_picture.py`` writes `docs/images/imports.svg` and the tree in
`README.md`; `tests/test_layers.py` holds that both are what the imports give.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "dxcourse"
PICTURE = ROOT / "docs/images/imports.svg"
STYLE = (
    "rect{fill:#fff;stroke:#345}path{stroke:#8aa;fill:none}"
    "text{font:14px sans-serif;text-anchor:middle;fill:#123}"
)
WIDTH, ROW, BOX, HEIGHT, GAP = 960, 78, 122, 34, 18


def parts() -> list[str]:
    """The parts of the package: its modules and packages."""
    modules = {path.stem for path in PACKAGE.glob("[a-z]*.py")}
    return sorted(modules | {path.parent.name for path in PACKAGE.glob("*/__init__.py")})


def imports() -> dict[str, set[str]]:
    """What each part imports, wherever in a module that stands."""
    known = set(parts())
    found: dict[str, set[str]] = {name: set() for name in known}
    for name in known:
        for path in [*PACKAGE.glob(f"{name}/**/*.py"), *PACKAGE.glob(f"{name}.py")]:
            found[name] |= {other for other in _imported(path) if other in known - {name}}
    return found


def floors(needs: dict[str, set[str]]) -> dict[str, int]:
    """The floor of each part: 0 for what imports nothing, else one above all that it imports."""
    found: dict[str, int] = {}

    def floor(name: str, path: tuple[str, ...] = ()) -> int:
        if name in path:
            raise ValueError(f"a circle of imports: {' → '.join([*path, name])}")
        if name not in found:
            below = [floor(other, (*path, name)) for other in needs[name]]
            found[name] = 1 + max(below, default=-1)
        return found[name]

    for name in sorted(needs):
        floor(name)
    return found


def picture() -> str:
    """The picture as SVG: floors from below, a line to each part that is imported from above.

    A line that another path of lines gives already is left out.
    """
    needs = imports()
    at = floors(needs)
    top = max(at.values())
    places: dict[str, tuple[float, float]] = {}
    for level in range(top + 1):
        here = sorted(name for name in needs if at[name] == level)
        left = (WIDTH - len(here) * (BOX + GAP) + GAP) / 2
        for index, name in enumerate(here):
            places[name] = (left + index * (BOX + GAP), (top - level) * ROW + 12)
    lines = [
        f'<path d="M{x + BOX / 2:g} {y + HEIGHT:g}L{u + BOX / 2:g} {v:g}"/>'
        for name in sorted(needs)
        for other in sorted(_direct(name, needs))
        for (x, y), (u, v) in [(places[name], places[other])]
    ]
    boxes = [
        f'<rect x="{x:g}" y="{y:g}" width="{BOX}" height="{HEIGHT}" rx="6"/>'
        f'<text x="{x + BOX / 2:g}" y="{y + 22:g}">{escape(name)}</text>'
        for name, (x, y) in sorted(places.items())
    ]
    height = (top + 1) * ROW
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
            "<title>Which part of dxcourse imports which: from the top down</title>",
            f"<style>{STYLE}</style>",
            f'<rect width="{WIDTH}" height="{height}" style="stroke:none"/>',
            *lines,
            *boxes,
            "</svg>\n",
        ]
    )


def tree() -> str:
    """The parts from the lowest floor up, each with the first line of its docstring."""
    at = floors(imports())
    lines = ["dxcourse/"]
    for name in sorted(at, key=lambda name: (at[name], name)):
        path = PACKAGE / name / "__init__.py"
        shown = f"{name}/" if path.exists() else f"{name}.py"
        source = path if path.exists() else PACKAGE / f"{name}.py"
        told = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
        lines.append(f"    {shown:<20}{told.splitlines()[0]}")
    return "\n".join(lines)


def _direct(name: str, needs: dict[str, set[str]]) -> set[str]:
    """What a part imports that nothing else that it imports leads to."""
    return needs[name] - {far for other in needs[name] for far in _all_below(other, needs)}


def _all_below(name: str, needs: dict[str, set[str]]) -> set[str]:
    below = set(needs[name])
    for other in needs[name]:
        below |= _all_below(other, needs)
    return below


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module == "dxcourse":
            names = [f"dxcourse.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        yield from (name.split(".")[1] for name in names if name.startswith("dxcourse."))


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8", newline="\n")
    readme = ROOT / "README.md"
    text = readme.read_text(encoding="utf-8")
    before, _, rest = text.partition("```text\ndxcourse/\n")
    _, _, after = rest.partition("\n```")
    readme.write_text(f"{before}```text\n{tree()}\n```{after}", encoding="utf-8", newline="\n")
