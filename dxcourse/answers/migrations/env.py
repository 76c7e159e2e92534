"""Alembic's way in: it runs this file to take steps over the connection that the store hands it."""

from alembic import context

from dxcourse.answers.database import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # in the store's own transaction: all steps, or none
)
context.run_migrations()
