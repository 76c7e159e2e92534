"""What the guides say that the software says: it says so, and the tables leave nothing out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dxcourse.text import catalogue

ROOT = Path(__file__).resolve().parents[2]
BLANK = re.compile(r"\{[^}]*\}")
GUIDES = {
    "server": "docs/hosting/README.md",
    "workshop.errors": "docs/facilitator/workshop.md",
}
# Parts of a message, and words that are on a page.
PARTS = {
    "server": re.compile(
        r"settings\.(rules|kinds|causes|line|end|did_you_mean|too_few)|accessibility\.title"
    ),
    "workshop.errors": re.compile(r"disk_what\."),
}
# What a guide puts in quotation marks and nobody reads on a screen of ours: another program's
# words, and what people say.
SPOKEN = {
    "拡張",
    "うちは来年度から、移住補助を上げることにしました",
    "わたしの答えを消してほしい",
    "うるせえ",
    "うるせえ。",
    "窓口を広く",
    "会議を短く",
    "利用規約に同意",
    "このまま接続",
    "成功",
}


def texts(part: object, path: str = "") -> dict[str, str]:
    """Every text of an area by its name, its blanks as the guides write them."""
    if isinstance(part, dict):
        inner = [texts(below, f"{path}.{name}".lstrip(".")) for name, below in part.items()]
        return {name: text for each in inner for name, text in each.items()}
    if isinstance(part, list):
        return texts({str(place): below for place, below in enumerate(part)}, path)
    return {path: BLANK.sub("…", str(part))}


def area(name: str) -> dict[str, str]:
    first, _, below = name.partition(".")
    found = catalogue.area(first)
    return texts(found[below] if below else found)


def messages(area: str) -> list[str]:
    """The messages in the table of an area's guide."""
    guide = (ROOT / GUIDES[area]).read_text(encoding="utf-8")
    table = guide.partition("### 出ることのある知らせ")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", table, re.MULTILINE)
    return [message for row in rows for message in re.findall(r"`([^`]+)`", row)]


def says(text: str, message: str) -> bool:
    """Whether a text is what a guide has of it: pieces, in this order."""
    pattern = ".*".join(re.escape(piece) for piece in message.split("…") if piece)
    return re.search(pattern, text, re.DOTALL) is not None


@pytest.mark.parametrize("name", GUIDES)
def test_every_message_of_a_table_is_said(name: str) -> None:
    said = area(name)
    assert [m for m in messages(name) if not any(says(text, m) for text in said.values())] == []


@pytest.mark.parametrize("name", GUIDES)
def test_every_message_is_in_the_table(name: str) -> None:
    table = messages(name)
    whole = {path: text for path, text in area(name).items() if not PARTS[name].match(path)}
    assert len(whole) >= 14
    missing = [path for path, text in whole.items() if not any(says(text, m) for m in table)]
    assert missing == []


@pytest.mark.parametrize("guide", GUIDES.values())
def test_what_a_guide_quotes_is_on_a_screen(guide: str) -> None:
    said = [
        text
        for file in sorted((ROOT / "dxcourse/text/ja").glob("*.yaml"))
        for text in texts(catalogue.area(file.stem)).values()
    ]
    agendas = (ROOT / "dxcourse/workshop/agendas").glob("*.yaml")
    said.extend(agenda.read_text(encoding="utf-8") for agenda in agendas)  # the names of stops
    quoted = {q for q in re.findall("「([^」]*)」", (ROOT / guide).read_text("utf-8")) if q != "…"}
    assert len(quoted) >= 7
    as_made = {q: re.sub(r"\d+", "…", q) for q in quoted - SPOKEN}  # a number fills a blank
    missing = {
        q for q, m in as_made.items() if not any(says(text, q) or says(text, m) for text in said)
    }
    assert missing == set()
