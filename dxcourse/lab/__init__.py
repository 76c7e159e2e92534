"""JupyterLab on the course: in Japanese, without its calls to the outside."""

from dxcourse.lab.launch import arguments, as_committed, environment, launch

__all__ = ["arguments", "as_committed", "environment", "launch"]
