"""A small course without a mistake, to plant one in."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxcourse.authored import finding
from dxcourse.checking import Report, check

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent.parent
OUTLINE = "notebooks/course.yaml"
FIRST, SECOND = "notebooks/00_first.ipynb", "notebooks/01_second.ipynb"
FIRST_BANK, SECOND_BANK = "exercises/bank/00_first.yaml", "exercises/bank/01_second.yaml"
COMING_BANK = "exercises/bank/02_third.yaml"
SOURCE, RELEASE = "exercises/homework/source/hw1", "exercises/homework/release/hw1"

Raw = dict[str, Any]

COURSE_YAML = """\
title: 小さな講座
subtitle: 試すためのもの
slides_total: 6
modules:
  - id: "00"
    notebook: 00_first.ipynb
    title: はじめ
    minutes: {read: 1, do: 1}
    slides: [1, 2]
    question: 何を？
    objectives:
      - {id: first-goal, text: 選べる}
  - id: "01"
    notebook: 01_second.ipynb
    title: つぎ
    minutes: {read: 1, do: 3}
    slides: [3, 4]
    question: どう？
    objectives:
      - {id: second-goal, text: 分けられる}
  - id: "02"
    notebook: 02_third.ipynb
    title: これから
    minutes: {read: 1, do: 1}
    slides: [5, 6]
    question: いつ？
    coming: true
    objectives:
      - {id: third-goal, text: 書ける}
"""
FIRST_YAML = """\
- kind: choice
  id: pick
  title: どれ？
  objectives: [first-goal]
  options:
    - {id: a, text: 赤い旗, feedback: なぜ赤？}
    - {id: b, text: 青い旗, correct: true, feedback: {text: 青でした, fact: dx-definition}}
    - {id: c, text: 白い旗, feedback: なぜ白？}
    - {id: dunno, text: わからないので、また今度にします, last: true, feedback: では、あとで}

- kind: choice
  id: before-course
  title: まえ
  objectives: [first-goal]
  reveal_after: after-course
  items:
    - id: q1
      text: ひとつ目
      options:
        - {id: a, text: 朝, correct: true, feedback: 朝でした}
        - {id: b, text: 夜, feedback: なぜ夜？}
    - id: q2
      text: ふたつ目
      options:
        - {id: a, text: 山, feedback: なぜ山？}
        - {id: b, text: 海, correct: true, feedback: 海でした}

- kind: choice
  id: poll
  poll: true
  title: いまの気分
  options:
    - {id: all, text: 上のすべて}
    - {id: none, text: どれでもない}
"""
SECOND_YAML = """\
- kind: multichoice
  id: ticks
  title: いくつか
  objectives: [second-goal]
  options:
    - {id: a, text: 一の案, correct: true, feedback: そのとおり}
    - {id: b, text: 二の案, feedback: なぜ二？}
    - {id: c, text: 三の案, correct: true, feedback: これも}

- kind: match
  id: pairs
  title: 結ぶ
  answers:
    - {id: north, text: 北}
    - {id: south, text: 南}
    - {id: west, text: 西}
  items:
    - id: snow
      text: 雪
      answer: north
      feedback: {right: そう, answers: {south: なぜ南？, west: なぜ西？}}
    - id: palm
      text: やし
      answer: south
      feedback: {right: そう, wrong: ほかは？}

- kind: classify
  id: bins
  title: 分ける
  bins:
    - {id: deadline, text: 期限}
    - {id: continuous, text: 継続}
    - {id: undecided, text: 決めきれない, undecided: true}
  items:
    - id: law
      text: 法
      bin: deadline
      feedback: {right: そう, bins: {continuous: なぜ？, undecided: 何が足りない？}}
    - {id: open, text: まだ}

- kind: order
  id: steps
  title: 並べる
  things: [{id: one, text: いち}, {id: two, text: に}]
  feedback: {right: そう, wrong: もう一度}

- kind: number
  id: count
  title: いくつ
  value: 13
  feedback: {right: そう, wrong: もう一度}
"""
THIRD_YAML = """\
- kind: choice
  id: after-course
  title: あと
  objectives: [third-goal]
  items:
    - id: q1
      text: ひとつ目の、もう一度
      options:
        - {id: a, text: 夜, feedback: なぜ夜？}
        - {id: b, text: 朝, correct: true, feedback: 朝でした}
    - id: q2
      text: ふたつ目の、もう一度
      options:
        - {id: a, text: 海, correct: true, feedback: 海でした}
        - {id: b, text: 山, feedback: なぜ山？}
"""
HOMEWORK_YAML = """\
- kind: choice
  id: hw-pick
  title: どれにする？
  prompt: スライド4から選びます。
  objectives: [first-goal]
  options:
    - {id: a, text: 赤い傘, feedback: 赤を選んだのは？}
    - {id: b, text: 青い傘, correct: true, feedback: 青い傘でした}
    - {id: c, text: 白い傘, feedback: 白を選んだのは？}

- kind: number
  id: hw-count
  title: いくつある？
  prompt: 架空の町の話です。
  objectives: [second-goal]
  points: 3
  value: 7
  feedback: {right: 七つです, wrong: 七つでした}

- kind: opinion
  id: hw-say
  title: ひとこと
