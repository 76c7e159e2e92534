"""What a room's answers look like: plain data for the wall, the phones and the report. Pure.

`room_view` makes the one view that all of them draw. Before the reveal it holds how many have
answered, and nothing else that came from a participant or that says what is right.
"""

from dxcourse.workshop.moderation import Moderation
from dxcourse.workshop.results.answers import GivenAnswer, Tally, carry_over
from dxcourse.workshop.results.pictures import (
    Bar,
    Bars,
    Certainty,
    Cloud,
    Column,
    Heat,
    HeatRow,
    Histogram,
    HistogramStep,
    Picture,
    PictureTable,
    Radar,
    Spoke,
    Theme,
    Themes,
    Voice,
    Voices,
    Word,
    exact,
    wall_words,
)
from dxcourse.workshop.results.view import (
    Answered,
    Changed,
    RoomView,
    before_reveal,
    is_withheld,
    room_view,
)
from dxcourse.workshop.results.voices import list_voices, voice_id_of, written

__all__ = [
    "Answered",
    "Bar",
    "Bars",
    "Certainty",
    "Changed",
    "Cloud",
    "Column",
    "GivenAnswer",
    "Heat",
    "HeatRow",
    "Histogram",
    "HistogramStep",
    "Moderation",
    "Picture",
    "PictureTable",
    "Radar",
    "RoomView",
    "Spoke",
    "Tally",
    "Theme",
    "Themes",
    "Voice",
    "Voices",
    "Word",
    "before_reveal",
    "carry_over",
    "exact",
    "is_withheld",
    "list_voices",
    "room_view",
    "voice_id_of",
    "wall_words",
    "written",
]
