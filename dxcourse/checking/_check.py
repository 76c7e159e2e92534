"""All rules, in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.checking import (
    calls,
    cells,
    certainty,
    cues,
    feedback,
    glossary,
    homework,
    homework_bank,
    leaks,
    minutes,
    options,
    outline,
    pages,
    showing,
    structure,
    typography,
)
from dxcourse.checking._load import load
from dxcourse.checking._report import Counts, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from dxcourse.checking._content import Content, Files
    from dxcourse.checking._finding import Finding

OF_FILES: tuple[Callable[[Files], Iterable[Finding]], ...] = (
    cells.ids,
    cells.outputs,
    cells.metadata,
    leaks.answers,
    leaks.keys,
    pages.addresses_in_text,
    pages.images,
    pages.html,
    pages.addresses_in_files,
    typography.slips,
)
"""Rules that need no more than files: they speak even of a course that cannot be loaded."""

OF_COURSE: tuple[Callable[[Content], Iterable[Finding]], ...] = (
    calls.one_a_cell,
    calls.names,
    calls.compared,
    certainty.uncertain_keys,
    cues.lengths,
    cues.longest,
    cues.positions,
    feedback.options,
    feedback.others,
    glossary.links,
    glossary.first,
    minutes.modules,
    minutes.whole,
    options.catch_all,
    outline.ids,
    outline.objectives,
    outline.slides,
    showing.hidden,
    showing.objectives,
    showing.parallel,
    showing.twice,
    structure.setup,
    structure.heading,
    structure.key_points,
    structure.ending,
    homework.notebooks,
    homework.shown,
    homework.graded,
    homework.calls,
    homework.metadata,
    homework.reflection,
    homework.told,
    homework_bank.objectives,
    homework_bank.own,
    homework_bank.grounds,
    homework_bank.head,
)

OF_BANK: tuple[Callable[[Content], Iterable[Finding]], ...] = (
    certainty.uncertain_keys,
    cues.lengths,
    cues.longest,
    cues.positions,
    feedback.options,
    feedback.others,
    options.catch_all,
    showing.objectives,
)
"""Rules of questions, which hold for the homework bank by itself as well."""


def check(root: Path) -> Report:
    """Check the course in a folder with every rule there is.

    Parameters
    ----------
    root
        The course's folder.

    Returns
    -------
    Report
        With the findings in the order of files and lines. A course that cannot be loaded is
        reported too: with every mistake of its loading, and by the rules that need only files.
    """
    loaded = load(root)
    found = {*loaded.findings}
    for of_files in OF_FILES:
        found |= {*of_files(loaded.files)}
    if loaded.content is not None:
        for of_course in OF_COURSE:
            found |= {*of_course(loaded.content)}
        for of_bank in OF_BANK:
            found |= {*of_bank(loaded.content.of_homework)}
    modules = loaded.outline.modules if loaded.outline else ()
    coming = tuple(module for module in modules if module.coming)
    return Report(Counts.of(loaded), coming, tuple(sorted(found)))
