"""JupyterLab on a hub, as `dxcourse lab` has it: Japanese, nothing from outside, saved as it was.

`settings/jupyter_server_config.py` is where Jupyter finds it: a learner's server has the folder
among Jupyter's, and is started without an argument of ours.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from dxcourse.assignment import EXERCISES
from dxcourse.hub.nbgrader_settings import EXCHANGE_VARIABLE, HOMEWORK_VARIABLE
from dxcourse.hub.notebook_copies import STATE
from dxcourse.lab import as_committed
from dxcourse.lab.launch import LAB_APP

Config = Any  # traitlets' Config, which has no types


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
    if any((folder / name).is_file() for name in (STATE, EXERCISES)):
        as_committed(model, path=path, contents_manager=contents_manager, **others)
