"""What lies beside an author's files is named, and is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxcourse.authored import read_files, strays


def lay(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("", encoding="utf-8")


@pytest.mark.parametrize(
    "copy",
    [
        "04_plan - コピー.yaml",
        "04_plan - コピー (2).yaml",
        "04_planのコピー.yaml",
        "04_plan (1).yaml",
        "04_plan - Copy.yaml",
        "04_plan copy.yaml",
    ],
)
def test_a_copy_is_not_read_and_the_original_is(tmp_path: Path, copy: str) -> None:
    lay(tmp_path, "04_plan.yaml", copy)
    assert [path.name for path in read_files(tmp_path.glob("*.yaml"))] == ["04_plan.yaml"]
    (found,) = strays(tmp_path, "exercises/bank", ".yaml")
    assert (found.file, found.code) == (f"exercises/bank/{copy}", "strays.copy")
    assert "「04_plan.yaml」" in found.message


def test_a_name_that_only_looks_like_a_copys_is_read(tmp_path: Path) -> None:
    lay(tmp_path, "04_plan (1).yaml")
    assert len(read_files(tmp_path.glob("*.yaml"))) == 1
    assert list(strays(tmp_path, "b", ".yaml")) == []


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("10_more.yml", "strays.ending"),
        ("10_more.yaml.txt", "strays.ending"),
        ("~$10.yaml", "strays.lock"),
    ],
)
def test_what_is_not_read_is_named(tmp_path: Path, name: str, code: str) -> None:
    lay(tmp_path, "10_own.yaml", name, "Thumbs.db", ".DS_Store")
    (found,) = strays(tmp_path, "b", ".yaml")
    assert (found.file, found.code) == (f"b/{name}", code)
    if code == "strays.ending":
        assert "「10_more.yaml」に名前を直す" in found.cure
