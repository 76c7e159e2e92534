"""JupyterLab on the course: in Japanese, without its calls to the outside."""

from dxcourse.lab._launch import arguments, environment, launch
from dxcourse.lab._save import as_committed

__all__ = ["arguments", "as_committed", "environment", "launch"]
