"""The house: a name stands for one thing, and a kind of exercise is known in one package."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from importlib import import_module
from typing import TYPE_CHECKING

from dxcourse.exercises import kinds_by_name
from support.package import PACKAGE, modules

if TYPE_CHECKING:
    from collections.abc import Iterator

OF_A_PLAN = {"learner/plan.py", "notebook_calls/report.py"}
"""A plan is made of a pledge, and of nothing else: this is that kind's own surface."""
WORDS = {"number", "order", "match"}
"""Names of kinds that are words of other things as well; an import of theirs counts."""
LONGEST = 700  # lines: what can be read at a sitting is shorter, and most modules are half of it


def test_the_name_of_a_public_class_stands_for_one_thing() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    for name, tree in modules().items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(name)
    assert {name: files for name, files in found.items() if len(files) > 1} == {}


def test_every_name_that_a_package_gives_is_there() -> None:
    """Those that are imported when they are used, too: no type checker reads where they are."""
    packages = [name for name in modules() if name.endswith("/__init__.py")]
    for name in packages:
        package = import_module(f"dxcourse.{name.removesuffix('/__init__.py').replace('/', '.')}")
        for given in getattr(package, "__all__", ()):
            assert getattr(package, given) is not None, f"{name}: {given}"


def test_no_module_outside_exercises_names_a_kind() -> None:
    """What surfaces look at is the shape of a value, and its privacy."""
    kinds = set(kinds_by_name()) - WORDS
    naming = {
        name
        for name, tree in modules().items()
        if not name.startswith("exercises/")
        for node in ast.walk(tree)
        if (isinstance(node, ast.Constant) and node.value in kinds)
        or (
            isinstance(node, ast.ImportFrom)
            and (node.module or "").startswith("dxcourse.exercises.kinds")
        )
    }
    assert naming - OF_A_PLAN == set()


def test_a_package_imports_no_private_module_of_another() -> None:
    private = {
        f"{name}: {node.module}"
        for name, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("dxcourse.")
        for package in [(node.module or "").split(".")]
        if any(part.startswith("_") for part in package) and package[1] != name.split("/")[0]
    }
    assert private == set()


def test_a_module_can_be_read_at_a_sitting() -> None:
    lines = {
        name: len((PACKAGE / name).read_text(encoding="utf-8").splitlines()) for name in modules()
    }
    assert {name: count for name, count in lines.items() if count > LONGEST} == {}


# -- what a person reads, and what is remembered ---------------------------------------------------

LETTERS = re.compile(r"[\u3041-\u3096\u30a1-\u30fa\u3400-\u9fff]")
READS_JAPANESE = {
    "authored/strays.py": "names that file managers give to copies",
    "checking/coverage.py": "slides that a text names",
    "checking/rules/guessing.py": "how an answer is given away by its wording",
    "checking/rules/facts.py": "dates that a fact states",
    "checking/rules/homework.py": "minutes, points and grounds that a source states",
    "checking/rules/questions.py": "options such as all of the above",
    "checking/rules/language.py": "numbers that a text states of the course",
    "figures/line_breaking.py": "where a line of Japanese may break",
    "homework/deadlines.py": "days as people write them",
    "homework/student_names.py": "names that file managers give to copies",
    "notebook_calls/calls.py": "readings sorted by kana",
    "workshop/results/themes.py": "parts of speech as the dictionary names them",
    "pages/static/chapter.js": "kana folded where a term is looked for",
    "web/static/page.js": "kana folded where a term is looked for",
    "widgets/static/kinds/number.js": "numbers written in kanji",
    "widgets/static/kinds/schedule.js": "the sign of a month, left out where it stands twice",
}
"""What takes Japanese apart that others wrote; nothing of it is shown to anybody."""
NOTES = re.compile(r"(?ms)\{#.*?#\}|<!--.*?-->|/\*.*?\*/|(?:(?<=\s)|^)//[^\n]*")


