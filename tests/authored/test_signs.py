"""Signs that only look like those of YAML are called by name, on their own line."""

from __future__ import annotations

from pathlib import Path

import pytest

from dxcourse.authored import YamlError, narrow, read_yaml
from dxcourse.authored.yaml import suspect

GOOD = "- kind: choice\n  id: a\n  title: 題\n  text: 問い\n  options:\n    - {id: x, text: あ}\n"


def broken(tmp_path: Path, text: str) -> YamlError:
    file = tmp_path / "x.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(YamlError) as caught:
        read_yaml(file)
    return caught.value


@pytest.mark.parametrize(
    ("old", "new", "line", "code"),
    [
        ("  title: 題", "  title：題", 3, "yaml.wide_colon"),
        ("  id: a", "\u3000id: a", 2, "yaml.wide_space"),
        ("  title: 題", "\ttitle: 題", 3, "yaml.tab"),
        ("{id: x, text: あ}", "{id: x、text: あ}", 6, "yaml.wide_comma"),
        ("  title: 題", '  title: "題', 3, "yaml.open_quote"),
        ("  title: 題", "  title: '題", 3, "yaml.open_quote"),
        ("  title: 題", "  title: 題: 副題", 3, "yaml.inner_colon"),
    ],
)
def test_a_sign_is_told_where_it_stands(
    tmp_path: Path, old: str, new: str, line: int, code: str
) -> None:
    assert old in GOOD
    error = broken(tmp_path, GOOD.replace(old, new, 1))
    assert (error.line, error.code) == (line, code)


def test_an_open_quote_is_told_at_its_place_even_where_others_follow(tmp_path: Path) -> None:
    text = GOOD.replace("title: 題", 'title: "題', 1).replace("text: 問い", 'text: "問い"', 1)
    error = broken(tmp_path, text)
    assert (error.line, error.code) == (3, "yaml.open_quote")


def test_a_quoted_text_over_lines_is_no_open_quote(tmp_path: Path) -> None:
    error = broken(tmp_path, 'a: "一\n  二"\nb: "三\n  四"\nc: d: e\n')
    assert (error.line, error.code) == (5, "yaml.inner_colon")


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("  title：題", "yaml.wide_colon"),
        ("－ kind: choice", "yaml.wide_dash"),
        ("・kind: choice", "yaml.wide_dash"),
        ("  options: ［a, b］", "yaml.wide_bracket"),
        ("  objectives: 【a】", "yaml.corner_quote"),
        ("  title: “題”", "yaml.curly_quote"),
        ("  objectives: [a、b]", "yaml.wide_comma"),
    ],
)
def test_what_only_looks_like_a_sign(line: str, code: str) -> None:
    found = suspect(line)
    assert found is not None
    assert found[0] == code


@pytest.mark.parametrize(
    "line",
    [
        "  text: 例：これは、ふつうの文です",
        "  text: 1　分からない",
        "    ・箇条書きの文",
        "  - {text: 「はい」、と答えた, id: a}",
        "# title：題",
        "  text: |-",
        "    注意：本文の一行",
        '  text: "“引用”の文"',
    ],
)
def test_what_is_text_is_left_alone(line: str) -> None:
    assert suspect(line) is None


def test_full_width_signs_have_half_width_ones() -> None:
    assert narrow("（）“”‘’，：［") == "()\"\"'',:["
