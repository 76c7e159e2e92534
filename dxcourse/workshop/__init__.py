"""A live session: one exercise in a room, on phones, on the board and on the wall."""

from dxcourse.workshop._agenda import Agenda, read_agenda
from dxcourse.workshop._errors import NotNow, WorkshopError
from dxcourse.workshop._folder import Kept, create, every, find, workshops_folder
from dxcourse.workshop._hold import copied, end, hold, snapshot_of
from dxcourse.workshop._snapshot import Asked, Stop, Workshop

__all__ = [
    "Agenda",
    "Asked",
    "Kept",
    "NotNow",
    "Stop",
    "Workshop",
    "WorkshopError",
    "copied",
    "create",
    "end",
    "every",
    "find",
    "hold",
    "read_agenda",
    "snapshot_of",
    "workshops_folder",
]
