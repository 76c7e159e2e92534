"""The exercise as a widget, for JupyterLab, Notebook and stock Voila."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anywidget
import traitlets

from dxcourse.answers import AttemptsUsed, LearnerStore, Reply, StoreError, replies, submit
from dxcourse.assignment import Assignment
from dxcourse.course import Course
from dxcourse.exercises import AnswerError, AnyExercise
from dxcourse.widgets.bundle import script, style
from dxcourse.widgets.own import here


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
