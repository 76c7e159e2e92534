"""The calls, thin: they find the course, take its data, and fill a template."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from weakref import WeakSet

from IPython.display import HTML

from dxcourse import course as courses
from dxcourse import settings
from dxcourse.assignment import Assignment
from dxcourse.authored import calls
from dxcourse.chapters import TOMORROW
from dxcourse.course import Course, CourseError, Module
from dxcourse.exercises import AnyExercise, Note, within
from dxcourse.facts import Figure, FigureSeries, Law, PlanSection, Source, deadline_status
from dxcourse.figures import PictureTexts, draw
from dxcourse.figures.svg import themed
from dxcourse.learner import pairs, tomorrow_item
from dxcourse.notebook_calls.markup import html, lesson_style, plain_html
from dxcourse.notebook_calls.report import LearnerReport, pledge_of
from dxcourse.text import say
from dxcourse.widgets import strings, tokens

if TYPE_CHECKING:
    from collections.abc import MutableSet
    from datetime import date

    from dxcourse.facts import Change, Facts
    from dxcourse.widgets.live import ExerciseWidget, OwnWidget

NEWEST = 3  # changes that a module tells at once; those before them are folded


def facts_used(course: Course, module: Module) -> list[str]:
    """The ids of the facts a module cites: in its cells and in its exercises, in order."""
    used: dict[str, None] = {}
    for call in calls(course.notebook(module)):
        if call.name == "evidence":
            used.update(dict.fromkeys(call.arguments))
        elif call.name == "exercise" and call.arguments:
            exercise = course.exercise(call.arguments[0])
            used.update(dict.fromkeys(note.fact for note in within(exercise, Note) if note.fact))
    return list(used)


def cited_in(course: Course, module: Module) -> list[Source]:
    """The sources behind the facts a module cites, the slides first."""
    sources = {source.id: source for source in course.facts.rows(Source)}
    used = dict.fromkeys(course.facts[fact].source for fact in facts_used(course, module))
    return [sources[name] for name in dict.fromkeys(["slides", *used])]


def heading(module_id: str) -> HTML:
    """A module's title, minutes, slides and objectives, from `course.yaml`."""
    course = courses.current()
    return html("heading.html.j2", {"module": course.module(module_id)})


def exercise(exercise_id: str) -> HTML | ExerciseWidget:
    """An exercise: a widget where there is a kernel, plain HTML on our pages.

    Beside an `exercises.yaml` it is one of that assignment, else one of the course. One that was
    written for an older edition of the plan gives way to a note.

    Raises
    ------
    CourseError
        There is no such exercise.
    """
    course = Assignment.at(Path.cwd()) or courses.current()
    try:
        found = course.exercise(exercise_id)
    except courses.OutdatedError:
        return html("outdated.html.j2", {})
    if settings.rendering() or settings.grading():
        return html("exercise.html.j2", exercise_values(found))
    from dxcourse.widgets.live import widget  # noqa: PLC0415  -- a page needs no widgets

    return widget(course, found, session.stored)


def exercise_html(exercise: AnyExercise) -> str:
    """An exercise as a page has it, where no notebook is run to make one."""
    return plain_html("exercise.html.j2", exercise_values(exercise))


def exercise_values(exercise: AnyExercise) -> dict[str, Any]:
    """What the template of an exercise shows."""
    return {"exercise": exercise.public(), "groups": groups(exercise)}


def groups(exercise: AnyExercise) -> list[dict[str, Any]]:
    """Each item's text and its choices, as print and a browser without scripts show them."""
    cards = {item["ref"]: item.get("card", []) for item in exercise.public()["items"]}
    texts = {item.ref: "" if exercise.single else item.text for item in exercise.items}
    choices = {item.ref: [c.text for c in exercise.choices(item)] for item in exercise.items}
    return [
        {"text": texts[ref], "choices": choices[ref], "card": card} for ref, card in cards.items()
    ]


def evidence(*fact_ids: str) -> HTML:
    """The facts that a passage rests on, each with its two marks."""
    facts = courses.current().facts
    found = [{"fact": facts[name], "cite": facts.cite(name)} for name in fact_ids]
    return html("evidence.html.j2", {"facts": found})


def deadlines() -> HTML:
    """Every deadline of the course's data against today's date in Japan."""
    facts = courses.current().facts
    today = settings.today()
    rows = [
        {
            "row": row,
            "state": deadline_status(row, today).state,
            "says": facts.deadline_text(row, today),
            "cite": facts.cite(row.fact),
        }
        for row in sorted(facts.deadlines(), key=lambda row: row.date)
    ]
    return html("deadlines.html.j2", {"rows": rows, "today": today})


