"""All rules, in one run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dxcourse.checking.content import load
from dxcourse.checking.report import Counts, Report
from dxcourse.checking.rules import (
    facts,
    guessing,
    homework,
    language,
    leaks,
    minutes,
    notebooks,
    outline,
    questions,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from dxcourse.checking.content import Content, Files
    from dxcourse.errors import Finding

OF_FILES: tuple[Callable[[Files], Iterable[Finding]], ...] = (
    outline.stray_files,
    notebooks.cell_ids,
    notebooks.kept_outputs,
    notebooks.notebook_metadata,
    leaks.answer_records,
    leaks.released_keys,
    leaks.addresses_in_text,
    leaks.images,
    leaks.raw_html,
    leaks.addresses_in_files,
    language.typing_slips,
    language.spelling,
)
"""Rules that need no more than files: they speak even of a course that cannot be loaded."""

OF_BANK: tuple[Callable[[Content], Iterable[Finding]], ...] = (
    questions.uncertain_keys,
    questions.option_feedback,
    questions.other_feedback,
    questions.catch_all_options,
    questions.keyless_questions,
    guessing.key_lengths,
    guessing.longest_options,
    guessing.key_positions,
    outline.named_objectives,
)
"""Rules of questions, which hold for the homework bank by itself as well."""

OF_COURSE: tuple[Callable[[Content], Iterable[Finding]], ...] = (
    *OF_BANK,
    outline.fitting_agendas,
    outline.scene_pictures,
    facts.stale_facts,
    facts.told_figures,
    facts.told_slides,
    guessing.blind_rules,
    guessing.asking_feedback,
    language.counted_things,
    notebooks.one_call_a_cell,
    notebooks.called_names,
    notebooks.compared_exercises,
    notebooks.setup_cells,
    notebooks.heading_cells,
    notebooks.key_points,
    notebooks.ending_cells,
    language.glossary_links,
    language.first_uses,
    minutes.module_minutes,
    minutes.course_minutes,
    outline.outline_ids,
    outline.practised_objectives,
    outline.covered_slides,
    outline.hidden_exercises,
    outline.shown_twice,
    outline.parallel_checks,
    notebooks.placed_gates,
    notebooks.open_answers,
    homework.one_notebook,
    homework.shown_once,
    homework.graded_once,
    homework.explained_keys,
    homework.single_calls,
    homework.nbgrader_metadata,
    homework.reflection,
    homework.given_away,
    homework.homework_objectives,
    homework.own_questions,
    homework.grounds,
    homework.head_cells,
)
"""Rules of a course that could be loaded."""


UNREADABLE = frozenset({"tables.not_utf8", "tables.tabs", "tables.semicolons", "yaml.not_utf8"})
"""What is wrong with a file as a whole: each further finding in it would only repeat that."""


def check(root: Path, today: date | None = None) -> Report:
    """Check the course in a folder with every rule there is.

    Parameters
    ----------
    root
        The course's folder.
    today
        The day against which facts are old or not; today in Japan.

    Returns
    -------
    Report
        With the findings in the order of files and lines. A course that cannot be loaded is
        reported too: with every mistake of its loading, and by the rules that need only files.
    """
    loaded = load(root, today)
    found = {*loaded.findings}
    unread = {each.file for each in loaded.findings if each.code in UNREADABLE}
    for of_files in OF_FILES:
        found |= {each for each in of_files(loaded.files) if each.file not in unread}
    if loaded.content is not None:
        for of_course in OF_COURSE:
            found |= {*of_course(loaded.content)}
        for of_bank in OF_BANK:
            found |= {*of_bank(loaded.content.of_homework)}
    measured = [
        measure
        for give in (guessing.blind_figures, guessing.asking_figures)
        for measure in (give(loaded.content) if loaded.content is not None else ())
    ]
    modules = loaded.outline.modules if loaded.outline else ()
    return Report(
        Counts.of(loaded),
        tuple(module for module in modules if module.coming),
        tuple(sorted(each for each in found if not each.warning)),
        tuple(sorted(each for each in found if each.warning)),
        tuple(measured),
    )
