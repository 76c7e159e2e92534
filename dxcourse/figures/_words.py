"""Every word that a picture shows, from `data/pictures.yaml`: no Japanese stands in the code."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from dxcourse import _yaml
from dxcourse.figures._picture import FigureError

FILE = "data/pictures.yaml"
_PACKAGE = Path(__file__).parents[1]


class PictureWords(BaseModel):
    """The words of one picture.

    ``alt``, ``caption`` and ``words`` may hold fields such as ``{steps}``, which the picture fills
    from the facts; ``facts`` names the facts that it quotes, under names of its own.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    alt: str
    caption: str
    facts: dict[str, str] = {}
    words: dict[str, str] = {}


class Words(BaseModel):
    """`data/pictures.yaml`: what all pictures share, and each one's own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    common: dict[str, str]
    pictures: dict[str, PictureWords]

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read the words from a data folder.

        Raises
        ------
        FigureError
            The file is missing or not as described; the message names the line.
        """
        try:
            document = _yaml.read(folder / Path(FILE).name)
        except FileNotFoundError as error:
            raise FigureError(f"{FILE}: not found; it holds the words of the pictures") from error
        except _yaml.YamlError as error:
            raise FigureError(f"{FILE}:{error.line}: {error}") from error
        try:
            return cls.model_validate(document.data)
        except ValidationError as error:
            found = [f"{FILE}:{line}: {what}" for line, what in document.explain(error)]
            raise FigureError("\n".join(found)) from error

    @classmethod
    def shipped(cls) -> Words:
        """Read the words that come with the package: of its checkout, or of its installed copy."""
        for root in (_PACKAGE.parent, _PACKAGE / "_course"):
            if (root / FILE).is_file():
                return cls.load(root / "data")
        raise FigureError(f"{FILE}: not found beside the package; install dxcourse again")
