"""A database of any age comes to the present schema with its answers, whoever opens it."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import dxcourse.answers
from dxcourse.answers import SqlStore, StoreError
from dxcourse.answers import database as schema
from dxcourse.answers.database import connect, writing
from support.records import address_of, entry, put
from support.start_programs import start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(dxcourse.answers.__file__).with_name("migrations")
ROWS = [
    (1, "an-id-of-22-characters", "2026-11-24T09:30:00Z", "sato", "plan", 1, '{"items":{}}', "t"),
    (1, "another-id-of-an-entry", "2026-11-24T18:30:00+09:00", "鈴木", "plan", 1, None, "page"),
]


DATABASES = pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
def address(kind: str, tmp_path: Path) -> str:
    return address_of(kind, tmp_path)


@pytest.fixture
def engine(address: str) -> Iterator[Engine]:
    made = connect(address, 20)
    yield made
    made.dispose()


def configured(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def before_alembic(engine: Engine) -> None:
    """Make the table as `metadata.create_all` made it at first: a frozen copy of that."""
    metadata = sa.MetaData()
    sa.Table(
        "records",
        metadata,
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("learner", sa.String(128), nullable=False),
        sa.Column("exercise", sa.String(128), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("where", sa.String(64), nullable=False),
        sa.UniqueConstraint("learner", "exercise", "attempt"),
        sa.UniqueConstraint("id", "learner"),
    )
    metadata.create_all(engine)


def first_release(engine: Engine) -> None:
    with writing(engine) as connection:
        command.upgrade(configured(connection), "0001")


def fill(engine: Engine) -> None:
    columns = 'version, id, time, learner, exercise, attempt, answer, "where"'
    values = [dict(zip("abcdefgh", row, strict=True)) for row in ROWS]
    with writing(engine) as connection:
        connection.execute(
            sa.text(f"INSERT INTO records ({columns}) VALUES (:a,:b,:c,:d,:e,:f,:g,:h)"),  # noqa: S608
            values,
        )


@pytest.mark.parametrize("made", [before_alembic, first_release])
@DATABASES
def test_an_older_database_comes_along_with_its_answers(
    engine: Engine, address: str, made: Any
) -> None:
    made(engine)
    fill(engine)
    with SqlStore(address) as store:
        records = list(store.records())
        assert [(r.id, r.learner, r.attempt, r.where) for r in records] == [
            (row[1], row[3], row[5], row[7]) for row in ROWS
        ]
        assert put(store, entry())[0].attempt == 2
        assert [record.learner for record in store.given("plan")] == ["sato"]
    agrees(engine)
    with SqlStore(address) as store:  # and once it is there, it stays
        assert len(list(store.records())) == 3


@DATABASES
def test_a_new_database_has_the_models_schema(engine: Engine, address: str) -> None:
    SqlStore(address).close()
    agrees(engine)


def agrees(engine: Engine) -> None:
    """Hold the database against the model: no difference, and each unique key by its name."""
    with engine.connect() as connection:
        options = {"version_table": schema.VERSION_TABLE}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []
        assert context.get_current_revision() == schema.HEAD
        found = {
            (key["name"], tuple(key["column_names"]))
            for key in sa.inspect(connection).get_unique_constraints("records")
        }
    assert found == {
        ("records_learner_exercise_attempt_key", ("learner", "exercise", "attempt")),
        ("records_learner_id_key", ("learner", "id")),
    }


def test_the_newest_migration_is_the_one_that_stores_expect() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert script.get_heads() == [schema.HEAD]
    names = {path.name for path in (MIGRATIONS / "versions").glob("v*.py")}
    assert {name[1:5] for name in names} == {one.revision for one in script.walk_revisions()}
    assert all(re.fullmatch(r"v\d{4}_[a-z_]+\.py", name) for name in names)


@DATABASES
def test_a_newer_database_is_left_alone(engine: Engine, address: str) -> None:
    with SqlStore(address) as store:
        put(store, entry())
    newer = sa.text(f"UPDATE {schema.VERSION_TABLE} SET version_num = '9999'")  # noqa: S608
    with engine.begin() as connection:
        connection.execute(newer)
    with pytest.raises(StoreError, match=r"新しい版の dxcourse .*9999.*その版を入れるか、別の"):
        SqlStore(address)
    with engine.connect() as connection:
        assert connection.execute(sa.text("SELECT count(*) FROM records")).scalar() == 1


@DATABASES
def test_a_table_of_someone_else_is_left_alone(engine: Engine, address: str) -> None:
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE records (artist integer)"))
    with pytest.raises(StoreError, match="dxcourse のものではない表 records があります。別の"):
        SqlStore(address)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        assert names == ["records"]
        assert len(sa.inspect(connection).get_columns("records")) == 1


@DATABASES
def test_a_step_that_fails_leaves_the_database_as_it_was(
    engine: Engine, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first_release(engine)
    fill(engine)

    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("alembic.op.create_index", fail)
    with pytest.raises(ZeroDivisionError):
        SqlStore(address)
    monkeypatch.undo()
    with engine.connect() as connection:
        asked = sa.text(f"SELECT version_num FROM {schema.VERSION_TABLE}")  # noqa: S608
        assert connection.execute(asked).scalar() == "0001"
        keys = sa.inspect(connection).get_unique_constraints("records")
        assert ["id", "learner"] in [key["column_names"] for key in keys]
        assert connection.execute(sa.text("SELECT count(*) FROM records")).scalar() == len(ROWS)


@pytest.mark.parametrize("made", [None, before_alembic])
@DATABASES
def test_many_programs_open_at_once(
    engine: Engine, kind: str, address: str, tmp_path: Path, made: Any
) -> None:
    if made:
        made(engine)
    programs = [start("burst", kind, tmp_path, f"learner-{n}", "2") for n in range(3)]
    for program in programs:
        assert len(program.communicate()[0].split()) == 2
    assert [program.returncode for program in programs] == [0] * 3
    with SqlStore(address) as store:
        assert len(list(store.records())) == 6
    agrees(engine)


@DATABASES
def test_many_threads_open_at_once(kind: str, tmp_path: Path) -> None:
    """Alembic's context is one for all of a process."""
    folders = [tmp_path / str(number) for number in range(4)]
    for folder in folders:
        folder.mkdir()

    def work(folder: Path) -> int:
        with SqlStore(address_of(kind, folder)) as store:
            return put(store, entry())[0].attempt

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(work, folders * 2)) == [1, 1, 1, 1, 2, 2, 2, 2]
