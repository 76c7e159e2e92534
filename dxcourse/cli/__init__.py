"""The commands, thin: each collects its settings and calls what does the work."""

from dxcourse.cli.app import main

__all__ = ["main"]
