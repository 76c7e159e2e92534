"""The course folder: finds it, loads it, and is the one place that knows its layout."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from dxcourse.authored import (
    NotebookError,
    YamlError,
    calls,
    did_you_mean,
    finding,
    read_files,
    read_yaml,
)
from dxcourse.errors import ContentError
from dxcourse.exercises import AnyExercise, Bank, load_bank
from dxcourse.facts import Facts

COURSE_VARIABLE = "DXCOURSE_COURSE"
OUTLINE = "notebooks/course.yaml"
BANK = "exercises/bank/"
INSTALLED = Path(__file__).parent / "_course"


class CourseError(ContentError):
    """The course folder is missing or wrong."""


class OutdatedError(CourseError):
    """An exercise was written for an edition of the plan which is no longer the newest."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Minutes(_Strict):
    """How long a module takes: reading, and doing its exercises."""

    read: Annotated[int, Field(ge=1)]
    do: Annotated[int, Field(ge=0)]

    @property
    def total(self) -> int:
        """Minutes in all."""
        return self.read + self.do


class Span(_Strict):
    """How long the whole course may be, in minutes."""

    least: Annotated[int, Field(ge=1)]
    most: Annotated[int, Field(ge=1)]


class Objective(_Strict):
    """What a learner can do after a module."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    text: str


class Module(_Strict):
    """One notebook of the course, in order."""

    id: Annotated[str, Field(pattern=r"^\d\d$")]
    notebook: Annotated[str, Field(pattern=r"^[0-9a-z_]+\.ipynb$")]
    title: str
    question: str
    minutes: Minutes
    slides: tuple[int, ...]
    objectives: tuple[Objective, ...] = Field(min_length=1)
    coming: bool = False
    sign: str = "speech"
    """Its drawing, of `dxcourse/figures/signs`."""
    look_back: tuple[str, ...] = Field(default=(), max_length=2)
    """The exercises whose answers are read again at its end: what was said, or before and after."""

    @property
    def slides_text(self) -> str:
        """The slides as a reader writes them: runs joined, ``15–16, 19–21``."""
        runs: list[list[int]] = []
        for slide in self.slides:
            if runs and slide == runs[-1][-1] + 1:
                runs[-1].append(slide)
            else:
                runs.append([slide])
        return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 1 else str(r[0]) for r in runs)


class Appendix(_Strict):
    """A notebook beside the modules: looked things up in, not worked through."""

    id: Annotated[str, Field(pattern=r"^[a-z-]+$")]
    notebook: Annotated[str, Field(pattern=r"^appendix_[a-z_]+\.ipynb$")]
    title: str


class Stop(_Strict):
    """A part of a module that a route goes through: the sections that begin at these cells."""

    module: Annotated[str, Field(pattern=r"^\d\d$")]
    cells: tuple[str, ...] = Field(min_length=1)
    exercises: tuple[str, ...] = Field(min_length=1)
    text: str
    """What is done there, in a few words."""


class Route(_Strict):
    """A short way through the course, with a start, an end and a line on the certificate."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]+$")]
    title: str
    text: str
    minutes: Annotated[int, Field(ge=1)]
    stops: tuple[Stop, ...] = Field(min_length=1)
    ending: str
    certificate: str


