"""The example package with a kind of its own, installed where only some tests see it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "dxcourse-cloze"
EXERCISE = (EXAMPLE / "exercise.yaml").read_text(encoding="utf-8")


def install_example(to: Path) -> Path:
    """Install the package as a person would, without a network."""
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation"]
    asked = [*pip, "--no-index", "--disable-pip-version-check", "--target", str(to), str(EXAMPLE)]
    subprocess.run(asked, check=True, capture_output=True)
    return to


def with_example(site: Path) -> str:
    """Give a `PYTHONPATH` on which the package is found."""
    return os.pathsep.join(filter(None, [str(site), os.environ.get("PYTHONPATH", "")]))
