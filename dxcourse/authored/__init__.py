"""What authors write, read as data that knows its lines: YAML, tables, notebooks."""

from dxcourse.authored.notebook import Call, Cell, Notebook, calls, read_notebook
from dxcourse.authored.yaml import Document, YamlError, read_yaml

__all__ = [
    "Call",
    "Cell",
    "Document",
    "Notebook",
    "YamlError",
    "calls",
    "read_notebook",
    "read_yaml",
]
