"""Text that someone typed: what is kept of it, and how it is shown. It is never reworded."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

ACCENTS = 3  # signs on top of one letter that a language needs; more would climb over other lines
JOINERS = "\u200c\u200d"  # Persian and Indic scripts and emoji need them
BREAKS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")
ELLIPSIS = "…"
LOOKED_AT = 20_000  # characters: what follows would be cut in any case


def lines(text: str) -> str:
    """Give a text of several lines as it is kept: stripped, and without what no database can hold.

    Line ends become one newline each, those of slides and word processors too; control characters
    but tabs, and lone surrogates, go.
    """
    unified = BREAKS.sub("\n", text)
    hidden = {"Cc", "Cs"}
    return "".join(
        c for c in unified if c in "\n\t" or unicodedata.category(c) not in hidden
    ).strip()


def one_line(text: str) -> str:
    """Give a short text, such as a name, on one line; what cannot be printed becomes a space."""
    shown = "".join(c if c.isprintable() or c in JOINERS else " " for c in text)
    return " ".join(shown.split())


def name(text: str, most: int) -> str:
    """Give someone's name: the same one however it is typed (full or half width, spaces)."""
    seen = unicodedata.normalize("NFKC", text)
    hidden = {"Cc", "Cs"}
    kept = "".join(c for c in seen if c.isspace() or unicodedata.category(c) not in hidden)
    return " ".join(kept.split())[:most].rstrip()


@lru_cache(maxsize=8192)  # a room's texts are looked at again with every new one
def visible(text: str) -> str:
    """Give a text in one line, without what cannot be seen or turns other text around.

    Control characters, direction overrides and marks, zero-width spaces, private and unassigned
    characters go; white space becomes one space; of the signs piled on one letter three stay.
    """
    kept: list[str] = []
    piled = 0
    for sign in text[:LOOKED_AT]:
        category = unicodedata.category(sign)
        if sign in "\n\r\t\v\f" or category in {"Zs", "Zl", "Zp"}:
            kept.append(" ")
        elif category in {"Mn", "Me"}:
            piled += 1
            if kept and piled <= ACCENTS:
                kept.append(sign)
            continue
        elif category[0] != "C" or sign in JOINERS:
            kept.append(sign)
        piled = 0
    return re.sub(r" {2,}", " ", "".join(kept)).strip(f" {JOINERS}")


def cut(text: str, most: int) -> tuple[str, bool]:
    """Give at most so many characters of a visible text, and whether it was longer."""
    if len(text) <= most:
        return text, False
    # Not within an emoji of several characters, nor between a letter and its signs.
    end = most
    while end and (unicodedata.category(text[end])[0] == "M" or text[end] in JOINERS):
        end -= 1
    return text[:end].rstrip(f" {JOINERS}") + ELLIPSIS, True
