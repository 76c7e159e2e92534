"""Pictures of wall, board and phone side by side, for the guide; made as a test goes by."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Page

WIDTH, GAP = 760, 12  # pixels: of the wall, and between the three
PAPER = "#e9e4d8"


def keep(name: str, wall: Page, board: Page, phone: Page) -> None:
    """With `DXCOURSE_PICTURES`, a folder, keep what the three show now."""
    folder = os.environ.get("DXCOURSE_PICTURES")
    if not folder:
        return
    shown = [Image.open(io.BytesIO(page.screenshot())) for page in (wall, board, phone)]
    above, below = (_wide(each, WIDTH) for each in shown[:2])
    beside = _wide(shown[2], round(shown[2].width * (above.height + GAP + below.height) / 1480))
    high = max(above.height + GAP + below.height, beside.height)
    frame = Image.new("RGB", (WIDTH + 3 * GAP + beside.width, high + 2 * GAP), PAPER)
    frame.paste(above, (GAP, GAP))
    frame.paste(below, (GAP, 2 * GAP + above.height))
    frame.paste(beside, (2 * GAP + WIDTH, GAP))
    Path(folder).mkdir(parents=True, exist_ok=True)
    frame.save(Path(folder, f"{name}.webp"), quality=60, method=6)


def _wide(picture: Image.Image, width: int) -> Image.Image:
    size = (width, round(picture.height * width / picture.width))
    return picture.convert("RGB").resize(size, Image.Resampling.LANCZOS)
