"""JupyterLab on the course: in Japanese, without its calls to the outside."""

import dxcourse.lean_jsonschema  # noqa: F401  # isort: split  -- before JupyterLab is imported
from dxcourse.lab.launch import arguments, as_committed, environment, launch

__all__ = ["arguments", "as_committed", "environment", "launch"]
