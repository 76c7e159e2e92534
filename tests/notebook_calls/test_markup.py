"""Codes stay on one line, and everything else is left as it was."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import escape

from dxcourse import course as courses
from dxcourse.notebook_calls import deadlines, unbroken, with_marks

SPAN = re.compile(r'<span class="dxl-unbroken">(.*?)</span>')


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("1-4は、どちらとも読み取れません。", ["1-4"]),
        ("いまは「eL-QRを活用した公金収納」", ["eL-QR"]),
        ("重点取組事項の1-1〜7と3-2", ["1-1", "3-2"]),
        ("2024-06、2025-12-31", ["2024-06", "2025-12-31"]),
        ("AI-OCRとLGWAN-ASP", ["AI-OCR", "LGWAN-ASP"]),
        ("ハイフンのない2026年、A B、- 1、1 -", []),
        ("a-b-c-d", ["b-c-d"]),
    ],
)
def test_a_code_is_kept_together(text: str, kept: list[str]) -> None:
    assert SPAN.findall(unbroken(text)) == kept
    assert SPAN.sub(r"\1", unbroken(text)) == text


@given(st.text(alphabet="aZ1-あ 、", max_size=80))
def test_what_is_long_can_still_break(text: str) -> None:
    assert all(len(code) <= 20 for code in SPAN.findall(unbroken(text)))


@pytest.mark.parametrize(
    "html",
    [
        '<a href="/modules/04#item-1-4" title="1-4">取組</a>',
        '<script type="application/json">{"code": "1-4"}</script>',
        "<style>.dxl-plan { top: 1-4 }</style>",
        "<select><option>1-4</option></select>",
        "<textarea>1-4</textarea><title>1-4</title>",
    ],
)
def test_attributes_scripts_and_fields_are_left_alone(html: str) -> None:
    assert unbroken(html) == html


@given(st.text(alphabet="a1-<>&\"'/ あ", max_size=60))
def test_it_loses_nothing_and_done_again_changes_nothing(text: str) -> None:
    html = f'<p title="{escape(text)}">{escape(text)}</p>'
    once = unbroken(html)
    assert unbroken(once) == once
    assert SPAN.sub(r"\1", once) == html


def test_a_mark_in_the_text_is_asked_what_it_means_but_not_in_a_link_or_a_heading() -> None:
    marks = courses.current().facts.legend("certainty")
    shown = with_marks("<p title='◎'>三（◎）と<a href='#'>◇</a></p><h3>△</h3>", marks)
    assert re.findall(r'popovertarget="([^"]+)"', shown) == ["mark-stated"]
    assert "<a href='#'>◇</a>" in shown
    assert "<h3>△</h3>" in shown
    assert "title='◎'" in shown
    assert 'aria-label="◎ 明言されている' in shown
    assert with_marks("<p>しるしなし</p>", marks) == "<p>しるしなし</p>"


def test_each_mark_of_a_call_leads_to_a_source_of_its_own() -> None:
    shown = deadlines().data
    asked = re.findall(r'popovertarget="([^"]+)"', shown)
    assert len(asked) == len(set(asked)) == len(courses.current().facts.deadlines())
    assert sorted(re.findall(r'id="([^"]+)" popover', shown)) == sorted(asked)
