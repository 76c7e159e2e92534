"""Workshops on disk: a folder each, with everything of it and nothing else."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path

from filelock import FileLock, Timeout

from dxcourse import settings
from dxcourse.answers import StoreError
from dxcourse.facts import today_in_japan
from dxcourse.files import write_atomically
from dxcourse.text import say
from dxcourse.text.typed import one_line
from dxcourse.workshop.agenda import Agenda
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.state import RoomState, fold
from dxcourse.workshop.storage import (
    DATABASE,
    FILE,
    DatabaseStorage,
    FileStorage,
    RoomStorage,
    read_storage,
)

NAME_LENGTH = 80  # characters
CODE_DIGITS = 6
_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that is taken for another when read aloud


@dataclass(frozen=True)
class WorkshopKeys:
    """What opens a workshop's doors; each opens one, and none tells another.

    `code` is typed, `join` is in the QR code, `board` and `wall` are parts of addresses, `tokens`
    signs participants' tokens.
    """

    code: str
    join: str
    board: str
    wall: str
    tokens: str

    @property
    def code_to_read(self) -> str:
        """The code as people read it, in two halves."""
        return f"{self.code[:3]} {self.code[3:]}"

    @classmethod
    def make(cls) -> WorkshopKeys:
        """Make new ones."""
        return cls(
            code="".join(secrets.choice("0123456789") for _ in range(CODE_DIGITS)),
            join="".join(secrets.choice(_LETTERS) for _ in range(12)),
            board=secrets.token_urlsafe(24),
            wall=secrets.token_urlsafe(24),
            tokens=secrets.token_urlsafe(32),
        )


@dataclass(frozen=True)
class Wifi:
    """The network that phones join first; no password where it is open."""

    name: str
    password: str = ""

    @property
    def code(self) -> str:
        """What its QR code says, as phones' cameras read it."""

        def plain(text: str) -> str:
            return re.sub(r'([\\;,:"])', r"\\\1", text)

        kind = f"T:WPA;P:{plain(self.password)};" if self.password else "T:nopass;"
        return f"WIFI:S:{plain(self.name)};{kind};"


