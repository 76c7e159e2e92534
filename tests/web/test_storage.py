"""Whether answers can be stored: tried by a write, and not too often."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from dxcourse.answers import FileStore, SqlStore, StoreError
from dxcourse.web.storage import HELD, HELD_BAD, StoreProbe
from support.records import MemoryStore
from support.waiting import run

if TYPE_CHECKING:
    from pathlib import Path


class Watched(MemoryStore):
    asked, full = 0, False

    def check_writable(self) -> None:
        self.asked += 1
        if self.full:
            raise StoreError("no space")


def test_it_is_tried_once_in_a_while_and_sooner_again_after_a_fault() -> None:
    store, now = Watched(), [0.0]
    probe = StoreProbe(store, clock=lambda: now[0])

    async def look(*moments: float) -> list[bool]:
        found = []
        for moment in moments:
            now[0] = moment
            found.append(await probe.sound())
        return found

    assert run(look(0, HELD - 0.1)) == [True, True]
    assert store.asked == 1
    store.full = True
    assert run(look(HELD, HELD + HELD_BAD / 2)) == [False, False]
    assert store.asked == 2
    store.full = False
    assert run(look(HELD + HELD_BAD)) == [True]


def test_a_try_changes_no_answer_and_leaves_nothing(tmp_path: Path) -> None:
    with FileStore(tmp_path / "answers.jsonl") as file:
        file.check_writable()
        assert list(file.records()) == []
    assert not [path for path in tmp_path.iterdir() if path.suffix == ".probe"]
    with SqlStore(f"sqlite:///{tmp_path / 'answers.sqlite'}") as database:
        for _ in range(3):
            database.check_writable()
        assert list(database.records()) == []


def test_a_try_in_postgresql_changes_no_answer(postgres_address: str) -> None:
    with SqlStore(postgres_address) as database:
        database.check_writable()
        assert list(database.records()) == []


FULL = """
import resource, signal, sys
from pathlib import Path
from dxcourse.answers import FileStore, SqlStore, StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder = Path(sys.argv[1])
store = (SqlStore(f"sqlite:///{folder / 'a.sqlite'}") if sys.argv[2] == "database"
         else FileStore(folder / "a.jsonl"))
store.check_writable()
resource.setrlimit(resource.RLIMIT_FSIZE, (100, resource.RLIM_INFINITY))
try:
    store.check_writable()
except StoreError as error:
    print("told:", error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
store.check_writable()
print("well again")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such limit there")
@pytest.mark.parametrize("kind", ["file", "database"])
def test_a_disk_that_takes_nothing_more_is_noticed_and_so_is_its_end(
    tmp_path: Path, kind: str
) -> None:
    command = [sys.executable, "-c", FULL, str(tmp_path), kind]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "told:" in done.stdout
    assert done.stdout.endswith("well again\n")
