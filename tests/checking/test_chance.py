from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.checking._chance import as_far, at_least, counts


@given(st.integers(0, 40), st.floats(0, 1))
def test_equal_chances_are_binomial(trials: int, chance: float) -> None:
    wanted = [
        math.comb(trials, k) * chance**k * (1 - chance) ** (trials - k) for k in range(trials + 1)
    ]
    assert counts([chance] * trials) == pytest.approx(wanted)


@given(st.lists(st.floats(0, 1), max_size=20), st.integers(0, 20))
def test_probabilities(chances: list[float], hits: int) -> None:
    assert math.fsum(counts(chances)) == pytest.approx(1)
    assert 0 <= at_least(hits, chances) <= 1 + 1e-9
    assert 0 <= as_far(hits, chances) <= 1


def test_tails_by_hand() -> None:
    assert at_least(2, [0.5, 0.25]) == pytest.approx(0.125)
    assert at_least(0, [0.5, 0.25]) == pytest.approx(1)
    assert as_far(0, [0.5] * 4) == pytest.approx(2 / 16)
    assert as_far(2, [0.5] * 4) == 1
