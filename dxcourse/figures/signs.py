"""Small drawings of the course: a sign for each chapter, the seal, the counter, plates on a belt.

They are SVG with classes for colours (`signs.css`), so that they follow the page's light and dark;
pictures of data are matplotlib's (`draw`).
"""

from __future__ import annotations

import re
from functools import cache
from html import escape
from pathlib import Path

from markupsafe import Markup

from dxcourse.text import say

FOLDER = Path(__file__).parent / "signs"
_SVG = re.compile(r"<svg[^>]*viewBox=\"([^\"]+)\"[^>]*>(.*)</svg>", re.DOTALL)
_STEP, _HEIGHT, _EDGE = (
    76,
    86,
    38,
)  # of the belt: a plate's room, the height, the first


def sign(name: str, label: str = "", kind: str = "sign") -> Markup:
    """A drawing as an SVG element to stand in a page.

    Parameters
    ----------
    name
        Of a file in `signs/`.
    label
        What it says, for those who do not see it; without one it is an ornament.
    kind
        ``sign``, or another class that sets its size.

    Raises
    ------
    LookupError
        There is no such drawing.
    """
    view, body = _drawing(name)
    return _element(view, body, label, kind)


@cache
def sign_names() -> tuple[str, ...]:
    """List the drawings that there are."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.svg")))


@cache
def signs_style() -> str:
    """The sheet of the drawings' colours."""
    return (FOLDER / "signs.css").read_text(encoding="utf-8")


@cache
def favicon() -> str:
    """The seal, as an image of its own: no sheet reaches into it."""
    view, body = _drawing("seal")
    colours = {'class="r"': 'fill="#b0391f"', 'class="on"': 'fill="#fff" font-weight="700"'}
    colours['class="x"'] = 'fill="none" stroke="#fff"'
    for old, new in colours.items():
        body = body.replace(old, new)
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}">{body}</svg>'


def plates(done: int, whole: int, *, eating: bool = True) -> Markup:
    """The belt: a plate for each chapter, empty and ticked once it is done.

    Parameters
    ----------
    done, whole
        How many chapters are done, and how many there are.
    eating
        Whether the next one lies there with its sushi.
    """
    parts = [f'<rect class="g" x="6" y="58" width="{whole * _STEP - 12}" height="10" rx="5"/>']
    for place in range(whole):
        x = _EDGE + place * _STEP
        now = eating and place == done
        parts.append(_plate(x, "d" if place > done or (place == done and not now) else "l"))
        if place < done:
            parts.append(f'<path class="k" d="M{x - 7} 30l5 6 10-12" stroke-width="3.4"/>')
        elif now:
            parts.append(_SUSHI.format(rice=x - 17, fish=x - 21, a=x - 9, b=x + 1, c=x + 11))
    label = say("figures.plates", whole=whole, done=done)
    return _element(f"0 0 {whole * _STEP} {_HEIGHT}", "".join(parts), label, "plates")


_SUSHI = (
    '<rect class="rice" x="{rice}" y="27" width="34" height="13.2" rx="5.9"/>'
    '<rect class="r" x="{fish}" y="19" width="42" height="12" rx="5.3"/>'
    '<path class="wl" d="M{a} 21.7l-4 6.6M{b} 21.7l-4 6.6M{c} 21.7l-4 6.6" stroke-width="1.8"/>'
)


def _plate(x: int, look: str) -> str:
    return (
        f'<rect class="{look}" x="{x - 14}" y="53" width="28" height="5"/>'
        f'<ellipse class="{look}" cx="{x}" cy="48.7" rx="31" ry="6.2"/>'
    )


@cache
def _drawing(name: str) -> tuple[str, str]:
    if name not in sign_names():
        raise LookupError(f'there is no drawing "{name}"; drawings are {", ".join(sign_names())}')
    found = _SVG.search((FOLDER / f"{name}.svg").read_text(encoding="utf-8"))
    assert found  # noqa: S101  -- our own file
    return found[1], found[2].replace("\n", "")


def _element(view: str, body: str, label: str, kind: str) -> Markup:
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704  -- our own drawings; the label is escaped right here
        f'<svg class="dxl-pic dxl-{kind}" viewBox="{view}" stroke-width="2.2" {named}>{body}</svg>'
    )
