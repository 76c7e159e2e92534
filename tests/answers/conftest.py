from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.records import DATABASE, KINDS_OF_STORE, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dxcourse.answers import Store


@pytest.fixture(params=KINDS_OF_STORE)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of store; for PostgreSQL a fresh database is there, for the test's programs, too."""
    if request.param == "postgres":
        monkeypatch.setenv(DATABASE, request.getfixturevalue("postgres_address"))
    return str(request.param)


@pytest.fixture
def store(kind: str, tmp_path: Path) -> Iterator[Store]:
    with open_store(kind, tmp_path) as opened:
        yield opened
