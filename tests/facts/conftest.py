from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from dxcourse.facts import Facts

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="session")
def facts() -> Facts:
    """The facts that ship."""
    return Facts.load(DATA)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A copy of the folder that ships, to be spoilt."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))
