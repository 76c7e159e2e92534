"""The front end as one module: every kind is in it, every word too, and a browser can read it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from dxcourse.exercises import kinds_by_name
from dxcourse.widgets import script, strings, style
from dxcourse.widgets.bundle import STATIC

if TYPE_CHECKING:
    from support.chromium import Chromium

SOURCES = {path.name: path.read_text(encoding="utf-8") for path in STATIC.rglob("*.js")}
SAID = re.compile(r'\b(?:say|tell)\("(\w+)"')
# Put together from a state, a mark, a rule, or the way a thing is moved.
BUILT = re.compile(r"saved|waiting|refused|spent|mark_\w+|(up|down)_of")


def test_every_kind_has_a_front_end_and_no_front_end_is_without_a_kind() -> None:
    files = {path.stem for path in (STATIC / "kinds").glob("*.js")}
    assert files == set(kinds_by_name())


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_every_word_that_a_file_says_is_in_strings_yaml(name: str) -> None:
    said = set(SAID.findall(SOURCES[name]))
    assert said - strings().keys() == set()


def test_every_word_of_strings_yaml_is_said() -> None:
    package = STATIC.parents[1]
    files = [path for end in ("py", "j2", "js") for path in package.rglob(f"*.{end}")]
    said = "".join([*SOURCES.values(), *(file.read_text(encoding="utf-8") for file in files)])
    words = [word for word in strings() if not BUILT.fullmatch(word)]
    assert [w for w in words if not re.search(rf'"{w}"|words\.{w}\b', said)] == []


def test_no_file_imports_another_or_names_an_outside_address() -> None:
    for name, source in SOURCES.items():
        assert not re.search(r"^\s*import\b|\bimport\(", source, re.MULTILINE), name
        addresses = set(re.findall(r"https?://[^\"'`]*", source))
        assert addresses <= {"http://www.w3.org/2000/svg"}, name  # a name space
    assert not re.search(r"https?://|@import|url\(", style())


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
def test_a_browser_reads_the_module_and_finds_what_anywidget_asks_for(chromium: Chromium) -> None:
    chromium.take_up()
    try:
        page = chromium.browser.new_page()
        found = page.evaluate(
            """async (source) => {
                const url = URL.createObjectURL(new Blob([source], {type: "text/javascript"}));
                const module = await import(url);
                return Object.entries(module.default).map(([name, value]) => [name, typeof value]);
            }""",
            script(),
        )
        page.close()
    finally:
        chromium.lay_down()
    assert found == [["render", "function"]]


def test_the_words_are_in_the_module_as_they_are_in_the_file() -> None:
    first = script().splitlines()[0]
    assert json.loads(first.removeprefix("const WORDS = ").removesuffix(";")) == strings()
