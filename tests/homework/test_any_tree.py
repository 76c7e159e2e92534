"""Whatever becomes of learners' files on their way: nobody's work is lost or under another's name.

Each tree is made from real files by renaming, zipping, nesting, copying, truncating and
re-encoding. The same seed gives the same tree.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from dxcourse.homework.hand_in import (
    HandInContext,
    HandInPlan,
    HandInState,
    ReleasedCells,
    plan_hand_ins,
)
from dxcourse.homework.incoming import find_files
from dxcourse.homework.student_names import Roster, RosterEntry
from support.homework import HW

NOW = datetime(2026, 12, 1, tzinfo=UTC)
PEOPLE = ("yamada", "suzuki", "u01", "tanaka.j", "佐藤", "がく")
RELEASED = ReleasedCells(frozenset({"reflection", "test-why"}), frozenset({"問い", "ここに書く"}))


@dataclass
class Learner:
    """A learner; `inside` is the name under which their machine records answers."""

    id: str
    inside: str

    def answers(self, version: int) -> bytes:
        lines = []
        for n in range(version + 1):
            self_id = f"{abs(hash_of(self.id)):08x}-{n:04d}"
            lines.append(
                json.dumps(
                    {
                        "version": 1,
                        "id": self_id,
                        "time": f"{NOW - timedelta(hours=9 - n):%Y-%m-%dT%H:%M:%SZ}",
                        "learner": self.inside,
                        "exercise": "why",
                        "attempt": n + 1,
                        "answer": {"items": {"r1": f"{self.id}の{n}"}},
                        "where": "lab",
                    },
                    ensure_ascii=False,
                )
            )
        return ("\n".join(lines) + "\n").encode()

    def notebook(self, version: int) -> bytes:
        text = "".join(f"{self.id}の版{n}。" for n in range(version + 1))
        cells = [
            {"cell_type": "markdown", "metadata": {}, "source": "問い"},
            {
                "cell_type": "markdown",
                "metadata": {"nbgrader": {"grade_id": "reflection"}},
                "source": text,
            },
        ]
        book = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
        return json.dumps(book, ensure_ascii=False).encode()


def hash_of(text: str) -> int:
    return int.from_bytes(text.encode().ljust(8, b"\0")[:4], "big")


Tree = dict[tuple[str, ...], bytes]


def make_tree(chance: random.Random, learners: list[Learner]) -> Tree:
    """Every learner's files, as they may arrive."""
    tree: Tree = {}
    for learner in learners:
        own: Tree = {}
        versions = chance.choice([(0,), (2,), (0, 2), (1, 1)])
        for turn, version in enumerate(versions):
            # A new notebook of the same text comes with one answers file that has grown.
            place = () if turn == 0 else (chance.choice(["出し直し", "2回目", HW]),)
            if chance.random() < 0.85:
                name = rename(chance, "answers", ".jsonl")
                own[*place, name] = spoil(chance, learner.answers(version))
            if chance.random() < 0.85:
                name = rename(chance, HW, ".ipynb")
                own[*place, name] = encode(chance, learner.notebook(version))
        if chance.random() < 0.3:
            own["写真.jpg",] = b"\xff\xd8\xff\0" * 9
        if chance.random() < 0.2:
            own[".DS_Store",] = b"\0\0"
        if not own:
            continue
        folder = write_name(chance, learner.id)
        if chance.random() < 0.35:
            tree[f"{folder}{chance.choice(['', ' (1)', ' - コピー'])}.zip",] = packed(chance, own)
        else:
            deep = (HW,) if chance.random() < 0.4 else ()
            tree.update({(folder, *deep, *place): data for place, data in own.items()})
    if chance.random() < 0.2:
        tree = {("提出物", *place): data for place, data in tree.items()}
    return tree


def rename(chance: random.Random, stem: str, ending: str) -> str:
    return chance.choice(
        [
            f"{stem}{ending}",
            f"{stem}{ending}",
            f"{stem} (1){ending}",
            f"{stem} - コピー{ending}",
            f"コピー ～ {stem}{ending}",
            f"{stem}-PC-01{ending}",
            f"{stem}{ending}.txt",
            f"{stem.upper()}{ending.upper()}",
        ]
    )


