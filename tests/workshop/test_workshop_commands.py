"""The command line, from the first word to the last: list, copy, close, export, delete, resume."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner

from dxcourse.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from support.workshop_server import Hall

pytestmark = pytest.mark.server

TEXT = "だれのものでもない、ひとことの意見です"


def test_a_workshop_is_listed_reported_copied_ended_and_deleted(hall: Hall, tmp_path: Path) -> None:
    hall.at("first-word")
    hall.do("open")
    for n in range(6):
        token = hall.enter(consent=n == 0)
        (public,) = hall.mine(token)["exercises"]
        items = {public["items"][0]["ref"]: f"{TEXT}{n}"}
        assert hall.give(token, "what-is-dx", items, f"opinion-{n:04}").status == 200
    hall.do("reveal")
    board = urlsplit(hall.board).path
    for name in ("report.html", "report.xlsx", "report.pptx", "answers.csv"):
        file = hall.ask(f"{board}/files/{name}")
        assert file.status == 200
        assert "attachment" in file.headers["Content-Disposition"]
    assert hall.ask(f"{board}/files/keys.json").status == 404

    busy = hall.run("close", hall.name)
    assert busy.exit_code == 1
    assert "別の窓で動いています" in busy.stderr
    told = hall.run("list")
    assert "begun" in told.stdout
    assert "6人・組" in told.stdout
    assert hall.name in told.stdout

    exported = hall.run("export", hall.name, str(tmp_path / "report"))
    assert exported.exit_code == 0, exported.stderr
    files = {path.name: path.read_bytes() for path in (tmp_path / "report").iterdir()}
    assert set(files) == {"report.html", "report.xlsx", "report.pptx", "answers.csv"}
    page = files["report.html"].decode()
    assert hall.name in page
    assert f"{TEXT}0" in page
    assert f"{TEXT}1" not in page + files["answers.csv"].decode()

    alone = hall.run("compare", str(tmp_path / "year"))
    assert alone.exit_code == 1
    assert "始めた会が二つ要ります（いま1つ）" in alone.stderr

    hall.stop()
    assert hall.run("close", hall.name).exit_code == 0
    assert "ended" in hall.run("list").stdout
    compared = hall.run("compare", str(tmp_path / "year"), hall.name, hall.name)
    assert compared.exit_code == 0, compared.stderr
    assert hall.name in (tmp_path / "year/comparison.html").read_text("utf-8")
    copied = hall.run("copy", hall.name, "次の会")
    assert copied.exit_code == 0
    assert "次の会" in hall.run("list").stdout
    folder = next(f for f in (hall.folder / "workshops").iterdir() if "函館" in f.name)
    assert hall.run("delete", hall.name, "--yes").exit_code == 0
    assert not folder.exists()
    assert hall.name not in hall.run("list").stdout
    missing = hall.run("resume", hall.name)
    assert missing.exit_code == 1
    assert "「函館市" in missing.stderr
    assert "という会はありません" in missing.stderr


def test_a_port_that_is_taken_and_a_second_start_are_told(hall: Hall) -> None:
    taken = hall.run("別の会", "--host", "127.0.0.1", "--port", str(hall.port))
    assert taken.exit_code == 1
    assert "--port でほかの番号" in taken.stderr
    assert "別の会" not in hall.run("list").stdout  # nothing is made before the port is there
    away = hall.run("別の会", "--host", "203.0.113.7", "--port", "0")
    assert away.exit_code == 1
    assert "203.0.113.7" in away.stderr
    assert "別の会" not in hall.run("list").stdout
    again = hall.run(hall.name, "--port", "0", "--wifi", "別の網")
    assert again.exit_code == 1
    assert "別の窓で動いています" in again.stderr
    assert hall.run("list").stdout.count(hall.name) == 1
    assert not [*hall.folder.rglob("wifi.json")]  # of a room that is held nothing changes
    twice = hall.run("resume", hall.name, "--port", "0")
    assert twice.exit_code == 1
    assert "別の窓で動いています" in twice.stderr


def test_started_again_an_unfinished_workshop_goes_on_with_its_people(hall: Hall) -> None:
    token = hall.enter()
    code = hall.code
    hall.kill()
    hall.begun = False  # the arrow key and Enter: the same words again
    hall.start()
    assert hall.code == code
    assert hall.mine(token)["seed"]
    assert "の続きから始めます" in hall.log.read_text("utf-8")
    hall.stop()
    hall.begun = False
    hall.options = ("--new",)
    hall.start()
    assert hall.code != code
    hall.stop()
    assert hall.run("list").stdout.count(hall.name) == 2
    both = hall.run("export", hall.name, str(hall.folder / "out"))
    assert both.exit_code == 0
    assert "人のいちばん多い" in both.stderr
    assert "どれかをフォルダー名で" in hall.run("delete", hall.name, "--yes").stderr


def test_an_agenda_is_checked_with_lines(tmp_path: Path) -> None:
    good = CliRunner().invoke(main, ["workshop", "check", "90"])
    assert good.exit_code == 0
    assert "よい進行表です" in good.output
    file = tmp_path / "mine.yaml"
    file.write_text(
        "title: x\nstops:\n  - {id: a, title: b, minutes: 5, asks: [nothing]}\n", "utf-8"
    )
    bad = CliRunner().invoke(main, ["workshop", "check", str(file)])
    assert bad.exit_code == 1
    assert f"{file}:3" in bad.output
    assert "「nothing」" in bad.output


def test_a_name_starts_a_workshop_and_a_wrong_agenda_says_which_there_are() -> None:
    told = CliRunner().invoke(main, ["workshop", "試しの会", "--agenda", "75"])
    assert told.exit_code == 1
    assert "60、90、120" in told.output
    told = CliRunner().invoke(main, ["workshop", "--agenda", "75", "試しの会"])
    assert "60、90、120" in told.output
    help_text = CliRunner().invoke(main, ["workshop", "--help"]).output
    for command in ("start", "list", "resume", "copy", "close", "export", "delete"):
        assert f"\n  {command} " in help_text
