"""What a start leaves out: a workshop needs no Voila, a page of a course no database."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("start", "left_out"),
    [
        ("import dxcourse.workshop.session", ["openpyxl", "pptx", "voila"]),
        ("import dxcourse.pages.app", ["openpyxl", "rfc3987_syntax"]),
        ("import dxcourse.homework.pages", ["rfc3987_syntax"]),
        ("import dxcourse.lab, jupyterlab.labapp", ["rfc3987_syntax"]),
        # The first cell of every notebook: a kernel runs it before anything is seen.
        (
            "from dxcourse import *",
            ["icalendar", "matplotlib", "nbgrader", "openpyxl", "sqlalchemy"],
        ),
    ],
)
def test_a_start_leaves_out_what_it_does_not_need(start: str, left_out: list[str]) -> None:
    program = f"{start}; import sys; print([name for name in {left_out} if name in sys.modules])"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
