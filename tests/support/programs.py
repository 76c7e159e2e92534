"""Programs that tests start, stop and put into bad places: `python programs.py NAME ARGUMENT…`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from dxcourse.answers import FileStore, SqlStore, Store, StoreError, export_file, repair
from dxcourse.answers.log import emptied
from support.records import NOW, entry, open_store, put, values

if TYPE_CHECKING:
    from collections.abc import Callable

LATER = NOW + timedelta(days=1)
NAMES = {"answers.jsonl", "answers.jsonl.lock", "ballast"}


def burst(kind: str, folder: str, learner: str, count: str) -> None:
    """Append entries one by one, and say the id of each that is acknowledged."""
    with open_store(kind, Path(folder)) as store:
        for number in range(int(count)):
            (record,) = put(store, entry(f"答え{number}" * 20, learner=learner))
            print(record.id, flush=True)  # noqa: T201  -- the acknowledgement


def watch(kind: str, folder: str, learner: str, count: str) -> None:
    """Read until that many records are there: never one less, never one in the wrong place."""
    seen: list[int] = []
    with open_store(kind, Path(folder)) as store:
        print("watching", flush=True)  # noqa: T201
        while len(seen) < int(count):
            attempts = [record.attempt for record in store.history(learner, "plan")]
            assert attempts == list(range(1, len(attempts) + 1))
            assert len(attempts) >= len(seen)
            seen = attempts


def full_file(disk: str) -> None:
    """Fill a file's disk, append, make room, append."""
    with FileStore(Path(disk) / "answers.jsonl") as store:
        full(store, Path(disk), lambda: store.path.read_bytes().endswith(b"\n"))
        content = store.path.read_bytes()
        assert content.count(b"\n") == len(list(store.records()))


def full_database(disk: str) -> None:
    """Fill a database's disk, append, make room, append."""
    with SqlStore(f"sqlite:///{disk}/answers.sqlite") as store:
        full(store, Path(disk), lambda: True)


def full(store: Store, disk: Path, is_whole: Callable[[], bool]) -> None:
    """Hold a store to its promise on a disk that is full, three times."""
    for turn in range(3):
        put(store, entry("before", exercise=f"turn-{turn}"))
        before = list(store.records())
        ballast = fill(disk)
        count = 0
        # The last block may take some more; then one is cut in its middle, and after it no less.
        for size in (3000, *[300] * 20, 10, 30000):
            try:
                put(store, entry("大" * size))
                count += 1
            except StoreError as error:
                assert "空き" in str(error)  # noqa: PT017
                assert is_whole()
        assert count < 20
        at_once = list(store.records())
        assert at_once[: len(before)] == before
        assert len(at_once) == len(before) + count
        ballast.unlink()
        assert list(store.records()) == at_once
        put(store, entry("after"))
        assert values(list(store.records()))[-1] == "after"


