"""What authors write, read as data that knows its lines: YAML, tables, notebooks.

What is wrong in it is a `dxcourse.errors.Finding`, made by `finding` from the texts of its code.
"""

from dxcourse.authored.messages import did_you_mean, field_error, finding, mistakes
from dxcourse.authored.notebook import Call, Cell, Notebook, NotebookError, calls, read_notebook
from dxcourse.authored.strays import read_files, strays
from dxcourse.authored.tables import read_table
from dxcourse.authored.yaml import Document, YamlError, narrow, read_yaml

__all__ = [
    "Call",
    "Cell",
    "Document",
    "Notebook",
    "NotebookError",
    "YamlError",
    "calls",
    "did_you_mean",
    "field_error",
    "finding",
    "mistakes",
    "narrow",
    "read_files",
    "read_notebook",
    "read_table",
    "read_yaml",
    "strays",
]
