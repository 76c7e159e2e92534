"""What the documents say to type, to open and to look at is there."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

import bootstrap
from benchmarks.__main__ import BENCHMARKS
from dxcourse.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
DOCS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "data/README.md"])
NAMES = [path.relative_to(ROOT).as_posix() for path in DOCS]
TEXTS = sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("dxcourse/text/ja/*.yaml"))
FENCE = re.compile(r"^```(?P<kind>\w*)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\((?!https?:|mailto:)([^)\s]*)\)")
PLACES = tuple(f"{path.name}/" for path in ROOT.iterdir() if path.is_dir())
TO_COME = {"data/plan_items_5.csv"}
"""What a reader writes: the plan's next edition, in the guide for it."""
PINNING = {
    "--require-hashes",
    "--only-binary",
    "--no-deps",
    "--no-build-isolation",
    "--upgrade",
    "--upgrade-package",
}
"""Flags of pip and uv."""


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(text: str) -> list[str]:
    """What a document sets as code in its lines, and each line of its shell blocks."""
    blocks = [found["text"] for found in FENCE.finditer(text) if found["kind"] == "sh"]
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    return [*SPAN.findall(FENCE.sub("", text)), *filter(None, lines)]


# -- links and paths -------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    """The names that GitHub gives to headings: letters, digits, - and _, and - for a space."""
    found = set()
    for head in re.findall(r"^#+ (.+)$", FENCE.sub("", text), re.MULTILINE):
        kept = (c for c in head.lower() if unicodedata.category(c)[0] in "LNM" or c in " -_")
        found.add("".join(kept).replace(" ", "-"))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_link_leads_somewhere(name: str) -> None:
    for target in LINK.findall(SPAN.sub("", FENCE.sub("", read(name)))):
        path, _, anchor = target.partition("#")
        there = (ROOT / name).parent / path if path else ROOT / name
        assert there.exists(), target
        assert not anchor or anchor in anchors(there.read_text(encoding="utf-8")), target


def ignored() -> tuple[str, ...]:
    """What git ignores comes with use: releases, submissions, figures."""
    lines = read(".gitignore").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_named_is_there(name: str) -> None:
    for span in code(read(name)):
        path = span.partition(":")[0]
        if re.fullmatch(r"[\w./@*-]+", path) and path.startswith(PLACES):
            there = (
                path in TO_COME or path.startswith(ignored()) or any(ROOT.glob(path.rstrip("/")))
            )
            assert there, path


@pytest.mark.parametrize("name", NAMES)
def test_a_test_that_is_named_is_there(name: str) -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in ROOT.glob("tests/**/test_*.py")}
    known = {path.name for path in sources}
    for text in sources.values():
        known |= set(re.findall(r"def (test_\w+)", text))
    assert set(re.findall(r"\btest_\w+(?:\.py)?", read(name))) <= known


# -- commands --------------------------------------------------------------------------------------


def flags(*commands: click.Command) -> set[str]:
    found: set[str] = set()
    for command in commands:
        with click.Context(command) as context:
            for each in command.get_params(context):
                found |= {*each.opts, *each.secondary_opts}
    return found


def used(words: list[str]) -> set[str]:
    return {word.partition("=")[0] for word in words if re.match(r"--\w", word)}


def commands(of: click.Command = main, word: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command, with the last word of its name."""
    yield word, of
    if isinstance(of, click.Group):
        for name, command in of.commands.items():
            yield from commands(command, name)


def hold(words: list[str]) -> None:
    """Hold that there is such a command of `dxcourse`, and that it takes these flags."""
    found: click.Command | None = main
    while isinstance(found, click.Group) and words and not words[0].startswith("-"):
        if words[0] not in found.commands and "start" in found.commands:
            words = ["start", *words]  # a workshop's name stands where other groups have a command
        with click.Context(found) as context:
            _, found, words = found.resolve_command(context, words)
    assert found
    assert used(words) <= flags(found)


@pytest.mark.parametrize("name", NAMES)
def test_a_command_that_is_named_takes_what_is_said(name: str) -> None:
    for span in code(read(name)):
        if found := re.match(r"(?:DXCOURSE_\w+=\S+ |python -m )?dxcourse +(.+)", span):
            hold(found[1].split())


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_that_a_message_names_is_one(name: str) -> None:
    """In backticks or not: a cure that cannot be typed is none."""
    for found in re.finditer(r"\bdxcourse +([a-z][a-z-]*(?: +-{0,2}[a-z][a-z-]*)*)", read(name)):
        hold(found[1].split())


@pytest.mark.parametrize("name", [*NAMES, *TEXTS])
def test_a_flag_that_is_named_without_its_command_is_one(name: str) -> None:
    """As `--pages`, or with the last word of the command, `collect --pages`."""
    known = list(commands())
    for span in code(read(name)):
        word, *rest = span.split()
        if word.startswith("--"):
            assert used([word, *rest]) <= flags(*(each for _, each in known)) | PINNING, span
        elif meant := [each for last, each in known if last == word]:
            assert used(rest) <= flags(*meant), span


@pytest.mark.parametrize("name", NAMES)
def test_a_job_that_is_named_is_one(name: str) -> None:
    jobs = {*bootstrap.JOBS, "wheelhouse", "clean"}
    for span in code(read(name)):
        if found := re.match(r"(?:make|python bootstrap\.py) +(\S+)", span):
            assert found[1] in jobs, span
        if found := re.match(r"python -m benchmarks((?: [\w-]+)*)$", span):
            assert set(found[1].split()) <= set(BENCHMARKS), span


@pytest.mark.parametrize("name", NAMES)
def test_a_variable_that_is_named_is_read_somewhere(name: str) -> None:
    """In the code by its name, or as a setting of the server's."""
    from dxcourse.web.settings import ServerSettings

    read_by_us = {f"DXCOURSE_{field.upper()}" for field in ServerSettings.model_fields}
    for path in [*ROOT.glob("dxcourse/**/*.py"), *ROOT.glob("tests/*.py")]:
        read_by_us |= set(re.findall(r"DXCOURSE_[A-Z_]+", path.read_text(encoding="utf-8")))
    assert set(re.findall(r"DXCOURSE_[A-Z_]+", read(name))) <= read_by_us
