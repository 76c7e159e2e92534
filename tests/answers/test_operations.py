"""What is done to a record by command is written down, and nobody takes it out again."""

from __future__ import annotations

import asyncio
import os
from datetime import timedelta
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner

from dxcourse import settings
from dxcourse.answers import DailyCount, FileStore, SqlStore, operation
from dxcourse.cli import main
from dxcourse.cli.answers import answers
from dxcourse.web.retention import purge
from dxcourse.web.settings import ServerSettings
from dxcourse.web.storage import default_database
from dxcourse.web.storage import open_store as open_default
from support.records import NOW, address_of, entry, open_store, put
from support.tiny_course import OUTLINE, TinyCourse

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.answers import Store
    from dxcourse.web.site import LearnerSite


def test_commands_are_written_down_without_a_learners_name(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = str(tmp_path / "answers.jsonl") if kind == "file" else address_of(kind, tmp_path)
    monkeypatch.setenv("DXCOURSE_STORE", place)
    with open_store(kind, tmp_path) as store:
        put(store, entry(1), entry(2, learner="suzuki"))
    copy = str(tmp_path / "copy.jsonl")
    for command in (
        ("export", copy),
        ("forget", "--learner", "sato", "--dry-run"),
        ("forget", "--learner", "sato"),
        ("purge", "--before", "2020-01-01"),
        ("import", copy),
    ):
        assert CliRunner().invoke(main, ["answers", *command]).exit_code == 0
    with open_store(kind, tmp_path) as store:
        done = store.operations()
    expected = [("export", 2), ("forget", 1), ("purge", 0), ("import", 0)]
    assert [(each.done, each.count) for each in done] == expected
    told = CliRunner().invoke(main, ["answers", "log"]).stdout
    assert [word in told for word in ("書き出した", "一人分を消した", "sato")] == [
        True,
        True,
        False,
    ]


@pytest.mark.parametrize("kind", ["sqlite", "postgres"], indirect=True)
def test_the_database_itself_lets_nobody_change_them(store: Store) -> None:
    assert isinstance(store, SqlStore)
    store.note(operation("purge", 3))
    for change in (
        "UPDATE records_operations SET account = 'x'",
        "DELETE FROM records_operations",
    ):
        with pytest.raises(Exception, match="never changed"), store.engine.begin() as connection:
            connection.exec_driver_sql(change)
    assert [(each.done, each.count) for each in store.operations()] == [("purge", 3)]


def test_what_a_server_deletes_by_itself_is_written_down(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as store:
        put(store, entry(1), entry(2, learner="suzuki"))
        site = SimpleNamespace(store=store)
        for _ in range(2):  # the second time there is nothing to delete
            asyncio.run(purge(cast("LearnerSite", site), 30, NOW + timedelta(days=365)))
        assert [(each.done, each.count) for each in store.operations()] == [("purge-daily", 2)]
        store.note(operation("export", 5))
        store.note(operation("export", 7))
        assert {name: each.count for name, each in store.last_operations().items()} == {
            "purge-daily": 2,
            "export": 7,
        }


def test_a_day_is_japans_and_counts_answers_and_learners(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as store:
        put(store, entry(1, minutes=0), entry(2, minutes=1), entry(3, learner="suzuki", minutes=2))
        # 09:30 UTC is 18:30 in Japan: from 330 minutes on it is the next day there.
        put(store, entry(4, minutes=329), entry(5, minutes=330), entry(fresh=True, minutes=331))
        put(store, entry(6, exercise="other", where="page"), entry(7, where="pages"))
        day, next_day = NOW.date(), NOW.date() + timedelta(days=1)
        assert store.daily_counts(where="test") == [
            DailyCount(day, "plan", 4, 2),
            DailyCount(next_day, "plan", 1, 1),
        ]
        assert store.daily_counts(where="page")[-1] == DailyCount(day, "plan", 1, 1)
        assert sum(each.answers for each in store.daily_counts()) == 7
        assert store.counts_by_surface() == {"test": (5, 2), "page": (1, 1), "pages": (1, 1)}
        assert (store.count_learners(where="test"), store.count_learners(where="page")) == (2, 1)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TinyCourse:
    """A machine of one user, with a course that has an id; nothing is set."""
    for name in [each for each in os.environ if each.startswith("DXCOURSE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    course = TinyCourse.make(tmp_path / "course")
    course.edit(OUTLINE, "title: 小さな講座\n", "id: tiny\ntitle: 小さな講座\n")
    monkeypatch.setenv("DXCOURSE_COURSE", str(course.root))
    monkeypatch.chdir(tmp_path)
    return course


COMMANDS: dict[str, tuple[str, ...]] = {
    "export": ("export", "copy.jsonl"),
    "import": ("import", "kept.jsonl"),
    "log": ("log",),
    "repair": ("repair",),
    "purge": ("purge", "--before", "2020-01-01"),
    "forget": ("forget", "--learner", "sato"),
    "verify": ("verify", "--note", "kept.jsonl"),
}


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("there", ["served", "own", "both", "none"])
def test_each_command_works_on_what_serve_uses_and_says_so(
    machine: TinyCourse, there: str, name: str, tmp_path: Path
) -> None:
    """Without a setting: where `serve` keeps answers, where it has been; else the user's own."""
    served = settings.served_folder(machine.root)
    own = settings.answers_file(machine.root)
    if there in {"served", "both"}:
        with open_default(ServerSettings(), served) as store:
            put(store, entry(1))
    if there in {"own", "both"}:
        with FileStore(own) as file:
            put(file, entry(1))
    with FileStore(tmp_path / "kept.jsonl") as kept:
        put(kept, entry(1, learner="suzuki"))
    done = CliRunner().invoke(main, ["answers", *COMMANDS[name]])
    assert done.exit_code == (there == "none" and name != "import"), done.stderr
    place = own if there == "own" else default_database(served)
    assert str(place) in done.stderr.splitlines()[0]
    assert (f"--store {own}" in done.stderr) == (there == "both")
    if name == "import":
        assert (own.is_file(), default_database(served).is_file()) == (
            there in {"own", "both"},
            there != "own",
        )


def test_every_command_is_among_those() -> None:
    assert {*COMMANDS} == {*answers.commands}


def test_an_answers_file_that_was_named_is_used_and_the_servers_is_told(
    machine: TinyCourse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DXCOURSE_ANSWERS", str(tmp_path / "mine.jsonl"))
    with FileStore(tmp_path / "mine.jsonl") as file:
        put(file, entry(1), entry(2))
    served = settings.served_folder(machine.root)
    open_default(ServerSettings(), served).close()
    done = CliRunner().invoke(main, ["answers", "export", str(tmp_path / "copy.jsonl")])
    assert done.stdout == "2\n"
    assert f"--store sqlite:///{default_database(served)}" in done.stderr
    (tmp_path / "mine.jsonl").write_bytes(b"{broken\n")
    assert CliRunner().invoke(main, ["answers", "repair"]).exit_code == 0
    with FileStore(tmp_path / "mine.jsonl") as file:
        assert [each.done for each in file.operations()] == ["export", "repair"]
