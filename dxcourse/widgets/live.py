"""The exercise as a widget, for JupyterLab, Notebook and stock Voila."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import ipywidgets
import traitlets

from dxcourse import settings
from dxcourse.answers import (
    AttemptsUsed,
    FileStore,
    LearnerStore,
    Reply,
    ServiceStore,
    StoreError,
    replies,
    submit,
)
from dxcourse.assignment import Assignment
from dxcourse.course import Course
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.widgets.bundle import script, style


class ExerciseWidget(anywidget.AnyWidget):
    """One exercise on screen; what a learner gives is stored, and the reply shown.

    `outbox` is set by the front end, everything else here. The state of the widget is never what
    is graded: the record is. `on_stored` is called when an answer of it was stored. By `seed` items
    are ordered and drafts are kept: for an assignment it names that, too, as two may ask the same.
    """

    _esm = script()
    _css = style()

    exercise = traitlets.Dict().tag(sync=True)
    seed = traitlets.Unicode().tag(sync=True)
    reply = traitlets.Dict(allow_none=True, default_value=None).tag(sync=True)
    outbox = traitlets.Dict().tag(sync=True)
    status = traitlets.Dict().tag(sync=True)

    def __init__(  # noqa: PLR0913  -- an answer has this many sides
        self,
        exercise: AnyExercise,
        *,
        store: LearnerStore,
        learner: str,
        where: str,
        reply: Reply | None,
        on_stored: Callable[[], None],
        seed: str = "",
    ) -> None:
        self._on_stored = on_stored
        self._exercise, self._store, self._learner, self._where = exercise, store, learner, where
        super().__init__(
            exercise=exercise.public(),
            seed=seed or learner,
            reply=reply.message() if reply else None,
        )
        self.observe(self._take, names="outbox")

    def _take(self, change: dict[str, Any]) -> None:
        """Store what the front end has put in the outbox, and say what became of it."""
        outbox = change["new"]
        ticket = outbox.get("id")
        try:
            reply = submit(
                self._exercise,
                outbox.get("answer"),
                store=self._store,
                learner=self._learner,
                where=self._where,
                entry_id=ticket,
                partial=True,
            )
        except AttemptsUsed:
            self.status = {"id": ticket, "state": "spent"}
        except (AnswerError, ValueError) as error:
            self.status = {"id": ticket, "state": "refused", "message": str(error)}
        except StoreError as error:
            self.status = {"id": ticket, "state": "waiting", "message": str(error)}
        else:
            self.reply = reply.message()
            self.status = {"id": ticket, "state": "saved"}
            self._on_stored()


def widget(
    course: Course | Assignment, exercise: AnyExercise, on_stored: Callable[[], None]
) -> ExerciseWidget:
    """The widget of an exercise for whoever sits at this machine; see `ExerciseWidget`."""
    store, learner, where = here(course)
    reply = replies(course.exercises, store, learner).get(exercise.id)
    return ExerciseWidget(
        exercise,
        store=store,
        learner=learner,
        where=where,
        reply=reply,
        on_stored=on_stored,
        seed=f"{course.folder.name}/{learner}" if isinstance(course, Assignment) else learner,
    )


# -- What is one learner's alone, as a widget that can be made anew when something is stored -------

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
