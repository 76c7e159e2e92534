"""Backed up, verified, restored: equal records, and who was forgotten stays forgotten."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import threading
from pathlib import Path
from typing import Self

import pytest
from click.testing import CliRunner, Result

from dxcourse.answers import FileStore, Store
from dxcourse.cli import main
from support.records import address_of, entry, open_store, put, values

ROOT = Path(__file__).resolve().parents[2]
BACKUP = ROOT / "deploy" / "backup.sh"


def run(*arguments: str | Path, **env: str) -> Result:
    return CliRunner().invoke(main, ["answers", *map(str, arguments)], env=env)


def sqlite(folder: Path) -> str:
    return f"sqlite:///{folder / 'answers.sqlite'}"


def backup(store: str, folder: Path) -> Path:
    program = shutil.which("dxcourse")
    assert program
    before = {*folder.glob("*.gz")}
    subprocess.run(
        ["sh", str(BACKUP), str(folder)],
        env={**os.environ, "DXCOURSE": program, "DXCOURSE_STORE": store},
        check=True,
        timeout=60,
    )
    [made] = {*folder.glob("answers-*.gz")} - before
    return made


def filled(store: Store) -> None:
    put(store, entry(1), entry(2), entry("mine", learner="suzuki"), entry(3))


@pytest.fixture(params=["sqlite", "postgres"])
def target(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """A kind of store; where it is PostgreSQL's, its database is made."""
    kind = str(request.param)
    if kind == "postgres":
        made = request.getfixturevalue("postgres_address")
        monkeypatch.setenv("DXCOURSE_TEST_DATABASE", made)
    return kind


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Folders for a store, for its backups, and for what comes back."""
    found = tmp_path / "here", tmp_path / "copies", tmp_path / "fresh"
    for each in found:
        each.mkdir()
    return found


def test_a_backup_brings_everything_back_but_who_was_forgotten(
    target: str, places: tuple[Path, Path, Path]
) -> None:
    folder, copies, fresh = places
    here = address_of(target, folder)
    with open_store(target, folder) as store:
        filled(store)
        kept = list(store.records())
    first = backup(here, copies)
    assert first.stat().st_mode & 0o077 == 0
    told = run("verify", first)
    assert told.exit_code == 0, told.stderr
    assert "記録 4 件、学ぶ人 2 人" in told.stdout

    assert run("forget", "--store", here, "--learner", "sato").exit_code == 0
    assert run("import", "--store", here, first).stdout == "0\n"
    with open_store(target, folder) as store:
        assert values(list(store.records())) == ["mine"]
        put(store, entry("later", minutes=10**7))  # the same person, answering anew
    second = backup(here, copies)
    assert "sato" not in (copies / "forgotten.jsonl").read_text(encoding="utf-8")

    elsewhere = sqlite(fresh)
    assert run("import", "--store", elsewhere, first).stdout == "1\n"
    assert run("import", "--store", elsewhere, second).stdout == "1\n"
    assert run("import", "--store", elsewhere, first).stdout == "0\n"
    with open_store("sqlite", fresh) as store:
        assert values(list(store.records())) == ["mine", "later"]
    assert len(kept) == 4


class Crowd:
    """Answers fifty times a second, through a connection of its own, until it is let go."""

    def __init__(self, target: str, folder: Path) -> None:
        self.acknowledged: list[str] = []  # ids, in the order in which they were on disk
        self._target, self._folder = target, folder
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def _write(self) -> None:
        with open_store(self._target, self._folder) as store:
            while not self._over.wait(0.02):
                number = len(self.acknowledged)
                given = entry(number, learner=f"busy-{number % 7}", entry_id=f"busy-{number:06}")
                store.append([(given, None)])
                self.acknowledged.append(given.id)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()


def test_backed_up_forgotten_and_restored_while_everybody_answers(
    target: str, places: tuple[Path, Path, Path]
) -> None:
    folder, copies, fresh = places
    here, elsewhere = address_of(target, folder), address_of(target, fresh)
    with open_store(target, folder) as store:
        filled(store)
    with Crowd(target, folder) as crowd:
        before = [*crowd.acknowledged]
        copy = backup(here, copies)
        after = [*crowd.acknowledged]
        assert run("verify", copy).exit_code == 0
        assert run("forget", "--store", here, "--learner", "sato").exit_code == 0
        assert run("import", "--store", here, copy).stdout == "0\n"
        backup(here, copies)  # the next night's: who was forgotten is noted beside the copies
        assert run("import", "--store", elsewhere, copy).exit_code == 0
        assert run("import", "--store", elsewhere, copy).stdout == "0\n"
    assert len(after) > len(before), "nobody answered meanwhile"
    with open_store(target, folder) as store:
        there = {record.id: record for record in store.records()}
    with open_store(target, fresh) as store:
        again = {record.id: record for record in store.records()}
    assert {name: there[name] for name in again} == again  # nothing is another, or comes back
    assert {record.learner for record in there.values()} >= {"suzuki", "busy-0"}
    assert "sato" not in {record.learner for record in [*there.values(), *again.values()]}
    assert {*before} <= again.keys()
    assert {*crowd.acknowledged} <= there.keys()


def test_the_server_s_store_is_the_one_that_is_meant(tmp_path: Path) -> None:
    store = sqlite(tmp_path)
    with open_store("sqlite", tmp_path) as opened:
        filled(opened)
    by_variable = run("export", tmp_path / "one.jsonl", DXCOURSE_STORE=store)
    assert (by_variable.exit_code, by_variable.stdout) == (0, "4\n")
    assert "answers.sqlite" in by_variable.stderr
    config = tmp_path / "dxcourse.toml"
    config.write_text(f'store = "{store}"\n', encoding="utf-8")
    by_file = run("export", "--config", config, tmp_path / "two.jsonl")
    assert (by_file.exit_code, by_file.stdout) == (0, "4\n")


def test_a_store_that_is_not_there_makes_no_backup(tmp_path: Path) -> None:
    typo = f"sqlite:///{tmp_path / 'typo.sqlite'}"
    done = run("export", tmp_path / "out.jsonl", DXCOURSE_STORE=typo)
    assert (done.exit_code, "そこに答えはありません" in done.stderr) == (1, True)
    assert list(tmp_path.iterdir()) == []


def test_a_torn_backup_is_told_and_never_emptied(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    filled(store)
    whole = gzip.compress(store.path.read_bytes())
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(whole[:-20])
    for command in (("verify", torn), ("import", "--store", tmp_path / "new.jsonl", torn)):
        done = run(*command)
        assert done.exit_code == 1
        assert "ほかの日の控え" in done.stderr
        assert "repair" not in done.stderr
    assert torn.read_bytes() == whole[:-20]
    lines = store.path.read_text(encoding="utf-8").splitlines()
    bad = tmp_path / "bad.jsonl"
    bad.write_text("\n".join([lines[0], "{", *lines[1:]]), encoding="utf-8")
    done = run("verify", bad)
    assert (done.exit_code, "bad.jsonl:2" in done.stderr) == (1, True)
    assert "repair" not in done.stderr


def test_marks_join_and_the_later_moment_holds(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    filled(store)
    store.forget("sato")
    first = store.forgotten()
    store.forget("sato")
    [(name, moment)] = store.forgotten().items()
    assert moment > first[name]
    lines = (tmp_path / "answers.jsonl.forgotten").read_text(encoding="utf-8").splitlines()
    assert all(set(json.loads(line)) == {"forgotten", "time"} for line in lines)
