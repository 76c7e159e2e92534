"""What one learner has made: a plan and its files, how far they are, what they said."""

from typing import TYPE_CHECKING

from dxcourse.lazy import lazy_names
from dxcourse.learner.own_words import (
    AnswerPair,
    OwnWords,
    PairedAnswer,
    own_words,
    pairs,
    said,
    tomorrow_item,
)
from dxcourse.learner.plan import (
    FollowUp,
    Plan,
    PlanLine,
    day_in_words,
    is_working_day,
    plan_of,
    plan_text,
    short_day,
    working_day,
)
from dxcourse.learner.progress import (
    ModuleProgress,
    Place,
    finished_on,
    place,
    progress,
    route_finished_on,
)
from dxcourse.learner.review import ReviewItem, review

if TYPE_CHECKING:
    from dxcourse.learner.excel import excel_file, words_file
    from dxcourse.learner.plan_calendar import calendar_file

__all__ = [
    "AnswerPair",
    "FollowUp",
    "ModuleProgress",
    "OwnWords",
    "PairedAnswer",
    "Place",
    "Plan",
    "PlanLine",
    "ReviewItem",
    "calendar_file",
    "day_in_words",
    "excel_file",
    "finished_on",
    "is_working_day",
    "own_words",
    "pairs",
    "place",
    "plan_of",
    "plan_text",
    "progress",
    "review",
    "route_finished_on",
    "said",
    "short_day",
    "tomorrow_item",
    "words_file",
    "working_day",
]

# What makes files, and needs openpyxl or icalendar: most pages make none.
__getattr__ = lazy_names(
    __name__,
    {"calendar_file": "plan_calendar", "excel_file": "excel", "words_file": "excel"},
)
