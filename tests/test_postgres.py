"""The database of the tests is a real one, and theirs alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest

if TYPE_CHECKING:
    from support.postgres import Cluster


def rows(address: str) -> list[tuple[int]]:
    with psycopg.connect(address) as connection:
        return connection.execute("SELECT number FROM kept").fetchall()


def keep(address: str, number: int) -> None:
    with psycopg.connect(address) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (number integer)")
        connection.execute("INSERT INTO kept VALUES (%s)", (number,))


def test_a_fresh_database_is_empty(postgres: Cluster, postgres_address: str) -> None:
    keep(postgres_address, 1)
    with postgres.database() as other, pytest.raises(psycopg.errors.UndefinedTable):
        rows(other)
    assert rows(postgres_address) == [(1,)]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_what_was_committed_outlives_its_server(
    postgres: Cluster, postgres_address: str, end: str
) -> None:
    keep(postgres_address, 1)
    connection = psycopg.connect(postgres_address)
    getattr(postgres, end)()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError):
        rows(postgres_address)
    postgres.start()
    assert rows(postgres_address) == [(1,)]


def test_it_runs_without_rights_and_listens_to_this_machine_only(postgres: Cluster) -> None:
    with psycopg.connect(postgres.address()) as connection:
        listens = connection.execute("SHOW listen_addresses").fetchone()
        sockets = connection.execute("SHOW unix_socket_directories").fetchone()
    assert (listens, sockets) == (("127.0.0.1",), ("",))
    assert Path(f"/proc/{postgres.process}").stat().st_uid != 0


def test_it_asks_for_the_password(postgres: Cluster) -> None:
    wrong = postgres.address().replace("dxcourse:", "dxcourse:x")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)
