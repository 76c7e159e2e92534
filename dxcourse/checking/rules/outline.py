"""`course.yaml` and what it lists, the agendas and their scenes, and what lies in the folders."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from dxcourse.authored import (
    YamlError,
    did_you_mean,
    finding,
    read_files,
    read_yaml,
    strays,
)
from dxcourse.chapters import TOMORROW
from dxcourse.errors import ContentError
from dxcourse.workshop import agenda
from dxcourse.workshop.drawings import our_pictures

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dxcourse.checking.content import Content, Files
    from dxcourse.errors import Finding


def covered_slides(content: Content) -> Iterator[Finding]:
    """Hold that every slide belongs to a module, written or coming."""
    outline = content.course.outline
    covered = {slide for module in outline.modules for slide in module.slides}
    for slide in range(1, outline.slides_total + 1):
        if slide not in covered:
            yield content.outline.finding("outline.slide", "slides_total", slide=slide)
    for index, module in enumerate(outline.modules):
        for slide in module.slides:
            if not 1 <= slide <= outline.slides_total:
                where = ("modules", index, "slides")
                blanks = {"slide": slide, "total": outline.slides_total}
                yield content.outline.finding("outline.no_slide", *where, **blanks)


def practised_objectives(content: Content) -> Iterator[Finding]:
    """Hold that each objective of a written module is practised by an exercise that is shown."""
    course = content.course
    shown = {name for names in course.shown.values() for name in names if name in course.exercises}
    practised = {id_ for name in shown for id_ in course.exercises[name].objectives}
    yield from unpractised(content, practised, "outline.unpractised")


def unpractised(content: Content, practised: set[str], code: str) -> Iterator[Finding]:
    """Find the objectives of written modules that are not among those that are practised."""
    for index, module in enumerate(content.course.outline.modules):
        for place, objective in enumerate(module.objectives):
            if not module.coming and objective.id not in practised:
                where = ("modules", index, "objectives", place)
                yield content.outline.finding(code, *where, id=objective.id)


def outline_ids(content: Content) -> Iterator[Finding]:
    """Hold that modules, their notebooks and their objectives each have a name of their own."""
    seen: set[tuple[str, str]] = set()
    for index, module in enumerate(content.course.outline.modules):
        named: list[tuple[str, str, tuple[int | str, ...]]] = [
            ("module", module.id, ("id",)),
            ("notebook", module.notebook, ("notebook",)),
            *(
                ("objective", objective.id, ("objectives", place))
                for place, objective in enumerate(module.objectives)
            ),
        ]
        for what, id_, steps in named:
            if (what, id_) in seen:
                where = ("modules", index, *steps)
                yield content.outline.finding(TWICE[what], *where, id=id_)
            seen.add((what, id_))


TWICE = {
    "module": "outline.module_twice",
    "notebook": "outline.notebook_twice",
    "objective": "outline.objective_twice",
}
BEFORE, AFTER = "before-course", "after-course"


def hidden_exercises(content: Content) -> Iterator[Finding]:
    """Hold that a module, a stand-alone page or an appendix shows each exercise.

    Those in the bank file of a module that is still coming are left to it.
    """
    modules = content.course.outline.modules
    coming = {PurePath(module.notebook).stem for module in modules if module.coming}
    books = [*(book for _, book in content.modules), *content.besides]
    shown = {name for book in books for call in book.calls("exercise") for name in call.arguments}
    for name, entry in content.entries.items():
        if name not in {*shown, TOMORROW} and PurePath(entry.name).stem not in coming:
            yield entry.finding("outline.hidden", id=name)


def shown_twice(content: Content) -> Iterator[Finding]:
    """Hold that the modules show each exercise once: its answer is kept under its id."""
    seen: dict[str, str] = {}
    for _, book in content.modules:
        for call in book.calls("exercise"):
            for name in call.arguments:
                if name in seen:
                    blanks = {"id": name, "first": seen[name]}
                    yield finding(book.name, call.line, "outline.shown_twice", **blanks)
                seen.setdefault(name, book.name)


def named_objectives(content: Content) -> Iterator[Finding]:
    """Hold that exercises name objectives that `course.yaml` has."""
    known = {o.id for module in content.course.outline.modules for o in module.objectives}
    for name, exercise in content.course.exercises.items():
        for place, objective in enumerate(exercise.objectives):
            if objective not in known:
                yield content.entries[name].finding(
                    "outline.no_objective",
                    "objectives",
                    place,
                    cure=did_you_mean(objective, known),
                    id=objective,
                )


def parallel_checks(content: Content) -> Iterator[Finding]:
    """Hold that the checks before and after the course ask the same: items of the same ids."""
    exercises = content.course.exercises
    if BEFORE not in exercises or AFTER not in exercises:
        return
    before, after = ([item.id for item in exercises[name].items] for name in (BEFORE, AFTER))
    for lacking, own, other in ((AFTER, after, before), (BEFORE, before, after)):
        missing = "".join(f"「{id_}」" for id_ in other if id_ not in own)
        if missing:
            there = BEFORE if lacking == AFTER else AFTER
            blanks = {"lacking": lacking, "there": there, "missing": missing}
            yield content.entries[lacking].finding("outline.parallel", "items", **blanks)


# -- Agendas of workshops, the course's and the author's own, and the scenes of what they ask ------


def fitting_agendas(content: Content) -> Iterator[Finding]:
    """Hold that each agenda can be read, and that the course has what it asks.

    Those of the package are for the course that it ships: they are held to this one where it has
    most of what they ask, so that whoever takes an exercise out of a copy is told before the day.
    """
    root = content.files.root
    shipped = [agenda.HERE / f"{name}.yaml" for name in agenda.SHIPPED]
    own = read_files((root / AGENDAS).glob("*.yaml"))
    for path in [*own, *(path for path in shipped if _is_for(path, content))]:
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
        try:
            agenda.load_agenda(path, name, content.course)
        except ContentError as error:
            yield from error.findings


def scene_pictures(content: Content) -> Iterator[Finding]:
    """Hold that the picture of an exercise's scene is one of ours: no folder goes with it."""
    known = our_pictures()
    for name, exercise in content.course.exercises.items():
        if exercise.scene and exercise.scene.picture not in {"", *known}:
            file = exercise.scene.picture
            blanks = {"file": file, "known": "、".join(known)}
            yield content.entries[name].finding("agendas.drawing", "scene", "picture", **blanks)


def _is_for(path: Path, content: Content) -> bool:
    """Whether the course has most of what an agenda asks."""
    try:
        stops = read_yaml(path).data["stops"]
        asked = [
            ask if isinstance(ask, str) else ask["id"]
            for stop in stops
            for ask in stop.get("asks", ())
        ]
    except (YamlError, KeyError, TypeError, AttributeError):
        return path.is_relative_to(content.files.root)
    known = sum(name in content.course.exercises for name in asked)
    return known > len(asked) / 2


# -- What lies in the course's folders -------------------------------------------------------------

BANK, DATA, AGENDAS = "exercises/bank", "data", "exercises/agendas"


def stray_files(files: Files) -> Iterator[Finding]:
    """Hold that every file beside exercises, agendas and tables is one that is read."""
    for folder in (BANK, AGENDAS):
        yield from strays(files.root / folder, folder, ".yaml")
    for found in strays(files.root / DATA, DATA, ".csv"):
        if not (found.code == "strays.ending" and found.file.endswith((".yaml", ".md"))):
            yield found