def changes() -> HTML:
    """What changed after the slides were made, by date, each with its two marks."""
    facts = courses.current().facts
    today = settings.today()
    return html("changes.html.j2", {"rows": _told(facts, facts.changes(today), today)})


def now(module_id: str) -> HTML:
    """What a module opens with: what changed since the slides, and deadlines seen from today.

    Raises
    ------
    CourseError
        There is no such module, or nothing is to be told of it.
    """
    course = courses.current()
    module = course.module(module_id)
    today = settings.today()
    found = _told(course.facts, course.facts.changes(today, module.id), today)
    return html("now.html.j2", {"rows": found, "newest": NEWEST, "today": today})


def _told(facts: Facts, changes: tuple[Change, ...], today: date) -> list[dict[str, Any]]:
    items = {item.code: item.short for item in facts.plan()}
    return [
        {
            "row": row,
            "item": items.get(row.item, ""),
            "says": facts.deadline_text(row, today),
            "fact": facts[row.fact],
            "cite": facts.cite(row.fact),
        }
        for row in changes
    ]


def numbers(*series: str) -> HTML:
    """The values of some series of `data/figures_*.csv`, with where and when each holds.

    Raises
    ------
    CourseError
        There is no such series, or it has no value.
    """
    facts = courses.current().facts
    known = {row.series: row for row in facts.rows(FigureSeries)}
    shown = []
    cites = {}  # by what they say: two facts of one source and date are told once
    for name in series:
        figures = facts.figures(name)
        if not figures:
            raise CourseError(say("chapter.errors.no-series", name=name))
        rows = []
        for figure in figures:
            cite = facts.cite(figure.fact)
            cites[cite.text] = cite
            rows.append({"figure": figure, "value": _amount(figure, facts), "cite": cite})
        shown.append({"series": known[name], "rows": rows})
    return html("numbers.html.j2", {"series": shown, "cites": list(cites.values())})


def _amount(figure: Figure, facts: Facts) -> str:
    """Write a figure with as many decimals as the others that its fact gives in its unit."""
    others = [
        each.value
        for each in facts.rows(Figure)
        if (each.fact, each.unit) == (figure.fact, figure.unit)
    ]
    return f"{figure.value:,.{0 if all(map(float.is_integer, others)) else 1}f}"


def plan_table(edition: str | None = None) -> HTML:
    """The items of the promotion plan: class, basis, handbook, deadline, what binds, certainty."""
    facts = courses.current().facts
    laws = {law.id: law for law in facts.rows(Law)}
    items = facts.plan(edition)
    names = {s.section: s.name for s in facts.rows(PlanSection) if s.edition == items[0].edition}
    rows = [
        {
            "item": item,
            "class_name": facts.name("class", item.class_),
            "class_cite": facts.cite(item.class_fact),
            "basis": laws[item.basis].short if item.basis else "",
            "basis_cite": facts.cite(item.basis_fact) if item.basis_fact else None,
            "handbook": facts.name("handbook", item.handbook),
            "deadline_cite": facts.cite(item.deadline_fact) if item.deadline_fact else None,
            "binding": facts.name("binding", item.binding),
            "binding_cite": facts.cite(item.binding_fact),
        }
        for item in items
    ]
    return html("plan_table.html.j2", {"rows": rows, "sections": names})


def legend() -> HTML:
    """What the marks of provenance and certainty mean."""
    facts = courses.current().facts
    return html(
        "legend.html.j2",
        {"provenance": facts.legend("provenance"), "certainty": facts.legend("certainty")},
    )


def picture(name: str) -> HTML:
    """A picture of `dxcourse.figures`, with its alt text."""
    course = courses.current()
    drawn = draw(name, course.facts, settings.today(), PictureTexts.load(course.root / "data"))
    return html("picture.html.j2", {"picture": drawn, "svg": themed(drawn.svg)})


def glossary() -> HTML:
    """Every term of the glossary, in the order of its reading; pages let one search in it."""
    facts = courses.current().facts
    terms = sorted(facts.glossary(), key=lambda term: (_reading(term.reading), term.term))
    rows = [{"term": term, "cites": [facts.cite(each) for each in term.facts]} for term in terms]
    return html("glossary.html.j2", {"rows": rows})


def _reading(reading: str) -> str:
    """A reading to sort by: katakana as hiragana, case and marks put aside."""
    folded = unicodedata.normalize("NFKC", reading).casefold()
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in folded)


