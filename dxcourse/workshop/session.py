"""A session: takes a port, says where everything is, serves until it is told to end."""

from __future__ import annotations

import asyncio
import io
import logging
import socket
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import segno
from tornado.web import Application

from dxcourse.answers.database import without_password
from dxcourse.course import Course
from dxcourse.text import say, words
from dxcourse.web.handlers import StaticFileHandler
from dxcourse.web.logs import TALKATIVE
from dxcourse.web.server import Route, allow_list, serve, tornado_settings
from dxcourse.web.settings import LocalSettings
from dxcourse.web.worker import listen, port_of, this_worker
from dxcourse.workshop import board_handlers as boards
from dxcourse.workshop import handlers as phones
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import EventKind, RoomEvent
from dxcourse.workshop.folder import Wifi, WorkshopFolder, create_workshop
from dxcourse.workshop.handlers import RoomHandler
from dxcourse.workshop.live import Live
from dxcourse.workshop.network import NetworkAddress, own_addresses, own_names
from dxcourse.workshop.report import compare_rooms, fiscal_year, html_comparison
from dxcourse.workshop.report.content import REPORTS
from dxcourse.workshop.room import Room, snapshot
from dxcourse.workshop.site import RoomSite
from dxcourse.workshop.snapshot import Workshop
from dxcourse.workshop.state import fold
from dxcourse.workshop.storage import DatabaseStorage

HTTP_PORT = 80
EVERYWHERE = "0.0.0.0"  # noqa: S104  -- phones are elsewhere; that is the point


@dataclass(frozen=True)
class Listen:
    """Where a workshop is to be reached.

    Parameters
    ----------
    host
        The address of this machine that phones are to use; the likeliest one where None.
    port, search
        The port, and whether a free one near it will do.
    names
        Names under which the network knows this machine; the first is shown in place of `host`.
    public_url
        What people open in place of our own address, where a server stands before this one and
        speaks https: ``https://dx.example.jp``.
    wifi
        What phones are to join first; it stands on the wall with a QR code of its own.
    """

    host: str | None = None
    port: int = 0
    search: bool = True
    names: tuple[str, ...] = ()
    public_url: str = ""
    wifi: Wifi | None = None


def run_workshop(
    find: Callable[[], WorkshopFolder],
    course: Course,
    listen_at: Listen,
    *,
    processes: int = 1,
    tell: Callable[[str], None],
) -> None:
    """Serve a workshop until Ctrl+C.

    One that several processes serve is held by the one that starts them, and each of them is
    ``dxcourse workshop resume`` of its folder, which a worker does not hold again.

    Parameters
    ----------
    find
        Finds or makes its folder; asked once the port is there, so that nothing is made in vain.
    processes
        How many serve it; more than one where it is in a database alone.

    Raises
    ------
    WorkshopError
        It runs already, the port is taken, its folder is damaged, or it is in a file that one
        process holds.
    """
    public = _public(listen_at.public_url)
    known = own_addresses()
    address = listen_at.host or known[0].address
    # Listening on one address alone keeps other networks of this machine out.
    host = listen_at.host or EVERYWHERE
    sockets = listen(host, listen_at.port, tries=PORT_TRIES if listen_at.search else 1)
    with closing_all(sockets):
        kept = find()
        worker = this_worker()
        check_processes(processes, shared=isinstance(kept.storage, DatabaseStorage))
        # Whoever finds it held has changed nothing of it: what makes the site may write.
        with nullcontext() if worker is not None else kept.held():
            site = _site(kept, listen_at, public, known, address, port_of(sockets))

            def make() -> Live:
                return Live(Room(kept, course), site)

            def ready() -> None:
                sign = sys.stdout.encoding or "utf-8"
                for line in announcement(kept, site, known, address, processes=processes):
                    tell(line if _can_say(line) else line.encode(sign, "replace").decode(sign))
                sys.stdout.flush()

            if worker is not None:
                run_room(make, sockets, worker.say_ready)
                return
            if processes == 1:
                run_room(make, sockets, ready)
                return
            from dxcourse.web.supervisor import keep_alive  # noqa: PLC0415  -- not on Windows

            keep_alive(_worker_command(kept, listen_at, site), sockets, processes, ready)


def check_processes(processes: int, *, shared: bool) -> None:
    """Let a workshop pass that so many processes can serve.

    Parameters
    ----------
    shared
        Whether it is in a database.

    Raises
    ------
    WorkshopError
        They cannot: it is in a file, or this is Windows.
    """
    if sys.platform == "win32" and (processes > 1 or shared):
        raise WorkshopError(say("workshop.errors.not_on_windows"))
    if processes > 1 and not shared:
        raise WorkshopError(say("workshop.errors.needs_database"))


