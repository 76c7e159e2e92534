"""Signs that only look like those that YAML reads: full-width ones, and curly quotes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

FIELD = r"^[ ]*(?:-[ ]+)*[\"']?[A-Za-z_][\w-]*[\"']?"
WIDE_COLON = re.compile(FIELD + r"[ \u3000]*：")
WIDE_COLON_WITHIN = re.compile(r"[{,、，｛][ \u3000]*[A-Za-z_][\w-]*[ ]*：")
WIDE_SPACE = re.compile(r"^[ -]*\u3000|" + FIELD + r":\u3000|^[ ]*-\u3000")
WIDE_DASH = re.compile(r"^[ ]*([－ー−‐–—・])[ \u3000]*(?=[A-Za-z_\"'{｛])")
WIDE_COMMA = re.compile(
    r"\[[ \w-]+([、，])[ \w、，-]*\]|\{[^}「」]*([、，])[ ]*[A-Za-z_]\w*[ ]*[:：]"
)
WIDE_BRACKET = re.compile(FIELD + r":[ ]+([｛［])")
CURLY_QUOTE = re.compile(r"(?:" + FIELD + r":[ ]+|^[ ]*-[ ]+|[\[{,][ ]*(?:\w+:[ ]+)?)([“”„‟‘’‛])")
CORNER_LIST = re.compile(FIELD + r":[ ]+([【〔])")
TAB = re.compile(r"^[ ]*\t")
COMMENT = re.compile(r"^\s*#")


def suspect(line: str) -> tuple[str, dict[str, str]] | None:
    """Name what on a line of YAML only looks like a sign that counts: a code, and its blanks."""
    if COMMENT.match(line):
        return None
    for code, pattern in (
        ("yaml.tab", TAB),
        ("yaml.wide_dash", WIDE_DASH),
        ("yaml.wide_space", WIDE_SPACE),
        ("yaml.wide_colon", WIDE_COLON),
        ("yaml.wide_colon", WIDE_COLON_WITHIN),
        ("yaml.wide_bracket", WIDE_BRACKET),
        ("yaml.corner_quote", CORNER_LIST),
        ("yaml.curly_quote", CURLY_QUOTE),
        ("yaml.wide_comma", WIDE_COMMA),
    ):
        if found := pattern.search(line):
            sign = next(filter(None, found.groups()), "")
            return code, {"sign": sign, "half": narrow(sign)}
    return None


def narrow(text: str) -> str:
    """Give half-width signs for full-width ones."""
    straight = text.translate({ord(c): '"' for c in "“”„‟"} | {ord(c): "'" for c in "‘’‛"})
    return unicodedata.normalize("NFKC", straight)


def suspects(text: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    """Give every line with such a sign: its number, the code, and the blanks."""
    for number, line in enumerate(text.splitlines(), 1):
        if found := suspect(line):
            yield number, *found


def open_quote(text: str) -> tuple[int, str] | None:
    """Find the quotation mark that is not closed on its line, and swallows the field after it.

    A quoted text may go on over lines; but where a line inside it looks like a field of the file,
    its end was forgotten.
    """
    quote, begun = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if quote and re.match(r"^[ ]*(?:-[ ]+)*[A-Za-z_][\w-]*:(?: |$)", line):
            return begun, quote
        quote, begun = _after(line, quote, begun, number)
    return (begun, quote) if quote else None


def _after(line: str, quote: str, begun: int, number: int) -> tuple[str, int]:
    """Go through a line: the quotation mark that is open at its end, and the line it stands on."""
    at = 0
    while at < len(line):
        sign = line[at]
        if not quote:
            if sign == "#" and line[at - 1 : at] in {"", " "}:
                break
            if sign in "\"'" and _begins_value(line[:at]):
                quote, begun = sign, number
        elif (sign == "\\" and quote == '"') or (
            sign == quote and quote == "'" and line[at + 1 : at + 2] == "'"
        ):
            at += 1
        elif sign == quote:
            quote = ""
        at += 1
    return quote, begun


def _begins_value(before: str) -> bool:
    """Whether a value of YAML may begin after what stands before it on its line."""
    bare = before.rstrip(" ")
    return not bare or bare[-1] in "{[," or (bare[-1] in ":-" and bare != before)
