"""The writer: off the event loop, in groups, and each who waits is told."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from dxcourse.answers import Appended, AttemptsUsed, Entry, FileStore, Refused, StoreError
from dxcourse.answers.writer import AnswerWriter
from support.waiting import run

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


class Slow(FileStore):
    """A store that notes its groups and can be held up, or told to fail."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.groups: list[int] = []
        self.threads: set[int] = set()
        self.open = threading.Event()
        self.open.set()
        self.fault: Exception | None = None

    def append(self, entries: Sequence[Any]) -> list[Appended | Refused]:
        self.open.wait(30)
        self.groups.append(len(entries))
        self.threads.add(threading.get_ident())
        if self.fault is not None:
            raise self.fault
        return super().append(entries)


@pytest.fixture
def store(tmp_path: Path) -> Slow:
    return Slow(tmp_path / "answers.jsonl")


@pytest.fixture
def writer(store: Slow) -> Iterator[AnswerWriter]:
    writer = AnswerWriter(store)
    yield writer
    store.open.set()
    writer.close()


def entry(number: int) -> Entry:
    answer = {"items": {"r": number}}
    return Entry(f"entry-{number:06}", datetime.now(UTC), f"learner-{number}", "ex", answer, "test")


def test_an_entry_is_on_disk_when_it_is_acknowledged(store: Slow, writer: AnswerWriter) -> None:
    record = run(writer.append(entry(1))).record
    assert record.id in store.path.read_text(encoding="utf-8")
    assert list(store.records()) == [record]


def test_those_who_wait_together_are_stored_together_in_another_thread(
    store: Slow, writer: AnswerWriter
) -> None:
    async def everyone() -> list[Appended]:
        store.open.clear()
        first = asyncio.create_task(writer.append(entry(0)))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(writer.append(entry(n))) for n in range(1, 300)]
        await asyncio.sleep(0.05)
        store.open.set()
        return [await first, *await asyncio.gather(*others)]

    records = run(everyone())
    assert [each.record.learner for each in records] == [f"learner-{n}" for n in range(300)]
    assert store.groups == [1, 299]
    assert store.threads.isdisjoint({threading.get_ident()})


@pytest.mark.parametrize("fault", [StoreError("the disk is full"), ValueError("a mistake of ours")])
def test_a_store_that_fails_is_told_to_all_and_the_next_are_stored(
    store: Slow, writer: AnswerWriter, fault: Exception
) -> None:
    async def everyone() -> list[object]:
        tasks = [writer.append(entry(n)) for n in range(20)]
        return [*await asyncio.gather(*tasks, return_exceptions=True)]

    store.fault = fault
    assert {type(outcome) for outcome in run(everyone())} == {StoreError}
    store.fault = None
    assert run(writer.append(entry(1))).record.attempt == 1


def test_one_refusal_in_a_group_leaves_the_others(store: Slow, writer: AnswerWriter) -> None:
    def never(_: object) -> None:
        raise AttemptsUsed("no tries left")

    async def everyone() -> list[object]:
        store.open.clear()
        waits = [writer.append(entry(0)), writer.append(entry(1), never), writer.append(entry(2))]
        tasks = [asyncio.create_task(each) for each in waits]
        await asyncio.sleep(0.05)
        store.open.set()
        return [*await asyncio.gather(*tasks, return_exceptions=True)]

    kinds = [type(outcome) for outcome in run(everyone())]
    assert kinds == [Appended, AttemptsUsed, Appended]
    assert len(list(store.records())) == 2


def test_an_entry_whose_visitor_has_gone_is_stored_all_the_same(
    store: Slow, writer: AnswerWriter
) -> None:
    async def leave() -> None:
        store.open.clear()
        task = asyncio.create_task(writer.append(entry(7)))
        await asyncio.sleep(0.05)
        task.cancel()
        store.open.set()

    run(leave())
    assert run(writer.append(entry(8))).record.learner == "learner-8"
    assert [record.learner for record in store.records()] == ["learner-7", "learner-8"]


def test_closing_stores_what_waits_and_then_takes_no_more(store: Slow) -> None:
    writer = AnswerWriter(store)

    async def close() -> list[Appended]:
        store.open.clear()
        tasks = [asyncio.create_task(writer.append(entry(n))) for n in range(50)]
        await asyncio.sleep(0.05)
        closing = asyncio.get_running_loop().run_in_executor(None, writer.close)
        await asyncio.sleep(0.05)
        store.open.set()
        await closing
        return await asyncio.gather(*tasks)

    assert len(run(close())) == 50
    assert len(list(store.records())) == 50
    with pytest.raises(StoreError, match="サーバーが終わる"):
        run(writer.append(entry(99)))
