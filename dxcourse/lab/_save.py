"""What JupyterLab writes: the notebook as it is committed, without what came of running it."""

from __future__ import annotations

from typing import Any


def as_committed(model: dict[str, Any], **_: Any) -> None:  # noqa: ANN401
    """Take outputs, counts and the kernel's details out of a notebook that is about to be saved.

    A saved widget has lost its kernel, and shows an error where the exercise should be; answers
    are in the record. What is left is byte for byte what was there, so pages need no new rendering
    and the course's repository sees no change, unless the learner wrote something.

    Parameters
    ----------
    model
        What the contents manager saves (jupyter_server's `pre_save_hook`); changed in place.
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
