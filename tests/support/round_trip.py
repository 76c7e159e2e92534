"""Everyone who takes part in a round trip of homework: an instructor, an exchange, learners."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from dxcourse.assignment import hidden
from support import warm
from support.controls import open_all, put
from support.jupyter import PATIENCE, environment, exercise_box, running
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

    from playwright.sync_api import Locator, Page

    from dxcourse.assignment import Assignment
    from support.warm import Command

ROOT = Path(__file__).parent.parent.parent
COURSE_ID = "dx"
LAB_SETTINGS = ROOT / "dxcourse/lab/settings/overrides.json"
LEARNER_CONFIG = """\
c = get_config()
c.CourseDirectory.course_id = "{course}"
c.CourseDirectory.student_id = "{student}"
c.Exchange.root = "{exchange}"
"""
INSTRUCTOR_CONFIG = """
c.Exchange.root = "{exchange}"
c.ExchangeCollect.check_owner = False  # one user of this machine plays all learners
"""


@dataclass(frozen=True)
class Desk:
    """A folder and a home in which somebody runs nbgrader's own commands."""

    folder: Path
    home: Path
    name: str

    def begin(self, *arguments: str) -> Command:
        """Start one of nbgrader's commands."""
        env = {**environment(self.home, self.name), "PYTHONPATH": str(ROOT)}
        return warm.begin(["nbgrader", *arguments], cwd=self.folder, env=env)

    def run(self, *arguments: str) -> str:
        """Run one of nbgrader's commands to its end; give what it said."""
        return finished(self.begin(*arguments))


def finished(command: Command) -> str:
    """What a command said, once it has ended well."""
    code, said = command.end(120)
    assert code == 0, said
    return said


def together(desks: Sequence[Desk], *arguments: str) -> list[str]:
    """Several people run the same command at the same time."""
    return [finished(each) for each in [desk.begin(*arguments) for desk in desks]]


@dataclass(frozen=True)
class Trip:
    """A course with its homework, an exchange, and a place for each learner."""

    root: Path

    @classmethod
    def prepare(cls, course: Path, root: Path, assignment: str) -> Trip:
        """Lay out a course with one assignment, as its authors have it."""
        trip = cls(root)
        shutil.copytree(course, root / "course")
        trip.homework.mkdir(parents=True)
        shutil.copy(ROOT / "exercises/homework/nbgrader_config.py", trip.homework)
        source = f"source/{assignment}"
        shutil.copytree(ROOT / "exercises/homework" / source, trip.homework / source)
        trip.exchange.mkdir()
        trip.exchange.chmod(0o777)
        with (trip.homework / "nbgrader_config.py").open("a", encoding="utf-8") as config:
            config.write(INSTRUCTOR_CONFIG.format(exchange=trip.exchange))
        return trip

    @property
    def homework(self) -> Path:
        return self.root / "course/exercises/homework"

    @property
    def exchange(self) -> Path:
        return self.root / "exchange"

    @property
    def outbound(self) -> Path:
        """What learners can fetch."""
        return self.exchange / COURSE_ID / "outbound"

    @property
    def instructor(self) -> Desk:
        return Desk(self.homework, self.root / "homes/instructor", "instructor")

    def learner(self, name: str) -> Desk:
        """A learner who has never used this machine."""
        home = self.root / "homes" / name
        desk = Desk(home / "work", home, name)
        desk.folder.mkdir(parents=True)
        (home / ".jupyter").mkdir()
        text = LEARNER_CONFIG.format(course=COURSE_ID, student=name, exchange=self.exchange)
        (home / ".jupyter/nbgrader_config.py").write_text(text, encoding="utf-8")
        return desk


def jupyterlab(desk: Desk) -> AbstractContextManager[str]:
    """Run stock JupyterLab, in Japanese and with nbgrader's own extensions, in a desk's folder."""
    settings = desk.home / "lab-settings"
    settings.mkdir()
    shutil.copy(LAB_SETTINGS, settings)
    port = free_port()
    command = (
        "jupyterlab",
        "--no-browser",
        f"--port={port}",
        "--allow-root",
        f"--ServerApp.root_dir={desk.folder}",
        f"--LabApp.app_settings_dir={settings}",
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    )
    address = rf"http://127\.0\.0\.1:{port}/lab\?token=\w+"
    return running(command, desk.folder, desk.home, address, desk.name)


def answer_in_lab(page: Page, exercise: Any, values: dict[str, Any]) -> None:
    """Answer an exercise through its widget, and wait until it says that it is saved."""
    box = exercise_box(page, exercise.title)
    open_all(box)
    for ref, value in values.items():
        item = box.locator(f'.dxc-item[data-ref="{ref}"]')
        put(page, item, exercise, ref, value)
    _press(box, box.locator(".dxc-go"))


def _press(box: Locator, button: Locator) -> None:
    button.click()
    expect(box.locator(".dxc-status")).to_have_attribute("data-state", "saved", timeout=PATIENCE)


def write_reflection(page: Page, text: str) -> None:
    """Put a text in place of what the last cell has, and save."""
    page.keyboard.press("Escape")
    cell = page.locator(".jp-Notebook .jp-MarkdownCell").last
    expect(cell).to_contain_text("ここに書いてください")
    cell.scroll_into_view_if_needed()
    cell.dblclick()
    editor = cell.locator(".cm-content")
    expect(editor).to_be_visible()
    editor.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    page.keyboard.press("Shift+Enter")
    expect(cell.locator(".jp-RenderedMarkdown")).to_contain_text(text.splitlines()[0])
    page.keyboard.press("Control+s")
    expect(page.locator(".jp-mod-dirty")).to_have_count(0, timeout=PATIENCE)


def validate(page: Page) -> str:
    """Press Validate in the notebook's toolbar; give what it says, and close it."""
    page.locator(".jp-Toolbar").get_by_text("Validate", exact=True).click()
    dialog = page.locator(".jp-Dialog-content")
    expect(dialog).to_be_visible(timeout=PATIENCE)
    said = dialog.inner_text()
    dialog.locator("button.jp-mod-accept").click()
    return said


def leaks(folder: Path, source: Assignment) -> Iterator[str]:
    """Each sentence of the key that stands in a file of a folder, with the file."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        text = path.read_bytes().decode("utf-8", "replace")
        yield from (f"{path}: {each}" for each in leaks_in(text, source))


def leaks_in(text: str, source: Assignment) -> list[str]:
    """Each sentence of the key that stands in a text, however it is escaped."""
    flat = "".join(_unescaped(text).split())
    return [each for each in hidden(source.exercises.values()) if "".join(each.split()) in flat]


def _unescaped(text: str) -> str:
    return re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
