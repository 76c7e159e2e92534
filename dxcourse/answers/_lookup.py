"""Many rows found by their keys in one query, by index alone, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import sqlalchemy as sa

from dxcourse.answers._schema import table

# The keys come as one parameter, an array of arrays in JSON: the statement is always the same, and
# is prepared once. `(a, b) IN (VALUES …)` would make SQLite read the whole table.
_KEYS = {
    "sqlite": ("json_each(:asked) AS asked CROSS JOIN", "json_extract(asked.value, '$[{}]')"),
    "postgresql": ("json_array_elements(CAST(:asked AS json)) AS asked JOIN", "asked.value ->> {}"),
}


@cache
def looked_up(dialect: str, columns: Sequence[str]) -> sa.TextClause:
    """Make the query for the rows whose `columns` have the values of one of ``:asked``."""
    source, value = _KEYS[dialect]
    same = " AND ".join(
        f"records.{name} = CAST({value.format(place)} AS {_type(name)})"
        for place, name in enumerate(columns)
    )
    found = ", ".join(f'records."{name}"' for name in table.columns.keys())  # noqa: SIM118
    return sa.text(f"SELECT {found} FROM {source} records ON {same}")  # noqa: S608  -- our own names


def _type(name: str) -> str:
    return "integer" if isinstance(table.c[name].type, sa.Integer) else "text"
