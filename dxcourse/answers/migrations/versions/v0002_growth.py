"""Find a record by its learner first, and the answers to an exercise by index."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = 'seq, version, id, time, learner, exercise, attempt, answer, "where"'


def upgrade() -> None:
    """Turn the index of ids round; add the one of exercises."""
    if op.get_bind().dialect.name == "sqlite":
        _rebuild()
    else:
        op.drop_constraint("records_id_learner_key", "records")
        op.create_unique_constraint("records_learner_id_key", "records", ["learner", "id"])
        op.alter_column("records", "where", type_=sa.String(64, collation="C"))
    op.create_index("records_exercise_where", "records", ["exercise", "where"])


def _rebuild() -> None:
    """Copy the table: SQLite cannot change what is unique."""
    op.create_table(
        "records_new",
        sa.Column("seq", sa.Integer, primary_key=True),
        sa.Column("version", sa.SmallInteger, nullable=False),
        sa.Column("id", sa.String(64), nullable=False),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("learner", sa.String(128), nullable=False),
        sa.Column("exercise", sa.String(128), nullable=False),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("answer", sa.Text),
        sa.Column("where", sa.String(64), nullable=False),
        sa.UniqueConstraint(
            "learner", "exercise", "attempt", name="records_learner_exercise_attempt_key"
        ),
        sa.UniqueConstraint("learner", "id", name="records_learner_id_key"),
    )
    op.execute(
        f"INSERT INTO records_new ({_COLUMNS}) SELECT {_COLUMNS} FROM records ORDER BY seq"  # noqa: S608
    )
    op.drop_table("records")
    op.rename_table("records_new", "records")
