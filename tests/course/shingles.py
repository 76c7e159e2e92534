"""Runs of 20 characters: the measure of what was copied.

The slides' text is not part of this project; `slides.shingles` holds a hash of each of its runs, so
that a copied sentence is found without the sentences being here. It was made with

    python tests/course/shingles.py SLIDES.txt > tests/course/slides.shingles
"""

from __future__ import annotations

import hashlib
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

LENGTH = 20  # characters


def folded(text: str) -> str:
    """Fold width and case, and drop everything but letters and digits."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in text if unicodedata.category(char)[0] in "LN")


def shingles(text: str) -> Iterator[tuple[str, str]]:
    """Each run of the text, and its hash."""
    flat = folded(text)
    for start in range(len(flat) - LENGTH + 1):
        run = flat[start : start + LENGTH]
        yield run, hashlib.sha256(run.encode()).hexdigest()[:12]


if __name__ == "__main__":
    hashes = {digest for _, digest in shingles(Path(sys.argv[1]).read_text(encoding="utf-8"))}
    sys.stdout.write("\n".join(sorted(hashes)) + "\n")
