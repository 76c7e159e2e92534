"""Set-up decides rightly what to do, and tells a person what went wrong."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import bootstrap
from bootstrap import DEVELOPER, LEARNER, SetupError, Stamp, alone, cause, clean, decide, set_up
from dxcourse.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


class FakePip:
    """Stands in for venv and pip: notes what was asked, and fails as it is told."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.failing: str | None = None
        self.output = ""
        self.asked: list[str] = []
        self.words: list[str] = []
        self.venv = root / ".venv"

    def __call__(self, command: Sequence[str], log: Path) -> int:
        words = " ".join(command)
        self.words.append(words)
        name = next(
            name
            for sign, name in (
                (" venv ", "venv"),
                ("pip --version", "pip?"),
                (" download ", "download"),
                ("--require-hashes", f"pins {command[-1].rpartition('requirements')[2]}"),
                (" -e ", "project"),
            )
            if sign in words
        )
        if name != "pip?":
            self.asked.append(name)
        if self.failing == name.split()[0]:
            log.write_text(self.output, encoding="utf-8")
            return 1
        if self.failing == f"kill {name.split()[0]}":
            raise KeyboardInterrupt
        if name == "venv":
            make_venv(self.venv)
        if name == "download":
            Path(command[-1]).mkdir()
        return 0


