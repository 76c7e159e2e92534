"""An answer costs the same, however many there are already."""

from __future__ import annotations

import pytest

from benchmarks import growth


@pytest.mark.soak
def test_ten_million_answers_cost_no_more_than_none() -> None:
    """In the same run, as ratios: the machine's own speed is not part of the promise."""
    table = growth.measured((0, 10_000_000), runs=5)
    empty, full = (row.medians for row in table.rows)
    *times, rate = zip(empty, full, strict=True)
    assert all(after <= before * 1.2 for before, after in times), table.text()
    assert rate[1] >= rate[0] / 1.2, table.text()
