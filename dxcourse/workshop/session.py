"""Holds a workshop: takes a port, says where everything is, serves until it is told to end."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import segno

from dxcourse.course import Course
from dxcourse.web.ports import listen, port_of
from dxcourse.web.settings import LocalSettings
from dxcourse.workshop.errors import WorkshopError
from dxcourse.workshop.events import EventKind, EventLog, RoomEvent
from dxcourse.workshop.folder import WorkshopFolder, create_workshop
from dxcourse.workshop.live import Live
from dxcourse.workshop.network import NetworkAddress, own_addresses, own_names
from dxcourse.workshop.report.files import REPORTS
from dxcourse.workshop.room import Room, snapshot
from dxcourse.workshop.server import PORT_TRIES, run_room
from dxcourse.workshop.site import RoomSite
from dxcourse.workshop.snapshot import Workshop
from dxcourse.workshop.state import fold

EVERYWHERE = "0.0.0.0"  # noqa: S104  -- phones are elsewhere; that is the point


def run_workshop(  # noqa: PLR0913  -- what a command line says
    kept: WorkshopFolder,
    course: Course,
    *,
    host: str | None,
    port: int,
    search_port: bool,
    names: tuple[str, ...],
    say: Callable[[str], None],
) -> None:
    """Serve a workshop until Ctrl+C.

    Parameters
    ----------
    host
        The address of this machine that phones are to use; the likeliest one where None.
    names
        Names under which the network knows this machine; the first is shown in place of `host`.

    Raises
    ------
    WorkshopError
        It runs already, the port is taken, or its folder is damaged.
    """
    known = own_addresses()
    address = host or known[0].address
    with kept.held():
        # Listening on one address alone keeps other networks of this machine out.
        sockets = listen(host or EVERYWHERE, port, tries=PORT_TRIES if search_port else 1)
        port = port_of(sockets)
        shown = names[0].lower() if names else address
        site = RoomSite(
            settings=LocalSettings.usual(),
            hosts=frozenset(
                [address, "127.0.0.1", "localhost", *own_names()]
                + [name.lower() for name in names]
                + [each.address for each in known]
            ),
            join_address=f"http://{shown}" + (f":{port}" if port != 80 else ""),  # noqa: PLR2004
            join_key=kept.keys.join,
            address=address,
        )

        def ready() -> None:
            sign = sys.stdout.encoding or "utf-8"
            for line in announcement(kept, site, known, address):
                say(line if _can_say(line) else line.encode(sign, "replace").decode(sign))
            sys.stdout.flush()

        run_room(lambda: Live(Room(kept, course), site), sockets, ready)


def announcement(
    kept: WorkshopFolder, site: RoomSite, known: list[NetworkAddress], address: str
) -> Iterator[str]:
    """What the command says when everything is there."""
    picture = io.StringIO()
    segno.make(site.join_url, error="m", micro=False).terminal(out=picture, compact=True, border=2)
    if _can_say(picture.getvalue()):
        yield picture.getvalue().rstrip("\n")
    words = site.words["terminal"]
    values = {
        "join": site.join_url,
        "base": site.join_address,
        "code": kept.keys.code_to_read,
        "board": kept.keys.board,
    }
    for line in words["lines"]:
        yield line.format(**values)
    for each in known:
        mark = "*" if each.address == address else " "
        kind = words["kinds"][each.kind]
        yield words["address"].format(mark=mark, address=f"{each.address:15}", kind=kind)
    if all(each.kind in {"loopback", "unassigned"} for each in known):
        yield words["nowhere"]
    yield words["kept"].format(folder=kept.folder)


def _can_say(text: str) -> bool:
    """Whether the terminal has the signs; a Windows window that is written to a file has not."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def copy_workshop(kept: WorkshopFolder, name: str, *, now: datetime) -> WorkshopFolder:
    """A new workshop with another's agenda, as it was planned last: its stops, times and notes.

    Raises
    ------
    WorkshopError
        It cannot be read, or the new one not be made.
    """
    state = kept.state()
    if state.agenda is None:
        raise WorkshopError(f"{kept.folder}: it has no agenda to copy")
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
    return create_workshop(kept.folder.parent, name, agenda, now=now, names=state.names)


def end_workshop(kept: WorkshopFolder, *, now: datetime) -> None:
    """End a workshop that does not run.

    Raises
    ------
    WorkshopError
        It runs (end it on its board), has ended, or cannot be written.
    """
    with kept.held(), closing(EventLog(kept.database)) as journal:
        if fold(journal.read()).ended:
            raise WorkshopError(f"{kept.folder.name}: it has ended already")
        journal.append([RoomEvent(EventKind.ENDED, now)])


def export_workshop(kept: WorkshopFolder, course: Course, folder: Path) -> list[Path]:
    """Write the report and all answers of a workshop, also while it runs; gives the files.

    Raises
    ------
    WorkshopError, StoreError
        It cannot be read, or the folder not be written to.
    """
    workshop = read_snapshot(kept, course)
    paths = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in REPORTS.items():
            path = folder / name
            path.write_bytes(make(workshop))
            paths.append(path)
    except OSError as error:
        raise WorkshopError(f"{folder}: cannot write the report ({error.strerror})") from error
    return paths


def read_snapshot(kept: WorkshopFolder, course: Course) -> Workshop:
    """A workshop as it stands, also while it runs.

    Raises
    ------
    WorkshopError, StoreError
        It cannot be read.
    """
    with closing(Room(kept, course)) as room:
        return snapshot(room)
