"""Set the course up on this machine, then do a job: ``python bootstrap.py study``.

Standard library only, on Windows, macOS and Linux: it runs before anything is installed. It makes
``.venv`` beside this file, installs exactly what the requirements file pins, and starts the job in
it. What was installed is stamped inside ``.venv``, last of all, so that a later start installs
nothing and an interrupted set-up is seen and done again (``docs/decisions/pins.md``).

Syntax newer than Python 3.7's is avoided, so that an old Python can still say that it is too old.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, NamedTuple

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    Run = Callable[[Sequence[str], Path], int]

# What a person reads, Japanese and English. The course keeps such text as data; this file can load
# nothing when it needs these words (no Python new enough, no network, no YAML), so they stand here.
SAY = {
    "first": (
        "準備をしています（初回だけ数分かかります）",
        "Setting up (a few minutes, the first time only)",
    ),
    "again": ("部品をそろえ直しています", "Bringing the installed packages up to date"),
    "wait": ("別の画面での準備が終わるのを待っています", "Waiting for another set-up to end"),
    "ready": ("準備ができました（{seconds}秒）", "Ready ({seconds} s)"),
    "stopped": (
        "中止しました。準備の途中だったときは、次に始めるときにやり直します",
        "Stopped. A set-up that was under way is done again at the next start",
    ),
    "cleaned": ("消しました: {name}", "Removed: {name}"),
    "log": ("くわしい記録: {log}", "Full log: {log}"),
    "python": (
        "Python {found} は古すぎます。Python 3.11 以上（64ビット）を入れてください",
        "Python {found} is too old. Install Python 3.11 or newer (64 bit), then start again",
    ),
    "no-venv": (
        "Python の venv がありません。Debian・Ubuntu では sudo apt install python3-venv",
        "Python's venv is missing. On Debian or Ubuntu: sudo apt install python3-venv",
    ),
    "disk": (
        "ディスクの空きが足りません。2 GB ほど空けて、もう一度始めてください",
        "The disk is full. Free about 2 GB, then start again",
    ),
    "proxy": (
        "プロキシにつながりません。HTTPS_PROXY の設定を情報担当に確かめてください",
        "The proxy did not answer. Check HTTPS_PROXY with your network's administrator",
    ),
    "certificate": (
        "通信の証明書を確かめられません。庁内の証明書を PIP_CERT に設定してください",
        "A certificate was not accepted. Set PIP_CERT to your organisation's certificate file",
    ),
    "network": (
        "ネットワークにつながりません。接続と、プロキシ（HTTPS_PROXY）を確かめてください",
        "No network. Check the connection and, behind a proxy, HTTPS_PROXY",
    ),
    "hash": (
        "届いた部品が記録と違うため、入れませんでした。続くときは運営者に知らせてください",
        "A download differs from its recorded hash and was refused. If it happens again, tell us",
    ),
    "path": (
        "フォルダーの場所が深すぎます。C:\\dxcourse のような浅い場所へ移してください",
        "The folder's path is too long. Move it to a short one such as C:\\dxcourse",
    ),
    "denied": (
        "ファイルを書けません。JupyterLab などを閉じ、書き込める場所か確かめてください",
        "A file could not be written. Close JupyterLab, and check that the folder is writable",
    ),
    "wheel": (
        "Python {found} に合う部品がありません。64ビットの Python 3.11〜3.14 をお使いください",
        "No package fits this Python {found}. Use a 64 bit Python 3.11 to 3.14",
    ),
    "mirror": (
        "部品の置き場に、要る部品がありません。ネットワークと、pip の index-url を確かめてください",
        "The package index in use lacks a package. Check the network, and pip's index-url setting",
    ),
    "wheelhouse": (
        "{folder} に足りない部品があります。同じ種類のパソコンと Python で作り直してください",
        "{folder} lacks a package. Make it again on a machine of this kind, with this Python",
    ),
    "carried": (
        "部品を {folder} に集めました。フォルダーごと、ネットワークのないパソコンへ写してください",
        "All packages are in {folder}. Copy the whole folder to the machine without a network",
    ),
    "unknown": (
        "準備に失敗しました。python bootstrap.py clean のあと、もう一度始めてください",
        "The set-up failed. Run: python bootstrap.py clean, then start again",
    ),
}

# What in the output of venv or pip tells which cause; the first that is found is told.
CAUSES = {
    "no-venv": r"ensurepip is not available|No module named '?(venv|ensurepip)",
    "disk": r"No space left on device|not enough space on the disk|Errno 28\b|WinError 112\b",
    "proxy": r"ProxyError|Cannot connect to proxy|Proxy Authentication Required",
    "certificate": r"CERTIFICATE_VERIFY_FAILED|SSLError",
    "network": r"NewConnectionError|NameResolutionError|ConnectTimeout|ReadTimeout|Read timed out"
    r"|name resolution|getaddrinfo|Network is unreachable|Connection aborted|ConnectionReset",
    "hash": r"DO NOT MATCH THE HASHES",
    "path": r"Long Path support",
    "denied": r"Permission denied|WinError (5|32)\b",
    "wheel": r"No matching distribution found",
}

OLDEST, NEWEST = (3, 11), (3, 14)
LEARNER, DEVELOPER = "requirements.txt", "requirements-dev.txt"
COMMANDS = ("study", "lab", "workshop", "serve", "homework", "answers", "check", "init")
JOBS = {  # what is installed, and what Python is started with
    **{name: (LEARNER, ("-m", "dxcourse", name)) for name in COMMANDS},
    "test": (DEVELOPER, ("tests/suite.py",)),
    "quick": (DEVELOPER, ("tests/suite.py", "--quick")),
    "soak": (DEVELOPER, ("tests/suite.py", "--soak")),
    "bench": (DEVELOPER, ("-m", "benchmarks")),
}
WHEELHOUSE = "wheelhouse"
CACHES = (".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", "test-results", "dist")


class SetupError(Exception):
    """What went wrong, as a key of `SAY`, and what its words need."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key, self.values = key, values


