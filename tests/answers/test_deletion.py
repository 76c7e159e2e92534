"""Answers go when they are old, or when their learner wishes it: wholly, and from the disk."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dxcourse.answers import FileStore, SqlStore, StoreError, export_file, since_fresh, sql_purge
from dxcourse.answers.database import writing
from dxcourse.cli import main
from support.records import NOW, address_of, entry, open_store, put, values
from support.start_programs import run, way_to_mount

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from sqlalchemy import Connection, Engine

    from dxcourse.answers import Store

DAY = 24 * 60  # minutes


def test_a_purge_takes_what_is_old_and_keeps_the_number(store: Store) -> None:
    put(store, entry("old"), entry("older", learner="suzuki"), entry("last", minutes=1))
    put(store, entry("new", learner="suzuki", minutes=DAY))
    assert store.purge(NOW + timedelta(days=1)) == 3
    (left,) = store.history("sato", "plan")
    assert (left.attempt, left.answer, left.where) == (2, None, "purged")
    assert since_fresh([left]) == []
    assert values(store.history("suzuki")) == ["new"]
    assert [record.learner for record in store.given("plan")] == ["suzuki"]
    assert put(store, entry("again", minutes=DAY))[0].attempt == 3
    assert store.purge(NOW + timedelta(days=1)) == 0


def test_what_was_put_aside_does_not_come_back(store: Store) -> None:
    """A clock that was wrong put the fresh beginning before what it puts aside."""
    put(
        store, entry("young", minutes=DAY), entry(fresh=True), entry("old"), entry("x", minutes=DAY)
    )
    assert store.purge(NOW + timedelta(days=1)) == 1
    history = store.history("sato", "plan")
    assert [record.attempt for record in history] == [1, 2, 4]
    assert values(since_fresh(history)) == ["x"]


def test_an_entry_that_was_purged_is_not_stored_again(store: Store) -> None:
    given = entry("once")
    put(store, given)
    store.purge(NOW + timedelta(days=1))
    assert put(store, given)[0].answer is None
    assert len(store.history("sato")) == 1


def test_a_purge_in_many_portions_is_the_same(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sql_purge, "PORTION", 2)
    with open_store(kind, tmp_path) as store:
        put(store, *(entry(n, minutes=(n % 3) * DAY) for n in range(9)))
        assert store.purge(NOW + timedelta(minutes=DAY + 1)) == 6
        assert values(store.history("sato")) == [2, 5, 8]


def test_forgetting_leaves_nothing_of_the_learner(store: Store) -> None:
    put(store, entry(1), entry(2, exercise="team"), entry("mine", learner="suzuki"), entry(3))
    assert store.forget("sato") == 3
    assert store.history("sato") == []
    assert values(list(store.records())) == ["mine"]
    assert put(store, entry("first"))[0].attempt == 1
    assert store.forget("nobody") == 0


@pytest.mark.parametrize("way", ["purge", "forget"])
def test_what_is_gone_is_gone_from_the_disk(kind: str, tmp_path: Path, way: str) -> None:
    if kind == "postgres":  # it overwrites when it vacuums: not ours to hold it to
        kind = "sqlite"
    with open_store(kind, tmp_path) as store:
        put(store, *(entry(f"geheim{n}") for n in range(50)), entry("mine", learner="suzuki"))
        if way == "purge":
            store.purge(NOW + timedelta(minutes=1))
        else:
            store.forget("sato")
        for path in tmp_path.iterdir():
            assert b"geheim" not in path.read_bytes(), path


def test_others_who_have_the_store_open_see_it(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as one, open_store(kind, tmp_path) as other:
        put(one, entry(1), entry(2, learner="suzuki"))
        assert len(list(other.records())) == 2
        one.forget("sato")
        assert values(list(other.records())) == [2]
        assert put(other, entry(3))[0].attempt == 1
        one.purge(NOW + timedelta(minutes=1))
        assert values(list(other.records())) == [None, None]


def test_a_file_of_the_same_length_is_seen_to_be_another(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    one, other = FileStore(path), FileStore(path)
    put(one, entry(1), entry(2, learner="suzuki"))
    assert values(list(other.records())) == [1, 2]
    content = path.read_bytes()
    (tmp_path / "new").write_bytes(content.replace(b'"r1":1}', b'"r1":7}'))
    (tmp_path / "new").replace(path)
    assert values(list(other.records())) == [7, 2]


def test_a_link_to_the_answers_stays_a_link(tmp_path: Path) -> None:
    link, target = tmp_path / "link.jsonl", tmp_path / "target.jsonl"
    target.touch(0o640)
    link.symlink_to(target)
    put(FileStore(link), entry(1), entry(2, learner="suzuki"))
    assert FileStore(link).forget("sato") == 1
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert values(list(FileStore(target).records())) == [2]


def test_a_damaged_file_is_not_written_anew(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    put(store, entry(1))
    store.path.write_bytes(b"damaged\n" + store.path.read_bytes())
    before = store.path.read_bytes()
    with pytest.raises(StoreError, match=r"answers\.jsonl:1：壊れた行です"):
        FileStore(store.path).forget("sato")
    assert store.path.read_bytes() == before


def test_on_a_full_disk_nothing_is_half_deleted(tmp_path: Path) -> None:
    assert way_to_mount(), "the tests need the right to mount"
    from support.start_programs import run_on_disk

    run_on_disk(tmp_path, "300k", "full_deletion")


@pytest.mark.parametrize("kind", ["file", "sqlite"], indirect=True)
def test_a_kill_in_the_middle_leaves_each_record_whole(kind: str, tmp_path: Path) -> None:
    """It ends itself with -9 at each of the places where a purge touches the disk."""
    run("killed_purges", kind, tmp_path)


def command(*arguments: str | Path) -> tuple[int, list[str]]:
    done = CliRunner().invoke(main, ["answers", *map(str, arguments)])
    return done.exit_code, done.stdout.splitlines()


def test_the_commands_say_what_they_do(kind: str, tmp_path: Path) -> None:
    where = str(tmp_path / "answers.jsonl") if kind == "file" else address_of(kind, tmp_path)
    with open_store(kind, tmp_path) as store:
        # The last minute of a day in Japan, and the first of the next: 15:00 in UTC.
        put(store, entry("old", minutes=5 * 60 + 29), entry("new", minutes=5 * 60 + 30))
        put(store, entry("suzuki", learner="suzuki", minutes=DAY))
        own = tmp_path / "sato.jsonl"
        assert command("export", "--store", where, "--learner", "sato", own) == (0, ["2"])
        lines = own.read_text("utf-8").splitlines()
        assert {json.loads(line)["learner"] for line in lines} == {"sato"}
        told = ["2026-11-25 より前の答えは 1 件です"]
        purge = ("purge", "--store", where, "--before", "2026-11-25")
        assert command(*purge, "--dry-run") == (0, [*told, "何も消していません"])
        assert len(list(store.records())) == 3
        assert command(*purge) == (0, [*told, "1 件を消すか、空にしました"])
        assert values(store.history("sato")) == ["new"]
        forget = ("forget", "--store", where, "--learner", "sato")
        told = ["sato の記録は 1 件です"]
        assert command(*forget, "--dry-run") == (0, [*told, "何も消していません"])
        assert command(*forget) == (
            0,
            [*told, "1 件を消しました。控えから戻しても、この人の答えは戻りません"],
        )
        assert values(list(store.records())) == ["suzuki"]
        code, output = command("purge", "--store", where, "--before", "yesterday")
        assert (code, output) == (2, [])


def test_what_lies_beside_a_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    put(FileStore(path), entry(1))
    (tmp_path / "answers.jsonl.torn").touch()
    _, told = command("forget", "--store", path, "--learner", "sato")
    assert told[-1].startswith(f"{path}.torn：")


def test_one_learners_export_is_an_answers_file(store: Store, tmp_path: Path) -> None:
    put(store, entry(1), entry(2, learner="suzuki"), entry(3))
    assert export_file(store, tmp_path / "own.jsonl", learner="sato") == 2
    assert list(FileStore(tmp_path / "own.jsonl").records()) == store.history("sato")


def test_who_purges_does_not_keep_others_from_writing(kind: str, tmp_path: Path) -> None:
    """Between two portions another writer gets its turn."""
    if kind == "file":
        kind = "sqlite"  # a file is written anew in one go
    with open_store(kind, tmp_path) as store, open_store(kind, tmp_path) as other:
        assert isinstance(store, SqlStore)
        put(store, *(entry(n) for n in range(30)))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sql_purge, "PORTION", 10)
            real, turns = writing, iter(range(3))

            def between(engine: Engine) -> AbstractContextManager[Connection]:
                number = next(turns)
                put(other, entry(f"meanwhile{number}", learner="suzuki"))
                return real(engine)

            patch.setattr(sql_purge, "writing", between)
            assert store.purge(NOW + timedelta(minutes=1)) == 30
        assert len(store.history("suzuki")) == 3
