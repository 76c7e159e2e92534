"""The course's pictures: drawn from `data/`, as SVG that needs no font on the reader's machine."""

from dxcourse.figures._draw import draw, names
from dxcourse.figures._picture import FigureError, Picture
from dxcourse.figures._words import Words

__all__ = ["FigureError", "Picture", "Words", "draw", "names"]