"""
HOMEWORK_HEAD = "# 宿題\n\n- 時間　およそ6分\n- 配点　6点"
RUBRIC = "### BEGIN MARK SCHEME\n数があれば2点\n### END MARK SCHEME"
METADATA: Raw = {"kernelspec": {"name": "python3"}, "language_info": {"name": "python"}}
KEY_POINTS = "## まとめ\n\n- ひとつ\n- ふたつ\n- みっつ"


def code(name: str, source: str) -> Raw:
    """Give a code cell that was not run."""
    lines = source.splitlines(keepends=True)
    fields: Raw = {"execution_count": None, "metadata": {}, "outputs": []}
    return {"cell_type": "code", "id": name, **fields, "source": lines}


def text(name: str, source: str) -> Raw:
    """Give a markdown cell."""
    lines = source.splitlines(keepends=True)
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": lines}


def known(cell: Raw, **more: Any) -> Raw:
    """Let nbgrader know a cell."""
    flags = {"grade": False, "locked": True, "schema_version": 3, "solution": False, "task": False}
    return {**cell, "metadata": {"nbgrader": {**flags, "grade_id": cell["id"], **more}}}


def gated(cell: Raw, exercise: str) -> Raw:
    """Let a cell wait for an answer."""
    return {**cell, "metadata": {"tags": [f"reveal:{exercise}"]}}


def assignment() -> list[Raw]:
    """Give the cells of an assignment without a mistake."""
    answer = text("answer", "### BEGIN SOLUTION\n三回\n### END SOLUTION")
    return [
        known(code("setup", "from dxcourse import *")),
        text("head", HOMEWORK_HEAD),
        known(code("ex-pick", 'exercise("hw-pick")')),
        known(code("test-pick", 'grade("hw-pick")'), grade=True, points=1),
        known(code("ex-count", 'exercise("hw-count")')),
        known(code("test-count", 'grade("hw-count")'), grade=True, points=3),
        known(code("ex-say", 'exercise("hw-say")')),
        known(text("ask", f"## ふりかえり\n\n{RUBRIC}")),
        known(answer, grade=True, locked=False, solution=True, points=2),
    ]


def module(number: str, *cells: Raw) -> list[Raw]:
    """Give a module's cells around some of its own."""
    return [
        code("setup", "from dxcourse import *"),
        code("head", f'heading("{number}")'),
        *cells,
        text("key-points", KEY_POINTS),
        code("ending", f'ending("{number}")'),
    ]


@dataclass(frozen=True)
class TinyCourse:
    """A course in a folder, to change and to check."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> TinyCourse:
        """Write the course; its facts are a copy of the real ones."""
        course = cls(root)
        shutil.copytree(ROOT / "data", root / "data")
        course.write("data/shelf_life.csv", "kind,name,provenance,facts,months,note\n")
        course.write(OUTLINE, COURSE_YAML)
        course.write(FIRST_BANK, FIRST_YAML)
        course.write(SECOND_BANK, SECOND_YAML)
        course.write(COMING_BANK, THIRD_YAML)
        shows = [code(f"ex-{name}", f'exercise("{name}")') for name in ("pick", "poll")]
        before = code("ex-before", 'exercise("before-course")')
        facts = gated(code("evidence", 'evidence("dx-definition", "dx-sushi")'), "pick")
        course.cells(FIRST, module("00", text("ask", "## 問い\n\nどれ？"), *shows, before, facts))
        names = ("ticks", "pairs", "bins", "steps", "count")
        shows = [code(f"ex-{name}", f'exercise("{name}")') for name in names]
        picture = gated(code("picture", 'picture("sushi")'), "count")
        course.cells(SECOND, module("01", *shows, picture))
        return course

    def write(self, file: str, content: str) -> None:
        """Write a file."""
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")

    def cells(self, file: str, cells: list[Raw], metadata: Raw | None = None) -> None:
        """Write a notebook as JupyterLab does."""
        kept = METADATA if metadata is None else metadata
        book = {"cells": cells, "metadata": kept, "nbformat": 4, "nbformat_minor": 5}
        self.write(file, json.dumps(book, ensure_ascii=False, indent=1))

    def assign(self) -> None:
        """Give the course homework without a mistake: one assignment."""
        self.write(f"{SOURCE}/exercises.yaml", HOMEWORK_YAML)
        self.cells(f"{SOURCE}/hw1.ipynb", assignment())

    def change(self, file: str, change: Callable[[list[Raw]], object]) -> None:
        """Change the cells of a notebook in place."""
        cells = json.loads((self.root / file).read_text(encoding="utf-8"))["cells"]
        change(cells)
        self.cells(file, cells)

    def say(self, source: str) -> None:
        """Put a text into the first module, as its third cell."""
        self.change(FIRST, lambda cells: cells.insert(2, text("said", source)))

    def edit(self, file: str, old: str, new: str) -> None:
        """Change what a file says, where it says it first."""
        content = (self.root / file).read_text(encoding="utf-8")
        assert old in content, f"{file} does not say {old}: mend this test"
        self.write(file, content.replace(old, new, 1))

    def line(self, file: str, anchor: str, nth: int = 1) -> int:
        """Give the line on which a file says something for the nth time."""
        lines = (self.root / file).read_text(encoding="utf-8").splitlines()
        return [number for number, line in enumerate(lines, 1) if anchor in line][nth - 1]

    def report(self) -> Report:
        """Check the course."""
        return check(self.root)

    def finds(
        self,
        file: str,
        anchor: str | int,
        code: str,
        /,
        *,
        nth: Any = 1,
        cure: Any = "",
        **blanks: object,
    ) -> None:
        """Hold that this one mistake is found, at the line that says `anchor`."""
        line = anchor if isinstance(anchor, int) else self.line(file, anchor, nth)
        found = finding(file, line, code, cure, **blanks)
        assert self.report().findings == (found,)
        assert self.report().findings[0].code == code

    def finds_nothing(self) -> None:
        """Hold that there is nothing to mend."""
        assert self.report().findings == ()
