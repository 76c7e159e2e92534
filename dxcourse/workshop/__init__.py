"""A live session: one exercise in a room, on phones, on the board and on the wall.

`holding` runs one, `results` says what a room's answers look like, `report` what is left of it.
"""

from dxcourse.workshop._agenda import Agenda, read_agenda
from dxcourse.workshop._errors import NotNow, WorkshopError
from dxcourse.workshop._folder import Kept, create, every, find, workshops_folder
from dxcourse.workshop._snapshot import Asked, Stop, Workshop

__all__ = [
    "Agenda",
    "Asked",
    "Kept",
    "NotNow",
    "Stop",
    "Workshop",
    "WorkshopError",
    "create",
    "every",
    "find",
    "read_agenda",
    "workshops_folder",
]
