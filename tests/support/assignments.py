"""The course's own homework, released and handed in, in a folder of its own."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from dxcourse.homework import HomeworkCourse
from support.homework import give, right_answers

ROOT = Path(__file__).parent.parent.parent
ASSIGNMENTS = ("dx-basics", "dx-plan", "dx-manager")

REFLECTED = "1. 平日の昼休みに来た人が、一階の窓口で三枚目の書き直しを待っている。"

Cells = list[dict[str, Any]]


def cells_of(folder: Path) -> Cells:
    """Give the cells of the notebook in an assignment's folder, each source as one text."""
    raw = json.loads((folder / f"{folder.name}.ipynb").read_text(encoding="utf-8"))["cells"]
    return [{**cell, "source": "".join(cell["source"])} for cell in raw]


def nbgrader(cell: dict[str, Any]) -> dict[str, Any]:
    """Give what nbgrader knows of a cell."""
    found: dict[str, Any] = cell["metadata"].get("nbgrader", {})
    return found


def by_hand(cells: Cells) -> Cells:
    """Give the cells that a person grades."""
    return [c for c in cells if nbgrader(c).get("grade") and nbgrader(c).get("solution")]


@dataclass(frozen=True)
class Handing:
    """The homework of the course, with its facts around it as in the repository."""

    root: Path
    course: HomeworkCourse
    SOURCE: ClassVar[Path] = ROOT / "exercises/homework/source"

    @classmethod
    def make(cls, root: Path) -> Handing:
        """Copy what an instructor starts from."""
        homework = root / "exercises/homework"
        shutil.copytree(cls.SOURCE, homework / "source")
        shutil.copy(ROOT / "exercises/homework/nbgrader_config.py", homework)
        shutil.copytree(ROOT / "data", root / "data")
        (root / "notebooks").mkdir()
        shutil.copy(ROOT / "notebooks/course.yaml", root / "notebooks")
        return cls(root, HomeworkCourse.open(homework))

    def right_answers(self, name: str) -> dict[str, Any]:
        """Give the answers that get full marks."""
        return right_answers(self.SOURCE / name)

    def hand_in(
        self, name: str, student: str, answers: dict[str, Any], reflection: str = ""
    ) -> None:
        """Hand in the release with these answers beside it, and this reflection in it."""
        folder = self.course.folder("submitted", name, student)
        shutil.copytree(self.course.folder("release", name), folder)
        if reflection:
            path = folder / f"{name}.ipynb"
            notebook = json.loads(path.read_text(encoding="utf-8"))
            (answer,) = by_hand(notebook["cells"])
            answer["source"] = reflection
            path.write_text(json.dumps(notebook, ensure_ascii=False), encoding="utf-8")
        give(folder / "answers.jsonl", answers, student)

    def grades(self, name: str, student: str) -> dict[str, Any]:
        """Give what the gradebook has of a submission, by cell."""
        with self.course.gradebook() as gradebook:
            found = gradebook.find_submission_notebook(name, name, student)
            return {grade.name: (grade.auto_score, grade.max_score) for grade in found.grades}