def _worker_command(kept: WorkshopFolder, listen_at: Listen, site: RoomSite) -> Sequence[str]:
    """What serves a workshop beside others: what its folder knows is told by its folder."""
    options = ["--host", site.address, "--port", str(site.port)]
    for name in listen_at.names:
        options += ["--name", name]
    if listen_at.public_url:
        options += ["--public-url", listen_at.public_url]
    options += ["--folder", str(kept.folder.parent), "--", kept.folder.name]
    return [sys.executable, "-m", "dxcourse", "workshop", "resume", *options]


def _site(  # noqa: PLR0913, PLR0917  -- what was found out
    kept: WorkshopFolder,
    listen_at: Listen,
    public: SplitResult | None,
    known: list[NetworkAddress],
    address: str,
    port: int,
) -> RoomSite:
    shown = listen_at.names[0].lower() if listen_at.names else address
    plain = f"http://{shown}" + (f":{port}" if port != HTTP_PORT else "")
    return RoomSite(
        hosts=frozenset(
            [address, "127.0.0.1", "localhost", *own_names()]
            + [name.lower() for name in listen_at.names]
            + [each.address for each in known]
            + ([public.hostname] if public and public.hostname else [])
        ),
        join_address=public.geturl().rstrip("/") if public else plain,
        join_key=kept.keys.join,
        address=address,
        port=port,
        own=frozenset(each.address for each in known),
        wifi=kept.wifi(listen_at.wifi),
        settings=LocalSettings.usual(public_url=public.geturl().rstrip("/") if public else ""),
    )


def _public(url: str) -> SplitResult | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise WorkshopError(say("workshop.errors.public_url", url=url))
    return parts


@contextmanager
def closing_all(sockets: list[socket.socket]) -> Iterator[None]:
    """Let go of sockets that nobody came to use."""
    try:
        yield
    finally:
        for each in sockets:
            each.close()


def announcement(
    kept: WorkshopFolder,
    site: RoomSite,
    known: list[NetworkAddress],
    address: str,
    *,
    processes: int = 1,
) -> Iterator[str]:
    """What the command says when everything is there."""
    picture = io.StringIO()
    segno.make(site.join_url, error="m", micro=False).terminal(out=picture, compact=True, border=2)
    if _can_say(picture.getvalue()):
        yield picture.getvalue().rstrip("\n")
    values = {
        "join": site.join_url,
        "base": site.join_address,
        "code": kept.keys.code_to_read,
        "board": kept.keys.board,
    }
    for line in words("workshop.terminal")["lines"]:
        yield line.format(**values)
    for each in known:
        mark = "*" if each.address == address else " "
        kind = say(f"workshop.terminal.kinds.{each.kind}")
        address_shown = f"{each.address:15}"
        yield say("workshop.terminal.address", mark=mark, address=address_shown, kind=kind)
    if all(each.kind in {"loopback", "unassigned"} for each in known):
        yield say("workshop.terminal.nowhere")
    storage = kept.storage
    if isinstance(storage, DatabaseStorage):
        place = without_password(storage.database)
        yield say("workshop.terminal.database", place=place, n=processes)
    yield say("workshop.terminal.kept", folder=kept.folder)


