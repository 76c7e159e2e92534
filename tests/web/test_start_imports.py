"""What a start leaves out: a workshop needs no Voila, and nothing needs a grammar of addresses."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("imported", "left_out"),
    [
        ("dxcourse.workshop.session", "voila"),
        ("dxcourse.pages.app", "rfc3987_syntax"),
        ("dxcourse.homework.pages", "rfc3987_syntax"),
    ],
)
def test_a_start_leaves_out_what_it_does_not_need(imported: str, left_out: str) -> None:
    program = f"import sys, {imported}; print(sys.modules.get({left_out!r}))"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
