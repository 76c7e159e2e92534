"""The operator's guide, tried word by word: its own commands, in its order, on one machine.

What only the system's administrator may do (`useradd`, `systemctl`, an installation from the
network) is played by small programs that hold what they are asked; `tests/test_bootstrap.py` and
`tests/test_wheel.py` install for real. Absolute places are moved below a temporary folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from dxcourse import course as courses
from dxcourse.answers import read_export
from support.served import TINY_EXERCISE, Served, tiny

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
BLOCK = re.compile(
    r"^(?P<indent> *)<!-- run: (?P<kind>\w+) -->\n +?```sh\n|"
    r"^<!-- run: (?P<plain>\w+) -->\n```sh\n",
    re.MULTILINE,
)
PLACES = ("/opt/dxcourse", "/var/", "/etc/")
SHIMS = {
    "useradd": 'echo "useradd $*" >> "$DONE"',
    # The copy's unit is done as systemd does it: its variables, the file of root's, its command.
    "systemctl": r"""
echo "systemctl $*" >> "$DONE"
[ "$*" = "start dxcourse-backup" ] || exit 0
unit="$MACHINE/etc/systemd/system/dxcourse-backup.service"
for each in $(sed -n 's/^Environment=//p' "$unit"); do export "$each"; done
set -a
. "$(sed -n 's/^EnvironmentFile=-//p' "$unit")"
exec $(sed -n 's/^ExecStart=//p' "$unit")""",
    **{name: f'echo "{name} $*" >> "$DONE"' for name in ("nginx", "docker", "kubectl")},
    # Whose a file is, is the administrator's to say; the rest is done.
    "install": r"""
keep=""; skip=0
for word in "$@"; do
  if [ $skip = 1 ]; then skip=0; continue; fi
  case "$word" in -o|-g) skip=1; continue;; esac
  keep="$keep '$word'"
done
eval exec /usr/bin/install $keep""",
    # As `git clone --branch main ADDRESS FOLDER` leaves it, as far as the guide uses it.
    "git": r"""
[ "$1 $2 $3" = "clone --branch main" ] || exit 2
mkdir "$5" && cp -r "$SOURCE/deploy" "$SOURCE/requirements.txt" "$SOURCE/bootstrap.py" "$5"
""",
    "python3": r"""
case "$1" in
*/bootstrap.py)
  [ -f "$1" ] && [ "$2" = check ] || exit 2
  mkdir -p "$(dirname "$1")/.venv/bin"
  printf '#!/bin/sh\nexec "%s" -m dxcourse "$@"\n' "$PYTHON" > "$(dirname "$1")/.venv/bin/dxcourse"
  chmod +x "$(dirname "$1")/.venv/bin/dxcourse"
  echo "bootstrap" >> "$DONE";;
*) exec "$PYTHON" "$@";;
esac""",
}


def blocks() -> list[tuple[str, str]]:
    """Each shell block of the guide: how it is run, and its text."""
    found = []
    for start in BLOCK.finditer(GUIDE):
        text = GUIDE[start.end() :].partition("```")[0]
        kind = start["kind"] or start["plain"]
        found.append((kind, "\n".join(line.strip() for line in text.splitlines())))
    return found


def test_every_shell_block_says_how_it_is_run() -> None:
    """`standby` and `failover` are typed by `test_failover.py`."""
    assert len(blocks()) == GUIDE.count("```sh")
    kinds = {"install", "serving", "container", "standby", "failover", "bom"}
    assert {kind for kind, _ in blocks()} == kinds


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder that plays `/`."""
    for folder in ("bin", "opt", "var/lib", "var/cache", "var/backups", "etc/systemd/system"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "etc/nginx/conf.d").mkdir(parents=True)
    for name, text in SHIMS.items():
        program = tmp_path / "bin" / name
        program.write_text(f"#!/bin/sh\n{text}\n", encoding="utf-8")
        program.chmod(0o755)
    return tmp_path


