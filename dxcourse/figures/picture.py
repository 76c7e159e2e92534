"""A finished picture, and what can be wrong with one."""

from __future__ import annotations

from dataclasses import dataclass

from dxcourse.errors import ContentError


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
