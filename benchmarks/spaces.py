"""One server for many municipalities, each with learners who have answered: rates, memory, walls.

A prefecture's database is filled through the store's own interface, and a server is asked over HTTP
in all of its spaces at once. Beside it stands one space alone, as large as each of the many is.
Each space's learners have written a mark of their own, and chosen in proportions of its own; a
figure is told only when everything that a space shows was searched for the marks of the others.
"""

from __future__ import annotations

import html
import io
import json
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from benchmarks._client import Job
from benchmarks._kept import served
from benchmarks._servers import ROOT, SECONDS, untouched
from benchmarks._table import Row, Table
from benchmarks._tree import Tree, family, memory
from benchmarks.rates import load, model_answers, once
from dxcourse import course as courses
from dxcourse.answers import Record, SqlStore, new_id
from dxcourse.web.identity import HEADER, read_secrets, signer
from dxcourse.web.site import surface_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks._servers import Running
    from dxcourse.exercises import AnyExercise

SPACES, LEARNERS = 40, 100_000  # learners of all spaces together
WRITTEN, CHOSEN = "what-is-dx", "honest-feeling"  # a text, and a choice that others are shown
EXERCISES = 10  # that each learner has answered
VISITORS, LASTS = 200, 5.0  # at once; seconds
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
PORTION = 10_000  # records stored in one transaction
SECRET = "an administrator of the prefecture"  # noqa: S105
MARK = re.compile(r"しるし「(\d+)」|@town-(\d+)/|/s/town-(\d+)/|town-(\d+)役場")
COLUMNS = (
    "views a second",
    "a CPU second",
    "answers a second",
    "a CPU second",
    "ms others' answers, counted anew",
    "s a space's administrator's page",
    "s a space's Excel file",
    "s the whole's administrator's page",
    "MB at the start",
    "MB at most",
)


@dataclass(frozen=True)
class Prefecture:
    """A database that is filled, and what a server of it needs to be told."""

    home: Path
    spaces: int
    learners: int

    @property
    def store(self) -> str:
        """The database's address."""
        return f"sqlite:///{self.home / 'answers.sqlite'}"

    @property
    def names(self) -> list[str]:
        """The spaces' ids."""
        return [f"town-{place}" for place in range(self.spaces)]

    def learner(self, number: int) -> str:
        """The name of a learner; they come to the spaces in turns, and names are scattered."""
        space = surface_of(f"town-{number % self.spaces}")
        return f"{space}visitor-{number * 2654435761 % 4294967296:08x}"

    def within(self, place: int) -> range:
        """The learners of a space, in the order in which they came."""
        return range(place, self.learners, self.spaces)

    def first(self, place: int) -> int:
        """How many of a space's learners chose the first option: in no two spaces as many."""
        return len(self.within(place)) * (place + 1) // (self.spaces + 1)

    def token(self, number: int) -> str:
        """The token that a learner's browser keeps."""
        surface = surface_of(f"town-{number % self.spaces}")
        secret = read_secrets(self.home / "secret")
        return str(signer(secret, f"visitor{surface}").dumps(self.learner(number)))

    def settings(self) -> dict[str, str]:
        """What the server is told besides what every benchmark's is."""
        file = self.home / "spaces.json"
        listed = [{"id": n, "name": f"{n}役場", "admin_secret": secret_of(n)} for n in self.names]
        file.write_text(json.dumps({"spaces": listed}, ensure_ascii=False), encoding="utf-8")
        return {
            "DXCOURSE_STORE": self.store,
            "DXCOURSE_SPACES_FILE": str(file),
            "DXCOURSE_ADMIN_SECRET": SECRET,
        }


def secret_of(space: str) -> str:
    """What a space's administrator knows."""
    return f"of {space}'s administrator"


def measure(runs: int) -> Table:
    """One space of a prefecture's size against all of them."""
    return measured(SPACES, LEARNERS, runs)


