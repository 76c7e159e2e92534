"""A table of the text, as a desk shows it and as a phone can."""

from __future__ import annotations

import re

import pytest

from dxcourse.pages.renderer import PlainMarkdown

NAMES = ("ことば", "支えた &amp; もの", "残すもの", "枚")
HEAD = f"<thead>\n<tr>{''.join(f'<th>{name}</th>' for name in NAMES)}</tr></thead>"


@pytest.fixture
def markdown() -> PlainMarkdown:
    return PlainMarkdown(contents_manager=None)


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def test_a_table_of_many_words_can_be_a_list_and_stays_a_table(markdown: PlainMarkdown) -> None:
    body = row(
        "背中で語る", "隣の席で、手順をまるごと見せた", "理由をひと言添えて、見せること", "25"
    )
    shown = markdown.table(f"{HEAD}<tbody>{body}</tbody>")
    assert 'class="listed" role="table"' in shown
    assert re.findall(r'data-label="([^"]+)"', shown) == ["支えた &amp; もの", "残すもの", "枚"]
    assert '<td role="cell" data-label="枚" data-short>25</td>' in shown
    roles = re.findall(r'role="(\w+)"', shown)
    assert (roles.count("row"), roles.count("columnheader"), roles.count("cell")) == (2, 4, 4)


def test_a_single_column_of_words_needs_no_label(markdown: PlainMarkdown) -> None:
    body = row("背中で語る", "隣の席で、手順をまるごと見せた", "目", "25")
    shown = markdown.table(f"{HEAD}<tbody>{body}</tbody>")
    assert re.findall(r'data-label="([^"]+)" data-short', shown) == ["残すもの", "枚"]
    assert '支えた &amp; もの"' not in shown


@pytest.mark.parametrize("head", ["短い", "長くても見出しの列だけなら、表のまま"])
def test_a_table_of_short_cells_stays_as_it_is(markdown: PlainMarkdown, head: str) -> None:
    shown = markdown.table(f"{HEAD}<tbody>{row(head, '一', '二', '3')}</tbody>")
    assert "listed" not in shown
    assert 'tabindex="0"' in shown
