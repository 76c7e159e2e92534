"""The record moved between stores, by function and by command."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from dxcourse.answers import (
    FileStore,
    SqlStore,
    StoreError,
    export_file,
    import_file,
    new_id,
    read_export,
)
from dxcourse.cli import main
from support.records import both_stores, entry, open_store, put, values

if TYPE_CHECKING:
    from dxcourse.answers import Record, Store


def fill(store: Store) -> list[Record]:
    ticket = new_id()
    return put(
        store,
        entry({"深い": [1, 1.0, -0.0, 1e300, 10**30, None, True, "🍣\n\t\x00\u2028"]}),
        entry("b", learner="鈴木", entry_id=ticket),
        entry(fresh=True),
        entry("c", exercise="team", entry_id=ticket),
        entry("", minutes=5),
    )


@pytest.mark.parametrize("backwards", [False, True])
def test_a_round_trip_is_equal_record_for_record(tmp_path: Path, *, backwards: bool) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    first, second, third = (tmp_path / f"{n}.jsonl" for n in range(3))
    with both_stores(tmp_path / "one") as stores, both_stores(tmp_path / "two") as others:
        source, other = (stores[1], others[0]) if backwards else (stores[0], others[1])
        records = fill(source)
        assert export_file(source, first) == 5
        assert import_file(other, first) == 5
        assert list(other.records()) == records
        assert export_file(other, second) == 5
        assert import_file(stores[0] if backwards else stores[1], second) == 5
        for store in (*stores, other):
            third.unlink(missing_ok=True)
            export_file(store, third)
            assert first.read_bytes() == second.read_bytes() == third.read_bytes()
        assert put(other, entry())[0].attempt == 4


def test_an_export_is_an_answers_file(kind: str, tmp_path: Path) -> None:
    with open_store(kind, tmp_path) as store:
        records = fill(store)
        export_file(store, tmp_path / "new" / "export.jsonl")
    assert list(FileStore(tmp_path / "new" / "export.jsonl").records()) == records


def test_the_files_lines_are_this_json(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    put(store, entry("東京", entry_id="an-id-of-22-characters"))
    assert store.path.read_text("utf-8") == (
        '{"version":1,"id":"an-id-of-22-characters","time":"2026-11-24T09:30:00Z",'
        '"learner":"sato","exercise":"plan","attempt":1,"answer":{"items":{"r1":"東京"}},'
        '"where":"test"}\n'
    )


def test_an_export_overwrites_nothing(store: Store, tmp_path: Path) -> None:
    fill(store)
    target = tmp_path / "export.jsonl"
    target.write_text("mine")
    with pytest.raises(StoreError, match="もう何か入っています。別の名前にするか、先に"):
        export_file(store, target)
    assert target.read_text() == "mine"
    with pytest.raises(StoreError, match="もう何か入っています"):
        export_file(store, tmp_path)
    with pytest.raises(StoreError, match="もう何か入っています"):
        export_file(store, Path(os.devnull))
    target.write_text("")
    assert export_file(store, target) == 5


def test_a_damaged_store_is_not_exported(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    fill(store)
    store.path.write_bytes(b"damaged\n" + store.path.read_bytes())
    with pytest.raises(StoreError, match=r"answers\.jsonl:1：壊れた行です"):
        export_file(store, tmp_path / "export.jsonl")
    assert not (tmp_path / "export.jsonl").exists()


def test_importing_again_takes_what_is_new(store: Store, tmp_path: Path) -> None:
    source = FileStore(tmp_path / "source.jsonl")
    fill(source)
    assert import_file(store, source.path) == 5
    put(source, entry("new"))
    assert import_file(store, source.path) == 1
    assert import_file(store, source.path) == 0
    assert list(store.records()) == list(source.records())


@pytest.fixture
def lines(tmp_path: Path) -> list[dict[str, Any]]:
    source = FileStore(tmp_path / "lines.jsonl")
    fill(source)
    return [json.loads(line) for line in source.path.read_bytes().splitlines()]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"version": 2}, "3：壊れた行です"),
        ({"id": "short"}, "3：壊れた行です"),
        ({"attempt": 0}, "3：壊れた行です"),
        ({"attempt": "x"}, "3：壊れた行です"),
        ({"time": "2026-11-24T09:30:00"}, "3：壊れた行です"),
        ({"learner": ""}, "3：壊れた行です"),
        ({"answer": []}, "3：壊れた行です"),
        ({"more": 1}, "3：壊れた行です"),
        ({"answer": {"items": {"r1": float("nan")}}}, "3：JSONで書けない数があります"),
        ({"attempt": 1}, "3：1 行目と同じ番号か id で、中身が違います"),
        ({"learner": "鈴木", "attempt": 1}, "3：2 行目と同じ番号か id"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_is_taken(
    store: Store, tmp_path: Path, lines: list[dict[str, Any]], change: dict[str, Any], told: str
) -> None:
    file = tmp_path / "import.jsonl"
    lines[2] |= change
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    with pytest.raises(StoreError) as caught:
        import_file(store, file)
    assert f"{file}:{told}" in str(caught.value)
    assert list(store.records()) == []


def test_lines_far_from_each_other_are_held_to_agree(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "answers.jsonl")
    put(store, *(entry(number, learner=f"learner-{number}") for number in range(2500)))
    lines = store.path.read_bytes().splitlines(keepends=True)
    file = tmp_path / "twice.jsonl"
    file.write_bytes(b"".join([*lines, lines[1]]))  # the same once more is no contradiction
    assert [record.learner for record in read_export(file)][-1] == "learner-1"
    file.write_bytes(b"".join([*lines, lines[1].replace(b'"r1":1}', b'"r1":2}')]))
    with pytest.raises(StoreError, match=r"twice\.jsonl:2501：2 行目と同じ番号か id"):
        list(read_export(file))
    with open_store("sqlite", tmp_path) as other:
        with pytest.raises(StoreError, match=r"twice\.jsonl"):
            import_file(other, file)
        assert list(other.records()) == []


def test_a_contradiction_to_what_is_here_is_named(
    store: Store, tmp_path: Path, lines: list[dict[str, Any]]
) -> None:
    put(store, entry("mine"))
    before = list(store.records())
    with pytest.raises(StoreError, match=r"lines\.jsonl：sato の plan への 1 回目の答え.*違います"):
        import_file(store, tmp_path / "lines.jsonl")
    assert list(store.records()) == before
    assert len(lines) == 5


def test_files_touched_by_other_programs_are_taken(store: Store, tmp_path: Path) -> None:
    source = FileStore(tmp_path / "source.jsonl")
    records = fill(source)
    text = source.path.read_bytes()
    touched = tmp_path / "touched.jsonl"
    touched.write_bytes(b"\xef\xbb\xbf" + text.replace(b"\n", b"\r\n")[:-2])
    assert import_file(store, touched) == 5
    assert list(store.records()) == records
    touched.write_bytes(b"")
    assert import_file(store, touched) == 0
    touched.write_bytes(text.decode().encode("utf-16"))
    with pytest.raises(StoreError, match=r"touched\.jsonl:1：壊れた行です"):
        import_file(store, touched)
    with pytest.raises(StoreError, match=r"nothing\.jsonl：読めません"):
        import_file(store, tmp_path / "nothing.jsonl")


def command(*arguments: str | Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["answers", *map(str, arguments)])
    return done.exit_code, done.stdout if done.exit_code == 0 else done.stderr


def test_the_commands_move_and_mend_the_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers, export = tmp_path / "answers.jsonl", tmp_path / "export.jsonl"
    monkeypatch.setenv("DXCOURSE_ANSWERS", str(answers))
    records = fill(FileStore(answers))
    assert command("export", export) == (0, "5\n")
    code, told = command("export", export)
    assert (code, f"{export}：もう何か入っています。別の名前に" in told) == (1, True)
    database = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    assert command("import", "--store", database, export) == (0, "5\n")
    with SqlStore(database) as store:
        assert list(store.records()) == records
    assert command("import", export) == (0, "0\n")
    assert command("export", "--store", database, tmp_path / "again.jsonl") == (0, "5\n")
    assert command("import", "--store", tmp_path / "new.jsonl", export) == (0, "5\n")
    with answers.open("ab") as file:
        file.write(b"damaged\n")
    code, told = command("export", tmp_path / "third.jsonl")
    assert (code, f"{answers}:6：壊れた行です" in told) == (1, True)
    assert command("repair") == (0, f"{answers}:6：answers.jsonl.damaged へ分けて置きました\n")
    assert command("repair", answers) == (0, "")
    assert values(list(FileStore(answers).records())) == values(records)


def test_a_mistyped_store_is_said_and_not_made(tmp_path: Path) -> None:
    code, told = command("export", "--store", tmp_path / "typo.jsonl", tmp_path / "export.jsonl")
    assert (code, "typo.jsonl：そこに答えはありません" in told) == (1, True)
    address = f"sqlite:///{tmp_path / 'typo.sqlite'}"
    code, told = command("export", "--store", address, tmp_path / "export.jsonl")
    assert (code, "typo.sqlite：そこに答えはありません" in told) == (1, True)
    address = "postgresql+nothing://u:geheim@host/dx"
    code, told = command("export", "--store", address, tmp_path / "export.jsonl")
    assert (code, "geheim" in told, "アドレスとして読めません" in told) == (1, False, True)
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_an_export_stays_a_link(store: Store, tmp_path: Path) -> None:
    fill(store)
    link, target = tmp_path / "link.jsonl", tmp_path / "target.jsonl"
    link.symlink_to(target)
    assert export_file(store, link) == 5
    assert link.is_symlink()
    shutil.copy(link, tmp_path / "copy.jsonl")
    assert len(list(FileStore(tmp_path / "copy.jsonl").records())) == 5