def make_venv(venv: Path) -> None:
    python = bootstrap.venv_python(venv)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in (LEARNER, DEVELOPER, "pyproject.toml"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


@pytest.fixture
def pip(root: Path) -> FakePip:
    return FakePip(root)


NEW = ["venv", "pins .txt", "project"]
OVER = ["pins .txt", "project"]


def test_the_first_start_installs_and_the_second_does_nothing(root: Path, pip: FakePip) -> None:
    python = set_up(root, LEARNER, pip)
    assert python.exists()
    assert pip.asked == NEW
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW


def test_a_developer_gets_the_tools_and_keeps_them_while_studying(root: Path, pip: FakePip) -> None:
    set_up(root, DEVELOPER, pip)
    set_up(root, LEARNER, pip)
    assert pip.asked == ["venv", "pins -dev.txt", "project"]


def test_a_learner_who_starts_the_tests_gets_the_tools_too(root: Path, pip: FakePip) -> None:
    set_up(root, LEARNER, pip)
    set_up(root, DEVELOPER, pip)
    assert pip.asked == [*NEW, "pins -dev.txt", "project"]


@pytest.mark.parametrize("name", [LEARNER, "pyproject.toml"])
def test_other_pins_are_installed_over_the_old(root: Path, pip: FakePip, name: str) -> None:
    set_up(root, LEARNER, pip)
    (root / name).write_text("changed", encoding="utf-8")
    set_up(root, LEARNER, pip)
    assert pip.asked == [*NEW, *OVER]


def test_line_endings_are_no_change(root: Path, pip: FakePip) -> None:
    (root / LEARNER).write_bytes(b"a\nb\n")
    set_up(root, LEARNER, pip)
    (root / LEARNER).write_bytes(b"a\r\nb\r\n")
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW


@pytest.mark.parametrize(("step", "again"), [("pins", NEW), ("project", OVER)])
def test_an_interrupted_install_is_done_again(
    root: Path, pip: FakePip, step: str, again: list[str]
) -> None:
    pip.failing = f"kill {step}"
    with pytest.raises(KeyboardInterrupt):
        set_up(root, LEARNER, pip)
    pip.failing, pip.asked = None, []
    set_up(root, LEARNER, pip)
    assert pip.asked == again


def test_a_venv_without_pip_is_built_anew(root: Path, pip: FakePip) -> None:
    make_venv(root / ".venv")
    pip.failing = "pip?"
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW


def test_a_venv_made_by_hand_is_kept(root: Path, pip: FakePip) -> None:
    make_venv(root / ".venv")
    set_up(root, LEARNER, pip)
    assert pip.asked == OVER


def test_a_moved_folder_is_set_up_anew(root: Path, pip: FakePip, tmp_path: Path) -> None:
    set_up(root, LEARNER, pip)
    moved = root.rename(tmp_path.with_name(f"{tmp_path.name}-moved"))
    pip = FakePip(moved)
    set_up(moved, LEARNER, pip)
    assert pip.asked == NEW


def test_a_venv_whose_python_is_gone_is_built_anew(root: Path, pip: FakePip) -> None:
    set_up(root, LEARNER, pip)
    python = bootstrap.venv_python(root / ".venv")
    python.unlink()
    python.symlink_to(root / "gone")
    pip.asked = []
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW


def test_a_torn_stamp_is_no_stamp(root: Path, pip: FakePip) -> None:
    set_up(root, LEARNER, pip)
    (root / ".venv" / "dxcourse-stamp.json").write_text('{"place": ', encoding="utf-8")
    set_up(root, LEARNER, pip)
    assert pip.asked == [*NEW, *OVER]


@pytest.mark.parametrize(
    ("stamp", "python", "todo"),
    [
        (None, None, "build"),
        (None, "3.11", "install"),
        (Stamp("/a", "3.11", "pins"), "3.11", "nothing"),
        (Stamp("/a", "3.11", "old"), "3.11", "install"),
        (Stamp("/a", "3.11", ""), "3.11", "install"),
        (Stamp("/a", "3.11", None), "3.11", "build"),
        (Stamp("/b", "3.11", "pins"), "3.11", "build"),
        (Stamp("/a", "3.11", "pins"), "3.12", "build"),
        (Stamp("/a", "3.11", "pins"), None, "build"),
    ],
)
def test_decisions(stamp: Stamp | None, python: str | None, todo: str) -> None:
    place = Path("/a")
    if stamp and stamp.place == "/a":
        stamp = stamp._replace(place=str(place))
    assert decide(stamp, python, place, ["pins"]) == todo


@pytest.mark.parametrize(
    ("output", "key"),
    [
        ("The virtual environment was not created because ensurepip is not available.", "no-venv"),
        ("/usr/bin/python3: No module named venv", "no-venv"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk"),
        ("after connection broken by 'ProxyError('Cannot connect to proxy.', OSError())'", "proxy"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "certificate"),
        ("broken by 'NewConnectionError()'\nERROR: No matching distribution found", "network"),
        ("[Errno -3] Temporary failure in name resolution", "network"),
        ("socket.gaierror: [Errno 11001] getaddrinfo failed", "network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "hash"),
        ("HINT: ... this system does not have Windows Long Path support enabled.", "path"),
        ("ERROR: [WinError 5] アクセスが拒否されました。", "denied"),
        ("ERROR: No matching distribution found for numpy==2.4.6", "wheel"),
        ("ERROR: something new", "unknown"),
    ],
)
def test_the_cause_is_told_from_the_output(output: str, key: str) -> None:
    assert cause(output) == key


def test_a_failure_names_its_cause_and_log(root: Path, pip: FakePip) -> None:
    pip.failing, pip.output = "pins", "[Errno 28] No space left on device"
    with pytest.raises(SetupError) as raised:
        set_up(root, LEARNER, pip)
    assert raised.value.key == "disk"
    log = raised.value.values["log"]
    assert isinstance(log, Path)
    assert log.read_text(encoding="utf-8") == pip.output
    pip.failing, pip.asked = None, []
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW


@pytest.mark.parametrize("key", bootstrap.SAY)
def test_everything_is_said_in_japanese_and_english(
    key: str, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.say(key, seconds=3, name="a", log="b", found="3.9", folder="c")
    japanese, english = capsys.readouterr().out.splitlines()
    assert not japanese.isascii()
    assert english.isascii()


def test_every_cause_has_its_words() -> None:
    assert set(bootstrap.CAUSES) <= set(bootstrap.SAY)


@pytest.mark.parametrize(
    ("version", "old"), [((3, 9), True), ((3, 10), True), ((3, 11), False), ((4, 0), False)]
)
def test_python_3_11_is_the_oldest(version: tuple[int, int], *, old: bool) -> None:
    assert bootstrap.too_old(version) is old


def test_an_old_python_can_read_the_file() -> None:
    source = (ROOT / "bootstrap.py").read_text(encoding="utf-8")
    ast.parse(source, feature_version=(3, 7))


def test_an_old_python_is_told_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (99, 0))
    monkeypatch.setattr(sys, "argv", ["bootstrap.py", "study"])
    assert bootstrap.main() == 2
    said = capsys.readouterr().err
    assert "古すぎます" in said
    assert "too old" in said


def test_only_one_set_up_runs_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lock, held, release = tmp_path / "lock", threading.Event(), threading.Event()
    order: list[str] = []
    monkeypatch.setattr("bootstrap.time.sleep", lambda _: release.set())

    def first() -> None:
        with alone(lock):
            held.set()
            release.wait(timeout=30)
            order.append("first")

    thread = threading.Thread(target=first)
    thread.start()
    assert held.wait(timeout=30)
    with alone(lock):
        order.append("second")
    thread.join()
    assert order == ["first", "second"]
    assert "待っています" in capsys.readouterr().out


def test_a_jobs_exit_code_and_folder_are_its_own(root: Path) -> None:
    code = "import os, sys; sys.exit(os.getcwd() == sys.argv[1] and 7)"
    assert bootstrap.run_job([sys.executable, "-c", code, str(root)], root) == 7


def test_a_logged_command_leaves_its_output_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = "import sys; print('はい'); print('いいえ', file=sys.stderr); sys.exit(3)"
    assert bootstrap.run_logged([sys.executable, "-c", code], log) == 3
    said = log.read_text(encoding="utf-8")
    assert "はい" in said
    assert "いいえ" in said


def test_clean_keeps_what_a_learner_wrote(root: Path) -> None:
    kept = [
        "answers.jsonl",
        "notebooks/01.ipynb",
        "notebooks/.ipynb_checkpoints/01-checkpoint.ipynb",
        "exercises/homework/submitted/me/hw/answers.jsonl",
        "exercises/homework/gradebook.db",
    ]
    gone = [".venv/bin/python", ".mypy_cache/x", "dxcourse/__pycache__/x.pyc", ".venv.lock"]
    for name in kept + gone:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    clean(root)
    assert [name for name in kept if not (root / name).exists()] == []
    assert [name for name in gone if (root / name).exists()] == []


def test_a_venv_may_lie_outside_of_a_synchronised_folder(
    root: Path, tmp_path: Path, pip: FakePip, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path.with_name(f"{tmp_path.name}-venv")
    monkeypatch.setenv("DXCOURSE_VENV", str(elsewhere))
    pip.venv = elsewhere
    assert set_up(root, LEARNER, pip) == bootstrap.venv_python(elsewhere)
    set_up(root, LEARNER, pip)
    assert pip.asked == NEW
    assert not (root / ".venv").exists()


def test_carried_packages_are_all_that_is_looked_at(root: Path, pip: FakePip) -> None:
    bootstrap.carry(root, pip)
    assert pip.asked == [*NEW, "download"]
    assert (root / "wheelhouse").is_dir()
    (root / LEARNER).write_text("changed", encoding="utf-8")
    set_up(root, LEARNER, pip)
    assert [words for words in pip.words if "--require-hashes" in words][-1].split()[5:9] == [
        "install",
        "--no-index",
        "--find-links",
        str(root / "wheelhouse"),
    ]


def test_packages_that_were_not_all_fetched_are_not_carried(root: Path, pip: FakePip) -> None:
    pip.failing, pip.output = "download", "Network is unreachable"
    with pytest.raises(SetupError, match="network"):
        bootstrap.carry(root, pip)
    assert not (root / "wheelhouse").exists()


@pytest.mark.parametrize(("carried", "key"), [(False, "mirror"), (True, "wheelhouse")])
def test_a_missing_package_is_the_indexs_fault_where_python_is_served(
    root: Path, pip: FakePip, *, carried: bool, key: str
) -> None:
    if carried:
        (root / "wheelhouse").mkdir()
    pip.failing, pip.output = "pins", "ERROR: No matching distribution found for numpy==2.4.6"
    with pytest.raises(SetupError) as raised:
        set_up(root, LEARNER, pip)
    assert raised.value.key == key


@pytest.mark.parametrize(
    ("version", "bits64", "served"),
    [((3, 11), True, True), ((3, 14), True, True), ((3, 15), True, False), ((3, 12), False, False)],
)
def test_which_pythons_packages_are_made_for(
    version: tuple[int, int], *, bits64: bool, served: bool
) -> None:
    assert bootstrap.served(version, bits64=bits64) is served


def test_every_command_of_ours_is_a_job() -> None:
    assert set(bootstrap.COMMANDS) == set(main.commands)
    listed = (ROOT / "Makefile").read_text(encoding="utf-8").partition("JOBS = ")[2].split("\n")[0]
    assert set(listed.split()) == {*bootstrap.JOBS, "wheelhouse", "clean"}


@pytest.mark.parametrize("name", ["study", "workshop"])
def test_a_starter_to_double_click_starts_the_job(name: str) -> None:
    windows, mac = (ROOT / f"{name}{ending}" for ending in (".bat", ".command"))
    assert f"bootstrap.py {name}" in windows.read_text(encoding="ascii")
    assert f"bootstrap.py {name}" in mac.read_text(encoding="ascii")
    assert os.name == "nt" or os.access(mac, os.X_OK)


def test_an_unknown_job_lists_the_known_ones() -> None:
    told = subprocess.run(
        [sys.executable, "bootstrap.py", "stduy"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 2
    assert "study" in told.stderr
    assert "Traceback" not in told.stderr
