"""A small nbgrader course, and learners who hand something in."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from dxcourse.answers import Entry, FileStore, new_id
from dxcourse.assignment import Assignment
from support import gradebook_version, warm

gradebook_version.keep()
ROOT = Path(__file__).parent.parent.parent
CONFIG = ROOT / "exercises/homework/nbgrader_config.py"
HW = "hw1"
MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
CANARY = "カナリアは黙っている"  # begins every sentence of feedback

EXERCISES = f"""\
- kind: choice
  id: why
  title: 手順書は何のため？
  options:
    - {{id: steps, text: 進め方を示すため, correct: true, feedback: {CANARY}、手順だから}}
    - {{id: law, text: 法律で決めるため, feedback: {CANARY}、法律ではない}}
    - {{id: dunno, text: わからない, last: true, feedback: {CANARY}、では次に}}

- kind: multichoice
  id: ticks
  title: どれとどれ？
  points: 2
  options:
    - {{id: a, text: 書かない窓口, correct: true, feedback: {CANARY}、一つ目}}
    - {{id: b, text: 新しい机, feedback: {CANARY}、二つ目}}
    - {{id: c, text: 行かない窓口, correct: true, feedback: {CANARY}、三つ目}}

- kind: classify
  id: bins
  title: 分ける
  bins: [{{id: deadline, text: 期限DX}}, {{id: continuous, text: 継続DX}}]
  evidence: [{{id: law, text: 根拠法}}, {{id: nothing, text: 見当たらない, none: true}}]
  sureness: [たぶん, 確信]
  reasons: true
  items:
    - id: counter
      text: 標準化
      card: [法律がある。]
      bin: deadline
      seen: [law]
      unseen: [nothing]
      feedback: {{right: "{CANARY}、期限", bins: {{continuous: "{CANARY}、継続か"}}}}
    - id: culture
      text: 風土づくり
      bin: continuous
      feedback: {{right: "{CANARY}、終わらない"}}

- kind: order
  id: ages
  title: 並べる
  points: 3
  things:
    - {{id: hunting, text: 狩猟社会}}
    - {{id: farming, text: 農耕社会}}
    - {{id: industry, text: 工業社会}}
    - {{id: data, text: 情報社会}}
  feedback: {{right: "{CANARY}、順序", wrong: "{CANARY}、もう一度"}}

- kind: match
  id: pairs
  title: 結ぶ
  answers: [{{id: wheel, text: 車輪}}, {{id: engine, text: 機関}}, {{id: net, text: 通信網}}]
  items:
    - {{id: s2, text: 農耕, answer: wheel, feedback: {{right: "{CANARY}、車輪"}}}}
    - {{id: s3, text: 工業, answer: engine, feedback: {{wrong: "{CANARY}、機関"}}}}

- kind: number
  id: items
  title: いくつ？
  value: 13
  tolerance: 0
  unit: 項目
  feedback: {{right: "{CANARY}、十三", wrong: "{CANARY}、数え直す"}}

- kind: schedule
  id: year
  title: 置く
  months: [10月, 11月, 12月, 1月]
  events: [{{id: council, text: 議会, sign: 議, months: [12月]}}]
  items:
    - id: ordinance
      text: 条例
      length: 2
      start: 11月
      rules: {{ends_in: {{council: "{CANARY}、議会"}}}}
      feedback: {{right: "{CANARY}、間に合った"}}
    - id: switch
      text: 切替
      length: 1
      start: 1月
      rules:
        needs: {{ordinance: "{CANARY}、条例が先"}}
        avoid: {{council: "{CANARY}、議会中"}}
