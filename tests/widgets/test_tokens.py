"""The look is the same wherever an exercise is shown, and changes nothing around it."""

from __future__ import annotations

import re

from dxcourse.notebook_calls import lesson_style
from dxcourse.widgets import style
from dxcourse.widgets.bundle import STATIC

OURS = re.compile(r"\.dx[cl]\b|^html\[data-print\]")  # our pages set the latter, to print
TOKENS = (STATIC / "tokens.css").read_text(encoding="utf-8")


def block(after: str) -> dict[str, str]:
    """The tokens that are set in the first rule behind a text."""
    rule = TOKENS[TOKENS.index(after) :]
    rule = rule[rule.index("{") : rule.index("}")]
    return dict(re.findall(r"(--dx-[a-z-]+): ([^;]+);", rule))


def test_dark_is_the_same_dark_on_a_dark_system_and_in_a_dark_jupyterlab() -> None:
    system = block(":root:not(.dx-lit):not(:has([data-jp-theme-light]))")
    lab = block(':root:has([data-jp-theme-light="false"])')
    assert system == lab
    assert system.keys() == block(":root, .dxc").keys()


def test_nothing_but_what_is_ours_is_styled() -> None:
    """JupyterLab and Voila keep their own look: beside our elements only our tokens are set."""
    sheet = re.sub(r"/\*.*?\*/", "", style() + lesson_style(), flags=re.DOTALL)
    for rule in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        selectors, body = (part.strip() for part in rule)
        if all(line.strip().startswith("--dx-") for line in body.split(";") if line.strip()):
            continue
        for selector in re.split(r",(?![^(]*\))", selectors):
            assert re.search(r"\.dx[cl]\b|\.dx[cl]-|^html\[data-print\]", selector.strip()), (
                selector
            )
