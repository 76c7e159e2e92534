"""Which addresses of this machine are of use to phones, and what hands can be counted for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.text import words
from dxcourse.workshop.network import (
    ReachEvidence,
    count_neighbours,
    explain,
    firewall_is_on,
    kind_of,
    own_addresses,
    own_names,
)
from dxcourse.workshop.results.tally import can_be_counted, countable_items

if TYPE_CHECKING:
    from dxcourse.course import Course


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("192.168.11.5", "lan"),
        ("10.1.2.3", "lan"),
        ("172.20.10.2", "lan"),
        ("100.64.0.9", "lan"),
        ("169.254.7.7", "unassigned"),
        ("127.0.0.1", "loopback"),
        ("8.8.8.8", "public"),
    ],
)
def test_an_address_says_what_it_is_good_for(address: str, kind: str) -> None:
    assert kind_of(address) == kind


def test_the_likeliest_address_comes_first_and_each_once() -> None:
    found = own_addresses(["127.0.0.1", "169.254.1.1", "192.168.0.2", "192.168.0.2", "10.0.0.1"])
    assert [each.address for each in found] == [
        "192.168.0.2",
        "10.0.0.1",
        "169.254.1.1",
        "127.0.0.1",
    ]


def test_this_machine_has_at_least_itself() -> None:
    assert own_addresses()[-1].address == "127.0.0.1"
    assert own_names()


def test_hands_are_counted_for_kinds_where_hands_can_be_raised(course: Course) -> None:
    kinds = {name: bool(countable_items(exercise)) for name, exercise in course.exercises.items()}
    by_kind = {course.exercises[name].kind: has for name, has in kinds.items()}
    assert by_kind == {
        "choice": True,
        "multichoice": True,
        "classify": True,
        "match": True,
        "scale": True,
        "opinion": True,
        "order": False,
        "number": False,
        "schedule": False,
        "pledge": False,
    }
    exercise = course.exercises["bpr-before"]
    row = countable_items(exercise)[0]
    refs = [value["ref"] for value in row["values"]]
    assert can_be_counted(exercise, row["ref"], refs)
    assert not can_be_counted(exercise, row["ref"], ["x"])
    assert not can_be_counted(exercise, "x", refs)


WAITING = ReachEvidence("192.168.0.2", answers=True, firewall=False, neighbours=1, reached=0)


@pytest.mark.parametrize(
    ("seen", "told"),
    [
        ({"reached": 1, "firewall": True}, ["reached"]),
        ({"address": "127.0.0.1"}, ["loopback"]),
        ({"address": "169.254.3.4"}, ["unassigned"]),
        ({}, ["isolation"]),
        ({"neighbours": 9}, ["neighbours"]),
        ({"neighbours": 9, "firewall": True}, ["firewall", "neighbours"]),
        ({"answers": False}, ["port", "isolation"]),
        ({"firewall": None}, ["isolation", "firewall_unknown"]),
    ],
)
def test_what_is_seen_becomes_what_to_look_at_first(seen: dict[str, Any], told: list[str]) -> None:
    found = explain(replace(WAITING, **seen))
    assert found == told
    assert set(found) <= set(words("workshop.board")["reach"])


@pytest.mark.parametrize(
    ("system", "said", "on"),
    [
        ("win32", "    EnableFirewall    REG_DWORD    0x1\r\n", True),
        ("win32", "    EnableFirewall    REG_DWORD    0x0\r\n", False),
        ("win32", "", None),
        ("darwin", "Firewall is enabled. (State = 1)\n", True),
        ("darwin", "Firewall is disabled. (State = 0)\n", False),
        ("darwin", "", None),
        ("linux", "active\n", True),
        ("linux", "inactive\n", False),
        ("linux", "", None),
    ],
)
def test_whether_a_firewall_is_on_is_read_on_each_system(
    system: str, said: str, on: object
) -> None:
    assert firewall_is_on(system, lambda _: said) is on


def test_neighbours_are_those_of_the_same_network_once_each() -> None:
    said = """
      192.168.0.1           aa-bb-cc-dd-ee-01     動的
    ? (192.168.0.7) at aa:bb:cc:dd:ee:07 on en0
    ? (192.168.0.7) at aa:bb:cc:dd:ee:07 on en0
    ? (192.168.0.9) at (incomplete) on en0
      192.168.0.255         ff-ff-ff-ff-ff-ff     静的
      10.0.0.3              aa-bb-cc-dd-ee-03     動的
    """
    assert count_neighbours("192.168.0.2", lambda _: said) == 2
