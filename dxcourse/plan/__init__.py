"""What a learner takes home: the plan as data, an Excel file and a calendar; how far they are."""

from dxcourse.plan._calendar import calendar_file
from dxcourse.plan._excel import excel_file
from dxcourse.plan._pairs import Pair, Said, pairs
from dxcourse.plan._plan import Asked, Line, Plan, plan_of
from dxcourse.plan._progress import Progress, finished_on, progress
from dxcourse.plan._words import day_in_words, words

__all__ = [
    "Asked",
    "Line",
    "Pair",
    "Plan",
    "Progress",
    "Said",
    "calendar_file",
    "day_in_words",
    "excel_file",
    "finished_on",
    "pairs",
    "plan_of",
    "progress",
    "words",
]
