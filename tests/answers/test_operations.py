"""What is done to a record by command is written down, and nobody takes it out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from dxcourse.answers import SqlStore, operation
from dxcourse.cli import main
from support.records import address_of, entry, open_store, put

if TYPE_CHECKING:
    from pathlib import Path

    from dxcourse.answers import Store


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
