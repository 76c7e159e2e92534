"""Grading by a Dask cluster: a real scheduler, real worker processes, one writer all the same."""

from __future__ import annotations

import os
import shutil
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result
from distributed import LocalCluster
from distributed.diagnostics.plugin import SchedulerPlugin

from dxcourse.cli import main
from dxcourse.homework import HomeworkCourse, HomeworkError, grade_all, parallel
from support.homework import HW, Homework, gradebook_of, right_answers
from support.submissions import SORTS, hand_in_many

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORKERS = 2


@contextmanager
def cluster() -> Iterator[LocalCluster]:
    """A scheduler here, and workers that are processes of their own; no dashboard."""
    settings = {"n_workers": WORKERS, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(processes=True, silence_logs=50, **settings) as started:
        yield started


@pytest.fixture(scope="module")
def started() -> Iterator[LocalCluster]:
    with cluster() as one:
        yield one


def run(homework: Homework, *arguments: str) -> Result:
    return CliRunner().invoke(
        main, ["homework", arguments[0], "--dir", str(homework.root), *arguments[1:]]
    )


def pages(homework: Homework) -> dict[str, str]:
    folder = homework.root / "feedback"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
    }


def test_workers_of_a_cluster_give_the_same_gradebook_and_the_same_pages(
    started: LocalCluster, homework: Homework, tmp_path: Path
) -> None:
    hand_in_many(homework, len(SORTS))
    homework.hand_in("alice", right_answers(homework.source), reflection="書いた")
    alone = Homework(shutil.copytree(homework.root, tmp_path / "alone"))
    address = started.scheduler_address
    done, expected = run(homework, "grade", HW, "--dask", address), run(alone, "grade", HW)
    assert done.output.rpartition(";")[0] == expected.output.rpartition(";")[0]
    assert gradebook_of(homework) == gradebook_of(alone)
    run(homework, "feedback", HW, "--dask", address)
    run(alone, "feedback", HW)
    assert pages(homework) == pages(alone) != {}
    assert "採点 0 件" in run(homework, "grade", HW, "--dask", address).output
    assert not [*homework.root.glob(".dxcourse-dask-*")]


def test_who_does_not_answer_is_told(homework: Homework, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "CONNECT_SECONDS", 0.5)
    for address in ("tcp://127.0.0.1:9", "no address", "tcp://"):
        nobody = run(homework, "grade", HW, "--dask", address)
        assert (nobody.exit_code, "つながりません" in nobody.output) == (1, True)


@pytest.mark.parametrize(
    ("found", "told"),
    [((False, "ours"), "同じ場所に共有してください"), ((True, "theirs"), "講座の版が違います")],
)
def test_a_worker_that_is_not_like_us_is_told(
    found: tuple[bool, str], told: str, tmp_path: Path
) -> None:
    seen: list[Path] = []

    def answer(look: Callable[[Path], tuple[bool, str]], token: Path) -> dict[str, Any]:
        assert look(token)[0]
        seen.append(token)
        return {"tcp://other:1": found}

    with pytest.raises(HomeworkError, match=rf"^tcp://other:1：.*{told}"):
        parallel._hold_alike(answer, tmp_path)
    assert seen
    assert [*tmp_path.iterdir()] == []


class Counted(SchedulerPlugin):
    """Counts at the scheduler how often packs were done, and how often taken from a worker."""

    def __init__(self) -> None:
        self.done = self.taken = 0

    def transition(self, key: Any, start: Any, finish: Any, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002
        if start == "processing":
            self.done += finish == "memory"
            self.taken += finish != "memory"


@pytest.mark.soak
def test_a_thousand_submissions_and_a_worker_that_is_killed(
    homework: Homework, tmp_path: Path
) -> None:
    """Equal to none, whatever ended; what it had in hand is done again, and no more."""
    many = 1000
    hand_in_many(homework, many)
    alone = Homework(shutil.copytree(homework.root, tmp_path / "alone"))
    whole = Homework(shutil.copytree(homework.root, tmp_path / "whole"))
    expected = grade_all(HomeworkCourse.open(alone.root), HW).made
    packs = many // parallel.PACK
    with cluster() as own:
        done = run(whole, "grade", HW, "--dask", own.scheduler_address)
        assert f"採点 {expected} 件" in done.output
        assert gradebook_of(whole) == gradebook_of(alone)
        counted = Counted()
        assert own.scheduler
        own.scheduler.add_plugin(counted)
        pids = [worker.pid for worker in own.workers.values()]
        killed: list[int] = []

        def kill() -> None:
            while len([*homework.root.glob("autograded/*")]) < many // 3:
                time.sleep(0.01)
            os.kill(pids[0], signal.SIGKILL)
            killed.append(counted.done)

        killer = threading.Thread(target=kill)
        killer.start()
        done = run(homework, "grade", HW, "--dask", own.scheduler_address)
        killer.join()
    assert f"採点 {expected} 件" in done.output
    assert gradebook_of(homework) == gradebook_of(alone)
    assert killed[0] < packs  # in the middle
    assert counted.taken >= 1
    ahead = parallel.AHEAD * WORKERS
    assert packs <= counted.done <= packs + ahead
    print(f"{packs} packs, {counted.done - packs} of them twice")  # noqa: T201
