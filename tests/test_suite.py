"""A test run that left a test out does not pass."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import suite

if TYPE_CHECKING:
    from collections.abc import Sequence


TESTS = """
import pytest

class TestPage:
    @pytest.mark.browser
    @pytest.mark.xdist_group("chromium")
    @pytest.mark.parametrize("page", ["a.py::b", "c@d", "寿司"])
    def test_opens(self, page):
        pass

@pytest.mark.server
def test_answers():
    SERVER

@pytest.mark.xfail(strict=True)
def test_known():
    assert False
"""
SETTINGS = "[pytest]\nmarkers =\n    browser: a\n    server: b\n    soak: c\n"


class Calls:
    """Stands in for a program: notes what was asked, and gives one exit code."""

    def __init__(self, code: int) -> None:
        self.code = code
        self.asked: list[Sequence[str]] = []

    def __call__(self, command: Sequence[str]) -> int:
        self.asked.append(command)
        return self.code


def pytest_here(folder: Path, *arguments: str) -> str:
    """What pytest says, with the one plugin that counts here: to load all takes seconds."""
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "xdist.plugin",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=folder,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    ).stdout


def left_out(folder: Path, server: str, *arguments: str) -> list[str]:
    (folder / "pytest.ini").write_text(SETTINGS, encoding="utf-8")
    (folder / "tests").mkdir()
    text = TESTS.replace("SERVER", server)
    (folder / "tests" / "test_page.py").write_text(text, encoding="utf-8")
    listed = pytest_here(folder, "--collect-only", "-q", "-m", suite.GUARDED)
    guarded = {suite.key(line) for line in listed.splitlines() if "::" in line}
    assert len(guarded) == 4
    report = folder / "report.xml"
    pytest_here(folder, "-n", "1", "--dist", "loadgroup", f"--junitxml={report}", *arguments)
    return suite.left_out(guarded, report)


def test_a_whole_run_left_nothing_out(tmp_path: Path) -> None:
    assert left_out(tmp_path, "pass") == []


def test_a_skipped_test_is_named_with_its_reason(tmp_path: Path) -> None:
    (line,) = left_out(tmp_path, "pytest.skip('no server here')")
    assert line == "skipped: tests.test_page.test_answers: no server here"


def test_deselected_tests_are_named(tmp_path: Path) -> None:
    found = left_out(tmp_path, "pass", "-m", "not browser")
    assert len(found) == 3
    assert all(line.startswith("did not run: tests.test_page.TestPage.test") for line in found)


def test_the_tests_of_a_group_stay_in_one_worker(tmp_path: Path) -> None:
    text = """
import pytest

pytestmark = pytest.mark.xdist_group("browser")

@pytest.mark.parametrize("number", range(12))
def test_number(number, worker_id):
    with open("workers.txt", "a") as file:
        file.write(worker_id + chr(10))
