from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest

from dxcourse.lab import arguments, as_committed
from dxcourse.lab.launch import SETTINGS

ROOT = Path(__file__).parents[2]


def test_it_opens_on_the_first_chapter() -> None:
    chosen = arguments(ROOT, port=None, open_browser=False)
    assert "--LabApp.default_url=/lab/tree/00_welcome.ipynb" in chosen


def test_one_named_button_shows_all_exercises() -> None:
    presets = json.loads((SETTINGS / "overrides.json").read_text(encoding="utf-8"))
    button, *_ = presets["@jupyterlab/notebook-extension:panel"]["toolbar"]
    assert button["command"] == "notebook:run-all-cells"
    assert "演習を出す" in button["label"]


NOTEBOOKS = sorted([*ROOT.glob("notebooks/**/*.ipynb"), *ROOT.glob("exercises/**/*.ipynb")])


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_is_committed_as_jupyter_writes_it(notebook: Path) -> None:
    text = notebook.read_text(encoding="utf-8")
    assert text.rstrip("\n") == nbformat.writes(nbformat.read(notebook, as_version=4)).rstrip("\n")


def test_what_was_run_and_unfolded_is_saved_as_it_was(tmp_path: Path) -> None:
    there = next(path for path in NOTEBOOKS if path.name.startswith("04_"))
    (tmp_path / there.name).write_bytes(there.read_bytes())
    shipped = nbformat.read(there, as_version=4)
    run = nbformat.read(there, as_version=4)
    unfolded = [cell["metadata"].pop("jupyter", None) for cell in run.cells]
    assert any(unfolded)
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.execution_count = 1
    model = {"type": "notebook", "content": run}
    as_committed(model, path=f"/{there.name}", contents_manager=SimpleNamespace(root_dir=tmp_path))
    assert run == shipped
    model["content"].cells[0].metadata["jupyter"] = {"source_hidden": True}
    as_committed(model, path="new.ipynb", contents_manager=SimpleNamespace(root_dir=tmp_path))
    assert run.cells[0].metadata["jupyter"] == {"source_hidden": True}
