"""The record, as it was before schemas were counted."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "records",
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
