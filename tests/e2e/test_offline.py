"""Without a network: the course from what was carried there, as someone without rights.

The kernel cuts the network off (`unshare`); only the loopback is up.
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "研修 DX/講座 その一"
SECONDS = 1200
NOBODY = "nobody"
# Runs a command where nothing but the loopback is, as someone without rights.
ALONE = """
import fcntl, os, socket, struct, sys
user, group, *command = sys.argv[1:]
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
    request = struct.pack("16sh14x", b"lo", 1 | 64)  # IFF_UP | IFF_RUNNING
    fcntl.ioctl(asked, 0x8914, request)  # SIOCSIFFLAGS
if os.geteuid() == 0 and int(user):
    os.setgroups([])
    os.setgid(int(group))
    os.setuid(int(user))
os.execv(command[0], command)  # what it stands on, they may not read
"""
NEEDS_NETWORK = """
import socket
try:
    socket.create_connection(("192.0.2.1", 80), timeout=3)
except OSError as error:
    print(error.errno)
"""

pytestmark = [pytest.mark.soak, pytest.mark.server, pytest.mark.timeout(3600)]


def account() -> tuple[int, int]:
    """Who runs the course: someone without rights, also where root runs the tests."""
    if os.geteuid():
        return os.geteuid(), os.getegid()
    found = pwd.getpwnam(NOBODY)
    return found.pw_uid, found.pw_gid


def cut_off(*command: str) -> list[str]:
    """A command without a network."""
    spaces = ["--net"] if os.geteuid() == 0 else ["--user", "--map-root-user", "--net"]
    user, group = map(str, account() if os.geteuid() == 0 else (0, 0))
    return ["unshare", *spaces, sys.executable, "-c", ALONE, user, group, *command]


def system_python() -> str:
    """A Python that any user of this machine can start, and that makes environments."""
    for name in ("/usr/bin/python3", "/usr/local/bin/python3", sys.executable):
        asked = [name, "-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)"]
        if Path(name).exists() and run(cut_off(*asked), Path("/")).returncode == 0:
            return name
    raise AssertionError("no Python for everybody; on Debian: apt-get install python3-venv")


def run(
    command: Sequence[str], folder: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=folder,
        env=None if env is None else dict(env),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def network() -> None:
    """Hold that this kernel lets a test cut the network off.

    Where it does not, there is nothing to test with.
    """
    done = run(cut_off(shutil.which("true") or ""), Path("/"))
    if done.returncode:
        pytest.skip(f"this kernel forbids a network of one's own: {done.stderr.strip()[-200:]}")


@pytest.fixture(scope="module")
def carried(network: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:  # noqa: ARG001
    """The course's folder with its wheelhouse, as it was copied to a machine without a network."""
    base = Path("/var/tmp" if os.geteuid() == 0 else tmp_path_factory.mktemp("offline"))  # noqa: S108
    base = base / f"dxcourse-offline-{os.getpid()}"
    connected, here = base / "connected", base / FOLDER
    for folder in (connected, here.parent):
        folder.mkdir(parents=True)
    try:
        listed = run(["git", "ls-files", "-z"], ROOT).stdout.split("\0")
        for name in filter(None, listed):
            (connected / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, connected / name)
        env = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        done = run([system_python(), "bootstrap.py", "wheelhouse"], connected, env)
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.copytree(connected, here, ignore=shutil.ignore_patterns(".venv", ".venv.lock"))
        for path in (base / FOLDER.split("/", 1)[0], *(base / "研修 DX").rglob("*")):
            os.chown(path, *account())
        yield here
    finally:
        shutil.rmtree(base)


@pytest.fixture(scope="module")
def env(carried: Path) -> dict[str, str]:
    """What someone has who never used this machine: no settings of pip's, no cache."""
    home = carried.parent / "家"
    home.mkdir()
    os.chown(home, *account())
    return {"HOME": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}


def test_the_course_is_set_up_checked_copied_and_opened(carried: Path, env: dict[str, str]) -> None:
    python = system_python()
    asked = run(cut_off(python, "-c", NEEDS_NETWORK), carried, env)
    assert asked.stdout.strip() in {"101", "113"}, asked  # no way to any network

    def job(*words: str) -> subprocess.CompletedProcess[str]:
        return run(cut_off(python, "bootstrap.py", *words), carried, env)

    for words in (("check",), ("init", "わたしの講座")):
        done = job(*words)
        assert done.returncode == 0, done.stdout + done.stderr
    assert (carried / ".venv").stat().st_uid == account()[0]
    mine = carried / "わたしの講座"
    dxcourse = str(carried / ".venv/bin/dxcourse")
    done = run(cut_off(dxcourse, "check"), mine, env)
    assert done.returncode == 0, done.stdout + done.stderr
    assert opened(dxcourse, mine, env) == {"/": 200, "/modules/00": 200}


# Asks what was started beside it: nobody else is in its network.
ASK = """
import http.client, json, re, subprocess, sys
server = subprocess.Popen(
    [sys.argv[1], "study", "--no-browser", "--port", "0"],
    stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
)
try:
    said = ""
    for line in server.stdout:
        said += line
        if found := re.search(r"http://([^/\\s]+)", line):
            break
    else:
        sys.exit(said)
    got = {}
    for path in ("/", "/modules/00"):
        connection = http.client.HTTPConnection(found[1], timeout=120)
        connection.request("GET", path)
        got[path] = connection.getresponse().status
    print(json.dumps(got))
finally:
    server.terminate()
    server.wait(60)
"""


def opened(dxcourse: str, folder: Path, env: Mapping[str, str]) -> dict[str, int]:
    """The status of pages of `dxcourse study` where there is no network."""
    python = str(Path(dxcourse).with_name("python"))
    done = run(cut_off(python, "-c", ASK, dxcourse), folder, env)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, int] = json.loads(done.stdout.splitlines()[-1])
    return found