"""
POINTS = {"why": 1, "ticks": 2, "bins": 2, "ages": 3, "pairs": 2, "items": 1, "year": 2}
FULL = float(sum(POINTS.values()))
REFLECTION = 4
RUBRIC = "評価の観点は、だれの何が変わるかが書かれていること"


def meta(name: str, **more: Any) -> dict[str, Any]:
    flags = {"grade": False, "locked": True, "solution": False, "task": False}
    return {"nbgrader": {**flags, "schema_version": 3, "grade_id": name, **more}}


def source_notebook(points: dict[str, float] | None = None) -> Any:
    """The notebook as an author writes it: see docs/authoring.md."""
    cells = [
        new_code_cell("from dxcourse import *", id="setup", metadata=meta("setup")),
        new_markdown_cell("## 宿題", id="head"),
    ]
    for name, worth in (points or POINTS).items():
        shown, test = f"ex-{name}", f"test-{name}"
        cells += [
            new_code_cell(f'exercise("{name}")', id=shown, metadata=meta(shown)),
            new_code_cell(
                f'grade("{name}")', id=test, metadata=meta(test, grade=True, points=worth)
            ),
        ]
    prompt = f"## ふりかえり\n\n### BEGIN MARK SCHEME\n{RUBRIC}\n### END MARK SCHEME"
    cells += [
        new_markdown_cell(prompt, id="reflection-prompt", metadata=meta("reflection-prompt")),
        new_markdown_cell(
            "### BEGIN SOLUTION\n模範\n### END SOLUTION",
            id="reflection",
            metadata=meta("reflection", grade=True, solution=True, locked=False, points=REFLECTION),
        ),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return new_notebook(
        cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}}
    )


@dataclass(frozen=True)
class Homework:
    """An nbgrader course in a folder of its own."""

    root: Path

    @property
    def source(self) -> Path:
        return self.root / "source" / HW

    @property
    def release(self) -> Path:
        return self.root / "release" / HW

    def submitted(self, student: str) -> Path:
        return self.root / "submitted" / student / HW

    def autograded(self, student: str) -> Path:
        return self.root / "autograded" / student / HW

    def run(self, *arguments: str, ok: bool = True, **env: str) -> str:
        """Run nbgrader itself in the course's folder; give what it said."""
        own = {**os.environ, "PYTHONPATH": str(ROOT), **env}
        code, said = warm.begin(["nbgrader", *arguments], cwd=self.root, env=own).end(300)
        assert (code == 0) is ok, said
        return said

    def hand_in(
        self,
        student: str,
        answers: dict[str, Any] | None = None,
        *,
        learner: str | None = None,
        reflection: str | None = None,
    ) -> Path:
        """Put a submission where nbgrader collects it: the release, answered."""
        folder = self.submitted(student)
        shutil.copytree(self.release, folder)
        if answers is not None:
            give(folder / "answers.jsonl", answers, learner or student)
        if reflection is not None:
            with editing(folder / f"{HW}.ipynb") as notebook:
                cell_of(notebook, "reflection")["source"] = reflection
        (folder / "timestamp.txt").write_text("2026-11-24 01:00:00 UTC\n", encoding="utf-8")
        return folder

    def scores(self, student: str) -> dict[str, float | None]:
        """What the gradebook has of a student: the automatic score of each cell."""
        return {name: row["auto_score"] for name, row in self.grades(student).items()}

    def grades(self, student: str) -> dict[str, dict[str, Any]]:
        from nbgrader.api import Gradebook

        with Gradebook(f"sqlite:///{self.root / 'gradebook.db'}") as gradebook:
            found = gradebook.find_submission_notebook(HW, HW, student).grades
            return {
                grade.name: {
                    "auto_score": grade.auto_score,
                    "score": grade.score,
                    "needs_manual_grade": grade.needs_manual_grade,
                }
                for grade in found
            }


class editing:  # noqa: N801  -- used as `with editing(path) as notebook`
    """A notebook to change."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Any:
        self.notebook = nbformat.read(self.path, as_version=4)
        return self.notebook

    def __exit__(self, *error: object) -> None:
        self.path.chmod(0o644)
        self.path.write_text(json.dumps(self.notebook, ensure_ascii=False), encoding="utf-8")


def cell_of(notebook: Any, name: str) -> Any:
    cells = notebook["cells"]
    return next(c for c in cells if c["metadata"].get("nbgrader", {}).get("grade_id") == name)


def give(path: Path, answers: dict[str, Any], learner: str) -> None:
    """Store answers, given as ``{exercise: {"items": …}}``, as a learner's own."""
    with FileStore(path) as store:
        for number, (exercise, answer) in enumerate(answers.items()):
            entry = Entry(
                id=new_id(),
                time=MONDAY + timedelta(minutes=number),
                learner=learner,
                exercise=exercise,
                answer=answer,
                where="notebook",
            )
            store.append([(entry, None)])
    path.with_name("answers.jsonl.lock").unlink(missing_ok=True)


def right_answers(source: Path, *names: str) -> dict[str, Any]:
    exercises = Assignment.load(source).exercises
    return {name: exercises[name].model_answer() for name in names or exercises}


def make_homework(root: Path, exercises: str = EXERCISES, notebook: Any = None) -> Homework:
    """Make the course, as an author has it before anything is released."""
    made = Homework(root)
    made.source.mkdir(parents=True)
    shutil.copy(CONFIG, root / "nbgrader_config.py")
    shutil.copy(CONFIG.with_suffix(".json"), root / "nbgrader_config.json")
    (made.source / "exercises.yaml").write_text(exercises, encoding="utf-8")
    nbformat.write(notebook or source_notebook(), made.source / f"{HW}.ipynb")
    return made


def gradebook_of(homework: Homework, address: str = "") -> dict[str, Any]:
    """Everything that the gradebook has of the submissions."""
    from nbgrader.api import Gradebook

    with Gradebook(address or f"sqlite:///{homework.root / 'gradebook.db'}") as gradebook:
        return {
            each.student.id: {
                "timestamp": each.timestamp,
                "score": each.score,
                "needs_manual_grade": each.needs_manual_grade,
                "penalty": each.late_submission_penalty,
                "grades": {
                    grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
                    for notebook in each.notebooks
                    for grade in notebook.grades
                },
                "comments": {
                    comment.name: comment.comment
                    for notebook in each.notebooks
                    for comment in notebook.comments
                },
            }
            for each in gradebook.assignment_submissions(HW)
        }
