"""A deadline is shown against the day on which the page is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import notebook_text

ROOT = Path(__file__).resolve().parents[2]
MODULE = ROOT / "notebooks/04_reading_the_plan.ipynb"


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2024-07-01", ["期限まであと20か月です", "開始予定まであと26か月です"]),
        ("2026-02-01", ["期限まであと1か月です", "開始予定まであと7か月です"]),
        ("2026-11-23", ["期限は過ぎています（8か月前）", "開始予定の月は過ぎています（2か月前）"]),
    ],
)
def test_the_page_of_the_plan_says_where_its_deadlines_lie(today: str, expected: list[str]) -> None:
    seen = notebook_text.read(ROOT, MODULE, today)
    for sentence in expected:
        assert sentence in seen
