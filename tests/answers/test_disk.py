"""Stores on disks that are full or closed to them, and programs that die: all of it real."""

from __future__ import annotations

import json
import os
import shutil
import signal
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dxcourse.answers import StoreError, repair
from support.records import entry, open_store, put
from support.start_programs import run, run_on_disk, start, way_to_mount

if TYPE_CHECKING:
    from collections.abc import Iterator

# A skipped test fails our suite, so these are not there where nobody may mount; `limited` is.
if way_to_mount():

    @pytest.mark.parametrize(
        ("name", "size"),
        [("full_file", "128k"), ("full_database", "512k"), ("full_import", "128k")],
    )
    def test_a_full_disk_costs_no_answer(tmp_path: Path, name: str, size: str) -> None:
        run_on_disk(tmp_path, size, name)

    def test_a_read_only_disk_can_be_read(tmp_path: Path) -> None:
        run_on_disk(tmp_path, "1m", "read_only")


@pytest.mark.parametrize("kind", ["file", "sqlite"], indirect=True)  # they write by themselves
def test_a_file_that_may_not_grow_costs_no_answer(kind: str, tmp_path: Path) -> None:
    run("limited", kind, tmp_path)


def test_what_only_others_may_write_can_be_read(open_folder: Path) -> None:
    run("no_rights", open_folder)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everyone gets to, as pytest's own are not."""
    folder = Path(tempfile.mkdtemp(prefix="answers"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.mark.parametrize(
    "after", [7, *(pytest.param(number, marks=pytest.mark.soak) for number in (1, 20))]
)
def test_what_was_acknowledged_survives_a_kill(kind: str, tmp_path: Path, after: int) -> None:
    with start("burst", kind, tmp_path, "sato", "100000") as program:
        assert program.stdout
        told = [program.stdout.readline().strip() for _ in range(after)]
        os.kill(program.pid, signal.SIGKILL)
        told += program.stdout.read().split()
    with open_store(kind, tmp_path) as store:
        records = store.history("sato", "plan")
        assert [record.id for record in records][: len(told)] == told
        assert len(records) <= len(told) + 1
        assert [record.attempt for record in records] == list(range(1, len(records) + 1))
        assert put(store, entry())[0].attempt == len(records) + 1


@pytest.mark.soak
@pytest.mark.parametrize("turn", range(40))
def test_what_was_acknowledged_survives_many_kills(kind: str, tmp_path: Path, turn: int) -> None:
    test_what_was_acknowledged_survives_a_kill(kind, tmp_path, turn + 1)


def together(kind: str, folder: Path, programs: int, each: int) -> None:
    """Several programs write at once, one reads; then all is there, once."""
    writers = [start("burst", kind, folder, "all", str(each)) for _ in range(programs)]
    watcher = start("watch", kind, folder, "all", str(programs * each))
    told = [line for writer in writers for line in writer.communicate()[0].split()]
    watcher.communicate()
    assert [program.returncode for program in (*writers, watcher)] == [0] * (programs + 1)
    with open_store(kind, folder) as store:
        records = store.history("all", "plan")
    assert len(records) == programs * each
    assert sorted(record.id for record in records) == sorted(told)
    assert [record.attempt for record in records] == list(range(1, len(records) + 1))


def test_programs_write_and_read_at_once(kind: str, tmp_path: Path) -> None:
    together(kind, tmp_path, programs=3, each=25)


@pytest.mark.soak
def test_many_programs_write_and_read_at_once(kind: str, tmp_path: Path) -> None:
    together(kind, tmp_path, programs=12, each=40)


def test_a_lock_held_by_another_program_ends_in_an_error(tmp_path: Path) -> None:
    with open_store("file", tmp_path, lock_seconds=0.2) as store:
        put(store, entry())
        path = tmp_path / "answers.jsonl"
        with start("hold", path) as program:
            assert program.stdout
            assert program.stdout.readline() == "held\n"
            told = f"{path}：ほかのプログラムが 0.2 秒のあいだ答えのファイルを使っています。閉じて"
            with pytest.raises(StoreError) as caught:
                put(store, entry())
            assert told in str(caught.value)
            with pytest.raises(StoreError, match=r"0\.2 秒のあいだ答えのファイルを使って"):
                store.history("sato")
            with pytest.raises(StoreError, match=r"0\.1 秒のあいだ答えのファイルを使って"):
                repair(path, lock_seconds=0.1)
            os.kill(program.pid, signal.SIGKILL)  # and the lock ends with its program
        put(store, entry())
        assert len(store.history("sato")) == 2
    lines = path.read_text("utf-8").splitlines()
    assert [json.loads(line)["attempt"] for line in lines] == [1, 2]