"""
    (tmp_path / "test_numbers.py").write_text(text, encoding="utf-8")
    pytest_here(tmp_path, *suite.PYTEST, "-o", "markers=soak: a")
    workers = (tmp_path / "workers.txt").read_text(encoding="utf-8").split()
    assert len(workers) == 12
    assert len(set(workers)) == 1


def test_the_browser_that_is_asked_for_comes_first(tmp_path: Path) -> None:
    browser = tmp_path / "my browser"
    browser.touch(mode=0o755)
    assert suite.find_chromium({"DXCOURSE_CHROMIUM": str(browser)}) == str(browser)


def test_a_browser_that_is_asked_for_but_missing_is_not_replaced() -> None:
    assert suite.find_chromium({"DXCOURSE_CHROMIUM": "/nowhere/chromium"}) is None


@pytest.mark.parametrize("name", ["15", "9", "16"])
def test_the_newest_postgres_is_taken(tmp_path: Path, name: str) -> None:
    for version in ("9", "15", name, "common"):
        programs = tmp_path / version / "bin"
        programs.mkdir(parents=True, exist_ok=True)
        (programs / "initdb").touch(0o755)
    newest = "16" if name == "16" else "15"
    assert suite.find_postgres({}, tmp_path) == tmp_path / newest / "bin"


def test_a_postgres_that_is_asked_for_but_missing_is_not_replaced(tmp_path: Path) -> None:
    assert suite.find_postgres({"DXCOURSE_POSTGRES": str(tmp_path)}) is None
    (tmp_path / "initdb").touch(0o755)
    assert suite.find_postgres({"DXCOURSE_POSTGRES": str(tmp_path)}) == tmp_path


@pytest.mark.parametrize(
    ("browser", "font", "postgres", "proxy", "packages"),
    [
        (None, True, True, True, ["chromium"]),
        ("/usr/bin/chromium", False, True, True, ["fontconfig", "fonts-noto-cjk"]),
        ("/usr/bin/chromium", True, False, True, ["postgresql"]),
        ("/usr/bin/chromium", True, True, False, ["nginx-light", "nodejs", "npm"]),
        (None, False, False, True, ["chromium", "fontconfig", "fonts-noto-cjk", "postgresql"]),
    ],
)
def test_only_what_is_missing_is_installed(  # noqa: PLR0913  -- what may be missing, and the folder
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    browser: str | None,
    packages: list[str],
    *,
    font: bool,
    postgres: bool,
    proxy: bool,
) -> None:
    monkeypatch.setattr("suite.find_chromium", lambda _, **__: browser)
    monkeypatch.setattr("suite.has_japanese_font", lambda: font)
    monkeypatch.setattr("suite.find_postgres", lambda _: tmp_path if postgres else None)
    monkeypatch.setattr("suite.find_nginx", lambda _: "/usr/sbin/nginx" if proxy else None)
    monkeypatch.setattr("suite.find_hub_proxy", lambda _: tmp_path if proxy else None)
    monkeypatch.setattr("suite.shutil.which", lambda name: f"/usr/bin/{name}")
    call = Calls(0)
    lacking = suite.missing({})
    suite.apt_packages([name for names in lacking.values() for name in names], call=call)
    *before, installed = call.asked
    assert installed[-len(packages) - 1 :] == ["--no-install-recommends", *packages]
    updates = [command for command in before if command[-1] == "update"]
    assert len(updates) == 1
    # Before the package comes, it is told to start no database of its own.
    assert any("create_main_cluster" in command[-1] for command in before) != postgres


def test_what_tests_can_do_without_is_installed_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suite.shutil.which", lambda name: name if name == "apt-get" else None)
    monkeypatch.setattr("suite.os.geteuid", lambda: 0)
    call = Calls(0)
    suite.apt_packages(["nginx-light"], suite.welcome({}), call=call)
    # Each by itself: a name that this Debian does not know harms no other.
    installed = [command[-1] for command in call.asked if "install" in command]
    assert installed == [
        "nginx-light",
        "chromium-headless-shell",
    ]
    assert suite.welcome({"DXCOURSE_CHROMIUM": "/opt/chrome"}) == ()


@pytest.mark.parametrize(
    ("whole", "taken"), [(False, "chromium-headless-shell"), (True, "chromium")]
)
def test_soak_tests_are_run_in_the_whole_browser(
    monkeypatch: pytest.MonkeyPatch, taken: str, *, whole: bool
) -> None:
    monkeypatch.setattr("suite.shutil.which", lambda name: name)
    assert suite.find_chromium({}, whole=whole) == taken
    env = {"DXCOURSE_CHROMIUM": "/usr/bin/chromium-headless-shell"}  # as `main` says it to tests
    assert Path(suite.find_chromium(env, whole=whole) or "").name == taken


def test_nothing_is_installed_where_a_password_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("suite.shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr("suite.os.geteuid", lambda: 1000)
    call = Calls(1)
    suite.apt_packages(["chromium"], call=call)
    assert call.asked == [["sudo", "-n", "true"]]


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("find_chromium", "DXCOURSE_CHROMIUM"),
        ("find_postgres", "DXCOURSE_POSTGRES"),
        ("find_nginx", "DXCOURSE_NGINX"),
        ("find_hub_proxy", "DXCOURSE_HUB_PROXY"),
    ],
)
def test_without_a_program_the_run_fails_with_the_cure(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], program: str, told: str
) -> None:
    monkeypatch.setattr(suite, program, lambda _, **__: None)
    monkeypatch.setattr(suite, "apt_packages", lambda *_, **__: None)
    assert suite.main([]) == 1
    assert told in capsys.readouterr().err