def fill(disk: Path) -> Path:
    """Put as much into a file as the disk takes."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


def full_import(disk: str) -> None:
    """Restore, export and repair where there is no room: nothing is half done."""
    place = Path(disk)
    store = FileStore(place / "answers.jsonl")
    put(store, *(entry("答" * 20) for _ in range(20)))
    with store.path.open("ab") as file:
        file.write(b"damaged\n")
    before = store.path.read_bytes()
    ballast = fill(place)
    with refused("直せません"):
        repair(store.path)
    assert store.path.read_bytes() == before
    ballast.unlink()
    assert repair(store.path) == [21]
    records = list(store.records())
    ballast = fill(place)
    with refused("書けません"):
        export_file(store, place / "export.jsonl")
    with FileStore(place / "other.jsonl") as other, refused("書けません"):
        other.restore(records)
    ballast.unlink()
    leftover = {path.name for path in place.iterdir() if path.stat().st_size}
    assert leftover == {"answers.jsonl", "answers.jsonl.damaged"}
    assert list(store.records()) == records


def limited(kind: str, folder: str) -> None:
    """Append where no file may grow (`RLIMIT_FSIZE`), and again when it may."""
    import resource

    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_store(kind, Path(folder)) as store:
        put(store, entry("before"))
        size = max(path.stat().st_size for path in Path(folder).iterdir())
        for more in (0, 1, 150):
            before = list(store.records())
            resource.setrlimit(resource.RLIMIT_FSIZE, (size + more, hard))
            with refused("書けません"):
                put(store, entry("大" * 200_000))
            assert list(store.records()) == before
            resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
            put(store, entry("after"))
            assert values(list(store.records())) == [*values(before), "after"]
            size = max(path.stat().st_size for path in Path(folder).iterdir())


def read_only(disk: str) -> None:
    """Read where nobody can write, with a new store and one that was open before."""
    path = Path(disk) / "answers.jsonl"
    database = f"sqlite:///{disk}/answers.sqlite"
    with FileStore(path) as store:
        put(store, entry("before"))
        with SqlStore(database) as other:
            put(other, entry("before"))
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        cannot_write(store, path)
        cannot_write(FileStore(path), path)
        with refused("Read-only file system"):
            repair(path)  # nothing is wrong with it, but to know that takes the lock
        with refused("sqlite:///.*データベースがあるか、書き込めるか"):
            SqlStore(database)
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        put(store, entry("after"))
        assert values(list(store.records())) == ["before", "after"]


def no_rights(folder: str) -> None:
    """Read what only others may write."""
    place = Path(folder)
    path = place / "answers.jsonl"
    with FileStore(path) as store:
        put(store, entry("before"))
        path.chmod(0o444)
        Path(f"{path}.lock").chmod(0o444)
        place.chmod(0o555)
        if os.geteuid() == 0:
            os.seteuid(65534)  # nobody, as rights do not bind root
        try:
            cannot_write(store, path)
            cannot_write(FileStore(path), path)
            with refused("Permission denied"):
                put(FileStore(place / "new" / "answers.jsonl"), entry())
        finally:
            if os.getuid() == 0:
                os.seteuid(0)
            place.chmod(0o755)
        path.chmod(0o644)
        Path(f"{path}.lock").chmod(0o644)
        put(store, entry("after"))
        assert values(list(store.records())) == ["before", "after"]


def cannot_write(store: Store, path: Path) -> None:
    """Hold a store to reading what is there, and saying what it cannot do."""
    before = path.read_bytes()
    assert values(store.history("sato", "plan")) == ["before"]
    with refused(f"{path}：書けません"):
        put(store, entry("meanwhile"))
    assert values(list(store.records())) == ["before"]
    assert path.read_bytes() == before


def full_deletion(disk: str) -> None:
    """Purge and forget where there is no room for the file that is left."""
    place = Path(disk)
    with FileStore(place / "answers.jsonl") as store:
        put(store, *(entry("答" * 200, learner=f"learner-{n}") for n in range(100)))
        before = store.path.read_bytes()
        ballast = fill(place)
        attempts: tuple[Callable[[], int], ...] = (
            lambda: store.forget("learner-0"),
            lambda: store.purge(LATER),
        )
        for attempt in attempts:
            with refused("空き"):
                attempt()
            assert store.path.read_bytes() == before
            # The mark of a wish may be there before it is fulfilled; then it only waits to be.
            names = {path.name for path in place.iterdir()} - {"answers.jsonl.forgotten"}
            assert names == NAMES
            assert len(list(store.records())) == 100
        ballast.unlink()
        assert store.forget("learner-0") == 1
        assert len(list(FileStore(store.path).records())) == 99


def killed_purges(kind: str, folder: str) -> None:
    """Purge in programs that end at the first, the second … of the calls that touch the disk."""
    place = Path(folder)
    with open_store(kind, place) as store:
        put(store, *(entry(n, learner=f"learner-{n % 3}") for n in range(12)))
        before = {record.id: record for record in store.records()}
        put(store, entry("young", minutes=2 * 24 * 60))
    number, ended = 0, False
    while not ended:
        number += 1
        killed = [sys.executable, "-m", "support.programs", "killed_purge", kind, folder]
        code = subprocess.run([*killed, str(number)], check=False).returncode
        assert code in {0, -signal.SIGKILL}
        ended = code == 0
        with open_store(kind, place) as store:
            left = list(store.records())
            assert values(left)[-1] == "young"
            for record in left[:-1]:
                assert record in (before[record.id], emptied(before[record.id], LATER))
            assert {record.attempt for record in left[:-1]} >= {4}
    assert number > 3
    assert len(left) == 4


def killed_purge(kind: str, folder: str, number: str) -> None:
    """Purge five rows at a time; end with -9 at that call that touches the disk."""
    from dxcourse import files
    from dxcourse.answers import durable as _disk
    from dxcourse.answers import sql_purge as _sql_purge

    rest = iter(range(int(number) - 1, -1, -1))

    def or_end(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            if next(rest) == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return call

    with open_store(kind, Path(folder)) as store:
        _sql_purge.PORTION = 5
        for module, name in (
            (_disk, "write_through"),
            (files, "write_through"),
            (files, "_take_after"),
            (_disk, "fsync_folder"),
            (files, "fsync_folder"),
            (_sql_purge, "writing"),
            (_sql_purge, "_delete"),
            (_sql_purge, "wipe"),
        ):
            setattr(module, name, or_end(getattr(module, name)))
        store.purge(LATER)


def hold(path: str) -> None:
    """Hold the lock of a file until stopped."""
    from filelock import FileLock

    with FileLock(f"{path}.lock"):
        print("held", flush=True)  # noqa: T201
        time.sleep(600)


def refused(pattern: str) -> _Refused:
    """Expect a `StoreError` that says this."""
    return _Refused(pattern)


class _Refused:
    """What `pytest.raises` is, where importing pytest would take longer than the test."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        import re

        assert isinstance(error, StoreError), error
        assert re.search(self.pattern, str(error)), error
        return True


PROGRAMS: tuple[Callable[..., None], ...] = (
    burst,
    watch,
    full_file,
    full_database,
    full_import,
    limited,
    read_only,
    no_rights,
    hold,
    full_deletion,
    killed_purges,
    killed_purge,
)

if __name__ == "__main__":
    {program.__name__: program for program in PROGRAMS}[sys.argv[1]](*sys.argv[2:])