def _can_say(text: str) -> bool:
    """Whether the terminal has the signs; a Windows window that is written to a file has not."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def copy_workshop(kept: WorkshopFolder, name: str, *, now: datetime) -> WorkshopFolder:
    """A new workshop with another's agenda, as it was planned last: its stops, times and notes.

    It is in the same database, where the other is in one.

    Raises
    ------
    WorkshopError
        It cannot be read, or the new one not be made.
    """
    state = kept.state()
    if state.agenda is None:
        raise WorkshopError(say("workshop.errors.no_agenda", folder=kept.folder))
    stops = tuple(
        stop.model_copy(
            update={
                "minutes": (minutes := state.minutes.get(stop.id, 0.0) or stop.minutes),
                "least": min(stop.least, minutes),
            }
        )
        for stop in state.stops
    )
    agenda = state.agenda.model_copy(update={"stops": stops})
    storage = kept.storage
    return create_workshop(
        kept.folder.parent,
        name,
        agenda,
        now=now,
        names=state.names,
        pictures=sorted(kept.pictures.glob("*")),
        database=storage.database if isinstance(storage, DatabaseStorage) else "",
    )


def end_workshop(kept: WorkshopFolder, *, now: datetime) -> None:
    """End a workshop that does not run.

    Raises
    ------
    WorkshopError
        It runs (end it on its board), has ended, or cannot be written.
    """

    def decide(events: Sequence[RoomEvent]) -> list[RoomEvent]:
        if fold(events).ended:
            raise WorkshopError(say("workshop.errors.ended", folder=kept.folder.name))
        return [RoomEvent(EventKind.ENDED, now)]

    with kept.held(), closing(kept.storage.open_log()) as log:
        log.append(decide)


def export_workshop(kept: WorkshopFolder, course: Course, folder: Path) -> list[Path]:
    """Write the report and all answers of a workshop, also while it runs; gives the files.

    Raises
    ------
    WorkshopError, StoreError
        It cannot be read, or the folder not be written to.
    """
    workshop = read_snapshot(kept, course)
    return _write_files(folder, {name: make(workshop) for name, make in REPORTS.items()})


def _write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            path = folder / name
            path.write_bytes(content)
            paths.append(path)
    except OSError as error:
        told = say("workshop.errors.report", folder=folder, error=error.strerror)
        raise WorkshopError(told) from error
    return paths


def compare_workshops(
    found: Iterable[WorkshopFolder], course: Course, folder: Path, *, year: int | None = None
) -> list[Path]:
    """Write a comparison of workshops that were held, of a fiscal year or all; gives the files.

    Raises
    ------
    WorkshopError, StoreError
        Fewer than two were held, one cannot be read, or the folder not be written to.
    """
    from dxcourse.workshop.report import excel_comparison  # noqa: PLC0415  -- needs openpyxl

    read = [read_snapshot(kept, course) for kept in found]
    held = [each for each in read if each.began and year in {None, fiscal_year(each)}]
    if len(held) < 2:  # noqa: PLR2004  -- to compare takes two
        raise WorkshopError(say("workshop.errors.nothing_to_compare", n=len(held)))
    comparison = compare_rooms(held)
    files = {
        "comparison.html": html_comparison(comparison).encode(),
        "comparison.xlsx": excel_comparison(comparison),
    }
    return _write_files(folder, files)


def read_snapshot(kept: WorkshopFolder, course: Course) -> Workshop:
    """A workshop as it stands, also while it runs.

    Raises
    ------
    WorkshopError, StoreError
        It cannot be read.
    """
    with closing(Room(kept, course)) as room:
        return snapshot(room)


# -- A process that serves a room: listens, says where, and ends in order --------------------------

PORT_TRIES = 20

log = logging.getLogger(__name__)


class RoomHealthHandler(RoomHandler):
    """Alive."""

    checks = ()

    def get(self) -> None:
        """Say so."""
        self.set_header("Content-Type", "text/plain")
        self.finish("ok\n")


def application(live: Live) -> Application:
    """An allow-list of what is answered."""
    name = r"([a-z0-9-]{1,64})"
    key = r"([A-Za-z0-9_-]{1,64})"
    routes: list[Route] = [
        (r"/", phones.PhonePageHandler),
        (r"/j/([a-z0-9]{1,64})", phones.PhonePageHandler),
        (r"/sheet", phones.SheetPageHandler),
        (r"/api/join", phones.JoinHandler),
        (r"/api/mine", phones.ParticipantStateHandler),
        (rf"/api/mine/{name}", phones.OwnReplyHandler),
        (rf"/api/answers/{name}", phones.ParticipantAnswerHandler),
        (r"/api/nods", phones.NodHandler),
        (r"/api/questions", phones.QuestionHandler),
        (r"/events", phones.PhoneEventsHandler),
        (r"/test", boards.ReachTestPageHandler),
        (r"/test/events", boards.ReachTestEventsHandler),
        (r"/api/reached", boards.ReachReportHandler),
        (r"/help", boards.HelpPageHandler),
        (rf"/(board|wall)/{key}", boards.ScreenPageHandler),
        (rf"/(board|wall)/{key}/events", boards.ScreenEventsHandler),
        (rf"/wall/{key}/(qr|wifi).svg", boards.JoinQrHandler),
        (rf"/board/{key}/remote.svg", boards.RemoteQrHandler),
        (rf"/board/{key}/cards", boards.CardsPageHandler),
        (rf"/board/{key}/card/([1-9][0-9]?).svg", boards.CardQrHandler),
        (r"/pictures/([A-Za-z0-9_.-]{1,100})", boards.PictureHandler),
        (rf"/board/{key}/files/([a-z.]+)", boards.BoardReportHandler),
        (rf"/board/{key}/reach", boards.BoardReachHandler),
        (rf"/board/{key}/do", boards.BoardCommandHandler),
        (rf"/board/{key}/voices/{name}", boards.BoardVoicesHandler),
        (r"/static/([0-9a-f]{12})/([a-z.]+)", StaticFileHandler),
        (r"/healthz", RoomHealthHandler),
    ]
    return Application(
        allow_list(live.site, routes), live=live, **tornado_settings(live.site, routes)
    )


def run_room(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    """Serve until Ctrl+C or SIGTERM."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    asyncio.run(_run_room(make, sockets, ready))


async def _run_room(
    make: Callable[[], Live], sockets: list[socket.socket], ready: Callable[[], None]
) -> None:
    live = make()

    def begin() -> None:
        live.start()
        ready()

    async def let_go() -> None:
        live.stop_listening()

    try:
        await serve(application(live), live.site, sockets, ready=begin, before_end=let_go)
    finally:
        live.stop()
