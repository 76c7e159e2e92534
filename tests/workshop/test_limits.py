"""How often somebody may do a thing: never more than promised, whatever the times."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dxcourse.workshop._limits import Limit
from workshop.rooms import steady


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@steady
@given(
    burst=st.integers(1, 20),
    rate=st.floats(0.1, 50),
    pauses=st.lists(st.floats(0, 5), max_size=200),
)
def test_nobody_gets_more_than_burst_and_rate_allow(
    burst: int, rate: float, pauses: list[float]
) -> None:
    clock = Clock()
    limit = Limit(burst, rate, clock=clock)
    took = 0
    for pause in pauses:
        clock.now += pause
        had = limit.has("a")
        assert limit.take("a") == had
        took += had
        assert took <= burst + rate * clock.now + 0.001
        if not had:
            assert limit.wait("a") > 0


def test_keys_do_not_share_and_only_the_latest_are_remembered() -> None:
    clock = Clock()
    limit = Limit(1, 0.001, clock=clock, most=2)
    assert limit.take("a")
    assert not limit.take("a")
    assert limit.take("b")
    assert limit.take("c")  # "a" is forgotten: two are remembered
    assert limit.take("a")
    assert not limit.take("c")


def test_it_fills_again_with_time() -> None:
    clock = Clock()
    limit = Limit(2, 1, clock=clock)
    assert [limit.take("a") for _ in range(3)] == [True, True, False]
    clock.now = limit.wait("a")
    assert limit.take("a")
