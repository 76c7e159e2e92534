"""The course's pictures: drawn from `data/`, as SVG that needs no font on the reader's machine."""

from dxcourse.figures.draw import draw, names
from dxcourse.figures.svg import FigureError, Picture
from dxcourse.figures.words import PictureTexts

__all__ = ["FigureError", "Picture", "PictureTexts", "draw", "names"]
