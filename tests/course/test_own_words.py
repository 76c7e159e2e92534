"""The slides are the source of the course; their sentences are not copied."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import shingles
import yaml

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NOTEBOOKS = ROOT / "notebooks"
HOMEWORK = ROOT / "exercises/homework/source"


def passages() -> Iterator[tuple[str, str]]:
    """Yield every text a learner reads, with where it is."""
    for notebook in sorted([*NOTEBOOKS.rglob("*.ipynb"), *HOMEWORK.rglob("*.ipynb")]):
        if ".ipynb_checkpoints" in notebook.parts:
            continue
        for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "markdown":
                text = re.sub(r"\]\([^)\n]*\)", "]", "".join(cell["source"]))  # links, read through
                yield f"{notebook.name}#{cell['id']}", text
    for table in sorted((ROOT / "data").glob("*.csv")):
        for line, text in enumerate(table.read_text(encoding="utf-8").splitlines(), start=1):
            yield f"{table.name}:{line}", text
    for bank in sorted((ROOT / "exercises").rglob("*.yaml")):
        for text in texts(yaml.safe_load(bank.read_text(encoding="utf-8"))):
            yield bank.name, text


def texts(part: object) -> Iterator[str]:
    if isinstance(part, str):
        yield part
    elif isinstance(part, dict):
        for value in part.values():
            yield from texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from texts(value)


def quotations() -> list[str]:
    """Give the lines of `quotations.txt`, folded, the longest first."""
    lines = (HERE / "quotations.txt").read_text(encoding="utf-8").splitlines()
    quoted = {shingles.folded(line) for line in lines if line and not line.startswith("#")}
    return sorted(quoted, key=len, reverse=True)


def own_part(text: str, quoted: list[str]) -> list[str]:
    """Give what is left of a text between the quotations in it."""
    text = shingles.folded(text)
    for quotation in quoted:
        text = text.replace(quotation, " ")
    return text.split()


def test_no_sentence_of_the_slides_reappears() -> None:
    slides = set((HERE / "slides.shingles").read_text(encoding="ascii").split())
    quoted = quotations()
    copied = {
        f"{place}: {run}"
        for place, text in passages()
        for part in own_part(text, quoted)
        for run, digest in shingles.shingles(part)
        if digest in slides
    }
    assert not copied, "\n".join(sorted(copied))


def test_the_measure_would_find_a_copied_sentence() -> None:
    slides = set((HERE / "slides.shingles").read_text(encoding="ascii").split())
    sentence = "計画を立て、進捗管理を行うことで現状の把握も行いやすくなり"  # slide 17
    assert all(digest in slides for _, digest in shingles.shingles(sentence))