@dataclass(frozen=True)
class WorkshopFolder:
    """A workshop's folder."""

    folder: Path

    @property
    def storage(self) -> RoomStorage:
        """Where its answers and events are.

        Raises
        ------
        WorkshopError
            The folder cannot say.
        """
        return read_storage(self.folder)

    @property
    def name_beside(self) -> str:
        """The name of a room that is in a database; "" for another, whose events alone say it."""
        try:
            return self.storage.name
        except WorkshopError:
            return ""

    def look_in(self, database: str) -> None:
        """Remember another address of its database, which moved or has a new password.

        A room that is in its folder, or is not to be had at that address, stays where it was.
        """
        storage = self.storage
        if not isinstance(storage, DatabaseStorage) or database in {"", storage.database}:
            return
        moved = replace(storage, database=database)
        with suppress(WorkshopError, StoreError):
            with closing(moved.open_log()) as log:
                log.read()
            moved.remember(self.folder)

    @cached_property
    def keys(self) -> WorkshopKeys:
        """What opens its doors.

        Raises
        ------
        WorkshopError
            They are gone or damaged.
        """
        path = self.folder / "keys.json"
        try:
            return WorkshopKeys(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise WorkshopError(say("workshop.errors.keys", path=path, error=error)) from error

    @property
    def pictures(self) -> Path:
        """The pictures that its agenda brought."""
        return self.folder / "pictures"

    def wifi(self, new: Wifi | None) -> Wifi | None:
        """The network that the wall names; a new one is kept for the next time."""
        path = self.folder / "wifi.json"
        if new is not None:
            write_atomically(path, json.dumps(asdict(new), ensure_ascii=False), mode=0o600)
            return new
        try:
            return Wifi(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def state(self) -> RoomState:
        """What it was doing when it was last written to.

        Raises
        ------
        WorkshopError
            It cannot be read.
        """
        with closing(self.storage.open_log()) as log:
            return fold(log.read())

    @contextmanager
    def held(self) -> Iterator[None]:
        """Have it alone.

        Raises
        ------
        WorkshopError
            It is running elsewhere.
        """
        lock = FileLock(self.folder / "running.lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            told = say("workshop.errors.running", folder=self.folder.name)
            raise WorkshopError(told) from error
        try:
            yield
        finally:
            lock.release()

    def delete(self) -> None:
        """Delete it, with every answer, event and key.

        Raises
        ------
        WorkshopError
            It is running, or the disk or the database refuses.
        """
        with self.held():
            self.storage.drop()  # first: the folder alone knows where it is
            doomed = self.folder.with_name(f".deleted-{secrets.token_hex(4)}")
            try:
                # Renamed first: what is half deleted is never found again as a workshop.
                if os.name != "nt":
                    self.folder.rename(doomed)
            except OSError as error:
                told = say("workshop.errors.delete", folder=self.folder, error=error)
                raise WorkshopError(told) from error
        target = doomed if doomed.exists() else self.folder
        try:
            shutil.rmtree(target)
        except OSError as error:
            told = say("workshop.errors.delete_rest", folder=target, error=error)
            raise WorkshopError(told) from error


def workshops_folder(course_root: Path) -> Path:
    """Where the workshops of a course are kept: beside its answers."""
    return settings.answers_file(course_root).parent / "workshops"


def create_workshop(  # noqa: PLR0913  -- what a workshop is made of
    home: Path,
    name: str,
    agenda: Agenda,
    *,
    now: datetime,
    names: bool = False,
    pictures: Iterable[Path] = (),
    database: str = "",
) -> WorkshopFolder:
    """Make a workshop's folder.

    Parameters
    ----------
    database
        The address of a PostgreSQL in which its events and answers are to be; in its folder where
        none is given.

    Raises
    ------
    WorkshopError, StoreError
        The name is empty, or the disk or the database refuses.
    """
    clean = one_line(name)[:NAME_LENGTH]
    if not clean:
        raise WorkshopError(say("workshop.errors.no_name"))
    day = today_in_japan(now)
    folder = home / f"{_slug(clean)}-{secrets.token_hex(2)}"
    kept = WorkshopFolder(folder)
    storage: RoomStorage = FileStorage(folder / FILE)
    if database:
        storage = DatabaseStorage.new(clean, database)
    created = RoomEvent(
        EventKind.CREATED,
        now,
        {
            "name": clean,
            "day": day.isoformat(),
            "seed": secrets.token_hex(8),
            "names": names,
            "agenda": agenda.model_dump(mode="json"),
        },
    )
    storage.make()
    try:
        _make_folder(kept, pictures)
        with closing(storage.open_log()) as log:
            log.append(lambda _: [created])
        storage.remember(folder)  # last: what is half made is never found
    except BaseException as error:
        with suppress(WorkshopError):
            storage.drop()
        if isinstance(error, OSError):
            told = say("workshop.errors.make", folder=folder, error=error)
            raise WorkshopError(told) from error
        raise
    return kept


def _make_folder(kept: WorkshopFolder, pictures: Iterable[Path]) -> None:
    kept.folder.mkdir(parents=True)
    kept.folder.chmod(0o700)
    handle = os.open(kept.folder / "keys.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(asdict(WorkshopKeys.make()), file)
        file.flush()
        os.fsync(file.fileno())
    for picture in pictures:
        kept.pictures.mkdir(exist_ok=True)
        shutil.copyfile(picture, kept.pictures / picture.name)


def list_workshops(home: Path) -> list[tuple[WorkshopFolder, RoomState | None]]:
    """All workshops with what they were doing, the newest first.

    None for one that is damaged, or whose database is away.
    """
    found = [(kept, _state_of(kept)) for kept in _folders(home)]
    return sorted(found, key=lambda p: (p[1].day if p[1] else "", p[0].folder.name), reverse=True)


def _folders(home: Path) -> list[WorkshopFolder]:
    """All workshops that are kept here."""
    found = {file.parent for name in (FILE, DATABASE) for file in home.glob(f"*/{name}")}
    return [WorkshopFolder(folder) for folder in found if not folder.name.startswith(".")]


def _state_of(kept: WorkshopFolder) -> RoomState | None:
    try:
        return kept.state()
    except (WorkshopError, StoreError):
        return None


def _called(home: Path, name: str) -> list[tuple[WorkshopFolder, RoomState | None]]:
    """The workshops of a name; no database is asked for one of another name: it may be away."""
    called = one_line(name)[:NAME_LENGTH]
    found = []
    for kept in _folders(home):
        beside = kept.name_beside
        if beside in {"", called}:
            state = _state_of(kept)
            if beside or (state and state.name == called):
                found.append((kept, state))
    return found


def workshops_named(home: Path, name: str) -> list[tuple[WorkshopFolder, RoomState | None]]:
    """The workshops of a name (or of its folder's name): the one with most people first.

    Of those with as many people the newest comes first.

    Raises
    ------
    WorkshopError
        There is none; the message names those there are.
    """
    hits = [(kept, _state_of(kept)) for kept in _folders(home) if kept.folder.name == name]
    hits = hits or _called(home, name)
    if not hits:
        names = "、".join(f"「{state.name}」" for _, state in list_workshops(home)[:5] if state)
        there = names or say("workshop.errors.none_yet")
        raise WorkshopError(say("workshop.errors.none_of", name=name, names=there))
    return sorted(hits, key=_rank, reverse=True)


def _rank(hit: tuple[WorkshopFolder, RoomState | None]) -> tuple[int, str, str]:
    """Whose workshop comes first: the one with most people, of those with as many the newest."""
    kept, state = hit
    return (len(state.participants), state.day, kept.folder.name) if state else (0, "", "")


def find_workshop(home: Path, name: str) -> WorkshopFolder:
    """The one workshop of a name (or of its folder's name).

    Raises
    ------
    WorkshopError
        There is none, or several.
    """
    hits = workshops_named(home, name)
    if len(hits) > 1:
        folders = "、".join(kept.folder.name for kept, _ in hits)
        told = say("workshop.errors.several", name=name, n=len(hits), folders=folders)
        raise WorkshopError(told)
    return hits[0][0]


def unfinished(home: Path, name: str, database: str = "") -> WorkshopFolder | None:
    """The workshop of a name that has not ended, to go on with; None where there is none.

    Raises
    ------
    WorkshopError, StoreError
        There may be one, but its database is away: to begin another now would be wrong.
    """
    left = []
    for kept, known in _called(home, name):
        if known is None:
            kept.look_in(database)
        state = known or kept.state()
        if not state.ended:
            left.append((kept, state))
    return max(left, key=_rank)[0] if left else None


def _slug(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name)
    return re.sub(r"[^\w]+", "-", folded).strip("-_")[:40] or "workshop"
