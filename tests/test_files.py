from __future__ import annotations

import os
import sys
import threading
from pathlib import Path

import pytest

from dxcourse import files
from dxcourse.files import BusyError, cached_by_mtime, lock, make_folder, write_atomically

posix = pytest.mark.skipif(sys.platform == "win32", reason="rights of POSIX")


def test_a_file_is_written_whole_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, "一\n二\r\n")
    write_atomically(path, "一\n二\r\n")
    assert path.read_bytes() == "一\n二\r\n".encode()
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


def test_a_failed_write_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"before")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_atomically(path, b"after")
    assert path.read_bytes() == b"before"
    assert [each.name for each in tmp_path.iterdir()] == ["a.json"]


@posix
def test_rights_are_those_asked_for_those_before_or_the_systems(tmp_path: Path) -> None:
    path = tmp_path / "a"
    before = os.umask(0o027)
    try:
        write_atomically(path, b"")
        assert path.stat().st_mode & 0o777 == 0o640
        path.chmod(0o604)
        write_atomically(path, b"")
        assert path.stat().st_mode & 0o777 == 0o604
        write_atomically(path, b"", mode=0o600)
        assert path.stat().st_mode & 0o777 == 0o600
        write_atomically(tmp_path / "secret", b"", mode=0o600)
        assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600
    finally:
        os.umask(before)


def test_the_names_of_new_folders_are_made_to_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(files, "fsync_folder", synced.append)
    make_folder(tmp_path / "a/b")
    assert (tmp_path / "a/b").is_dir()
    assert synced == [tmp_path, tmp_path / "a"]


def test_a_lock_holds_others_out_and_says_so_in_japanese(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    refused: list[str] = []

    def other() -> None:
        try:
            with lock(path, seconds=0.05):
                pass
        except BusyError as error:
            refused.append(str(error))

    with lock(path):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert len(refused) == 1
    assert str(path) in refused[0]
    assert "0.05秒" in refused[0]
    other()
    assert len(refused) == 1


def test_what_was_read_is_read_again_only_when_the_file_changed(tmp_path: Path) -> None:
    path = tmp_path / "a"
    read: list[str] = []

    @cached_by_mtime(maxsize=2)
    def text_of(file: Path) -> str:
        read.append(file.read_text(encoding="utf-8"))
        return read[-1]

    with pytest.raises(FileNotFoundError):
        text_of(path)
    write_atomically(path, "1")
    assert (text_of(path), text_of(path)) == ("1", "1")
    write_atomically(path, "2")
    assert text_of(path) == "2"
    assert read == ["1", "2"]
