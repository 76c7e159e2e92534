"""`course.yaml`: every slide has its module, every objective its exercise."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dxcourse.checking._content import Content
    from dxcourse.checking._finding import Finding


def slides(content: Content) -> Iterator[Finding]:
    """Hold that every slide belongs to a module, written or coming."""
    outline = content.course.outline
    covered = {slide for module in outline.modules for slide in module.slides}
    for slide in range(1, outline.slides_total + 1):
        if slide not in covered:
            message = f"slide {slide} belongs to no module; add it to the slides of one"
            yield content.outline.finding(message, "slides_total")
    for index, module in enumerate(outline.modules):
        for slide in module.slides:
            if not 1 <= slide <= outline.slides_total:
                message = f"there is no slide {slide} of {outline.slides_total}; mend the number"
                yield content.outline.finding(message, "modules", index, "slides")


def objectives(content: Content) -> Iterator[Finding]:
    """Hold that each objective of a written module is practised by an exercise that is shown."""
    course = content.course
    shown = {name for names in course.shown.values() for name in names if name in course.exercises}
    practised = {id_ for name in shown for id_ in course.exercises[name].objectives}
    yield from unpractised(content, practised, "that a module shows")


def unpractised(content: Content, practised: set[str], where: str) -> Iterator[Finding]:
    """Find the objectives of written modules that are not among those that are practised."""
    for index, module in enumerate(content.course.outline.modules):
        for place, objective in enumerate(module.objectives):
            if not module.coming and objective.id not in practised:
                message = (
                    f'objective "{objective.id}" has no exercise {where}; '
                    "write one, or name it in the objectives of one"
                )
                yield content.outline.finding(message, "modules", index, "objectives", place)


def ids(content: Content) -> Iterator[Finding]:
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
                message = f'{what} "{id_}" stands twice; give each a name of its own'
                yield content.outline.finding(message, "modules", index, *steps)
            seen.add((what, id_))
