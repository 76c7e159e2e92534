"""An answer costs the same, however many there are already."""

from __future__ import annotations

import pytest

from benchmarks import growth


@pytest.mark.soak
@pytest.mark.timeout(7200)
def test_ten_million_answers_cost_no_more_than_none() -> None:
    """In the same run, as ratios: the machine's own speed is not part of the promise.

    Of the two figures of an answer it is the processor's, and of what is read the clock's: reading
    does not wait for a disk that others use.
    """
    table = growth.measured((0, 10_000_000), runs=5)
    print(table.text())  # noqa: T201  -- who runs it wants the figures
    empty, full = (row.medians for row in table.rows)
    pairs = dict(zip(growth.COLUMNS, zip(empty, full, strict=True), strict=True))
    for name in ("CPU ms an answer", "CPU ms each there", "ms a history", "ms a room of 300"):
        before, after = pairs[name]
        assert after <= before * 1.2, table.text()