def ending(module_id: str) -> HTML:
    """The sources that a module used, and the next step."""
    course = courses.current()
    module = course.module(module_id)
    if module.coming:
        raise CourseError(say("chapter.errors.ending", module=module_id))
    return html(
        "ending.html.j2",
        {
            "module": module,
            "sources": cited_in(course, module),
            "following": course.next_after(module),
            "later": next((m for m in course.modules if m.id > module.id), None),
            "pages": settings.rendering(),
            "tomorrow": _tomorrow(course, module),
        },
    )


def _tomorrow(course: Course, module: Module) -> dict[str, Any] | None:
    """The question for a sentence to say tomorrow; None where the module asks for none.

    It is one item of an exercise that all chapters share, shown as an exercise of its own.
    """
    exercise = course.exercises.get(TOMORROW)
    ref = tomorrow_item(exercise, module)
    if exercise is None or ref is None:
        return None
    public = exercise.public()
    item = next(item for item in public["items"] if item["ref"] == ref)
    words = {"title": item["text"], "prompt": say("chapter.end.tomorrow_keep")}
    return {
        "exercise": {**public, **words, "items": [{**item, "text": ""}]},
        "groups": [{"text": "", "choices": [], "card": []}],
    }


# -- What the calls of one notebook share: a kernel is one learner at one course -------------------
#
# A cell's call has nothing in hand but its arguments, so what one call has shown and another must
# reach is kept here, beside the calls, and handed to the widgets; they themselves know only what
# they are given.


class Following(Protocol):
    """What shows something of the record, and can show it anew."""

    def refresh(self) -> None:
        """Show what is stored now."""


class NotebookSession:
    """What is on screen of the record, told whenever an answer is stored."""

    def __init__(self) -> None:
        # Weak: what a cell shows is gone when the cell is run again.
        self._shown: MutableSet[Following] = WeakSet()

    def follow(self, shown: Following) -> None:
        """Tell it from now on, for as long as it is there."""
        self._shown.add(shown)

    def stored(self) -> None:
        """Tell all that follow that an answer was stored."""
        for shown in list(self._shown):
            shown.refresh()


session = NotebookSession()
"""The kernel's own: where a course has no kernel (on our pages) nothing follows it."""


# -- The calls that show what is one learner's alone -----------------------------------------------
#
# A page is made once for everyone: it gets a place, which its script fills. In a notebook the
# record is read at once, and again whenever an answer is stored.


def my_plan() -> HTML | OwnWidget:
    """The learner's pledge as a card to print, as an Excel file and as a calendar.

    Raises
    ------
    CourseError
        The course has no pledge.
    """
    pledge_of(courses.current())
    return _place("/my/plan", lambda own, _: own.plan_html(datetime.now(UTC)))


def certificate() -> HTML | OwnWidget:
    """The certificate of completion, without a score; until then, what is left to do."""
    return _place("/my/certificate", lambda own, name: own.certificate_html(name), asks_name=True)


def before_after(before: str, after: str) -> HTML | OwnWidget:
    """The learner's answers to two exercises side by side, item by item.

    Raises
    ------
    CourseError
        There is no such exercise, or the two cannot be compared.
    """
    pairs(courses.current(), before, after, {})
    return _place(
        f"/my/before-after/{before}/{after}",
        lambda own, _: own.before_after_html(before, after),
    )


def said(exercise_id: str) -> HTML | OwnWidget:
    """What the learner said to an exercise before: 「あなたのひと言」.

    Raises
    ------
    CourseError
        There is no such exercise.
    """
    courses.current().exercise(exercise_id)
    return _place(f"/my/said/{exercise_id}", lambda own, _: own.said_html(exercise_id))


def _place(
    address: str, piece: Callable[[LearnerReport, str], str], *, asks_name: bool = False
) -> HTML | OwnWidget:
    if settings.rendering():
        return html("own.html.j2", {"address": address, "asks_name": asks_name})
    from dxcourse.widgets.live import OwnWidget, here  # noqa: PLC0415  -- a page needs no widgets

    def show(name: str) -> str:
        course = courses.current()
        store, learner, _ = here(course)
        own = LearnerReport.of(course, store, learner, pages=False)
        return f"<style>{tokens()}{lesson_style()}</style>{piece(own, name)}"

    label = str(strings()["own_name"]) if asks_name else ""
    shown = OwnWidget(show, name_label=label)
    session.follow(shown)
    return shown
