"""A wheel carries all that its commands need, and an sdist builds the same wheel."""

from __future__ import annotations

import http.client
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from dxcourse import shipped
from support.processes import listens

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
PATIENCE = 90  # seconds until a server has said its address

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("wheel")]


def built(source: Path, sort: str, to: Path) -> Path:
    """Build what `sort` names, as ``pip`` and an index would, without a network."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", sort, "-d", str(to)],
        cwd=source,
        check=True,
        capture_output=True,
    )
    [made] = to.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of someone who has only the wheel (and what it needs)."""
    base = tmp_path_factory.mktemp("研修 DX")
    site = base / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    home = base / "home"
    home.mkdir()
    env = {name: value for name, value in os.environ.items() if not name.startswith("DXCOURSE_")}
    folders = {"XDG_DATA_HOME": str(home / "data"), "XDG_CACHE_HOME": str(home / "cache")}
    return env | folders | {"PYTHONPATH": str(site), "HOME": str(home), "PYTHONUTF8": "1"}


@pytest.fixture(scope="module")
def course(installed: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What ``dxcourse init`` makes of the wheel."""
    folder = tmp_path_factory.mktemp("はじめて") / "my course"
    done = run(installed, folder.parent, "init", folder.name)
    assert done.returncode == 0, done.stderr
    return folder


def run(env: dict[str, str], cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dxcourse", *words],
        cwd=cwd,
        env=env,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_an_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = built(ROOT, "sdist", tmp_path / "sdist")
    shutil.unpack_archive(sdist, tmp_path / "source")
    [source] = (tmp_path / "source").iterdir()
    assert names(built(source, "wheel", tmp_path / "again")) == names(wheel)


def test_a_wheel_has_every_part_of_the_course_and_nobodys_answers(wheel: Path) -> None:
    inside = names(wheel)
    for part, _ in shipped.parts():
        assert any(name.startswith(f"dxcourse/_course/{part}") for name in inside), part
    assert "dxcourse/py.typed" in inside
    assert [name for name in inside if "answers.jsonl" in name or name.endswith(".db")] == []


def test_the_copy_is_the_course_and_has_nothing_to_mend(
    installed: dict[str, str], course: Path
) -> None:
    done = run(installed, course, "check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_folder_with_something_in_it_is_left_alone(
    installed: dict[str, str], course: Path
) -> None:
    before = sorted(course.rglob("*"))
    done = run(installed, course.parent, "init", course.name)
    assert done.returncode == 1
    assert str(course.name) in done.stderr
    assert sorted(course.rglob("*")) == before


def test_homework_is_released_from_the_copy(installed: dict[str, str], course: Path) -> None:
    done = run(installed, course / "exercises" / "homework", "homework", "release", "dx-basics")
    assert done.returncode == 0, done.stderr
    assert (course / "exercises/homework/release/dx-basics/dx-basics.ipynb").is_file()


def started(env: dict[str, str], cwd: Path, *words: str) -> Iterator[str]:
    """Start a server, give the first address that it says, and end it."""
    server = subprocess.Popen(
        [sys.executable, "-u", "-m", "dxcourse", *words],
        cwd=cwd,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        assert server.stdout is not None
        said, end = "", time.monotonic() + PATIENCE
        while time.monotonic() < end and (line := server.stdout.readline()):
            said += line
            if found := re.search(r"http://[^\s]+", line):
                while time.monotonic() < end and not listens(found[0]):
                    time.sleep(0.05)
                yield found[0]
                return
        pytest.fail(said)
    finally:
        server.terminate()
        server.communicate(timeout=30)


@pytest.mark.parametrize(
    "words",
    [
        ("study", "--no-browser", "--port", "0"),
        ("serve", "--port", "0"),
        ("lab", "--no-browser", "--port", "0"),
        ("workshop", "試しの会", "--agenda", "60", "--port", "0", "--host", "127.0.0.1"),
    ],
    ids=lambda words: words[0],
)
def test_a_server_starts_from_the_copy(
    installed: dict[str, str], course: Path, words: tuple[str, ...]
) -> None:
    for address in started(installed, course, *words):
        assert status(address) in {200, 302}


def status(address: str) -> int:
    """Ask for a page; JupyterLab says its address a moment before it answers there."""
    url, end = urlsplit(address), time.monotonic() + PATIENCE
    assert url.hostname
    while True:
        asked = http.client.HTTPConnection(url.hostname, url.port, timeout=PATIENCE)
        try:
            asked.request("GET", (url.path or "/") + (f"?{url.query}" if url.query else ""))
            return asked.getresponse().status
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.2)
        finally:
            asked.close()
