"""A live session: one exercise in a room, on phones, on the board and on the wall.

`session` runs one, `results` says what a room's answers look like, `report` what is left of it.
"""

from dxcourse.workshop.agenda import Agenda, read_agenda
from dxcourse.workshop.errors import NotNow, WorkshopError
from dxcourse.workshop.folder import (
    WorkshopFolder,
    create_workshop,
    find_workshop,
    list_workshops,
    workshops_folder,
)
from dxcourse.workshop.snapshot import AskedExercise, StopRecord, Workshop

__all__ = [
    "Agenda",
    "AskedExercise",
    "NotNow",
    "StopRecord",
    "Workshop",
    "WorkshopError",
    "WorkshopFolder",
    "create_workshop",
    "find_workshop",
    "list_workshops",
    "read_agenda",
    "workshops_folder",
]
