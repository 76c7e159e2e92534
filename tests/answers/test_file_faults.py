"""What becomes of an answers file that was torn, damaged, replaced, or written by others."""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from dxcourse.answers import FileStore, Store, StoreError, repair
from support.records import entry, put, values

TORN = "最後の行が途中で切れていました"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Three answers in a file."""
    found = tmp_path / "answers.jsonl"
    put(FileStore(found), entry(1), entry("二"), entry("三🍣"))
    return found


def aside(path: Path, what: str) -> Path:
    return path.with_name(f"{path.name}.{what}")


# -- torn ------------------------------------------------------------------------------------


def test_a_line_torn_at_any_byte_is_set_aside(path: Path) -> None:
    whole = path.read_bytes()
    kept = b"".join(whole.splitlines(keepends=True)[:2])
    last = whole[len(kept) :]
    assert len(last.decode()) < len(last) - 4  # it is also cut within characters
    for size in range(1, len(last)):
        torn = last[:size]
        path.write_bytes(kept + torn)
        aside(path, "torn").unlink(missing_ok=True)
        store = FileStore(path)
        assert values(store.history("sato")) == [1, "二"]
        assert path.read_bytes() == kept + torn  # reading touches nothing
        with pytest.warns(UserWarning, match=TORN):
            (record,) = put(store, entry("next"))
        assert record.attempt == 3
        assert aside(path, "torn").read_bytes() == torn + b"\n"
        assert path.read_bytes().startswith(kept)
        for each in (store, FileStore(path)):
            assert values(list(each.records())) == [1, "二", "next"]


def test_a_file_that_is_one_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_bytes(b'{"version":1,"id')
    store = FileStore(path)
    assert list(store.records()) == []
    with pytest.warns(UserWarning, match=TORN):
        put(store, entry(1))
    assert values(list(store.records())) == [1]


def test_a_line_torn_under_a_running_store_is_set_aside(path: Path) -> None:
    store = FileStore(path)
    store.history("sato")
    for number in (1, 2):
        with path.open("ab") as file:
            file.write(b"\x00torn%d" % number)
        with pytest.warns(UserWarning, match=f":{number + 3}：{TORN}.*answers.jsonl.torn に残し"):
            put(store, entry(number))
    assert aside(path, "torn").read_bytes() == b"\x00torn1\n\x00torn2\n"
    assert values(list(FileStore(path).records())) == [1, "二", "三🍣", 1, 2]


def test_the_warning_shows_who_appended(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.warns(UserWarning, match=TORN) as caught:
        put(FileStore(path), entry())
    assert caught[0].filename.endswith("records.py")


def test_a_warning_made_an_error_stores_nothing_and_loses_nothing(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"torn")
    store = FileStore(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(UserWarning, match=TORN):
            put(store, entry("lost"))
        put(store, entry("stored"))
    assert values(list(FileStore(path).records())) == [1, "二", "三🍣", "stored"]
    assert aside(path, "torn").read_bytes() == b"torn\n"


# -- damaged ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"\x00" * 40,
        b"{}",
        b"[1, 2]",
        b'{"version":2}',
        b'\xff\xfe{"version":1}',
        b'{"version":1,"id":"aaaaaaaa","time":"2026-11-24T09:30:00Z","lear',
    ],
)
def test_a_damaged_line_is_named_and_nothing_is_touched(path: Path, damage: bytes) -> None:
    lines = path.read_bytes().split(b"\n")
    spoilt = b"\n".join([lines[0], damage, *lines[2:]]) + b"torn"
    path.write_bytes(spoilt)
    store = FileStore(path)
    told = f"^{path}:2：壊れた行です（.+）。`dxcourse answers repair {path}` で、この行を脇に"
    for attempt in (
        lambda: store.history("sato"),
        lambda: list(store.records()),
        lambda: put(store, entry()),
        lambda: store.restore([]),
    ):
        with pytest.raises(StoreError, match=told):
            attempt()
    assert path.read_bytes() == spoilt
    assert not aside(path, "torn").exists()


def test_what_was_typed_is_in_no_message(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b'"attempt":2', b'"attempt":"\xe7\xa7\x98"', 1))
    with pytest.raises(StoreError) as caught:
        FileStore(path).history("sato")
    error: BaseException | None = caught.value
    while error is not None:
        assert "秘" not in str(error)
        assert "二" not in str(error)
        error = error.__cause__


def test_repair_sets_damaged_lines_aside(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(
        b"".join([b"one\rtwo\n", lines[0], b"\n", lines[1], b"\x00\xff\n", lines[2], b"tail"])
    )
    path.chmod(0o640)
    running = FileStore(path)
    with pytest.raises(StoreError, match=":1：壊れた行です"):
        running.history("sato")
    assert repair(path) == [1, 3, 5, 7]
    assert path.read_bytes() == b"".join(lines)
    assert path.stat().st_mode & 0o777 == 0o640
    assert aside(path, "damaged").read_bytes() == b"one\rtwo\n\n\x00\xff\ntail\n"
    assert values(running.history("sato")) == [1, "二", "三🍣"]
    assert repair(path) == []
    assert put(running, entry())[0].attempt == 4
    assert not aside(path, "part").exists()


def test_a_number_set_aside_is_not_given_again(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"damaged\n" + lines[2])
    assert repair(path) == [2]
    assert put(FileStore(path), entry())[0].attempt == 4


def test_a_sound_file_is_not_written_by_repair(path: Path) -> None:
    before = path.stat()
    assert repair(path) == []
    after = path.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)
    assert not aside(path, "damaged").exists()


def test_repair_says_that_there_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"nothing\.jsonl：直せません.*そこにあるファイルを指定"):
        repair(tmp_path / "nothing.jsonl")
    assert list(tmp_path.iterdir()) == []


# -- changed by others -----------------------------------------------------------------------


def test_a_file_deleted_under_a_running_store_begins_anew(path: Path) -> None:
    store = FileStore(path)
    assert len(store.history("sato")) == 3
    path.unlink()
    assert store.history("sato") == []
    assert put(store, entry("new"))[0].attempt == 1
    assert values(list(store.records())) == ["new"]
    shutil.rmtree(path.parent)
    assert list(store.records()) == []
    assert put(store, entry("newer"))[0].attempt == 1


def test_a_file_cut_under_a_running_store_is_read_again(path: Path) -> None:
    store = FileStore(path)
    store.history("sato")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0])
    assert values(store.history("sato")) == [1]
    assert put(store, entry("new"))[0].attempt == 2


@pytest.mark.parametrize("in_place", [True, False])
@pytest.mark.parametrize("count", [1, 3, 9])
def test_a_file_replaced_under_a_running_store_is_read_again(
    path: Path, count: int, *, in_place: bool
) -> None:
    store = FileStore(path)
    assert len(store.history("sato")) == 3
    other = path.with_name("other.jsonl")
    put(FileStore(other), *(entry(f"other-{n}", learner="tanaka") for n in range(count)))
    if in_place:
        path.write_bytes(other.read_bytes())
    else:
        other.replace(path)
    assert store.history("sato") == []
    assert len(store.history("tanaka")) == count
    assert put(store, entry("new", learner="tanaka"))[0].attempt == count + 1
    assert list(store.records()) == list(FileStore(path).records())


def test_files_put_together_by_hand_are_read(path: Path) -> None:
    put(FileStore(path), entry(4))
    path.write_bytes(path.read_bytes() * 2)
    store = FileStore(path)
    assert values(list(store.records())) == [1, "二", "三🍣", 4]
    assert put(store, entry())[0].attempt == 5


def test_line_ends_of_windows_are_read(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    store = FileStore(path)
    assert put(store, entry())[0].attempt == 4
    assert len(list(FileStore(path).records())) == 4


def test_whoever_reads_sees_whole_groups_only(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    done = threading.Event()
    sizes: set[int] = set()

    def read() -> None:
        store = FileStore(path)
        while not done.is_set():
            sizes.add(len(list(store.records())))

    reader = threading.Thread(target=read)
    reader.start()
    writer = FileStore(path)
    for _ in range(12):
        put(writer, *(entry("長" * 300) for _ in range(50)))
    done.set()
    reader.join()
    assert sizes <= set(range(0, 601, 50))


# -- places that fail ------------------------------------------------------------------------


def fail_with(code: int) -> NoReturn:
    raise OSError(code, os.strerror(code))


@pytest.mark.parametrize("code", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_what_the_disk_does_not_confirm_is_taken_back(
    path: Path, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FileStore(path)
    before = path.read_bytes()
    given = entry("again")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: fail_with(code))
        with pytest.raises(StoreError, match=f"{path}：書けません.*もう一度試して"):
            put(store, given)
        assert path.read_bytes() == before
        assert values(store.history("sato")) == [1, "二", "三🍣"]
    assert put(store, given)[0].attempt == 4
    assert values(list(FileStore(path).records())) == [1, "二", "三🍣", "again"]


def test_an_interrupt_while_writing_stores_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> NoReturn:
        raise KeyboardInterrupt

    store = FileStore(path)
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", interrupt)
        with pytest.raises(KeyboardInterrupt):
            put(store, entry("lost"))
    put(FileStore(path, lock_seconds=0.1), entry("next"))  # the lock is free
    assert values(store.history("sato")) == [1, "二", "三🍣", "next"]


def test_a_drive_that_cannot_sync_folders_is_good_enough(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def only_files(handle: int) -> None:
        if os.path.samestat(os.fstat(handle), tmp_path.stat()):
            fail_with(errno.EINVAL)
        real(handle)

    monkeypatch.setattr(os, "fsync", only_files)
    assert put(FileStore(tmp_path / "answers.jsonl"), entry())[0].attempt == 1


def test_new_folders_and_files_are_named_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    real = os.fsync

    def note(handle: int) -> None:
        synced.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        real(handle)

    store = FileStore(tmp_path / "a" / "b" / "answers.jsonl")
    if Path("/proc/self/fd").exists():
        monkeypatch.setattr(os, "fsync", note)
        put(store, entry(1))
        expected = [tmp_path, tmp_path / "a", store.path, tmp_path / "a" / "b"]
        assert synced == list(map(str, expected))
        put(store, entry(2))
        assert synced[4:] == [str(store.path)]
    else:
        put(store, entry(1), entry(2))
    assert values(list(store.records())) == [1, 2]


def test_a_place_that_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"書けません.*ファイルを指定して、"):
        put(FileStore(tmp_path), entry())
    with pytest.raises(StoreError, match=r"読めません.*ファイルを指定して、"):
        FileStore(tmp_path).history("sato")
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match=r"file/answers\.jsonl：書けません"):
        put(FileStore(tmp_path / "file" / "answers.jsonl"), entry())


def test_a_thread_that_holds_the_store_does_not_hold_others_for_ever(path: Path) -> None:
    store = FileStore(path, lock_seconds=0.1)
    entered, leave = threading.Event(), threading.Event()

    def guard(_: object) -> None:
        entered.set()
        leave.wait(20)

    thread = threading.Thread(target=lambda: store.append([(entry(), guard)]))
    thread.start()
    entered.wait(20)
    with pytest.raises(StoreError, match="答えのファイルを使っています"):
        store.history("sato")
    leave.set()
    thread.join()
    assert len(store.history("sato")) == 4


# -- many ------------------------------------------------------------------------------------


def cost(times: int, call: Callable[[], object]) -> float:
    """Give the CPU seconds that so many calls take."""
    start = time.process_time()
    for _ in range(times):
        call()
    return time.process_time() - start


def many(path: Path, count: int) -> None:
    """Write a file of that many records, three a learner."""
    line = entry("x" * 100, entry_id="an-id-of-22-characters", learner="L" * 20)
    text = line.numbered(1).model_dump_json()
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            each = text.replace("an-id-of-22-characters", f"entry-{number:016}")
            each = each.replace("L" * 20, f"learner-{number // 3:012}")
            file.write(each.replace('"attempt":1', f'"attempt":{number % 3 + 1}') + "\n")


def test_among_a_hundred_thousand_records_ones_own_cost_what_they_cost_among_few(
    tmp_path: Path,
) -> None:
    path, small = tmp_path / "answers.jsonl", tmp_path / "small.jsonl"
    many(path, 100_002)
    many(small, 30)
    store, other = FileStore(path), FileStore(small)
    assert len(list(store.records())) == 100_002
    ours = "learner-000000000009"
    found = store.history(ours, "plan")
    assert [record.attempt for record in found] == [1, 2, 3]
    assert found == other.history(ours, "plan")

    def ask(store: Store) -> float:
        return cost(200, lambda: store.history(ours, "plan"))

    def add(store: Store) -> float:
        return cost(20, lambda: put(store, entry(learner=ours)))

    assert ask(store) < 5 * ask(other) + 0.1
    assert add(store) < 5 * add(other) + 0.1
