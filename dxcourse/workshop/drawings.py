"""The pictures of scenes and stops: drawn for the stage, or a chapter's sign."""

from __future__ import annotations

import re
from pathlib import Path

from dxcourse import figures

HERE = Path(__file__).parent
PICTURE_TYPES = {
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
}
SIGNS = Path(figures.__file__).parent / "signs"
_LINE = 'stroke="#1f4788" stroke-linejoin="round" stroke-linecap="round"'
INKS = {
    "l": f'fill="#fffdf8" {_LINE} ',
    "n": f'fill="none" {_LINE} ',
    "f": f'fill="#ffffff" {_LINE} ',
    "a": 'fill="#1f4788"',
    "s": 'fill="#e6edf7"',
    "m": 'fill="#b9cae6"',
    "p": 'fill="#fffdf8"',
    "r": 'fill="#b0391f"',
    "rl": 'fill="none" stroke="#b0391f" stroke-linecap="round"',
    "w": 'fill="#c9a877"',
    "g": 'fill="#ddd5c4"',
    "rice": 'fill="#ffffff" stroke="#857d6e"',
    "wl": 'fill="none" stroke="#ffffff" stroke-linecap="round"',
    "d": 'fill="#fffdf8" stroke="#4a453d" stroke-dasharray="5 4"',
    "steam": 'fill="none" stroke="#4a453d" stroke-linecap="round"',
}
"""The look's classes for pictures, as a picture without its page's sheet has them."""


def our_pictures() -> list[str]:
    """The names of the pictures that come with the course."""
    files = [*(HERE / "pictures").glob("*.svg"), *SIGNS.glob("*.svg")]
    return sorted({path.name for path in files})


def our_picture(name: str) -> str | None:
    """A picture of ours: drawn for the stage, or a chapter's sign; None where there is none.

    A picture that stands in a page as an image sees none of the page's colours: it brings the
    light ones, which a wall always has.
    """
    for path in (HERE / "pictures" / f"{name}.svg", SIGNS / f"{name}.svg"):
        if path.is_file():
            drawn = path.read_text(encoding="utf-8")
            drawn = re.sub(r'class="(\w+)"', lambda mark: INKS.get(mark[1], ""), drawn)
            return drawn.replace("<svg ", '<svg stroke-width="2.2" ', 1)
    return None
