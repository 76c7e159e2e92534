from __future__ import annotations

from pathlib import Path

import pytest

from dxcourse.text import TextError, catalogue, say, words
from dxcourse.text.templates import strong


@pytest.fixture
def texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "ja"
    folder.mkdir()
    (folder / "tea.yaml").write_text(
        'poured: "{cups}杯です"\nshop:\n  open: 開店\n  days: [月, 火]\n', encoding="utf-8"
    )
    monkeypatch.setattr(catalogue, "HERE", tmp_path)
    monkeypatch.setattr(catalogue, "area", catalogue.area.__wrapped__)
    monkeypatch.setattr(catalogue, "_find", catalogue._find.__wrapped__)
    return folder


@pytest.mark.usefixtures("texts")
def test_a_text_is_found_by_its_names_and_filled() -> None:
    assert say("tea.poured", cups=2) == "2杯です"
    assert say("tea.shop.open") == "開店"


@pytest.mark.usefixtures("texts")
def test_what_fills_a_blank_is_taken_as_it_is() -> None:
    assert say("tea.poured", cups="{cups}{0}") == "{cups}{0}杯です"


@pytest.mark.usefixtures("texts")
def test_a_part_of_an_area_is_data_for_scripts() -> None:
    assert words("tea.shop") == {"open": "開店", "days": ["月", "火"]}
    assert words("tea")["poured"] == "{cups}杯です"


@pytest.mark.usefixtures("texts")
@pytest.mark.parametrize("key", ["tea.spilt", "tea.shop.open.door", "coffee.poured", "tea.shop"])
def test_a_text_that_is_not_there_is_an_error_by_name(key: str) -> None:
    with pytest.raises(TextError, match=key.split(".", maxsplit=1)[0]):
        say(key)


@pytest.mark.usefixtures("texts")
def test_a_blank_that_nothing_fills_is_an_error_by_name() -> None:
    with pytest.raises(TextError, match=r"tea\.poured: nothing for the blank \{cups\}"):
        say("tea.poured")


def test_what_a_text_sets_off_is_set_off_and_all_else_of_it_is_escaped() -> None:
    assert strong("締切は**<1>日**です & ** だけ") == "締切は<b>&lt;1&gt;日</b>です &amp; ** だけ"
