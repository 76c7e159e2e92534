"""Every check of the project: what ``make test`` and ``make soak`` run inside ``.venv``.

Promises about a browser or a server are only kept if their tests ran. So this finds or installs a
Chromium and a PostgreSQL first, and afterwards holds pytest's report against the list of those
tests: one that was skipped or left out fails the run.

``python bootstrap.py test -- tests/test_pins.py -k hash`` gives pytest those arguments instead.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).resolve().parent.parent

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("dxcourse", "check"),
)
# Two workers on any machine: three took a minute longer on two cores, and waited for one another.
# The tests of one xdist_group stay in one worker and share what it started.
PYTEST = ("-m", "not soak", "-n", "2", "--dist", "loadgroup", "--durations", "10")
SOAK = ("-m", "soak", "--timeout", "7200")
# What needs no browser, no server and no nbgrader, and answers within a minute.
QUICK = (
    "tests/assignment",
    "tests/authored",
    "tests/checking/test_load.py",
    "tests/exercises",
    "tests/facts",
    "tests/learner",
    "tests/text",
    "tests/test_errors.py",
    "tests/test_files.py",
    "tests/test_house.py",
    "tests/test_layers.py",
)
QUICK_CHECKS = CHECKS[:-1]
QUICKLY = ("-m", "not browser and not server and not soak", "-n", "2", "-q", "--no-header")
GUARDED = "(browser or server) and not soak"
# Without addopts: a setting cannot leave a test out of this list.
LIST = ("pytest", "-o", "addopts=", "--collect-only", "-q", "-m", GUARDED)

# The engine without a browser's windows: a page of its own takes a third of the time. Soak tests
# are run in the whole browser.
HEADLESS_SHELL = ("chromium-headless-shell", "chrome-headless-shell")
CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "msedge",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
NO_BROWSER = """\
The tests need Chromium (Chrome and Edge will do) and, on Linux, a Japanese font.
Install them, or set DXCOURSE_CHROMIUM to the program. On Debian or Ubuntu:
    sudo apt-get install chromium fontconfig fonts-noto-cjk"""
NO_POSTGRES = """\
The tests start a PostgreSQL of their own and need its programs, initdb and postgres.
Install them, or set DXCOURSE_POSTGRES to their folder. On Debian or Ubuntu:
    sudo apt-get install postgresql"""
NO_HUB_PROXY = """\
The tests start a JupyterHub, whose proxy runs on Node.js: node (18 or newer) and npm.
Install them, or set DXCOURSE_HUB_PROXY to a configurable-http-proxy. On Debian or Ubuntu:
    sudo apt-get install nodejs npm"""
NO_NGINX = """\
The tests put the course behind nginx, as deploy/ has it.
Install it, or set DXCOURSE_NGINX to the program. On Debian or Ubuntu:
    sudo apt-get install nginx-light"""
HUB_PROXY = ROOT / "tests/support/hub_proxy"  # pins it, and all that it stands on
DEBIAN = Path("/usr/lib/postgresql")  # a folder a version; its programs are on no PATH
# Debian's package would start a database of its own, which nobody here needs.
NO_CLUSTER = """\
mkdir -p /etc/postgresql-common/createcluster.d
echo 'create_main_cluster = false' > /etc/postgresql-common/createcluster.d/dxcourse-tests.conf"""


def find_chromium(env: Mapping[str, str], *, whole: bool = False) -> str | None:
    """Give the one that ``DXCOURSE_CHROMIUM`` names, or else the first that is installed.

    Parameters
    ----------
    whole
        Whether it has to be the whole browser, with its windows and what its settings deny.
    """
    asked = env.get("DXCOURSE_CHROMIUM")
    if whole and asked and Path(asked).name in HEADLESS_SHELL:
        asked = None
    known = CHROMIUM if whole else (*HEADLESS_SHELL, *CHROMIUM)
    return next(filter(None, map(shutil.which, [asked] if asked else known)), None)


def find_postgres(env: Mapping[str, str], debian: Path = DEBIAN) -> Path | None:
    """Give the folder of PostgreSQL's programs: ``DXCOURSE_POSTGRES``, or else the newest."""
    if asked := env.get("DXCOURSE_POSTGRES"):
        folders = [Path(asked)]
    else:
        versions = [path for path in debian.glob("*/bin") if path.parent.name.isdecimal()]
        folders = sorted(versions, key=lambda path: int(path.parent.name), reverse=True)
        if on_path := shutil.which("initdb"):
            folders.append(Path(on_path).resolve().parent)
    return next((path for path in folders if shutil.which("initdb", path=path)), None)


