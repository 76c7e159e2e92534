from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from answers.answer_making import KINDS_OF_STORE, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dxcourse.answers import Store


@pytest.fixture(params=KINDS_OF_STORE)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(kind: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(kind, tmp_path) as opened:
        yield opened
