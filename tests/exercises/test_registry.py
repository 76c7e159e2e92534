"""Kinds come from other packages, and none of those can break the course."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from dxcourse.exercises import ExerciseError, kinds_by_name, load_bank, parse
from dxcourse.exercises.shapes import Privacy, Shape
from dxcourse.widgets import bundle
from support.plugin import EXAMPLE, EXERCISE, install_example

ROOT = Path(__file__).resolve().parents[2]
CACHED = (kinds_by_name, bundle.script, bundle.page_script, bundle.strings)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return install_example(tmp_path_factory.mktemp("site"))


def forget() -> None:
    for cached in CACHED:
        cached.cache_clear()
    for name in [name for name in sys.modules if name.startswith("dxcourse_")]:
        del sys.modules[name]


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Where packages are looked for: what a test adds is gone after it."""
    monkeypatch.setattr(sys, "path", [*sys.path])
    forget()
    yield sys.path
    forget()


def package(folder: Path, name: str, source: str, kind: str = "odd", **files: str) -> str:
    """Lay out a package as an installer does."""
    module, info = folder / f"dxcourse_{name}", folder / f"dxcourse_{name}-1.0.dist-info"
    for made in (module, info):
        made.mkdir(parents=True)
    (module / "__init__.py").write_text(source, encoding="utf-8")
    for file, text in files.items():
        (module / file.replace("_", ".")).write_text(text, encoding="utf-8")
    (info / "METADATA").write_text(f"Name: dxcourse-{name}\nVersion: 1.0\n", encoding="utf-8")
    points = f"[dxcourse.kinds]\n{kind} = dxcourse_{name}:Odd\n"
    (info / "entry_points.txt").write_text(points, encoding="utf-8")
    return str(folder)


KIND = """\
from dxcourse.exercises.kinds.choice import SingleChoice


class Odd(SingleChoice):
    kind = "odd"
"""


def test_an_installed_package_brings_its_kind(site: Path, path: list[str]) -> None:
    path.insert(0, str(site))
    [raw] = yaml.safe_load(EXERCISE)
    exercise = parse(raw)
    assert (exercise.kind, exercise.shape, exercise.privacy) == (
        "cloze",
        Shape.TEXT,
        Privacy.PUBLIC,
    )
    assert "kinds.cloze =" in bundle.script()
    assert bundle.strings()["cloze.label"] == "空欄に入ることば"


@pytest.mark.parametrize(
    ("typed", "points"),
    [
        ("デジタル", 1),
        ("ﾃﾞｼﾞﾀﾙ", 1),
        ("でじたる", 1),
        (" ＤＩＧＩＴＡＬ ", 1),
        ("情報", 0),
        ("で", 0),
    ],
)
def test_width_case_and_kana_make_no_difference(
    site: Path, path: list[str], typed: str, points: int
) -> None:
    path.insert(0, str(site))
    [raw] = yaml.safe_load(EXERCISE)
    exercise = parse(raw)
    [item] = exercise.items
    result = exercise.score(exercise.read({"items": {item.ref: typed}}))
    assert result.points == points
    assert result.items[item.ref].remarks


@pytest.mark.parametrize(
    "broken",
    [
        ("import nothing_of_that_name", "odd", "nothing_of_that_name"),
        ("Odd = 1", "odd", "Exercise"),
        (KIND, "other", "other"),
        (KIND.replace('"odd"', '"choice"'), "choice", "choice"),
    ],
)
def test_a_package_that_cannot_be_used_is_named_and_left_out(
    path: list[str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    broken: tuple[str, str, str],
) -> None:
    source, kind, said = broken
    before = set(kinds_by_name())
    forget()
    path.insert(0, package(tmp_path, "broken", source, kind))
    with caplog.at_level(logging.WARNING):
        assert set(kinds_by_name()) == before
    assert said in caplog.text
    assert "dxcourse_broken:Odd" in caplog.text
    assert bundle.script()


@pytest.mark.parametrize("files", [{}, {"odd_js": "function odd() {}"}])
def test_a_kind_without_a_front_end_takes_no_page_down(
    path: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture, files: dict[str, str]
) -> None:
    path.insert(0, package(tmp_path, "bare", KIND, **files))
    assert "odd" in kinds_by_name()
    with caplog.at_level(logging.WARNING):
        script = bundle.script()
    assert "kinds.odd" not in script
    assert "kinds.choice" in script
    assert "odd.js" in caplog.text


def test_an_unknown_kind_is_a_finding_of_the_bank(tmp_path: Path) -> None:
    bank = tmp_path / "bank.yaml"
    bank.write_text(EXERCISE, encoding="utf-8")
    with pytest.raises(ExerciseError, match="cloze"):
        load_bank([bank], None, tmp_path)


def test_the_guide_follows_the_example_word_by_word() -> None:
    guide = (ROOT / "docs/kinds.md").read_text(encoding="utf-8")
    module = EXAMPLE / "dxcourse_cloze"
    for file in (
        EXAMPLE / "pyproject.toml",
        module / "__init__.py",
        module / "cloze.js",
        module / "ja.yaml",
        EXAMPLE / "exercise.yaml",
    ):
        assert f"\n{file.read_text(encoding='utf-8')}```" in guide, file.name
