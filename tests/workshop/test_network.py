"""Which addresses of this machine are of use to phones, and what hands can be counted for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.workshop._network import candidates, kind_of, own_names
from dxcourse.workshop._server import raise_limit
from dxcourse.workshop._tallying import fits, sheet

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
    found = candidates(["127.0.0.1", "169.254.1.1", "192.168.0.2", "192.168.0.2", "10.0.0.1"])
    assert [each.address for each in found] == [
        "192.168.0.2",
        "10.0.0.1",
        "169.254.1.1",
        "127.0.0.1",
    ]


def test_this_machine_has_at_least_itself() -> None:
    assert candidates()[-1].address == "127.0.0.1"
    assert own_names()


def test_a_large_room_gets_its_connections_where_the_system_has_them() -> None:
    assert raise_limit(256) >= 256


def test_hands_are_counted_for_kinds_where_hands_can_be_raised(course: Course) -> None:
    kinds = {name: bool(sheet(exercise)) for name, exercise in course.exercises.items()}
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
    row = sheet(exercise)[0]
    refs = [value["ref"] for value in row["values"]]
    assert fits(exercise, row["ref"], refs)
    assert not fits(exercise, row["ref"], ["x"])
    assert not fits(exercise, "x", refs)
