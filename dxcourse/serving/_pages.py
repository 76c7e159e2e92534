"""Pages, made once and kept on disk until anything they are made of changes, or the day does."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import logging
import os
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from dxcourse import settings
from dxcourse.course import content_files
from dxcourse.serving._renderer import PageFailed

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).resolve().parent.parent
MADE_WITH = ("anywidget", "matplotlib", "nbconvert", "voila")
LOOK_EVERY = 1.0  # seconds between two looks at the files
AT_ONCE = 2  # kernels


@dataclass(frozen=True)
class Page:
    """A page as it is sent."""

    body: bytes
    gzipped: bytes
    etag: str

    @classmethod
    def of(cls, body: bytes) -> Page:
        """A page from its HTML."""
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        return cls(body, gzip.compress(body, compresslevel=9, mtime=0), etag)


Render = Callable[[str, date], Awaitable[str]]
"""Makes the HTML of a notebook (its path under `notebooks/`) as of a day, whole or not at all."""


class Pages:
    """The pages of a course.

    Parameters
    ----------
    root
        The course's folder.
    folder
        Where pages are kept; it may be deleted at any time.
    render
        Makes a page.
    today
        The day in Japan, which a page with deadlines depends on.
    sound
        Whether the course's files can be used as they are now. While they cannot, pages stay as
        they were made before.
    """

    def __init__(
        self,
        root: Path,
        folder: Path,
        render: Render,
        *,
        today: Callable[[], date] = settings.today,
        sound: Callable[[], bool] = lambda: True,
    ) -> None:
        self._root, self._folder, self._render = root, folder, render
        self._today, self._sound = today, sound
        self._kept: dict[str, tuple[str, Page]] = {}
        self._making: dict[str, asyncio.Task[Page]] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._state = ""
        self._seen = ""
        self._looked = 0.0
        self._code = _digest(sorted(p for p in PACKAGE.rglob("*") if _is_source(p)))
        self._code += "".join(f"{name} {version(name)}\n" for name in MADE_WITH)

    async def get(self, notebook: str) -> Page:
        """The page of a notebook, made now if it is not there.

        Raises
        ------
        PageFailed
            It could not be made; nothing was kept.
        """
        day = self._today()
        key = self._key(notebook, day)
        known = self._kept.get(notebook)
        if known and known[0] == key:
            return known[1]
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(notebook, day, key))
        return await asyncio.shield(self._making[key])

    async def warm(self, notebooks: Iterable[str]) -> None:
        """Make pages that nobody has asked for yet, one after the other."""
        for notebook in notebooks:
            try:
                await self.get(notebook)
            except PageFailed as error:
                log.error("%s", error)  # noqa: TRY400  -- the message says it all

    async def _make(self, notebook: str, day: date, key: str) -> Page:
        try:
            name = notebook.removesuffix(".ipynb").replace("/", "~")
            file = self._folder / f"{name}.{key}.html"
            loop = asyncio.get_running_loop()
            body = await loop.run_in_executor(None, _read, file)
            if body is None:
                async with self._room:
                    body = (await self._render(notebook, day)).encode()
                await loop.run_in_executor(None, _keep, file, body)
            page = await loop.run_in_executor(None, Page.of, body)
            self._kept[notebook] = (key, page)
            return page
        finally:
            del self._making[key]

    def _key(self, notebook: str, day: date) -> str:
        now = time.monotonic()
        if now - self._looked > LOOK_EVERY or not self._state:
            self._looked = now
            self._state = self._look() or self._state
        parts = (notebook, self._state, self._code, day.isoformat())
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]

    def _look(self) -> str:
        """What the files are now; nothing while they are being changed or are wrong."""
        try:
            seen = _digest(content_files(self._root))
            if seen == self._seen:
                return self._state
            state = _content(content_files(self._root))
        except OSError:  # one went between being listed and being looked at
            return ""
        if state != self._state and not self._sound():
            return ""
        self._seen = seen
        return state


def _content(files: Iterable[Path]) -> str:
    """What is in the files: a file that was saved unchanged makes no page anew."""
    seen = hashlib.sha256()
    for file in files:
        body = file.read_bytes()
        seen.update(f"{file}\0{len(body)}\n".encode())
        seen.update(body)
    return seen.hexdigest()


def _digest(files: Iterable[Path]) -> str:
    """What the files look like from outside: names, sizes, times."""
    seen = hashlib.sha256()
    for file in files:
        stat = file.stat()
        seen.update(f"{file}\0{stat.st_size}\0{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()


def _is_source(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and "_course" not in path.parts


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None


def _keep(file: Path, body: bytes) -> None:
    """Keep a page, whole or not at all; a disk that refuses costs speed, not the page."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        name, _, _ = file.stem.rpartition(".")
        for old in file.parent.glob(f"{name}.*.html"):
            old.unlink(missing_ok=True)
        half = file.with_suffix(f".{os.getpid()}.tmp")
        half.write_bytes(body)
        half.replace(file)
    except OSError as error:
        log.warning("page not kept: %s", error)
