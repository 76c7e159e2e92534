"""nbgrader's own Validate, with a kernel: it says what is unanswered and gives nothing away."""

from __future__ import annotations

import shutil
from pathlib import Path

from support.homework import CANARY, HW, POINTS, Homework, cell_of, editing, give, right_answers


def test_validate(released: Homework, tmp_path: Path) -> None:
    desk = Homework(tmp_path / "desk")
    shutil.copytree(released.release, desk.root)
    said = desk.run("validate", f"{HW}.ipynb")
    assert f"VALIDATION FAILED ON {len(POINTS) + 1} CELL(S)" in said.replace("\n", " ")
    assert "「手順書は何のため？」にまだ答えていません" in said
    assert "Traceback" not in said
    answers = right_answers(released.source)
    wrong = {ref: right[::-1] for ref, right in answers["ages"]["items"].items()}
    answers["ages"] = {"items": wrong}
    give(desk.root / "answers.jsonl", answers, "me")
    with editing(desk.root / f"{HW}.ipynb") as notebook:
        cell_of(notebook, "reflection").source = "窓口が変わる"
    assert "Success" in (said := desk.run("validate", f"{HW}.ipynb"))
    assert CANARY not in said
    names = sorted(path.name for path in desk.root.iterdir())
    assert names == ["answers.jsonl", "exercises.yaml", f"{HW}.ipynb"]
