"""What lies ready for whoever hosts the course is true, and works."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dxcourse.answers import Entry, SqlStore

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
SECURITY = (ROOT / "docs/security.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/hosting/README.md").read_text(encoding="utf-8")


def sources() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py"))


def test_every_test_that_the_threat_model_names_is_there() -> None:
    names = set(re.findall(r"\btest_\w+(?!\w*\.py)\b", re.sub(r"test_\w+\.py", "", SECURITY)))
    files = set(re.findall(r"(?:pages|web|answers|e2e/browser)/test_\w+\.py", SECURITY))
    assert len(names) > 12
    assert len(files) > 10
    there = sources()
    assert {name for name in names if f"def {name}(" not in there} == set()
    assert {name for name in files if not (ROOT / "tests" / name).is_file()} == set()


@pytest.mark.parametrize("text", [SECURITY, GUIDE], ids=["security", "hosting"])
def test_every_file_that_is_linked_is_there(text: str) -> None:
    base = ROOT / ("docs" if text is SECURITY else "docs/hosting")
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert (base / target).exists(), target


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script")
def test_a_copy_holds_every_answer_and_old_ones_go(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'answers.sqlite'}"
    with SqlStore(address) as store:
        now = datetime.now(UTC)
        answers = [
            Entry(f"entry-{n:04}", now, f"visitor-{n}", "x", {"items": {"r": n}}, "page")
            for n in range(20)
        ]
        store.append([(entry, None) for entry in answers])
        kept = [record.id for record in store.records()]
    folder = tmp_path / "copies"
    folder.mkdir()
    old = folder / "answers-20200101-000000.jsonl.gz"
    old.write_bytes(b"")
    os.utime(old, (0, 0))
    program = shutil.which("dxcourse")
    assert program
    subprocess.run(
        ["sh", str(DEPLOY / "backup.sh"), address, str(folder)],
        env={**os.environ, "DXCOURSE": program},
        check=True,
        timeout=60,
    )
    (copy,) = folder.iterdir()
    lines = gzip.decompress(copy.read_bytes()).decode().splitlines()
    assert [json.loads(line)["id"] for line in lines] == kept
    assert copy.stat().st_mode & 0o077 == 0


def test_the_unit_and_the_proxy_agree_with_the_settings() -> None:
    unit = (DEPLOY / "dxcourse@.service").read_text(encoding="utf-8")
    proxy = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "--config /etc/dxcourse/dxcourse.toml --port %i" in unit
    assert "127.0.0.1:8850" in proxy
    for header in ("Host $host", "X-Forwarded-For $remote_addr", "X-Forwarded-Proto $scheme"):
        assert f"proxy_set_header {header};" in proxy
    assert proxy.count("access_log off;") == 2


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_the_unit_lets_the_course_do_little_else_than_serve(tmp_path: Path) -> None:
    unit = shutil.copy(DEPLOY / "dxcourse@.service", tmp_path / "dxcourse@8850.service")
    command = ["systemd-analyze", "security", "--offline=true", unit]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    exposure = re.search(r"exposure level for \S+: ([\d.]+)", told)
    assert exposure, told
    assert float(exposure[1]) <= 2.0


def test_a_copy_is_taken_of_the_answers_that_the_server_stores() -> None:
    """By the same account, from the same two files of settings; one of them is root's alone."""
    unit, copy = (
        (DEPLOY / name).read_text(encoding="utf-8")
        for name in ("dxcourse@.service", "dxcourse-backup.service")
    )
    for line in (r"User=.*", r"EnvironmentFile=.*", r"Environment=(?:HOME|DXCOURSE_COURSE)=.*"):
        assert re.findall(f"(?m)^{line}$", unit) == re.findall(f"(?m)^{line}$", copy) != []
    config = re.search(r"--config (\S+)", unit)
    assert config
    assert f"Environment=DXCOURSE_CONFIG={config[1]}\n" in copy
    timer = (DEPLOY / "dxcourse-backup.timer").read_text(encoding="utf-8")
    assert "WantedBy=timers.target" in timer


def test_the_unit_says_nothing_that_the_settings_file_says() -> None:
    unit = (DEPLOY / "dxcourse@.service").read_text(encoding="utf-8")
    told = {name.lower() for name in re.findall(r"^Environment=DXCOURSE_(\w+)", unit, re.MULTILINE)}
    file = (DEPLOY / "dxcourse.toml").read_text(encoding="utf-8")
    assert told.isdisjoint(re.findall(r"^(\w+) =", file, re.MULTILINE))
