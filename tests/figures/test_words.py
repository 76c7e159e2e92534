from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse import figures
from dxcourse.figures import FigureError, draw, names
from dxcourse.figures.words import PictureScene, PictureTexts
from support.figures import DATA, TODAY, Redraw

if TYPE_CHECKING:
    from dxcourse.facts import Facts

CODE = Path(figures.__file__).parent
JAPANESE = re.compile(r"[ぁ-んァ-ヺ一-龠]")


def test_there_are_words_for_each_picture_and_no_other() -> None:
    assert set(PictureTexts.load(DATA).pictures) == set(names())


def test_shipped_words_are_those_of_the_course() -> None:
    assert PictureTexts.shipped() == PictureTexts.load(DATA)


def test_no_japanese_in_the_code() -> None:
    for path in CODE.glob("*.py"):
        if path.name == "line_breaking.py":  # the rules of line breaking speak of characters
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        literals = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)]
        found = [text for text in literals if isinstance(text, str) and JAPANESE.search(text)]
        assert found == [], path.name


def test_every_word_is_used(facts: Facts, monkeypatch: pytest.MonkeyPatch) -> None:
    said: set[tuple[str, str]] = set()
    say = PictureScene.say

    def listen(self: PictureScene, word: str, **fields: object) -> str:
        said.add((self.name, word))
        return say(self, word, **fields)

    monkeypatch.setattr(PictureScene, "say", listen)
    for name in names():
        draw(name, facts, TODAY)
    words = PictureTexts.load(DATA)
    unused = [
        (name, word)
        for name, own in words.pictures.items()
        for word in own.words
        if (name, word) not in said and not re.match(r"(due|start|date)-", word)
    ]
    assert unused == []
    assert {word for word in words.common if all(word != each for _, each in said)} == set()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("      era: ", "      erra: ", "「societies」に言葉「era」がありません"),
        ("{steps}", "{stepps}", "空欄 'stepps' は、絵「societies」にありません"),
        ("きっかけ {mark}", "\\U0001F363 {mark}", r"字体に「.」（U\+1F363）がありません"),
        ("  societies:\n", "  society:\n", "絵「societies」の言葉がありません"),
        ("    caption:", "    captain:", r"data/pictures.yaml:\d+: "),
    ],
)
def test_a_wrong_word_is_named(old: str, new: str, message: str, redraw: Redraw) -> None:
    with pytest.raises(FigureError, match=message):
        redraw("societies", ("pictures.yaml", old, new))


def test_missing_and_broken_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(FigureError, match=r"data/pictures.yaml: 図の言葉"):
        PictureTexts.load(tmp_path)
    (tmp_path / "pictures.yaml").write_text("common: [\n", encoding="utf-8")
    with pytest.raises(FigureError, match=r"data/pictures.yaml:\d: YAML"):
        PictureTexts.load(tmp_path)


def test_a_fact_that_is_not_there_is_named(redraw: Redraw) -> None:
    with pytest.raises(ValueError, match="dx-sushy"):
        redraw("sushi", ("pictures.yaml", "dx-sushi", "dx-sushy"))
    with pytest.raises(FigureError, match="事実の名前「sushi」がありません"):
        redraw("sushi", ("pictures.yaml", "sushi: dx-sushy", "roll: dx-sushi"))


def test_sushi_has_as_many_words_as_drawings(redraw: Redraw) -> None:
    with pytest.raises(FigureError, match="sushi の steps は 4 個"):
        redraw("sushi", ("pictures.yaml", "大将に注文|", ""))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("before: 7|9|5|9", "before: 7|9|5", "moves・before・after は、parts と同じ 4 個"),
        ("after: 4|6|1|4", "after: 4|6|一|4", "「after」は、| で区切った整数"),
    ],
)
def test_before_and_after_have_minutes_for_each_part(
    old: str, new: str, message: str, redraw: Redraw
) -> None:
    with pytest.raises(FigureError, match=re.escape(message)):
        redraw("before_after", ("pictures.yaml", old, new))


def test_before_and_after_add_up(redraw: Redraw) -> None:
    picture = redraw("before_after", ("pictures.yaml", "after: 4|6|1|4", "after: 4|6|2|4"))
    assert "合わせて30分が16分になる" in picture.alt


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("two_towns", "theirs: 300|", "theirs: ", "prices・ours・theirs は、ways と同じ 4 個"),
        ("two_towns", "ours: 300|", "ours: 二百|", "「ours」は、| で区切った整数"),
        (
            "red_flag",
            "years: 1865|1878|1896",
            "years: 1865|1896",
            "years は、what と同じ数の年",
        ),
        ("red_flag", "1865|1878", "1865年|1878", "years は、what と同じ数の年"),
        ("region_nested", "widths: 自団体|", "widths: ", "asks は、widths と同じ"),
    ],
)
def test_lists_of_a_picture_fit_each_other(
    name: str, old: str, new: str, message: str, redraw: Redraw
) -> None:
    with pytest.raises(FigureError, match=re.escape(message)):
        redraw(name, ("pictures.yaml", old, new))


def test_two_towns_are_those_of_their_module() -> None:
    """What the picture takes from 8,000 is what the module's table leaves of it."""
    words = PictureTexts.load(DATA).pictures["two_towns"].words
    notebook = (DATA.parent / "notebooks/06_with_the_region.ipynb").read_text(encoding="utf-8")
    rows = re.findall(r"\| (\S+) \| (\d),(\d{3}) \| (\d),(\d{3}) \|", notebook)
    left = {way: (int(a + b), int(c + d)) for way, a, b, c, d in rows}
    lost = zip(words["ours"].split("|"), words["theirs"].split("|"), strict=True)
    drawn = [(8000 - int(ours), 8000 - int(theirs)) for ours, theirs in lost]
    assert dict(zip(words["ways"].split("|"), drawn, strict=True)) == left


def test_what_is_known_stands_apart_from_what_is_read_into_it(redraw: Redraw) -> None:
    known, read = redraw("red_flag").alt.split("右の破線の枠")
    assert known.count("◎") == 3
    assert "△" not in known
    assert read.count("△") == 1
    assert "◎" not in read
