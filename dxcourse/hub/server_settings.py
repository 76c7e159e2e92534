"""A learner's server on a hub: nbgrader's settings, JupyterLab's, and notebooks of their own.

`settings/nbgrader_config.py` is where nbgrader finds it: the learner's server has the folder among
Jupyter's (`JUPYTER_CONFIG_PATH`).
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from dxcourse.assignment import EXERCISES
from dxcourse.files import write_atomically
from dxcourse.homework.nbgrader.exchange import SubmitOwn
from dxcourse.lab import as_committed
from dxcourse.lab.launch import LAB_APP

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


# -- A learner's own copies of the course's notebooks: made, kept up, and never taken back ---------

COPIES = ".dxcourse-copies.json"
"""Beside the copies: the hash of each as it was made."""


def update_copies(originals: Iterable[Path], folder: Path) -> bool:
    """Copy notebooks that are not there, or that are as they were copied; whether all are new.

    What a learner has changed stays. What a learner has deleted is made again.
    """
    state_file = folder / COPIES
    first = not state_file.exists()
    folder.mkdir(parents=True, exist_ok=True)
    state: dict[str, str] = {} if first else _read(state_file)
    made = dict(state)
    for original in originals:
        data, copy = original.read_bytes(), folder / original.name
        new = _hash(data)
        there = _hash(copy.read_bytes()) if copy.is_file() else None
        if there == new or there is None or there == state.get(original.name):
            made[original.name] = new
            if there != new:
                write_atomically(copy, data)
    if made != state or first:
        write_atomically(state_file, json.dumps(made, indent=1).encode())
    return first


def _read(file: Path) -> dict[str, str]:
    """What was copied; nothing where a learner has spoilt the file: then all of it is theirs."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# -- JupyterLab on a hub, as `dxcourse lab` has it: Japanese, nothing from outside, saved as it was
#
# `settings/jupyter_server_config.py` is where Jupyter finds it: a learner's server has the folder
# among Jupyter's, and is started without an argument of ours.


def configure_lab(c: Config, environ: Mapping[str, str] = os.environ) -> None:
    """Set JupyterLab and its server; formgrader is an instructor's alone.

    Without nbgrader's exchange, as on Kubernetes, there is no list of what is to be handed in.
    """
    instructor = bool(environ.get(HOMEWORK_VARIABLE))
    c.ServerApp.jpserver_extensions = {
        "jupyter_lsp": False,  # looks for language servers, with npm
        "nbgrader.server_extensions.assignment_list": bool(environ.get(EXCHANGE_VARIABLE)),
        "nbgrader.server_extensions.course_list": False,
        "nbgrader.server_extensions.formgrader": instructor,
        "nbgrader.server_extensions.validate_assignment": True,
    }
    c.ContentsManager.pre_save_hook = save_course_as_committed
    c.LabApp.update(LAB_APP)
    # A server that its person has left open in a tab is idle, too.
    c.MappingKernelManager.cull_idle_timeout = 1800
    c.MappingKernelManager.cull_connected = True


def save_course_as_committed(
    model: dict[str, Any],
    path: str,
    contents_manager: Any,  # noqa: ANN401  -- jupyter_server's
    **others: Any,  # noqa: ANN401
) -> None:
    """Save the course's and the homework's notebooks as `dxcourse lab` does; others as they are."""
    folder = Path(contents_manager.root_dir, path.strip("/")).parent
    if any((folder / name).is_file() for name in (COPIES, EXERCISES)):
        as_committed(model, path=path, contents_manager=contents_manager, **others)
