from __future__ import annotations

import gzip
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from dxcourse.figures import FigureError, Picture, draw, names
from support.figures import DATA, TODAY, Edit, Redraw

if TYPE_CHECKING:
    from dxcourse.facts import Facts

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def pictures(facts: Facts) -> dict[str, Picture]:
    return {name: draw(name, facts, TODAY) for name in names()}


@pytest.mark.filterwarnings("error")  # a missing glyph is only a warning to matplotlib
@pytest.mark.parametrize("name", names())
def test_draws_at_the_size_it_says(name: str, facts: Facts) -> None:
    picture = draw(name, facts, TODAY)
    root = ET.fromstring(picture.svg)  # noqa: S314  our own
    assert picture.name == name
    assert root.tag == f"{SVG}svg"
    assert root.get("viewBox") == f"0 0 {picture.width} {picture.height}"
    assert picture.width == 760
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt


@pytest.mark.parametrize("name", names())
def test_says_what_it_shows(name: str, pictures: dict[str, Picture]) -> None:
    picture = pictures[name]
    assert len(picture.alt) > 40
    assert len(picture.caption) > 15
    assert not re.search(r"[{}\\]|  ", picture.alt + picture.caption)


@pytest.mark.parametrize("name", names())
def test_needs_nothing_from_outside_and_no_style(name: str, pictures: dict[str, Picture]) -> None:
    svg = pictures[name].svg
    assert re.findall(r"\w+://[^\"]*", svg) == ["http://www.w3.org/2000/svg"]  # a name, not fetched
    assert not re.search(r"<(style|script|text|image|metadata)|style=|\bon\w+=", svg)
    assert not re.search(r'href="[^#]', svg)


def test_several_may_stand_in_one_page(pictures: dict[str, Picture]) -> None:
    ids = [id_ for picture in pictures.values() for id_ in re.findall(r' id="(.*?)"', picture.svg)]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    for picture in pictures.values():
        used = set(re.findall(r'href="#(.*?)"|url\(#(.*?)\)', picture.svg))
        assert {a or b for a, b in used} <= set(ids)


@pytest.mark.parametrize("name", names())
def test_is_small(name: str, pictures: dict[str, Picture]) -> None:
    size = len(gzip.compress(pictures[name].svg.encode()))
    assert size < (45_000 if name == "plan_map" else 25_000)


@pytest.mark.parametrize("name", names())
def test_is_drawn_the_same_again(name: str, facts: Facts, pictures: dict[str, Picture]) -> None:
    assert draw(name, facts, TODAY) == pictures[name]


def test_is_drawn_the_same_by_another_process(pictures: dict[str, Picture]) -> None:
    program = (
        "import sys; from pathlib import Path; from datetime import date\n"
        "from dxcourse.facts import Facts; from dxcourse.figures import draw\n"
        f"picture = draw('telework', Facts.load(Path({str(DATA)!r})), date(2026, 11, 23))\n"
        "sys.stdout.buffer.write(picture.svg.encode())"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.decode() == pictures["telework"].svg


def test_importing_is_cheap() -> None:
    program = "import sys, dxcourse.figures; print({'matplotlib', 'pandas'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert run.stdout.strip() == b"set()"


def test_leaves_matplotlib_as_it_was(facts: Facts) -> None:
    before = dict(mpl.rcParams)
    draw("societies", facts, TODAY)
    assert dict(mpl.rcParams) == before


def test_unknown_name_says_which_there_are(facts: Facts) -> None:
    with pytest.raises(FigureError, match=r"絵「map」はありません。あるのは .*plan_map"):
        draw("map", facts, TODAY)


@pytest.mark.parametrize(
    ("name", "edit"),
    [
        ("societies", ("societies.csv", "車輪", "歯車")),
        ("plan_map", ("plan_items.csv", ",テレワーク,", ",在宅勤務,")),
        ("plan_map", ("laws.csv", ",標準化法,", ",共通化法,")),
        ("plan_map", ("legend.csv", "継続DX", "続くDX")),
        ("chain", ("chain.csv", "自団体の取組", "わがまちの取組")),
        ("results", ("results.csv", "条例・規則を改める", "決まりを改める")),
        ("telework", ("figures_telework.csv", ",64.3,", ",70.1,")),
        ("telework", ("figure_series.csv", ",窓口になじまない,", ",窓口が要る,")),
        ("adoption", ("figures_genai.csv", ",29.9,", ",33.3,")),
        ("change_and_tool", ("pictures.yaml", "データ連携", "センサー")),
        ("sushi", ("pictures.yaml", "タブレット注文", "電話で注文")),
        ("red_flag", ("facts.csv", "1878年の法律でなくなった", "1879年の法律でなくなった")),
        ("region_nested", ("pictures.yaml", "課と課のあいだ", "係と係のあいだ")),
        ("two_towns", ("pictures.yaml", "|会う", "|集う")),
    ],
)
def test_follows_the_data(
    name: str, edit: Edit, redraw: Redraw, pictures: dict[str, Picture]
) -> None:
    changed = redraw(name, edit)
    said = edit[2].strip(",|")
    assert changed.svg != pictures[name].svg
    assert said in changed.alt
    assert said not in pictures[name].alt


@pytest.mark.parametrize("name", ["sushi", "change_and_tool", "societies"])
def test_shows_how_sure_a_fact_is(name: str, redraw: Redraw, pictures: dict[str, Picture]) -> None:
    changed = redraw(name, ("legend.csv", ",◎,", ",□,"), ("legend.csv", ",○,", ",■,"))
    assert re.search("[□■]", changed.caption)
    assert not re.search("[□■]", pictures[name].caption)


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2026, 1, 31), "2026年3月 ◎ あと2か月"),
        (date(2026, 3, 31), "2026年3月 ◎ 今月"),
        (date(2026, 4, 1), "2026年3月 ◎ 過ぎて1か月"),
        (date(2026, 8, 1), "2026年9月 ◎ 開始予定まで1か月"),
        (date(2026, 9, 30), "2026年9月 ◎ 今月 開始予定"),
        (TODAY, "2026年9月 ◎ 開始予定を過ぎて2か月"),
    ],
)
def test_plan_map_sees_deadlines_from_today(today: date, said: str, facts: Facts) -> None:
    picture = draw("plan_map", facts, today)
    assert said in picture.alt
    assert f"{today.year}年{today.month}月{today.day}日" in picture.caption


def test_plan_map_names_every_item_and_its_class(
    facts: Facts, pictures: dict[str, Picture]
) -> None:
    for item in facts.plan():
        mark = facts.cite(item.class_fact).mark
        said = f"{item.code} {item.short}＝{facts.name('class', item.class_)} {mark}"
        assert said in pictures["plan_map"].alt


def test_a_series_without_shares_is_named(redraw: Redraw) -> None:
    with pytest.raises(FigureError, match="telework-reason-security"):
        redraw("telework", ("figures_telework.csv", "77.3,%", "77,団体"))
