"""What holds answers is its owner's alone, and no message tells a password."""

from __future__ import annotations

import os
import sqlite3
import sys
from typing import TYPE_CHECKING

import pytest

from dxcourse.answers import FileStore, SqlStore, StoreError, export_file, repair
from dxcourse.answers.database import connect
from support.records import address_of, entry, put

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def _usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.skipif(sys.platform == "win32", reason="rights of another kind")
@pytest.mark.usefixtures("_usual_umask")
def test_databases_copies_and_what_was_set_aside_are_the_owners(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    with SqlStore(address) as store:
        put(store, entry())
        export_file(store, tmp_path / "copy.jsonl.gz")
        for name in ("answers.sqlite", "answers.sqlite-wal", "copy.jsonl.gz"):
            assert mode(tmp_path / name) == 0o600
    file = FileStore(tmp_path / "answers.jsonl")
    put(file, entry())
    with file.path.open("ab") as opened:
        opened.write(b"damaged\n")
    assert repair(file.path) == [2]
    assert mode(tmp_path / "answers.jsonl.damaged") == 0o600


@pytest.mark.skipif(sys.platform == "win32", reason="rights of another kind")
def test_a_database_of_an_older_edition_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "answers.sqlite"
    SqlStore(f"sqlite:///{path}").close()
    path.chmod(0o664)  # whoever backs it up may be in its group
    SqlStore(f"sqlite:///{path}").close()
    assert mode(path) == 0o660


@pytest.mark.parametrize("password", ["p@ss", "a@b@c"])
def test_a_password_with_an_at_sign_is_not_told(password: str) -> None:
    with pytest.raises(StoreError) as caught:
        SqlStore(f"postgresql://dx:{password}@db.internal/dx")
    told = str(caught.value)
    assert ("%40" in told, "pgpass" in told) == (True, True)
    assert not any(piece in told for piece in ("ss@", "p@", "a@", "b@", "@c"))


@pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)
def test_a_database_of_something_else_is_no_record_and_stays_as_it_is(
    kind: str, tmp_path: Path
) -> None:
    address = address_of(kind, tmp_path)
    if kind == "sqlite":
        other = sqlite3.connect(tmp_path / "answers.sqlite")
        other.execute("CREATE TABLE things (name TEXT)")
        other.close()
    with pytest.raises(StoreError, match="答えが入っていません"):
        SqlStore(address, there=True)
    engine = connect(address, 20)
    with engine.connect() as connection:
        assert not engine.dialect.has_table(connection, "records")
    engine.dispose()
    SqlStore(address).close()
    SqlStore(address, there=True).close()


def test_a_compressed_copy_is_not_repaired_away(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    put(store, entry())
    copy = tmp_path / "copy.jsonl.gz"
    export_file(store, copy)
    data = copy.read_bytes()
    with pytest.raises(StoreError, match="直すものではありません"):
        repair(copy)
    assert copy.read_bytes() == data
