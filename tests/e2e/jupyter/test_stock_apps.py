"""Each stand-alone notebook under stock Voila, as it is, with the settings that lie beside it."""

from __future__ import annotations

import json
import urllib.request
from typing import TYPE_CHECKING

import pytest

from support.chromium import ROOT
from support.jupyter import running, small_course
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("jupyter")]

NAMES = sorted(path.stem for path in (ROOT / "notebooks/apps").glob("*.ipynb"))
# Each is one exercise in the same frame: two say whether stock Voila shows it.
APPS = [*NAMES[:2], *(pytest.param(name, marks=pytest.mark.soak) for name in NAMES[2:])]


@pytest.fixture(scope="module")
def voila(course_copy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    place = tmp_path_factory.mktemp("apps")
    small_course(course_copy, place)
    command = ("voila", "apps", "--no-browser", "--port", str(free_port()))
    with running(
        command, place / "course/notebooks", place / "home", r"http://localhost:\d+/"
    ) as url:
        yield url


@pytest.mark.parametrize("name", APPS)
def test_it_runs_unchanged(voila: str, name: str) -> None:
    with urllib.request.urlopen(f"{voila}voila/render/{name}.ipynb", timeout=120) as reply:  # noqa: S310
        page = reply.read().decode()
    title = json.loads((ROOT / f"notebooks/apps/{name}.ipynb").read_text("utf-8"))["metadata"][
        "title"
    ]
    assert title in page
    assert "application/vnd.jupyter.widget-view+json" in page
    for word in ("Traceback", "There was an error when executing"):
        assert word not in page


def test_the_settings_beside_it_are_those_that_stock_voila_needs_under_load() -> None:
    settings = json.loads((ROOT / "notebooks/voila.json").read_text("utf-8"))
    assert settings["KernelManager"]["transport"] == "ipc"
    assert settings["VoilaExecutor"]["iopub_timeout"] >= 60
    assert settings["VoilaConfiguration"]["show_tracebacks"] is False
    assert settings["MappingKernelManager"]["cull_idle_timeout"] > 0
    assert settings["MappingKernelManager"]["cull_interval"] > 0
