"""nbgrader on a hub: which course, which exchange, and under which name a learner hands in.

`settings/nbgrader_config.py` is where nbgrader finds it: the learner's server has the folder among
Jupyter's (`JUPYTER_CONFIG_PATH`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dxcourse.homework.nbgrader.exchange import SubmitOwn

Config = Any  # traitlets' Config, which has no types
COURSE_ID_VARIABLE = "DXCOURSE_COURSE_ID"
EXCHANGE_VARIABLE = "DXCOURSE_EXCHANGE"
HOMEWORK_VARIABLE = "DXCOURSE_HOMEWORK"
SHARED_VARIABLE = "DXCOURSE_SHARED_ACCOUNT"


def configure_exchange(c: Config, environ: Mapping[str, str] = os.environ) -> None:
    """Set the course and its exchange, and whose name a hand-in carries: the hub's.

    nbgrader goes by the user of the system, which in containers is the same for everybody. An
    instructor hands nothing in; for them the name would choose whose work is collected.
    """
    c.CourseDirectory.course_id = environ.get(COURSE_ID_VARIABLE, "dx")
    if environ.get(EXCHANGE_VARIABLE):
        c.Exchange.root = environ[EXCHANGE_VARIABLE]
    if not environ.get(HOMEWORK_VARIABLE):
        c.CourseDirectory.student_id = environ["JUPYTERHUB_USER"]
        c.ExchangeFactory.submit = SubmitOwn
    elif environ.get(SHARED_VARIABLE):
        c.ExchangeCollect.check_owner = False


def instructors_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Where an instructor has the homework below their home; None for a learner.

    Formgrader wants it below the folder that the server shows, so a link leads to it.
    """
    return Path.home() / "homework" if environ.get(HOMEWORK_VARIABLE) else None