def run(machine: Path, text: str, **more: str) -> str:
    for place in PLACES:
        text = re.sub(rf"(?<![\w.-]){place}", f"{machine}{place}", text)
    own = {name: value for name, value in os.environ.items() if not name.startswith("DXCOURSE_")}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        cwd=machine,
        env=own
        | {"PATH": f"{machine / 'bin'}:{own['PATH']}", "PYTHON": sys.executable}
        | {"SOURCE": str(ROOT), "DONE": str(machine / "done"), "MACHINE": str(machine), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, f"{text}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def served(machine: Path) -> Iterator[Served]:
    own = machine / "var/lib/dxcourse"
    server = Served(tiny(machine).root, own, machine / "var/cache/dxcourse")
    yield server
    server.stop()


def edit(machine: Path) -> None:
    """Do what the guide says to do by hand: the address of the answers to where root alone reads.

    Places are this machine's.
    """
    etc = machine / "etc"
    for file in (etc / "dxcourse/dxcourse.toml", *(etc / "systemd/system").iterdir()):
        text = file.read_text(encoding="utf-8")
        for place in PLACES:
            text = re.sub(rf"(?<![\w.]){place}", f"{machine}{place}", text)
        text, count = re.subn(r"(?m)^store = .*\n", "", text)
        assert count == (file.suffix == ".toml")
        file.write_text(text, encoding="utf-8")
    secret = etc / "dxcourse/environment"
    assert secret.stat().st_mode & 0o777 == 0o600
    address = f"sqlite:///{machine}/var/lib/dxcourse/answers.sqlite"
    secret.write_text(f"DXCOURSE_STORE='{address}'\n", encoding="utf-8")


@pytest.mark.server
@pytest.mark.skipif(sys.platform == "win32", reason="a Linux server's guide")
@pytest.mark.xdist_group("served")
def test_the_guide_does_what_it_says(machine: Path, served: Served) -> None:
    own, said, token = machine / "var/lib/dxcourse", "", ""
    for kind, text in blocks():
        if kind not in {"install", "serving"}:
            continue
        if not served.alive and "readyz" in text:
            assert own.stat().st_mode & 0o777 == 0o700
            served.start()
            token = served.mint()
            answer = courses.at(served.course).exercise(TINY_EXERCISE).model_answer()
            body = {"id": "in-the-guide-1", "answer": answer}
            assert served.post(f"/api/answers/{TINY_EXERCISE}", body, token=token).status == 200
        said += run(machine, text.replace("127.0.0.1:8850", f"127.0.0.1:{served._port}"))
        if "nginx.conf" in text:
            edit(machine)
    assert "ready" in said
    [backup] = (machine / "var/backups/dxcourse").glob("answers-*.jsonl.gz")
    assert [record.id for record in read_export(backup)] == ["in-the-guide-1"]
    assert "記録 1 件" in said
    assert "\n1\n1\n" in said  # taken over, and exported again, in the drill
    assert not [*(machine / "var/backups/dxcourse").glob("drill*")]
    for done in ("書き出した", "控えを確かめた"):
        assert done in said
    asked = (machine / "done").read_text(encoding="utf-8")
    assert asked.count("bootstrap") == 3
    assert "systemctl restart dxcourse@8851" in asked
    # The secret: the new one signs, and who came before goes on.
    new, old = (own / "secret").read_text(encoding="ascii").split()
    assert new != old
    assert (own / "secret").stat().st_mode & 0o777 == 0o600
    served.stop()
    served.start()
    assert served.state(token)["replies"] != {}
    assert served.state(served.mint())["replies"] == {}


@pytest.mark.skipif(sys.platform == "win32", reason="a Linux server's guide")
def test_passwords_of_a_container_are_where_its_files_look_for_them(machine: Path) -> None:
    there = machine / "opt/dxcourse/deploy"
    shutil.copytree(ROOT / "deploy", there)
    for kind, text in blocks():
        if kind == "container":
            run(machine, text)
    compose = yaml.safe_load((there / "container/compose.yaml").read_text(encoding="utf-8"))
    database, course = compose["services"]["database"], compose["services"]["course"]
    secret = there / "container" / compose["secrets"]["database-password"]["file"]
    told = (there / "container" / course["env_file"]).read_text(encoding="utf-8")
    user, name = (database["environment"][f"POSTGRES_{part}"] for part in ("USER", "DB"))
    password = secret.read_text(encoding="utf-8")
    assert f"DXCOURSE_STORE=postgresql://{user}:{password}@database/{name}\n" in told
    assert len(password) >= 32
    for file in (secret, secret.with_name(course["env_file"])):
        assert file.stat().st_mode & 0o077 == 0
        for ignored in (".gitignore", ".dockerignore"):
            lines = (ROOT / ignored).read_text(encoding="utf-8").splitlines()
            assert f"deploy/container/{file.name}" in lines  # nor in an image
    asked = (machine / "done").read_text(encoding="utf-8")
    assert "docker compose -f compose.yaml up -d --build\n" in asked
    pods = "".join(path.read_text(encoding="utf-8") for path in there.glob("kubernetes/*.yaml"))
    made = set(re.findall(r"create secret \w+ (\S+)", asked))
    assert made == set(re.findall(r"secret(?:Ref: \{ name|Name): ([\w-]+)", pods))


@pytest.mark.soak
def test_the_bill_of_materials_names_every_pin(machine: Path) -> None:
    (machine / "opt/dxcourse").mkdir()
    shutil.copy(ROOT / "requirements.txt", machine / "opt/dxcourse")
    [text] = [text for kind, text in blocks() if kind == "bom"]
    run(machine, text)
    bill = json.loads((machine / "dxcourse-sbom.json").read_text(encoding="utf-8"))
    named = {f"{each['name']}=={each['version']}" for each in bill["components"]}
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert named == set(re.findall(r"^([\w.-]+==[\w.+]+)", pins, re.MULTILINE))
    assert all(each["purl"].startswith("pkg:pypi/") for each in bill["components"])