class Stamp(NamedTuple):
    """What was installed: where, for which Python, from which pins (none while pip runs)."""

    place: str
    python: str
    pins: str | None


def say(key: str, *, to: IO[str] | None = None, **values: object) -> None:
    """Tell a person something, in Japanese and then in English."""
    for words in SAY[key]:
        print(words.format(**values), file=to or sys.stdout, flush=True)


def too_old(version: tuple[int, ...]) -> bool:
    """Whether the course cannot run on this version of Python."""
    return version < OLDEST


def cause(output: str) -> str:
    """Which entry of `SAY` explains the output of a failed set-up."""
    return next((key for key, sign in CAUSES.items() if re.search(sign, output)), "unknown")


def fingerprint(root: Path, requirements: str) -> str:
    """Hash of all that decides what is installed: the pins, and the package's own metadata."""
    digest = hashlib.sha256()
    for name in (requirements, "pyproject.toml"):
        digest.update((root / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()


def venv_of(root: Path) -> Path:
    """Give the virtual environment's place; ``DXCOURSE_VENV`` moves it off a synchronised disk."""
    asked = os.environ.get("DXCOURSE_VENV")
    return Path(asked).expanduser().resolve() if asked else root / ".venv"


def served(version: Sequence[int], *, bits64: bool) -> bool:
    """Whether packages are made for such a Python: a missing one is then the index's fault."""
    return OLDEST <= tuple(version[:2]) <= NEWEST and bits64


def sources(root: Path) -> tuple[str, ...]:
    """Where pip looks: in the folder that `carry` filled, where there is one."""
    folder = root / WHEELHOUSE
    return ("--no-index", "--find-links", str(folder)) if folder.is_dir() else ()


def read_stamp(venv: Path) -> Stamp | None:
    """Read what was installed; nothing where no stamp, or no whole one, is found."""
    try:
        return Stamp(**json.loads((venv / "dxcourse-stamp.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(venv: Path, stamp: Stamp) -> None:
    """Write the stamp so that it is there whole or not at all."""
    draft = venv / "dxcourse-stamp.new"
    draft.write_text(json.dumps(stamp._asdict()), encoding="utf-8")
    draft.replace(venv / "dxcourse-stamp.json")


def venv_python(venv: Path) -> Path:
    """Give the interpreter inside a virtual environment."""
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def python_version(python: Path) -> str | None:
    """Ask an interpreter for its version, ``3.11``; nothing if it does not start."""
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run(  # -S leaves the packages alone: an answer in 20 ms
            [str(python), "-I", "-S", "-c", ask], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return answer.stdout.strip()


def decide(stamp: Stamp | None, python: str | None, venv: Path, wanted: Sequence[str]) -> str:
    """Choose what a virtual environment needs: ``nothing``, ``install`` or ``build`` (from new)."""
    if python is None:
        return "build"
    if stamp is None:  # made by hand: pip brings it to the pins
        return "install"
    if stamp.pins is None or (stamp.place, stamp.python) != (str(venv), python):
        return "build"  # interrupted, moved, or its Python was replaced by another
    return "nothing" if stamp.pins in wanted else "install"


def environment(venv: Path) -> dict[str, str]:
    """Give the environment of everything that runs in `venv`."""
    env = {key: value for key, value in os.environ.items() if key != "PYTHONHOME"}
    env["PATH"] = os.pathsep.join([str(venv_python(venv).parent), env.get("PATH", "")])
    # Windows reads path files and text in its own code page otherwise: a folder with a Japanese
    # name would not be found. PIP_USER in a person's settings would install outside of the venv.
    return {**env, "VIRTUAL_ENV": str(venv), "PYTHONUTF8": "1", "PIP_USER": "0"}


def run_logged(command: Sequence[str], log: Path) -> int:
    """Run a command with its output in a log, showing that time passes; return its exit code."""
    begun, live = time.monotonic(), sys.stdout.isatty()
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment(log.parent),
        )
        while True:
            try:
                code = process.wait(timeout=1 if live else 30)
            except subprocess.TimeoutExpired:
                passed = f"  … {time.monotonic() - begun:.0f} 秒"
                print(f"\r{passed}" if live else passed, end="" if live else "\n", flush=True)
            except KeyboardInterrupt:
                process.terminate()
                process.wait()
                raise
            else:
                print("\r" + " " * 16 + "\r" if live else "", end="", flush=True)
                return code


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """Let one set-up at a time work on the folder; the system frees the lock of a dead one."""
    told = False
    with lock.open("a") as file:
        while True:
            try:
                if sys.platform == "win32":
                    msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
                else:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except (BlockingIOError, PermissionError):
                if not told:
                    say("wait")
                told = True
                time.sleep(1)
            except OSError:  # a file system without locks: as good as it gets
                break
            else:
                break
        yield


def failed(root: Path, log: Path) -> SetupError:
    """Give the likeliest cause of what a log ends with."""
    output = log.read_text(encoding="utf-8", errors="replace")
    key = cause(output)
    if key == "wheel" and served(sys.version_info[:2], bits64=sys.maxsize > 2**32):
        key = "wheelhouse" if sources(root) else "mirror"
    folder, found = root / WHEELHOUSE, platform.python_version()
    return SetupError(key, log=log, tail=output[-800:], found=found, folder=folder)


def install(root: Path, requirements: str, todo: str, run: Run) -> None:
    """Do what `decide` chose: build ``.venv`` or keep it, install the pins, and stamp it."""
    venv = venv_of(root)
    python, log = venv_python(venv), venv / "dxcourse-setup.log"

    def step(*command: str) -> None:
        if run(command, log):
            raise failed(root, log)

    if todo == "install" and run([str(python), "-m", "pip", "--version"], log):
        todo = "build"  # no pip: stopped while the venv was made
    say("first" if todo == "build" else "again")
    if todo == "build":
        if venv.exists():
            shutil.rmtree(venv)
        venv.mkdir(parents=True)
        # From inside a virtual environment, build from the Python that it came from.
        step(getattr(sys, "_base_executable", None) or sys.executable, "-m", "venv", str(venv))
    version = python_version(python) or ""
    write_stamp(venv, Stamp(str(venv), version, None))
    asked = ("-m", "pip", "--disable-pip-version-check", "--no-input", "install")
    pip = (str(python), *asked, *sources(root))
    # A learner's machine has no compiler: better to say at once that its Python is not served.
    step(*pip, "--only-binary=:all:", "--require-hashes", "-r", str(root / requirements))
    write_stamp(venv, Stamp(str(venv), version, ""))  # the packages are whole
    step(*pip, "--no-deps", "--no-build-isolation", "-e", str(root))
    write_stamp(venv, Stamp(str(venv), version, fingerprint(root, requirements)))


def set_up(root: Path, requirements: str, run: Run = run_logged) -> Path:
    """Bring ``.venv`` to what `requirements` pins, and give its interpreter.

    Raises
    ------
    SetupError
        With the likeliest cause, when venv or pip fails.
    """
    venv = venv_of(root)
    python = venv_python(venv)
    # A developer's packages hold a learner's, at the same versions (tests/test_pins.py).
    wanted = [fingerprint(root, name) for name in (requirements, DEVELOPER)]

    def needed() -> str:
        return decide(read_stamp(venv), python_version(python), venv, wanted)

    if needed() != "nothing":
        begun = time.monotonic()
        with alone(venv.with_name(venv.name + ".lock")):
            todo = needed()  # another start may have done it meanwhile
            if todo != "nothing":
                install(root, requirements, todo, run)
        say("ready", seconds=round(time.monotonic() - begun))
    return python


def run_job(command: Sequence[str], root: Path) -> int:
    """Run a job in the foreground and give its exit code; Ctrl-C and SIGTERM reach it."""
    with subprocess.Popen(command, cwd=root, env=environment(venv_of(root))) as process:
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        while True:
            try:
                code = process.wait()
            except KeyboardInterrupt:
                continue  # the terminal sent it to the job too, which decides what it means
            return code if code >= 0 else 128 - code


def clean(root: Path) -> None:
    """Remove what set-up and tools made; never anything that a learner wrote."""
    venv = venv_of(root)
    for path in (venv, *(root / name for name in CACHES)):
        if path.is_dir():
            shutil.rmtree(path)
            say("cleaned", name=path.name)
    for path in [*root.rglob("__pycache__")]:
        shutil.rmtree(path)
    venv.with_name(venv.name + ".lock").unlink(missing_ok=True)


def carry(root: Path, run: Run = run_logged) -> None:
    """Collect every package a learner needs, to be installed where there is no network.

    Raises
    ------
    SetupError
        With the likeliest cause, when pip cannot fetch one.
    """
    python = set_up(root, LEARNER, run)
    log, folder = venv_of(root) / "dxcourse-setup.log", root / WHEELHOUSE
    pip = (str(python), "-m", "pip", "--disable-pip-version-check", "--no-input", "download")
    pins = ("--only-binary=:all:", "--require-hashes", "-r", str(root / LEARNER))
    draft = root / (WHEELHOUSE + ".part")  # one that is not whole is not taken for one
    if run((*pip, *sources(root), *pins, "--dest", str(draft)), log):
        raise failed(root, log)
    if folder.exists():
        shutil.rmtree(folder)
    draft.rename(folder)
    say("carried", folder=folder)


def main() -> int:
    """Read the command line and do the job."""
    for stream in (sys.stdout, sys.stderr):  # a console without Japanese letters shows ? for them
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    if too_old(sys.version_info[:2]):
        say("python", to=sys.stderr, found=platform.python_version())
        return 2
    parser = argparse.ArgumentParser(description="Set the course up, then do a job.")
    parser.add_argument("job", choices=[*JOBS, "wheelhouse", "clean"])
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="passed on to the job")
    asked = parser.parse_args()
    rest = asked.rest[1:] if asked.rest[:1] == ["--"] else asked.rest
    root = Path(__file__).resolve().parent
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        if asked.job == "clean":
            clean(root)
            return 0
        if asked.job == "wheelhouse":
            carry(root)
            return 0
        requirements, arguments = JOBS[asked.job]
        python = set_up(root, requirements)
        return run_job((str(python), *arguments, *rest), root)
    except KeyboardInterrupt:
        say("stopped", to=sys.stderr)
        return 130
    except SetupError as error:
        key, values = error.key, error.values
    except OSError as error:
        key, values = cause(f"{error!r} {error}"), {"tail": error}
    if key == "unknown":
        print(values["tail"], file=sys.stderr)
    say(key, to=sys.stderr, **values)
    if "log" in values:
        say("log", to=sys.stderr, log=values["log"])
    return 1


if __name__ == "__main__":
    sys.exit(main())
