from __future__ import annotations

import pickle

from dxcourse.errors import ContentError, Finding


def test_a_finding_says_place_matter_and_cure() -> None:
    found = Finding("data/facts.csv", 12, "列が足りません", "カンマを足してください")
    assert str(found) == "data/facts.csv:12: 列が足りません → カンマを足してください"
    assert str(Finding("data/laws.csv", 0, "ありません")) == "data/laws.csv: ありません"


def test_findings_stand_in_the_order_of_files_and_lines() -> None:
    late, early, other = Finding("b", 12, "x"), Finding("b", 3, "x"), Finding("a", 99, "x")
    assert sorted([late, early, other]) == [other, early, late]


def test_an_error_of_content_keeps_its_findings_across_processes() -> None:
    error = ContentError([Finding("a.yaml", 1, "x", "y"), Finding("b.yaml", 2, "z")])
    again = pickle.loads(pickle.dumps(error))  # noqa: S301  -- its own
    assert again.findings == error.findings
    assert str(again) == "a.yaml:1: x → y\nb.yaml:2: z"
