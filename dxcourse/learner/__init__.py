"""What a learner takes home: the plan as data, an Excel file and a calendar; how far they are."""

from dxcourse.learner.before_after import AnswerPair, GivenAnswer, pairs
from dxcourse.learner.plan import FollowUp, Plan, PlanLine, day_in_words, plan_of, words
from dxcourse.learner.plan_calendar import calendar_file
from dxcourse.learner.plan_excel import excel_file
from dxcourse.learner.progress import ModuleProgress, finished_on, progress

__all__ = [
    "AnswerPair",
    "FollowUp",
    "GivenAnswer",
    "ModuleProgress",
    "Plan",
    "PlanLine",
    "calendar_file",
    "day_in_words",
    "excel_file",
    "finished_on",
    "pairs",
    "plan_of",
    "progress",
    "words",
]
