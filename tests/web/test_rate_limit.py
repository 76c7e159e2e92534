"""Limits: how often each may ask, and who "each" is."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dxcourse.web.proxy import ClientAddress, client_address_of
from dxcourse.web.rate_limit import RateLimit

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@given(
    burst=st.integers(1, 600),
    rate=st.floats(0.1, 50),
    pauses=st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=300),
)
def test_nobody_gets_more_than_burst_and_rate_allow(
    burst: int, rate: float, pauses: list[float]
) -> None:
    clock = Clock()
    limit = RateLimit(burst, rate, clock=clock)
    took = 0
    for pause in pauses:
        clock.now += pause
        had = limit.has("one")
        assert limit.take("one") == had
        assert (limit.wait("one") == 0) == limit.has("one")
        took += had
        assert took <= burst + rate * clock.now + 0.001


@given(rate=st.integers(1, 600), asked=st.integers(0, 700))
def test_after_the_wait_that_was_told_one_may_go_on(rate: int, asked: int) -> None:
    clock = Clock()
    limit = RateLimit.a_minute(rate, clock=clock)
    for number in range(asked):
        assert limit.take("one") == (number < rate)
    wait = limit.wait("one")
    assert (wait > 0) == (asked >= rate)
    clock.now += wait + 1e-6
    assert limit.take("one")


def test_one_does_not_use_up_anothers() -> None:
    limit = RateLimit.a_minute(2, clock=Clock())
    assert [limit.take("one") for _ in range(3)] == [True, True, False]
    assert limit.take("other")


def test_no_rate_is_no_limit_and_holds_nothing() -> None:
    limit = RateLimit.a_minute(0)
    assert all(limit.has(str(n)) and limit.take(str(n)) for n in range(1000))
    assert limit.wait("one") == 0
    assert len(limit) == 0


def test_only_the_latest_are_remembered() -> None:
    limit = RateLimit(1, 0.001, clock=Clock(), most=2)
    assert limit.take("one")
    assert not limit.take("one")
    assert limit.take("two")
    assert limit.take("three")  # "one" is forgotten: two are remembered
    assert limit.take("one")
    assert not limit.take("three")


def test_however_many_ask_no_more_are_held() -> None:
    limit = RateLimit(5, 1, clock=Clock(), most=100)
    for number in range(10_000):
        limit.take(str(number))
    assert len(limit) == 100


FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}


def test_what_a_stranger_says_of_itself_is_not_believed() -> None:
    assert client_address_of("198.51.100.1", "http", FORGED, PROXIES) == ClientAddress(
        "198.51.100.1", "http"
    )
    assert client_address_of("10.0.0.1", "http", FORGED, ()) == ClientAddress("10.0.0.1", "http")


def test_what_a_trusted_proxy_says_is() -> None:
    assert client_address_of("10.0.0.1", "http", FORGED, PROXIES) == ClientAddress(
        "203.0.113.9", "https"
    )


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),  # the first is the client's own invention
        ("1.1.1.1, 203.0.113.9, 10.2.3.4", "203.0.113.9"),  # two proxies of ours
        ("10.2.3.4", "10.2.3.4"),
        ("nonsense", "10.0.0.1"),
        ("203.0.113.9, nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
        (" , ,", "10.0.0.1"),
    ],
)
def test_of_several_addresses_the_last_that_is_no_proxy_counts(said: str, address: str) -> None:
    found = client_address_of("10.0.0.1", "http", {"X-Forwarded-For": said}, PROXIES)
    assert found == ClientAddress(address, "http")


@given(st.text(max_size=60), st.text(max_size=20))
def test_nothing_that_is_said_raises(hops: str, protocol: str) -> None:
    said = {"X-Forwarded-For": hops, "X-Forwarded-Proto": protocol}
    assert client_address_of("fd00::1", "http", said, PROXIES).protocol in {"http", "https"}


def test_a_network_of_64_bits_is_one_client() -> None:
    one, same = (
        ClientAddress("2001:db8:1:2::1", "https"),
        ClientAddress("2001:db8:1:2:ffff::9", "https"),
    )
    other = ClientAddress("2001:db8:1:3::1", "https")
    assert one.group == same.group != other.group
    assert ClientAddress("203.0.113.9", "http").group == "203.0.113.9"
