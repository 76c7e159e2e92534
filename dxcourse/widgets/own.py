"""What is one learner's alone, as a widget that can be made anew when something is stored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipywidgets

from dxcourse import settings
from dxcourse.answers import FileStore, LearnerStore, ServiceStore
from dxcourse.assignment import Assignment
from dxcourse.course import Course

NAME_LENGTH = 40  # characters


class OwnWidget(ipywidgets.VBox):  # type: ignore[misc]  # ipywidgets has no types
    """Some HTML that is made anew when it is told to (`refresh`), or a name is typed.

    Parameters
    ----------
    show
        Makes the HTML; it is given the name that stands in the field, or "".
    name_label
        The label of a field for a name, which is kept nowhere; "" for none.
    """

    def __init__(self, show: Callable[[str], str], *, name_label: str = "") -> None:
        self._show = show
        self._html = ipywidgets.HTML()
        self._name = ipywidgets.Text(description=name_label, style={"description_width": "auto"})
        self._name.observe(self._named, names="value")
        super().__init__([self._name, self._html] if name_label else [self._html])
        self.refresh()

    def refresh(self) -> None:
        """Show what is stored now."""
        self._html.value = self._show(self._name.value[:NAME_LENGTH])

    def _named(self, _: dict[str, Any]) -> None:
        self.refresh()


def here(course: Course | Assignment) -> tuple[LearnerStore, str, str]:
    """Where answers are kept for whoever sits at this machine, who that is, and on what surface.

    An assignment's are kept beside its notebook, to be handed in with it; the course's, under a
    hub, with what was answered on its pages.
    """
    service = settings.answers_service()
    store: LearnerStore
    if isinstance(course, Assignment):
        store = course.store()
    elif service is not None:
        store = ServiceStore(*service)
    else:
        store = FileStore(settings.answers_file(course.root))
    if settings.visited():
        return store, settings.passing_learner(), "voila"
    return store, settings.local_learner(), "notebook"
