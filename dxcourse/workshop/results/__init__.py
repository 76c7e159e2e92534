"""What a room's answers look like: plain data for the wall, the phones and the report. Pure.

`room_view` makes the one view that all of them draw. Before the reveal it holds how many have
answered, and nothing else that came from a participant or that says what is right.
"""

from dxcourse.workshop.results._again import asked_again, names_of
from dxcourse.workshop.results._clean import clean
from dxcourse.workshop.results._figures import exact
from dxcourse.workshop.results._given import Given, Moderation, Tally
from dxcourse.workshop.results._pictures import (
    Bar,
    Bars,
    Certainty,
    Cloud,
    Column,
    Heat,
    HeatRow,
    Histogram,
    Picture,
    Radar,
    Span,
    Spoke,
    Table,
    Theme,
    Themes,
    Voice,
    Voices,
    Word,
)
from dxcourse.workshop.results._room import is_withheld, room_view
from dxcourse.workshop.results._view import Answered, Changed, RoomView
from dxcourse.workshop.results._voices import voice_of, voices_of
from dxcourse.workshop.results._words import wall_words

__all__ = [
    "Answered",
    "Bar",
    "Bars",
    "Certainty",
    "Changed",
    "Cloud",
    "Column",
    "Given",
    "Heat",
    "HeatRow",
    "Histogram",
    "Moderation",
    "Picture",
    "Radar",
    "RoomView",
    "Span",
    "Spoke",
    "Table",
    "Tally",
    "Theme",
    "Themes",
    "Voice",
    "Voices",
    "Word",
    "asked_again",
    "clean",
    "exact",
    "is_withheld",
    "names_of",
    "room_view",
    "voice_of",
    "voices_of",
    "wall_words",
]
