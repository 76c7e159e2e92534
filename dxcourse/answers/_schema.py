"""The database's table, and how a database of any age gets to it."""

from __future__ import annotations

import threading
from pathlib import Path

import sqlalchemy as sa

from dxcourse.answers._database import writing
from dxcourse.answers._store import StoreError

metadata = sa.MetaData()
table = sa.Table(
    "records",
    metadata,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("version", sa.SmallInteger, nullable=False),
    sa.Column("id", sa.String(64), nullable=False),
    sa.Column("time", sa.String(40), nullable=False),  # ISO 8601 with its zone, as in the file
    sa.Column("learner", sa.String(128), nullable=False),
    sa.Column("exercise", sa.String(128), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("answer", sa.Text),
    # In the order of bytes everywhere, so that a prefix is a range of the index.
    sa.Column(
        "where",
        sa.String(64).with_variant(sa.String(64, collation="C"), "postgresql"),
        nullable=False,
    ),
    # Both begin with the learner: an answer touches the pages of its learner, and a database that
    # has grown to millions touches no more of them for one answer than a small one.
    sa.UniqueConstraint(
        "learner", "exercise", "attempt", name="records_learner_exercise_attempt_key"
    ),
    sa.UniqueConstraint("learner", "id", name="records_learner_id_key"),
    # Equal keys lie in the order of storing: a new answer to an exercise comes at their end.
    sa.Index("records_exercise_where", "exercise", "where"),
)

HEAD = "0002"  # the newest of migrations/versions
# Not Alembic's own name: another program (nbgrader) may keep its tables in the same database.
VERSION_TABLE = "records_version"
_UNVERSIONED = "0001"  # what was made before there was a version
# Alembic's context is global: one migration at a time in a process.
_one_at_a_time = threading.Lock()


def bring_up(engine: sa.Engine, place: str) -> None:
    """Make the table, or bring it to the present schema; safe when many open at once.

    Parameters
    ----------
    place
        The database in a message.

    Raises
    ------
    StoreError
        It is newer than this program, or has a table of that name that is not ours.
    """
    with engine.connect() as connection:
        if _version(connection) == HEAD:
            return
    with _one_at_a_time, writing(engine) as connection:
        found = _version(connection)
        if found != HEAD:
            _migrate(connection, found, place)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        return None
    asked = sa.text(f"SELECT version_num FROM {VERSION_TABLE}")  # noqa: S608  -- our own name
    version: str | None = connection.execute(asked).scalar()
    return version


def _migrate(connection: sa.Connection, found: str | None, place: str) -> None:
    # Here, as it takes longer to load than a database that is up to date takes to open.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", _escaped(Path(__file__).with_name("migrations")))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise StoreError(
            f"{place}: was made by a newer dxcourse (its schema is {found}, this one's {HEAD}); "
            "install that version, or name another database"
        )
    if found is None and sa.inspect(connection).has_table(table.name):
        _ours(connection, place)
        command.stamp(config, _UNVERSIONED)
    command.upgrade(config, "head")


def _ours(connection: sa.Connection, place: str) -> None:
    columns = {column["name"] for column in sa.inspect(connection).get_columns(table.name)}
    if columns != set(table.columns.keys()):
        raise StoreError(
            f"{place}: has a table {table.name} that is not dxcourse's; name another database"
        )


def _escaped(path: Path) -> str:
    """Write a path for Alembic's configuration, where a percent sign begins a name."""
    return str(path).replace("%", "%%")