def python_literals(tree: ast.Module) -> Iterator[str]:
    """Every text of a module that is no docstring."""
    told = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def test_what_a_person_reads_is_in_the_catalogue() -> None:
    """No Japanese stands in Python, in a template or in a script."""
    found = {
        name for name, tree in modules().items() if any(map(LETTERS.search, python_literals(tree)))
    }
    for ending in ("j2", "js", "html", "css"):
        for path in PACKAGE.rglob(f"*.{ending}"):
            if LETTERS.search(NOTES.sub("", path.read_text(encoding="utf-8"))):
                found.add(path.relative_to(PACKAGE).as_posix())
    assert found == set(READS_JAPANESE)


def readable_errors() -> set[str]:
    """The names of the errors whose message is meant for a person, by what they derive from."""
    bases: dict[str, set[str]] = defaultdict(set)
    for tree in modules().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                bases[node.name] |= {base.id for base in node.bases if isinstance(base, ast.Name)}
    known = {"ReadableError"}
    while new := {name for name, own in bases.items() if own & known} - known:
        known |= new
    return known


ENGLISH_FOR_PROGRAMS = {"NotNow", "ExerciseClosed"}
"""They have a code, or a state, by which screens choose their own words."""


def test_a_readable_error_says_nothing_in_english() -> None:
    """Its message comes from the catalogue: no sentence of it is written where it is raised."""
    readable = readable_errors() - ENGLISH_FOR_PROGRAMS
    words = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
    wrong = []
    for name, tree in modules().items():
        for function in ast.walk(tree):
            if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            said = {
                target.id: node.value
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for call in ast.walk(function):
                if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
                    continue
                if call.func.id not in readable:
                    continue
                given = [
                    said.get(each.id, each) if isinstance(each, ast.Name) else each
                    for each in call.args
                ]
                wrong += [
                    f"{name}:{call.lineno}: {node.value!r}"
                    for each in given
                    if isinstance(each, (ast.Constant, ast.JoinedStr))
                    for node in ast.walk(each)
                    if isinstance(node, ast.Constant) and words.search(str(node.value))
                ]
    assert wrong == []


EMPTY = (ast.List, ast.Dict, ast.Set)
MAKERS = {"dict", "list", "set", "defaultdict", "deque", "Counter", "WeakSet", "WeakKeyDictionary"}


def remembers(value: ast.expr | None) -> bool:
    """Whether a name of a module or class is bound to something empty, to be filled later."""
    if isinstance(value, EMPTY):
        return not (value.keys if isinstance(value, ast.Dict) else value.elts)
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id in MAKERS
        and not value.args
    )


def shared(node: ast.AnnAssign) -> bool:
    """Whether it is of the class, and may be written to."""
    told = ast.unparse(node.annotation)
    return "ClassVar" in told and not told.startswith("ClassVar[Mapping")


def test_no_module_and_no_class_keeps_what_a_run_puts_into_it() -> None:
    """State is an object's, made where it is needed and handed on; a cache says so (`cache`)."""
    kept = []
    for name, tree in modules().items():
        classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        named: list[ast.stmt] = [*tree.body]
        for each in classes:
            # An annotation makes a field, which each object has for itself; but for a `ClassVar`.
            named += [n for n in each.body if not isinstance(n, ast.AnnAssign) or shared(n)]
        kept += [
            f"{name}:{node.lineno}"
            for node in named
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and remembers(node.value)
        ]
        kept += [f"{name}:{n.lineno}" for n in ast.walk(tree) if isinstance(n, ast.Global)]
    assert kept == []


def test_no_class_is_made_at_run_time_and_no_module_is_hidden_but_one() -> None:
    """`docs/decisions/start.md` says which, and what it saves."""
    making = {"new_class", "make_dataclass", "create_model"}
    hooks = {"sys.modules", "object.__setattr__"}
    found = set()
    for name, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                three = node.func.id == "type" and len(node.args) > 1
                if three or node.func.id in making:
                    found.add(name)
            if isinstance(node, ast.Attribute) and ast.unparse(node) in hooks:
                found.add(name)
    assert found == {"lean_jsonschema.py"}
