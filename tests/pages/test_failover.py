"""The guide's two databases, tried word by word on one machine: the first dies under load."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from psycopg import sql

from dxcourse.answers import SqlStore
from pages.test_operations_guide import GUIDE, blocks
from support.postgres import HOST, Cluster
from support.served import Load, Served
from workshop.test_room_faults import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.served import Ready

pytestmark = [
    pytest.mark.server,
    pytest.mark.xdist_group("served"),
]

VISITORS, ENOUGH = 8, 60
BOTH = "host=db1:5432&host=db2:5432&target_session_attrs=read-write"


@pytest.fixture
def clusters() -> Iterator[tuple[Cluster, Cluster]]:
    """A database that runs, and a place for its standby."""
    first, second = Cluster().start(), Cluster(empty=True)
    try:
        sockets = sql.Literal(str(Path(second.data).parent))  # the copy has it, too
        first.run(sql.SQL("ALTER SYSTEM SET unix_socket_directories = {}").format(sockets))
        first.run("CREATE DATABASE dxcourse")
        yield first, second
    finally:
        second.remove()
        first.remove()


def copied_at_once(first: Cluster) -> bool:
    """Whether the first database waits for the standby's disk."""
    with psycopg.connect(first.address()) as connection:
        found = connection.execute("SELECT sync_state FROM pg_stat_replication").fetchall()
    return found == [("sync",)]


def say(kind: str, first: Cluster, second: Cluster) -> str:
    """Type the guide's commands, as the account that the databases run as."""
    password = sa.make_url(first.address()).password or ""
    passwords = f"{HOST}:*:*:dxreplication:for-this-test\n{HOST}:*:*:*:{password}\n"
    told = {
        "DB1": first.address(),
        "DB2": first.address().replace(f":{first.port}/", f":{second.port}/"),
        "DB1_REPLICATION": (
            f"host={HOST} port={first.port} user=dxreplication application_name=dxstandby"
        ),
        "DB2_DATA": second.data,
        "PGPORT": str(second.port),
        "REPLICATION_PASSWORD": "for-this-test",
    }
    return "".join(second.shell(text, passwords, told) for name, text in blocks() if name == kind)


def test_nothing_acknowledged_is_lost_when_the_standby_takes_over(
    ready: Ready, tmp_path: Path, clusters: tuple[Cluster, Cluster]
) -> None:
    first, second = clusters
    assert "dxstandby" in say("standby", first, second)
    until(lambda: copied_at_once(first))
    assert f"DXCOURSE_STORE=postgresql://dxcourse@/dxcourse?{BOTH}" in GUIDE
    places = BOTH.replace("db1:5432", f"{HOST}:{first.port}")
    places = places.replace("db2:5432", f"{HOST}:{second.port}")
    url = sa.make_url(first.address("dxcourse"))
    store = f"postgresql://{url.username}:{url.password}@/dxcourse?{places}"
    server = Served(ready.root, tmp_path, ready.cache, store=store, learner_rate=0).start()
    try:
        load = Load([server])
        with load.of([server.mint() for _ in range(VISITORS)]):
            until(lambda: len(load.acknowledged) >= ENOUGH)
            first.kill()
            told = len(load.errors)
            until(lambda: len(load.errors) >= told + 10)
            until(lambda: server.ask("/readyz").status == 503)  # it looks once in a while
            assert server.ask("/modules/00").status == 200  # reading goes on
            say("failover", first, second)
            before = len(load.acknowledged)
            until(lambda: len(load.acknowledged) >= before + ENOUGH)
            until(lambda: server.ask("/readyz").status == 200)  # it looks once in a while
        assert {found.status for found in load.errors} == {503}
        assert {found.json()["state"] for found in load.errors} == {"waiting"}
        log = server.log.read_text(encoding="utf-8")
        assert "データベースがあるか" in log
        assert "Traceback" not in log
        assert (url.password or "") not in log
    finally:
        server.stop()
    with SqlStore(store) as kept:
        stored = [record.id for record in kept.records()]
    assert len(stored) == len(set(stored))
    assert set(load.acknowledged) <= set(stored) <= set(load.sent)