def find_nginx(env: Mapping[str, str]) -> str | None:
    """Give the one that ``DXCOURSE_NGINX`` names, or else the one that is installed."""
    path = os.pathsep.join([env.get("PATH", os.defpath), "/usr/sbin", "/usr/local/sbin"])
    return shutil.which(env.get("DXCOURSE_NGINX") or "nginx", path=path)


def find_hub_proxy(env: Mapping[str, str]) -> Path | None:
    """Give JupyterHub's proxy: ``DXCOURSE_HUB_PROXY``, or the pinned one, made where it is not."""
    if asked := env.get("DXCOURSE_HUB_PROXY"):
        return Path(asked)
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    pins = (HUB_PROXY / "package-lock.json").read_bytes()
    place = Path(sys.prefix) / f"hub-proxy-{hashlib.sha256(pins).hexdigest()[:12]}"
    program = place / "node_modules/.bin/configurable-http-proxy"
    if not program.exists():
        made = place.with_name(f"{place.name}.{os.getpid()}")
        shutil.copytree(HUB_PROXY, made)
        command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        if subprocess.run(command, cwd=made, capture_output=True, check=False).returncode == 0:
            with contextlib.suppress(OSError):  # another process was quicker
                made.rename(place)
        shutil.rmtree(made, ignore_errors=True)
    return program if program.exists() else None


def has_japanese_font() -> bool:
    """Whether pages can show Japanese. Asked on Linux only: the others ship the fonts."""
    if not sys.platform.startswith("linux"):
        return True
    if not shutil.which("fc-list"):
        return False
    listed = subprocess.run(["fc-list", ":lang=ja"], capture_output=True, check=False)
    return bool(listed.stdout.strip())


def missing(env: Mapping[str, str]) -> dict[str, Sequence[str]]:
    """Give what the tests need and is not there: what to tell of it, and Debian's packages."""
    found: dict[str, list[str]] = {}
    if not find_chromium(env, whole=True):
        found.setdefault(NO_BROWSER, []).append("chromium")
    if not has_japanese_font():
        found.setdefault(NO_BROWSER, []).extend(("fontconfig", "fonts-noto-cjk"))
    if not find_postgres(env):
        found.setdefault(NO_POSTGRES, []).append("postgresql")
    if not find_nginx(env):
        found.setdefault(NO_NGINX, []).append("nginx-light")
    if not find_hub_proxy(env):
        found.setdefault(NO_HUB_PROXY, []).extend(("nodejs", "npm"))
    return {**found}


def welcome(env: Mapping[str, str]) -> Sequence[str]:
    """Give Debian's packages that tests can do without, and are quicker with."""
    shell = any(map(shutil.which, HEADLESS_SHELL)) or "DXCOURSE_CHROMIUM" in env
    return () if shell else HEADLESS_SHELL[:1]


def apt_packages(
    packages: Sequence[str],
    more: Sequence[str] = (),
    call: Callable[[Sequence[str]], int] = subprocess.call,
) -> None:
    """Install packages, where that is Debian or Ubuntu and needs no password.

    Parameters
    ----------
    more
        Packages that not every version has: each by itself, and it may fail.
    """
    if not shutil.which("apt-get"):
        return
    root = ["env", "DEBIAN_FRONTEND=noninteractive"]
    if sys.platform != "win32" and os.geteuid() != 0:
        if not shutil.which("sudo") or call(["sudo", "-n", "true"]):
            return
        root = ["sudo", "-n", *root]
    apt = [*root, "apt-get", "-qq"]
    if call([*apt, "update"]) == 0:
        if "postgresql" in packages:
            call([*root, "sh", "-c", NO_CLUSTER])
        for group in filter(None, (packages, *([name] for name in more))):
            call([*apt, "install", "-y", "--no-install-recommends", *group])


