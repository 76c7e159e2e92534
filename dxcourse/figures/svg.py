"""Matplotlib's SVG made fit for a page: small, self-contained, without style canvases.

A page's content-security policy may forbid style attributes, and ids must be unique in a page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from dxcourse.errors import ContentError
from dxcourse.figures.style import TOKENS

BOLD = "bold-"
"""Marks a group of outlines to be emboldened; the colour follows. The font has one weight."""

_EM = 500  # units that an outline keeps, of matplotlib's 6,400: 15 px text is off by 0.015 px
_BOLD_STROKE = 0.04 * _EM
_COMMAND = re.compile(r"([A-Za-z])([^A-Za-z]*)")
_USED_ID = re.compile(r'(?:href="#|url\(#)([^")]+)')
_TOKEN = re.compile(r"var\((--dx-[a-z-]+), (#[0-9a-f]{6})\)")


def tidy(svg: str, name: str, alt: str) -> str:
    """Clean an SVG that matplotlib wrote.

    Parameters
    ----------
    svg
        A whole SVG document with text as outlines.
    name
        Prefix of the ids that stay.
    alt
        What the picture says; becomes its accessible name.
    """
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<defs>\s*<style.*?</style>\s*</defs>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'style="([^"]*)"', lambda found: _attributes(found[1]), svg)
    svg = re.sub(rf'id="{BOLD}([^"]+)"', rf'stroke="\1" stroke-width="{_BOLD_STROKE:g}"', svg)
    svg = re.sub(r'(?<= )d="([^"]*)" transform="scale\(0.015625\)"', _outline, svg)
    svg = re.sub(r' transform="translate\(([\d.]+) 0\)"/>', r' x="\1"/>', svg)
    svg = _own_ids(svg.replace("xlink:href", "href"), name)
    svg = re.sub(r"<svg[^>]*>", lambda found: _root(found[0], alt), svg, count=1)
    svg = re.sub(r"<defs>\s*</defs>|<defs/>", "", svg)
    svg = re.sub(r">\s+<", "><", svg)
    svg = re.sub(r"\s*\n\s*", " ", svg)
    return re.sub(r' (?="|/?>)', "", svg.strip())


def themed(svg: str) -> str:
    """A clean SVG whose colours are the page's tokens, for one that stands in a page."""

    def token(found: re.Match[str]) -> str:
        colour = found[2]
        return f'{found[1]}="var({TOKENS[colour]}, {colour})"' if colour in TOKENS else found[0]

    return re.sub(r'\b(fill|stroke)="(#[0-9a-f]{6})"', token, svg)


def filed(svg: str, light: Mapping[str, str], dark: Mapping[str, str]) -> str:
    """A themed SVG for a file, where no page's tokens reach: it is light, and at ``#dark`` dark.

    Parameters
    ----------
    light, dark
        The colours of the tokens.
    """
    svg = _TOKEN.sub(lambda found: f"var({found[1]}, {light.get(found[1], found[2])})", svg)
    root, rest = svg.split(">", 1)
    return f'{root} id="dark"><style>{dark_rule(dark)}</style>{rest}'


def dark_rule(dark: Mapping[str, str]) -> str:
    """The one rule of such a file, the same in all."""
    tokens = dict.fromkeys(TOKENS.values())
    return f"#dark:target{{{';'.join(f'{token}:{dark[token]}' for token in tokens)}}}"


def _attributes(style: str) -> str:
    """Turn declarations into presentation attributes, which a style policy does not touch."""
    pairs = (part.split(":", 1) for part in style.split(";") if part.strip())
    return " ".join(f'{key.strip()}="{value.strip()}"' for key, value in pairs)


def _own_ids(svg: str, name: str) -> str:
    """Drop ids that nothing points at, and prefix the others with the picture's name."""
    # Numbered as they appear, which does not depend on matplotlib's hashes.
    used = dict.fromkeys(_USED_ID.findall(svg))
    renamed = {old: f"{name}-{number}" for number, old in enumerate(used)}

    def define(found: re.Match[str]) -> str:
        return f' id="{renamed[found[1]]}"' if found[1] in used else ""

    svg = re.sub(r'\sid="([^"]+)"', define, svg)
    return _USED_ID.sub(lambda found: found[0].replace(found[1], renamed[found[1]]), svg)


def _outline(found: re.Match[str]) -> str:
    """Write a character's outline in whole units and relative steps: half the size."""
    parts: list[str] = []
    here = start = (0, 0)
    for command, numbers in _COMMAND.findall(found[1]):
        flat = [round(float(number) * _EM / 6400) for number in numbers.split()]
        points = list(zip(flat[::2], flat[1::2], strict=True))
        if command == "z":
            parts.append("z")
            here = start
            continue
        steps = [(x - here[0], y - here[1]) for x, y in points]
        here = points[-1]
        start = here if command == "M" else start
        parts.append(_step(command, steps))
    return f'd="{"".join(parts)}" transform="scale({100 / _EM:g})"'


def _step(command: str, steps: list[tuple[int, int]]) -> str:
    (across, down), *_ = steps
    if command == "L" and down == 0:
        return f"h{across}" if across else ""
    if command == "L" and across == 0:
        return f"v{down}"
    numbers = " ".join(f"{x} {y}" for x, y in steps).replace(" -", "-")
    return f"{command.lower()}{numbers}"


def _root(tag: str, alt: str) -> str:
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', tag)
    width, height = size.groups() if size else ("", "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(alt)}" '
        'stroke-linejoin="round">'
    )


# -- A finished picture, and what can be wrong with one --------------------------------------------


class FigureError(ContentError):
    """A picture cannot be drawn; the message names what is missing and where it belongs."""


@dataclass(frozen=True)
class Picture:
    """A picture of the course.

    Attributes
    ----------
    name
        What it is asked for by, such as ``plan_map``.
    svg
        One ``<svg>`` element: text as outlines, no script, no style canvas, no outside address, and
        ids that are its own, so that several may stand in one page.
    alt
        What it says, for those who do not see it.
    caption
        What to look at, and where it comes from.
    width, height
        Its natural size in CSS pixels.
    """

    name: str
    svg: str
    alt: str
    caption: str
    width: int
    height: int