def measured(spaces: int, learners: int, runs: int, seconds: float = LASTS) -> Table:
    """Measure a server of so many spaces, and one of a single space beside it."""
    with tempfile.TemporaryDirectory() as folder:
        rows = []
        for count in (spaces, 1):
            home = Path(folder) / f"{count}"
            there = Prefecture(home, count, learners * count // spaces)
            begun = time.perf_counter()
            fill(there)
            filling = time.perf_counter() - begun
            figures = [_figures(there, run, seconds) for run in range(runs)]
            answers = EXERCISES * there.learners
            note = f"{answers:,} answers, stored at {answers / filling:,.0f} a second"
            rows.append(Row(f"{count} spaces, {there.learners:,} learners", figures, note))
    return Table("spaces", "Spaces of one server", COLUMNS, rows)


def fill(there: Prefecture) -> None:
    """Store every learner's answers, as a backup is taken over."""
    there.home.mkdir(parents=True)
    with SqlStore(there.store) as store:
        records = _records(there)
        while portion := list(islice(records, PORTION)):
            store.restore(portion)


def _records(there: Prefecture) -> Iterator[Record]:
    exercises = courses.at(ROOT).exercises
    chosen = [name for name, each in exercises.items() if _of_one_choice(each)]
    names = [WRITTEN, CHOSEN, *(name for name in chosen if name != CHOSEN)][:EXERCISES]
    for number in range(there.learners):
        place, own = number % there.spaces, number // there.spaces
        for exercise in names:
            (item,) = exercises[exercise].items
            if exercise == WRITTEN:
                value: Any = f"しるし「{place}」と、{own}番の人が書いた。"
            else:
                options = sorted(exercises[exercise].main_part(item).texts, key=str)
                value = options[0 if own < there.first(place) else 1]
            yield Record(
                id=new_id(),
                time=BEGAN + timedelta(seconds=number),
                learner=there.learner(number),
                exercise=exercise,
                attempt=1,
                answer={"items": {item.ref: value}},
                where=f"{surface_of(f'town-{place}')}page",
            )


def _of_one_choice(exercise: AnyExercise) -> bool:
    return exercise.kind == "choice" and len(exercise.items) == 1


def _figures(there: Prefecture, run: int, seconds: float) -> tuple[float, ...]:
    with served(there.home, **there.settings()) as server:
        start = sum(memory(each) for each in family(server.pid)) / 1e6
        with Tree(server.pid) as tree:
            asked = _timed(there, server)
            views = load(server, _viewing(there, server, seconds))[0]
            answers, _, outcome = load(server, _answering(there, server, seconds, run))
            once(outcome.acknowledged, there.home / "answers.sqlite")
            if not run:
                hold_apart(there, server)
        if views[4] or answers[4]:
            msg = f"{views[4]:.0f} views and {answers[4]:.0f} answers failed"
            raise RuntimeError(msg)
    return (*views[:2], *answers[:2], *asked, start, tree.most / 1e6)


def _timed(there: Prefecture, server: Running) -> tuple[float, ...]:
    """What is counted anew for whoever asks first: nobody has asked this server before."""
    others, pages = [], []
    for place, name in enumerate(there.names):
        token = there.token(there.within(place)[0])
        others.append(_seconds(server, f"s/{name}/api/others/{CHOSEN}", {HEADER: token}))
        pages.append(_seconds(server, f"s/{name}/admin", signed(secret_of(name))))
    name = there.names[0]
    file = _seconds(server, f"s/{name}/admin/answers.xlsx", signed(secret_of(name)))
    whole = _seconds(server, "admin", signed(SECRET))
    return (1000 * median(others), median(pages), file, whole)


def _viewing(there: Prefecture, server: Running, seconds: float) -> Job:
    """Make the job of visitors who read, each page in each space."""
    pages = tuple(
        (f"/s/{name}{address}", (f'data-base="/s/{name}"',))
        for address in addresses()
        for name in there.names
    )
    return Job("views", server.port, VISITORS, seconds=seconds, pages=pages)


def _answering(there: Prefecture, server: Running, seconds: float, run: int) -> Job:
    """Make the job of learners who go on, in every space at once."""
    # Those of a run are others than those of the run before, and as many of each space.
    each = 4 * VISITORS // there.spaces
    numbers = [
        there.within(place)[(run * each + own) % len(there.within(place))]
        for own in range(each)
        for place in range(there.spaces)
    ]
    there_already = {record.exercise for record in islice(_records(there), EXERCISES)}
    new = {name: given for name, given in model_answers().items() if name not in there_already}
    return Job(
        "answers",
        server.port,
        VISITORS,
        seconds=seconds,
        name=f"run-{run}",
        tokens=tuple(map(there.token, numbers)),
        answers=tuple(new.items()),
        folders=tuple(f"/s/{name}" for name in there.names),
    )


def addresses() -> list[str]:
    """The address of every page that a notebook is behind, and of the first."""
    course = courses.at(ROOT)
    notebooks = [
        *course.outline.notebooks,
        *(f"apps/{path.name}" for path in course.apps().values()),
    ]
    return ["/", *filter(None, map(course.address_of, notebooks))]


def hold_apart(there: Prefecture, server: Running) -> None:
    """Search all that each space shows and hands out for what is another space's.

    Raises
    ------
    RuntimeError
        Something of one was found in another, or a space's own was not.
    """
    item = courses.at(ROOT).exercise(CHOSEN).items[0].ref
    for place, name in enumerate(there.names):
        token = {HEADER: there.token(there.within(place)[0])}
        pages = [*addresses(), "/mine", "/search", "/privacy", "/api/openapi.json"]
        shown = [_said(server, f"s/{name}{page}") for page in pages]
        own = ["my/answers", "my/answers.json", "my/page", "my/home", "api/learner"]
        shown += [_said(server, f"s/{name}/{page}", token) for page in own]
        shown.append(_said(server, f"s/{name}/admin", signed(secret_of(name))))
        book = _said(server, f"s/{name}/admin/answers.xlsx", signed(secret_of(name)))
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheets = b"".join(parts.read(part) for part in parts.namelist())
        handed_out = [html.unescape(each.decode()) for each in (sheets, _exported(there, name))]
        for each in (*(html.unescape(each.decode()) for each in shown), *handed_out):
            _hold_own(each, place)
        for each in handed_out:
            if each.count(f"しるし「{place}」") != len(there.within(place)):
                msg = f"{name}: what is handed out is not all of its own"
                raise RuntimeError(msg)
        others = json.loads(_said(server, f"s/{name}/api/others/{CHOSEN}", token))["items"]
        _hold_counted(there, place, next(each for each in others if each["ref"] == item))
        stranger = {HEADER: there.token(there.within((place + 1) % there.spaces)[0])}
        if there.spaces > 1 and _status(server, f"s/{name}/my/answers.json", stranger) != 401:
            msg = f"{name}: another space's token is good there"
            raise RuntimeError(msg)


def _hold_own(text: str, place: int) -> None:
    found = {next(filter(None, each)) for each in MARK.findall(text)}
    if found - {str(place)}:
        msg = f"town-{place} shows what is of {sorted(found - {str(place)})}"
        raise RuntimeError(msg)


def _hold_counted(there: Prefecture, place: int, shown: dict[str, Any]) -> None:
    """Hold that a space is shown how its own learners chose, in the groups that are counted."""
    whole = len(there.within(place)) // 5 * 5
    first = min(there.first(place), whole)
    counted = sorted((row["count"] for row in shown["rows"] if row["count"]), reverse=True)
    if counted != sorted(filter(None, (first, whole - first)), reverse=True):
        msg = f"town-{place}: {counted} where {first} of {whole} chose one"
        raise RuntimeError(msg)


def _exported(there: Prefecture, name: str) -> bytes:
    """What an operator's export of one space has in it, as `dxcourse answers export` makes it."""
    file = there.home / f"{name}.jsonl"
    file.unlink(missing_ok=True)
    asked = ("answers", "export", "--store", there.store, "--space", name, str(file))
    command = [sys.executable, "-m", "dxcourse", *asked]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, env=untouched())
    return file.read_bytes()


def signed(secret: str) -> dict[str, str]:
    """What an administrator's browser sends."""
    return {"Authorization": f"Basic {b64encode(f'a:{secret}'.encode()).decode()}"}


def _status(server: Running, path: str, headers: dict[str, str]) -> int:
    try:
        _said(server, path, headers)
    except HTTPError as error:
        return error.code
    return 200


def _seconds(server: Running, path: str, headers: dict[str, str]) -> float:
    begun = time.perf_counter()
    _said(server, path, headers)
    return time.perf_counter() - begun


def _said(server: Running, path: str, headers: dict[str, str] | None = None) -> bytes:
    asked = Request(server.url + path, headers=headers or {})  # noqa: S310  -- this machine
    with urlopen(asked, timeout=SECONDS) as reply:  # noqa: S310
        body: bytes = reply.read()
        return body
