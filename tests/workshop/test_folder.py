"""Workshops on disk: made, listed, found, copied, ended, deleted with everything in them."""

from __future__ import annotations

import os
import stat
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from dxcourse.workshop import WorkshopError, create_workshop, find_workshop, list_workshops
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.folder import Wifi, unfinished, workshops_named
from dxcourse.workshop.session import copy_workshop, end_workshop
from support.workshop_events import AGENDA, START, event

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.workshop import WorkshopFolder

NAME = "函館市 管理職研修 2026-12"


@pytest.fixture
def kept(tmp_path: Path) -> WorkshopFolder:
    return create_workshop(tmp_path, NAME, AGENDA, now=START)


def happened(kept: WorkshopFolder, *events: RoomEvent) -> None:
    with closing(kept.storage.open_log()) as log:
        log.append(lambda _: events)


def test_a_workshop_is_found_by_its_name_and_says_what_it_was_doing(
    kept: WorkshopFolder, tmp_path: Path
) -> None:
    happened(
        kept, event(EventKind.WENT, 1, stop="ask"), event(EventKind.OPENED, 2, exercise="main")
    )
    assert find_workshop(tmp_path, NAME).folder == kept.folder
    state = kept.state()
    assert (state.name, state.day, state.stop, state.asked) == (NAME, "2026-12-01", "ask", "main")
    assert find_workshop(tmp_path, kept.folder.name).folder == kept.folder


def test_the_keys_are_for_their_owner_alone_and_differ(
    kept: WorkshopFolder, tmp_path: Path
) -> None:
    other = create_workshop(tmp_path, NAME, AGENDA, now=START)
    ours = vars(kept.keys)
    assert len(set(ours.values())) == 5
    assert not set(ours.values()) & set(vars(other.keys).values())
    if os.name != "nt":
        assert stat.S_IMODE((kept.folder / "keys.json").stat().st_mode) == 0o600
        assert stat.S_IMODE(kept.folder.stat().st_mode) == 0o700


def test_one_name_for_two_asks_which_and_none_says_which_there_are(
    kept: WorkshopFolder, tmp_path: Path
) -> None:
    other = create_workshop(tmp_path, NAME, AGENDA, now=START)
    with pytest.raises(WorkshopError, match=other.folder.name):
        find_workshop(tmp_path, NAME)
    with pytest.raises(WorkshopError, match=NAME):
        find_workshop(tmp_path, "別の会")
    assert {each.folder for each, _ in list_workshops(tmp_path)} == {kept.folder, other.folder}


def test_of_one_name_the_one_with_most_people_comes_first_and_what_ended_is_not_gone_on_with(
    kept: WorkshopFolder, tmp_path: Path
) -> None:
    other = create_workshop(tmp_path, NAME, AGENDA, now=START + timedelta(days=1))
    joined = event(EventKind.JOINED, 1, who="p", pair=False, consent=True, name="")
    happened(kept, joined)
    hits = [each.folder for each, _ in workshops_named(tmp_path, NAME)]
    assert hits == [kept.folder, other.folder]
    first = unfinished(tmp_path, f" {NAME}\n")
    assert first
    assert first.folder == kept.folder
    end_workshop(kept, now=START)
    second = unfinished(tmp_path, NAME)
    assert second
    assert second.folder == other.folder
    end_workshop(other, now=START)
    assert unfinished(tmp_path, NAME) is None


def test_the_network_is_kept_for_the_next_time_and_its_code_is_what_phones_read(
    kept: WorkshopFolder,
) -> None:
    assert kept.wifi(None) is None
    wifi = Wifi("kenshu;2F", 'a:b"c\\')
    assert kept.wifi(wifi) == wifi
    assert kept.wifi(None) == wifi
    assert wifi.code == r"WIFI:S:kenshu\;2F;T:WPA;P:a\:b\"c\\;;"
    assert Wifi("open").code == "WIFI:S:open;T:nopass;;"


def test_a_damaged_workshop_hides_no_other(kept: WorkshopFolder, tmp_path: Path) -> None:
    other = create_workshop(tmp_path, "別の会", AGENDA, now=START)
    for path in other.folder.glob("workshop.sqlite*"):
        path.write_bytes(b"damaged" * 100)
    assert find_workshop(tmp_path, NAME).folder == kept.folder
    assert {each.folder: bool(state) for each, state in list_workshops(tmp_path)} == {
        kept.folder: True,
        other.folder: False,
    }
    assert find_workshop(tmp_path, other.folder.name).folder == other.folder  # to be deleted


@pytest.mark.parametrize("name", ["../../etc", "a/b\\c", ".", "\x00会", "会" * 200, "<b>会</b>"])
def test_any_name_makes_a_folder_inside(tmp_path: Path, name: str) -> None:
    kept = create_workshop(tmp_path / "home", name, AGENDA, now=START)
    assert kept.folder.parent == tmp_path / "home"
    assert kept.state().agenda == AGENDA


def test_a_workshop_needs_a_name(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match="会には名前が要ります"):
        create_workshop(tmp_path, " \n ", AGENDA, now=START)


def test_a_copy_has_the_agenda_as_planned_last_and_nothing_of_anybody(kept: WorkshopFolder) -> None:
    happened(
        kept,
        event(EventKind.JOINED, 1, who="p", pair=False, consent=True, name=""),
        event(EventKind.MINUTES, 1, stop="ask", minutes=4),
        event(EventKind.TALLIED, 2, exercise="main", item="i", counts={"a": 3}),
    )
    new = copy_workshop(kept, "次の会", now=START + timedelta(days=30)).state()
    assert new.agenda
    assert [(s.id, s.minutes, s.least) for s in new.agenda.stops][1] == ("ask", 4, 4)
    assert (new.name, new.day) == ("次の会", "2026-12-31")
    assert not new.participants
    assert not new.tallies
    assert new.seed != kept.state().seed


def test_a_workshop_is_ended_once_and_not_while_it_runs(kept: WorkshopFolder) -> None:
    with kept.held(), pytest.raises(WorkshopError, match="別の窓で動いています"):
        end_workshop(kept, now=START)
    end_workshop(kept, now=START)
    assert kept.state().ended == START
    with pytest.raises(WorkshopError, match="もう終わっています"):
        end_workshop(kept, now=START)


def test_deleted_is_gone_with_everything_and_what_runs_stays(
    kept: WorkshopFolder, tmp_path: Path
) -> None:
    with kept.held(), pytest.raises(WorkshopError, match="別の窓で動いています"):
        kept.delete()
    assert kept.state().name == NAME
    kept.delete()
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(WorkshopError, match="まだひとつもありません"):
        find_workshop(tmp_path, NAME)


def test_a_damaged_journal_is_told_with_its_file(kept: WorkshopFolder) -> None:
    for path in kept.folder.glob("workshop.sqlite*"):
        path.write_bytes(b"not a database, and long enough to be seen as none" * 10)
    with pytest.raises(WorkshopError, match=r"workshop\.sqlite：開けません"):
        kept.state()
