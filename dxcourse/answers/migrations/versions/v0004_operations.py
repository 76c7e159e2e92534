"""What was done to the record is written down, and stays so."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_TOLD = "what was done is never changed"


def upgrade() -> None:
    """Make a table to which rows can be added alone."""
    op.create_table(
        "records_operations",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        sa.Column("time", sa.String(40), nullable=False),
        sa.Column("account", sa.String(128), nullable=False),
        sa.Column("done", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
    )
    if op.get_bind().dialect.name == "sqlite":
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER records_operations_no_{change.lower()} "
                f"BEFORE {change} ON records_operations "
                f"BEGIN SELECT RAISE(ABORT, '{_TOLD}'); END"
            )
    else:
        op.execute(
            "CREATE FUNCTION records_operations_stay() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{_TOLD}'; END $$"
        )
        op.execute(
            "CREATE TRIGGER records_operations_stay BEFORE UPDATE OR DELETE ON records_operations "
            "FOR EACH STATEMENT EXECUTE FUNCTION records_operations_stay()"
        )
