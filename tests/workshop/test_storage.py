"""A room in a database: its folder remembers where, and with the folder all of it goes."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from typing import TYPE_CHECKING

import psycopg
import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from dxcourse.answers import StoreError
from dxcourse.cli import main
from dxcourse.workshop import WorkshopError, create_workshop, find_workshop, list_workshops
from dxcourse.workshop.events import EventKind
from dxcourse.workshop.folder import unfinished
from dxcourse.workshop.postgres import disposing
from dxcourse.workshop.session import check_processes, copy_workshop, end_workshop
from dxcourse.workshop.storage import DATABASE, DatabaseStorage
from support.workshop_events import AGENDA, START, event

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dxcourse.workshop import WorkshopFolder
    from support.postgres import Cluster

NAME = "広間の会"
AWAY = "postgresql://dx:secret-word@127.0.0.1:9/none"


@pytest.fixture(scope="module")
def database(postgres: Cluster) -> Iterator[str]:
    with postgres.database() as address:
        yield address


def schemas(database: str) -> set[str]:
    with psycopg.connect(database) as connection:
        asked = "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'dxcourse%'"
        return {name for (name,) in connection.execute(asked)}


def in_database(kept: WorkshopFolder) -> DatabaseStorage:
    assert isinstance(kept.storage, DatabaseStorage)
    return kept.storage


def move(kept: WorkshopFolder, address: str) -> None:
    """Let its folder name a database at another address, as if that had moved."""
    storage = in_database(kept)
    DatabaseStorage(storage.name, address, storage.schema).remember(kept.folder)


def test_it_is_made_found_copied_ended_and_deleted_without_being_told_again_where_it_is(
    tmp_path: Path, database: str
) -> None:
    before = schemas(database)
    kept = create_workshop(tmp_path, NAME, AGENDA, now=START, database=database)
    assert not list(kept.folder.glob("*.sqlite"))
    if os.name != "nt":
        assert stat.S_IMODE((kept.folder / DATABASE).stat().st_mode) == 0o600
    with closing(kept.storage.open_log()) as log:
        log.append(lambda _: [event(EventKind.WENT, 1, stop="ask")])
    beside = create_workshop(tmp_path, "紙の会", AGENDA, now=START)
    assert find_workshop(tmp_path, NAME).state().stop == "ask"
    assert {each.folder for each, state in list_workshops(tmp_path) if state} == {
        kept.folder,
        beside.folder,
    }
    copy = copy_workshop(kept, "次の会", now=START)
    assert in_database(copy).database == database
    assert (copy.state().stop, copy.state().agenda) == ("", AGENDA)
    end_workshop(kept, now=START)
    assert unfinished(tmp_path, NAME) is None
    with pytest.raises(WorkshopError, match="もう終わっています"):
        end_workshop(kept, now=START)
    assert schemas(database) - before == {in_database(kept).schema, in_database(copy).schema}
    kept.delete()
    copy.delete()
    assert schemas(database) == before
    assert [each.folder for each, _ in list_workshops(tmp_path)] == [beside.folder]


def test_a_database_that_is_away_is_said_without_its_password_and_hides_no_other_room(
    tmp_path: Path, database: str
) -> None:
    kept = create_workshop(tmp_path, NAME, AGENDA, now=START, database=database)
    other = create_workshop(tmp_path, "紙の会", AGENDA, now=START)
    move(kept, AWAY)
    for ask in (
        kept.state,
        kept.delete,
        lambda: unfinished(tmp_path, NAME),
        lambda: end_workshop(kept, now=START),
        lambda: create_workshop(tmp_path, "新しい会", AGENDA, now=START, database=AWAY),
    ):
        with pytest.raises(
            (WorkshopError, StoreError), match=r"127\.0\.0\.1:9/none：.*もう一度試して"
        ) as e:
            ask()
        assert "secret-word" not in f"{e.value}"
    assert kept.folder.exists()
    assert unfinished(tmp_path, "紙の会") == other
    told = CliRunner().invoke(main, ["workshop", "list", "--folder", str(tmp_path)])
    assert told.exit_code == 0
    assert "データベースから読めません" in told.stdout
    assert NAME in told.stdout
    assert "紙の会" in told.stdout


def test_a_database_that_moved_is_told_once_and_another_is_not_taken_for_it(
    tmp_path: Path, database: str, postgres: Cluster
) -> None:
    kept = create_workshop(tmp_path, NAME, AGENDA, now=START, database=database)
    with postgres.database() as elsewhere:
        kept.look_in(elsewhere)
    assert in_database(kept).database == database
    move(kept, AWAY)
    found = unfinished(tmp_path, NAME, database)
    assert found == kept
    assert in_database(kept).database == database
    assert kept.state().name == NAME


def test_options_of_the_address_stay(tmp_path: Path, database: str) -> None:
    url = sa.make_url(database).update_query_dict({"options": "-cwork_mem=5MB"})
    address = url.render_as_string(hide_password=False)
    kept = create_workshop(tmp_path, NAME, AGENDA, now=START, database=address)
    with disposing(kept.storage.address) as engine, engine.connect() as connection:
        names = ("work_mem", "search_path")
        shown = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in names]
    assert shown == ["5MB", in_database(kept).schema]


@pytest.mark.parametrize("text", ["", "{}", '{"name": "a", "database": "b", "schema": "x; DROP"}'])
def test_a_damaged_note_of_the_database_is_told_with_its_file(tmp_path: Path, text: str) -> None:
    kept = create_workshop(tmp_path, NAME, AGENDA, now=START)
    (kept.folder / DATABASE).write_text(text, encoding="utf-8")
    with pytest.raises(WorkshopError, match=r"database\.json：読めません"):
        kept.state()
    assert [state for _, state in list_workshops(tmp_path)] == [None]


def test_only_postgresql_is_a_database_of_rooms_and_only_there_are_several_processes(
    tmp_path: Path,
) -> None:
    for address in ("sqlite:////tmp/a.sqlite", "nothing", "mysql://a/b"):
        with pytest.raises(WorkshopError, match="postgresql://"):
            create_workshop(tmp_path, NAME, AGENDA, now=START, database=address)
    assert list(tmp_path.iterdir()) == []
    check_processes(1, shared=False)
    with pytest.raises(WorkshopError, match="PostgreSQL"):
        check_processes(2, shared=False)
