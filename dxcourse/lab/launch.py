"""Starts JupyterLab with settings of the course's own; a person's own settings stay as they are."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from dxcourse import settings
from dxcourse.course import COURSE_VARIABLE, read_outline

SETTINGS = Path(__file__).parent / "settings"
"""What the course presets: `overrides.json` (settings) and `page_config.json` (what is off)."""

LAB_APP: dict[str, Any] = {
    "app_settings_dir": str(SETTINGS),
    "news_url": None,
    "check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
    "extension_manager": "readonly",
    "lock_all_plugins": True,
}
"""Traits of `LabApp`, on this machine and on a hub: our presets, nothing from outside."""

DEFAULT_PORT = 8888
UNUSED = (
    "jupyter_lsp",  # looks for language servers, with npm
    *(
        f"nbgrader.server_extensions.{name}"
        for name in ("assignment_list", "course_list", "formgrader", "validate_assignment")
    ),
)
"""Server extensions that no module needs; without them JupyterLab starts sooner."""


def arguments(course_root: Path, *, port: int | None, open_browser: bool) -> list[str]:
    """The command line of JupyterLab: the course's folder, Japanese, nothing from outside.

    Access stays as JupyterLab has it: this machine only, with a token.
    """
    own = settings.lab_folder(course_root)
    outline = read_outline(course_root / "notebooks/course.yaml")
    return [
        f"--ServerApp.root_dir={course_root / 'notebooks'}",
        f"--LabApp.default_url=/lab/tree/{outline.notebooks[0]}",
        f"--ServerApp.port={DEFAULT_PORT if port is None else port}",
        f"--ServerApp.port_retries={50 if port is None else 0}",
        f"--ServerApp.open_browser={open_browser}",
        "--ServerApp.allow_root=True",  # in a container there is often no one else
        *(f"--ServerApp.jpserver_extensions={name}=False" for name in UNUSED),
        "--ContentsManager.pre_save_hook=dxcourse.lab.as_committed",
        *(f"--LabApp.{name}={value}" for name, value in LAB_APP.items()),
        f"--LabApp.user_settings_dir={own / 'settings'}",
        f"--LabApp.workspaces_dir={own / 'workspaces'}",
    ]


def environment(course_root: Path) -> dict[str, str]:
    """What the server and its kernels need to know: the course, its answers, a folder for settings.

    The answers by their full path: a kernel starts in another folder than this program.
    """
    return {
        COURSE_VARIABLE: str(course_root),
        settings.ANSWERS_VARIABLE: str(settings.answers_file(course_root).absolute()),
        "JUPYTER_CONFIG_DIR": str(settings.lab_folder(course_root)),
    }


def launch(course_root: Path, *, port: int | None, open_browser: bool) -> None:
    """Run JupyterLab, in this process, until it is stopped."""
    os.environ.update(environment(course_root))
    from jupyterlab.labapp import LabApp  # noqa: PLC0415  -- it reads the environment as it loads

    LabApp.launch_instance(arguments(course_root, port=port, open_browser=open_browser))


def as_committed(
    model: dict[str, Any],
    path: str,
    contents_manager: Any,  # noqa: ANN401  -- jupyter_server's, which is loaded with JupyterLab
    **_: Any,  # noqa: ANN401
) -> None:
    """Take outputs, counts and the kernel's details out of a notebook that is about to be saved.

    A saved widget has lost its kernel, and shows an error where the exercise should be; answers
    are in the record. What is left is byte for byte what was there, so pages need no new rendering
    and the course's repository sees no change, unless the learner wrote something. JupyterLab
    unfolds the cells that it runs, and would forget which ones the course has folded.

    Parameters
    ----------
    model
        What the contents manager saves (jupyter_server's `pre_save_hook`); changed in place.
    path
        Where, from the contents manager's root.
    """
    if model["type"] != "notebook":
        return
    notebook = model["content"]
    notebook["metadata"].pop("widgets", None)
    if "language_info" in notebook["metadata"]:
        notebook["metadata"]["language_info"] = {"name": "python"}
    for cell in notebook["cells"]:
        cell["metadata"].pop("execution", None)
        cell["metadata"].pop("trusted", None)
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [], None
    saved = Path(contents_manager.root_dir, path.strip("/"))
    if not saved.is_file():
        return
    folds = {
        cell["id"]: cell["metadata"]["jupyter"]
        for cell in json.loads(saved.read_bytes())["cells"]
        if "id" in cell and "jupyter" in cell["metadata"]
    }
    for cell in notebook["cells"]:
        if fold := folds.get(cell.get("id")):
            cell["metadata"]["jupyter"] = cell["metadata"].get("jupyter", {}) | fold