class Outline(_Strict):
    """`course.yaml`; by its `id` a course finds its answers again in another folder."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")] | None = None
    title: str
    subtitle: str
    slides_total: int
    minutes_total: Span | None = None
    modules: tuple[Module, ...] = Field(min_length=1)
    appendices: tuple[Appendix, ...] = ()
    routes: tuple[Route, ...] = ()

    @property
    def written(self) -> tuple[Module, ...]:
        """The modules that are not still coming."""
        return tuple(module for module in self.modules if not module.coming)

    @property
    def parts(self) -> tuple[Module | Appendix, ...]:
        """What can be read: the written modules, then the appendices."""
        return (*self.written, *self.appendices)

    @property
    def notebooks(self) -> tuple[str, ...]:
        """The notebooks of the parts, by name."""
        return tuple(part.notebook for part in self.parts)


@dataclass(frozen=True)
class Course:
    """A course folder, loaded: `notebooks/`, `exercises/bank/`, `data/`."""

    root: Path
    outline: Outline
    facts: Facts
    bank: Bank
    shown: Mapping[str, tuple[str, ...]]
    """The ids of the exercises that each written module shows, in order, by module id."""
    deeper: frozenset[str] = frozenset()
    """Of these, the ones that stand only in cells tagged `deepen` (「深める」): nobody has to."""

    @property
    def exercises(self) -> Mapping[str, AnyExercise]:
        """The exercises of the bank by id, but those of an older edition of the plan.

        What was written for one edition is shown under no other.
        """
        outdated = self.bank.outdated
        if not outdated:
            return self.bank.exercises
        return {name: each for name, each in self.bank.exercises.items() if name not in outdated}

    def core(self, module_id: str) -> tuple[str, ...]:
        """The ids of the exercises that a written module asks for, without those of 「深める」."""
        return tuple(name for name in self.shown[module_id] if name not in self.deeper)

    @property
    def modules(self) -> tuple[Module, ...]:
        """The modules that are written."""
        return self.outline.written

    def module(self, module_id: str) -> Module:
        """A module by its id.

        Raises
        ------
        CourseError
            There is none.
        """
        for module in self.outline.modules:
            if module.id == module_id:
                return module
        known = ", ".join(module.id for module in self.outline.modules)
        found = finding(OUTLINE, 0, "course.no_module", id=module_id, known=known)
        raise CourseError([found])

    def notebook(self, module: Module) -> Path:
        """Where a module's notebook is."""
        return self.root / "notebooks" / module.notebook

    def next_after(self, module: Module) -> Module | None:
        """The module that follows, written or coming."""
        order = self.outline.modules
        place = order.index(module) + 1
        return order[place] if place < len(order) else None

    def address_of(self, notebook: str) -> str | None:
        """Where a notebook (its path under `notebooks/`) is on our pages; None where nowhere."""
        addresses = {m.notebook: f"/modules/{m.id}" for m in self.modules}
        addresses |= {a.notebook: f"/appendix/{a.id}" for a in self.outline.appendices}
        addresses |= {f"apps/{path.name}": f"/apps/{name}" for name, path in self.apps().items()}
        return addresses.get(notebook)

    def apps(self) -> dict[str, Path]:
        """The stand-alone pages: name to notebook."""
        return {path.stem: path for path in sorted((self.root / "notebooks/apps").glob("*.ipynb"))}

    def exercise(self, exercise_id: str) -> AnyExercise:
        """An exercise by its id.

        Raises
        ------
        CourseError
            There is none; the message says which comes near. Or (`OutdatedError`) it is for
            another edition of the plan.
        """
        if exercise_id in self.bank.outdated:
            raise OutdatedError([self.bank.outdated[exercise_id]])
        if exercise_id in self.exercises:
            return self.exercises[exercise_id]
        cure = did_you_mean(exercise_id, self.exercises)
        raise CourseError([finding(BANK, 0, "course.no_exercise", cure, id=exercise_id)])

    @classmethod
    def load(cls, root: Path) -> Course:
        """Load a course folder.

        Raises
        ------
        CourseError, ExerciseError, FactsError
            Something in it is wrong: file, line, cure.
        """
        facts = Facts.load(root / "data")
        bank = load_bank(read_files((root / "exercises/bank").glob("*.yaml")), facts, root)
        outline = read_outline(root / "notebooks/course.yaml")
        found = {m.id: _exercises_of(root / "notebooks" / m.notebook) for m in outline.written}
        shown = {
            module: tuple(name for name in exercises if name not in bank.outdated)
            for module, exercises in found.items()
        }
        deeper = frozenset(
            name for exercises in found.values() for name, alone in exercises.items() if alone
        )
        return cls(root, outline, facts, bank, shown, deeper)


def find_root(start: Path) -> Path:
    """The course folder for someone working in `start`.

    Upward for `notebooks/course.yaml`, then ``$DXCOURSE_COURSE``, then the installed copy.

    Raises
    ------
    CourseError
        There is none.
    """
    for folder in _candidates(start.resolve()):
        if (folder / "notebooks/course.yaml").is_file():
            return folder
    blanks = {"start": start, "variable": COURSE_VARIABLE}
    raise CourseError([finding(OUTLINE, 0, "course.no_course", **blanks)])


def current(start: Path | None = None) -> Course:
    """The course around `start` (the working folder), loaded anew only when a file changed."""
    return at(find_root(start or Path.cwd()))


def at(root: Path) -> Course:
    """The course in `root` and nowhere else, loaded anew only when a file changed.

    Raises
    ------
    CourseError, ExerciseError, FactsError, OSError
        It is wrong, or being changed.
    """
    return _loaded(root, fingerprint(root))


def fingerprint(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Name, time and size of every content file: equal as long as nothing was changed."""
    return tuple(
        (path.relative_to(root).as_posix(), path.stat().st_mtime_ns, path.stat().st_size)
        for path in content_files(root)
    )


def content_files(root: Path) -> Iterator[Path]:
    """The files that a course is made of, in a fixed order."""
    yield root / "notebooks/course.yaml"
    for pattern in ("notebooks/*.ipynb", "notebooks/apps/*.ipynb", "exercises/bank/*.yaml"):
        yield from sorted(root.glob(pattern))
    yield from sorted(path for path in (root / "data").rglob("*") if path.is_file())


@lru_cache(maxsize=4)
def _loaded(root: Path, _: object) -> Course:
    return Course.load(root)


def _candidates(start: Path) -> Iterator[Path]:
    yield start
    yield from start.parents
    if os.environ.get(COURSE_VARIABLE):
        yield Path(os.environ[COURSE_VARIABLE])
    yield INSTALLED


def _exercises_of(notebook: Path) -> dict[str, bool]:
    """List a notebook's exercises in order, and whether only cells for going deeper show it."""
    name = f"notebooks/{notebook.name}"
    try:
        found = calls(notebook)
    except FileNotFoundError as error:
        raise CourseError([finding(OUTLINE, 0, "course.no_notebook", name=name)]) from error
    except NotebookError as error:
        raise CourseError([error.finding(name)]) from error
    exercises: dict[str, bool] = {}
    for call in found:
        if call.name == "exercise" and call.arguments:
            name = call.arguments[0]
            exercises[name] = exercises.get(name, True) and call.deeper
    return exercises


def read_outline(path: Path) -> Outline:
    """Read `course.yaml`.

    Raises
    ------
    CourseError
        It is missing or wrong: file, line, cure.
    """
    name = f"notebooks/{path.name}"
    try:
        document = read_yaml(path)
    except FileNotFoundError as error:
        raise CourseError([finding(name, 0, "course.missing")]) from error
    except YamlError as error:
        raise CourseError([error.finding(name)]) from error
    try:
        return Outline.model_validate(document.data)
    except ValidationError as error:
        raise CourseError(document.findings(name, error, model=Outline)) from error