def write_name(chance: random.Random, name: str) -> str:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)
    moodle = f"{name}_{chance.randint(1, 9999)}_assignsubmission_file_"
    return chance.choice(
        [name, name, unicodedata.normalize("NFD", name), wide, moodle, f"{name}_{HW}"]
    )


def encode(chance: random.Random, data: bytes) -> bytes:
    code = chance.choice(["utf-8"] * 5 + ["utf-8-sig", "utf-16", "cp932"])
    return data.decode().encode(code)


def spoil(chance: random.Random, data: bytes) -> bytes:
    sort = chance.random()
    if sort < 0.1:
        return data[: chance.randrange(1, len(data))]
    if sort < 0.15:
        return data.replace(b'"version"', b'"ver', 1)
    if sort < 0.25:
        return data.replace(b"\n", b"\r\n")
    return encode(chance, data)


def packed(chance: random.Random, own: Tree) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for place, data in own.items():
            archive.writestr("/".join(place), data)
    if chance.random() < 0.1:
        return out.getvalue()[:-30]
    return out.getvalue()


def lay(tree: Tree, folder: Path) -> None:
    for place, data in tree.items():
        path = folder.joinpath(*place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def plan(folder: Path, *, roster: bool) -> HandInPlan:
    entries = tuple(RosterEntry(each) for each in PEOPLE) if roster else ()
    context = HandInContext(
        assignment=HW,
        exercises={"why"},
        notebooks={HW: RELEASED},
        roster=Roster(entries, {HW}),
        earlier={},
        owners={},
        now=NOW,
    )
    return plan_hand_ins(find_files(folder), context)


def work_in(data: bytes) -> set[str]:
    """Whose work a content is, by the marks that every line and text carries."""
    text = data.decode("utf-8", "replace")
    return {each for each in PEOPLE if f"{each}の" in text}


def check(found: HandInPlan, tree: Tree, *, roster: bool) -> None:
    contents = {"/".join(place): data for place, data in tree.items()}
    for each in found.hand_ins:
        taken = [*each.notebooks.values(), *([each.answers] if each.answers else [])]
        owners = set().union(*(work_in(data) for data in taken)) if taken else set()
        if roster:
            assert owners <= {each.student}, f"{owners} under the name of {each.student}"
        else:
            assert len(owners) <= 1, f"{owners} under one name, {each.student}"
    named = {each.place for each in found.left_out}
    named |= {place for each in found.hand_ins for place in each.parts}
    named |= {q.partition(": ")[0] for each in found.hand_ins for q in each.questions}
    for place in contents:
        told = place in named or any(name.startswith(f"{place}/") for name in named)
        assert told, f"{place} is not told of"
    # The newest of a learner's readable work is what is taken, where anything is.
    for each in found.hand_ins:
        if each.state is not HandInState.TAKEN or not roster:
            continue
        books = list(each.notebooks.values())
        left = [x for x in found.left_out if x.student == each.student]
        for other in left:
            data = contents.get(other.place, b"")
            for book in books:
                assert data.count("の版".encode()) <= book.count("の版".encode())


def run(seed: int, folder: Path) -> None:
    chance = random.Random(seed)  # noqa: S311  -- not for secrets
    people = chance.sample(PEOPLE, chance.randint(1, len(PEOPLE)))
    learners = [
        Learner(each, chance.choice([each, "user", f"{hash_of(each):x}さん"])) for each in people
    ]
    tree = make_tree(chance, learners)
    lay(tree, folder)
    for roster in (True, False):
        try:
            check(plan(folder, roster=roster), tree, roster=roster)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, roster {roster}: {error}") from error


def test_any_tree_of_hand_ins_is_taken_or_told(tmp_path: Path) -> None:
    for seed in range(200):
        run(seed, tmp_path / str(seed))


@pytest.mark.soak
def test_any_of_ten_thousand_trees_is_taken_or_told(tmp_path: Path) -> None:
    for seed in range(10_000):
        run(seed, tmp_path / str(seed))
        shutil.rmtree(tmp_path / str(seed), ignore_errors=True)
