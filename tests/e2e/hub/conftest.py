from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.hub import Hub
from support.served import tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.postgres import Cluster


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory, postgres: Cluster) -> Iterator[Hub]:
    """A running hub with a small course, whose answers go to PostgreSQL."""
    folder = tmp_path_factory.mktemp("hub")
    with postgres.database() as address:
        found = Hub(folder, address, tiny(folder).root)
        try:
            yield found.start()
        finally:
            found.stop()
