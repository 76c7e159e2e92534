from __future__ import annotations

import json
from pathlib import Path

from dxcourse.lab import arguments
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
