"""Remember that someone was forgotten, so that a backup does not bring them back."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the table of marks."""
    op.create_table(
        "records_forgotten",
        sa.Column("learner", sa.String(64), primary_key=True),
        sa.Column("time", sa.String(40), nullable=False),
    )