def key(address: str) -> str:
    """Give one name to a test, from pytest's address of it or from its report.

    >>> key("tests/a/test_b.py::TestC::test_d[x.py::y]@group")
    'tests.a.test_b.TestC.test_d[x.py::y]'
    """
    path, bracket, parameters = address.partition("[")
    name = re.sub(r"\.py(?=::)", "", path).replace("/", ".").replace("::", ".")
    return re.sub(r"@[^\]]*$", "", name + bracket + parameters)


def left_out(guarded: set[str], report: Path) -> list[str]:
    """Name the tests that the report (JUnit XML) calls skipped, and the guarded ones it lacks.

    A test that is expected to fail, and did, has run.
    """
    named, skipped = set(), []
    for case in ET.parse(report).getroot().iter("testcase"):  # noqa: S314 - pytest wrote it for us
        name = key(".".join(filter(None, (case.get("classname"), case.get("name")))))
        named.add(name)
        mark = case.find("skipped")
        if mark is not None and mark.get("type") != "pytest.xfail":
            skipped.append(f"skipped: {name}: {mark.get('message')}")
    return [*skipped, *(f"did not run: {name}" for name in sorted(guarded - named))]


def run_all(env: Mapping[str, str]) -> int:
    """Run every check; the first that fails ends the run."""

    def told(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )

    def call(*arguments: str) -> int:
        sys.stdout.write(f"$ python -m {' '.join(arguments)}\n")
        sys.stdout.flush()
        return subprocess.call([sys.executable, "-m", *arguments], cwd=ROOT, env=env)

    with ThreadPoolExecutor(2) as pool:  # mypy keeps one core busy for a minute
        checks = [pool.submit(told, *check) for check in CHECKS]
        listing = pool.submit(told, *LIST)
        for check, found in zip(CHECKS, checks, strict=True):
            done = found.result()
            sys.stdout.write(f"$ python -m {' '.join(check)}\n{done.stdout}{done.stderr}")
            sys.stdout.flush()
            if done.returncode:
                pool.shutdown(cancel_futures=True)
                return done.returncode
        listed = listing.result()
    guarded = {key(line) for line in listed.stdout.splitlines() if "::" in line}
    if listed.returncode or not guarded:
        sys.stdout.write(f"No browser or server test was found:\n{listed.stdout}{listed.stderr}")
        return 1
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        if code := call("pytest", *PYTEST, f"--junitxml={report}"):
            return code
        missing = left_out(guarded, report)
    for line in missing:
        sys.stdout.write(f"{line}\n")
    if not missing:
        sys.stdout.write(f"all {len(guarded)} browser and server tests ran, no test was skipped\n")
    return bool(missing)


def run_quickly(env: Mapping[str, str]) -> int:
    """Run lint, types and the quick tests; say at the end what was left out."""
    there = [path for path in QUICK if (ROOT / path).exists()]
    for check in (*QUICK_CHECKS, ("pytest", *QUICKLY, *there)):
        if code := subprocess.call([sys.executable, "-m", *check], cwd=ROOT, env=env):
            return code
    taken = {ROOT / path for path in there}
    left = [
        path.relative_to(ROOT).as_posix()
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if path not in taken and not taken & set(path.parents)
    ]
    folders = sorted({path.rpartition("/")[0] for path in left})
    sys.stdout.write(
        f"left out: dxcourse check, and {len(left)} files of tests in {', '.join(folders)}; "
        "make test runs them\n"
    )
    return 0


def main(arguments: Sequence[str]) -> int:
    """Find what tests need, then run every check, the soak tests, or pytest with `arguments`."""
    if list(arguments) == ["--quick"]:
        return run_quickly({**os.environ, "PYTEST_ADDOPTS": ""})
    lacking = missing(os.environ)
    more = welcome(os.environ) if lacking or os.environ.get("CI") else ()
    if lacking or more:
        apt_packages([name for names in lacking.values() for name in names], more)
        lacking = missing(os.environ)
    if lacking:
        sys.stderr.write("\n".join([*lacking, ""]))
        return 1
    soak = list(arguments[:1]) == ["--soak"]
    browser = find_chromium(os.environ, whole=soak) or ""
    env = {**os.environ, "DXCOURSE_CHROMIUM": browser, "PYTEST_ADDOPTS": ""}
    if not arguments:
        return run_all(env)
    if soak:
        arguments = [*SOAK, *arguments[1:]]
    return subprocess.call([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env=env)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
