"""Pages, made once and kept on disk until anything they are made of changes, or the day does.

A page is kept whole. Sent are its large pictures as files of their own: what makes a page answer
waits for the page, and not for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from pathlib import Path

from filelock import AsyncFileLock

from dxcourse import settings
from dxcourse.course import content_files
from dxcourse.figures.svg import filed
from dxcourse.files import write_atomically
from dxcourse.text import say
from dxcourse.web.static_files import Representation
from dxcourse.widgets import token_colours

log = logging.getLogger(__name__)

PACKAGE = Path(__file__).resolve().parent.parent
MADE_WITH = ("anywidget", "matplotlib", "nbconvert", "voila")
LOOK_EVERY = 1.0  # seconds between two looks at the files
AT_ONCE = 2  # kernels
AGAIN = 60.0  # seconds until a page that failed, and has one to stand for it, is tried again
LARGE = 4096  # characters of a picture from which on it is a file of its own
_PICTURE = re.compile(
    r'(?<=<div class="dxl-panel" )([^>]*>)'
    r'(<svg [^>]*? width="(\d+)" height="(\d+)" role="img" aria-label="([^"]*)".*?</svg>)'
    r"(?=</div>)",
    re.DOTALL,
)

Render = Callable[[str, date], Awaitable[str]]
"""Makes the HTML of a notebook (its path under `notebooks/`) as of a day, whole or not at all."""


class RenderError(RuntimeError):
    """A page could not be made; the message names the notebook, the cell and the cause."""


@dataclass(frozen=True)
class PictureFile:
    """A picture of a page, as a file; the version changes with it."""

    version: str
    file: Representation


@dataclass(frozen=True)
class _SentPage:
    html: Representation
    pictures: Mapping[str, PictureFile]


@dataclass(frozen=True)
class _CachedPage:
    key: str
    day: date
    page: _SentPage


class PageCache:
    """The pages of a course.

    Parameters
    ----------
    root
        The course's folder.
    folder
        Where pages are kept; it may be deleted at any time. Processes that share it do not make
        the same page twice at once.
    render
        Makes a page.
    today
        The day in Japan, which a page with deadlines depends on.
    sound
        Whether the course's files can be used as they are now. While they cannot, pages stay as
        they were made before.
    frame
        What else decides how a page looks: pages with other frames are other pages.
    stale
        Whether a page of today whose files have changed is shown until the new one is made.
    address
        Where a notebook's page is. Its pictures are below; without an address they stay in it.
    """

    def __init__(  # noqa: PLR0913
        self,
        root: Path,
        folder: Path,
        render: Render,
        *,
        today: Callable[[], date] = settings.today,
        sound: Callable[[], bool] = lambda: True,
        frame: str = "",
        stale: bool = False,
        address: Callable[[str], str | None] = lambda _: None,
    ) -> None:
        self._root, self._folder, self._render = root, folder, render
        self._today, self._sound, self._stale = today, sound, stale
        self._address = address
        self._kept: dict[str, _CachedPage] = {}
        self._making: dict[str, asyncio.Task[_SentPage]] = {}
        self._closed = False
        self._failed: dict[str, float] = {}
        self._room = asyncio.Semaphore(AT_ONCE)
        self._state = ""
        self._seen = ""
        self._looked = 0.0
        self._code = _digest(sorted(p for p in PACKAGE.rglob("*") if _is_source(p)))
        self._code += "".join(f"{name} {version(name)}\n" for name in MADE_WITH)
        self._code += frame

    async def get(self, notebook: str, *, day: date | None = None) -> Representation:
        """The page of a notebook, made now if it is not there.

        Parameters
        ----------
        day
            The day it is for; today.

        Raises
        ------
        RenderError
            It could not be made; nothing was kept.
        """
        return (await self._get(notebook, day or self._today())).html

    async def picture(self, notebook: str, name: str) -> PictureFile | None:
        """A picture of today's page of a notebook, by the name that the page has for it.

        Raises
        ------
        RenderError
            The page could not be made.
        """
        return (await self._get(notebook, self._today())).pictures.get(name)

    async def _get(self, notebook: str, day: date) -> _SentPage:
        key = self._key(notebook, day)
        known = self._kept.get(notebook)
        if known and known.key == key:
            return known.page
        former = known.page if self._stale and known and known.day == day else None
        if former and time.monotonic() - self._failed.get(notebook, -AGAIN) < AGAIN:
            return former
        if self._closed:
            raise RenderError(f"{notebook}: the server is ending")
        if key not in self._making:
            self._making[key] = asyncio.create_task(self._make(notebook, day, key))
            self._making[key].add_done_callback(_heard)
        if former:
            return former
        making = self._making[key]
        try:
            return await asyncio.shield(making)
        except asyncio.CancelledError:
            if making.cancelled():  # and not the one who waits for it
                raise RenderError(f"{notebook}: the server is ending") from None
            raise

    async def warm(self, notebooks: Iterable[str], *, day: date | None = None) -> None:
        """Make pages that nobody has asked for yet, one after the other."""
        for notebook in notebooks:
            try:
                await self.get(notebook, day=day)
            except RenderError as error:
                log.error("%s", error)  # noqa: TRY400  -- the message says it all

    async def close(self) -> None:
        """End what is being made; its kernels are gone when this returns."""
        self._closed = True
        making = [*self._making.values()]
        for task in making:
            task.cancel()
        await asyncio.gather(*making, return_exceptions=True)

    async def _make(self, notebook: str, day: date, key: str) -> _SentPage:
        try:
            loop = asyncio.get_running_loop()
            file = self._folder / f"{_stem(notebook)}.{day}.{key}.html"
            body = await loop.run_in_executor(None, _read, file)
            if body is None:
                async with self._room, self._alone(notebook):
                    body = await loop.run_in_executor(None, _read, file)
                    if body is None:  # nor has another process made it meanwhile
                        body = (await self._render(notebook, day)).encode()
                        today = self._today()
                        await loop.run_in_executor(None, _keep, file, body, day, today)
            page = await loop.run_in_executor(None, _sent, body, self._address(notebook))
            if day == self._today():  # tomorrow's, made ahead, waits on disk
                self._kept[notebook] = _CachedPage(key, day, page)
            self._failed.pop(notebook, None)
        except RenderError:
            self._failed[notebook] = time.monotonic()
            raise
        else:
            return page
        finally:
            del self._making[key]

    @contextlib.asynccontextmanager
    async def _alone(self, notebook: str) -> AsyncIterator[None]:
        """Hold a page against other processes; where no lock can be had, do without."""
        folder = self._folder.with_name(f"{self._folder.name}.locks")
        lock = AsyncFileLock(folder / f"{_stem(notebook)}.lock", thread_local=False)
        async with contextlib.AsyncExitStack() as stack:
            with contextlib.suppress(OSError, NotImplementedError):
                folder.mkdir(parents=True, exist_ok=True)
                await stack.enter_async_context(lock)
            yield

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


def _sent(body: bytes, address: str | None) -> _SentPage:
    """A page as it is sent: each large picture in it has given way to the address of its file.

    The address is told from where the page is, so it holds under any base path. A picture is named
    after what it says: one that says the same stands for it while a page is made anew. Which of the
    two images is shown the sheet decides, and not a `picture` element, which on paper stays dark.
    Both wait until page.js has drawn what is answered, and come at once where no script runs.
    """
    pictures: dict[str, PictureFile] = {}
    page = (address or "").rpartition("/")[2]

    def element(found: re.Match[str]) -> str:
        panel, svg, width, height, label = found.groups()
        name = hashlib.sha256(label.encode()).hexdigest()[:8]
        if len(svg) < LARGE or name in pictures:
            return found[0]
        file = filed(svg, token_colours(dark=False), token_colours(dark=True)).encode()
        version = hashlib.sha256(file).hexdigest()[:12]
        pictures[name] = PictureFile(version, Representation.of(file))
        address = f"{page}/pictures/{version}/{name}.svg"
        look = f'width="{width}" height="{height}" alt="{label}" decoding="async"'
        return panel + "".join(
            f'<img class="{kind}" src="{address}{place}" {look} loading="lazy">'
            for kind, place in (("dxl-light", ""), ("dxl-dark", "#dark"))
        )

    html = _PICTURE.sub(element, body.decode()).encode() if page else body
    return _SentPage(Representation.of(html), pictures)


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


def _stem(notebook: str) -> str:
    return notebook.removesuffix(".ipynb").replace("/", "~")


def _heard(task: asyncio.Task[_SentPage]) -> None:
    """A page that nobody waits for has failed in vain: whoever makes it has logged that."""
    if not task.cancelled():
        task.exception()


def _keep(file: Path, body: bytes, day: date, today: date) -> None:
    """Keep a page, whole or not at all; a disk that refuses costs speed, not the page.

    Of the same notebook only pages for other days that are not over stay beside it.
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        name = file.name.split(".")[0]
        for old in file.parent.glob(f"{name}.*.html"):
            when = old.name.split(".")[1]
            if when == day.isoformat() or when < today.isoformat():
                old.unlink(missing_ok=True)
        write_atomically(file, body, lasting=False)
    except OSError as error:
        log.warning("%s", say("server.page.not_kept", cause=error.strerror or error))
