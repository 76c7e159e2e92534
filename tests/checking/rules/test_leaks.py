from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dxcourse.authored import finding
from support.tiny_course import FIRST, FIRST_YAML, RELEASE, SECOND_YAML, SOURCE

if TYPE_CHECKING:
    from support.tiny_course import TinyCourse


@pytest.mark.parametrize(
    "file",
    [
        f"{SOURCE}/answers.jsonl",
        f"{SOURCE}/deep/answers.jsonl.torn",
        f"{RELEASE}/answers.jsonl",
        f"{RELEASE}/live.sqlite",
        f"{SOURCE}/live.sqlite-wal",
        "notebooks/answers.jsonl",
        "notebooks/apps/answers.jsonl",
        "data/gradebook.db",
    ],
)
def test_answers_where_they_would_be_given_away(course: TinyCourse, file: str) -> None:
    course.write(file, "{}")
    course.finds(file, 1, "leaks.answers")


@pytest.mark.parametrize(
    "file",
    [
        "exercises/homework/gradebook.db",
        "exercises/homework/submitted/me/hw1/answers.jsonl",
        "exercises/homework/autograded/me/hw1/answers.jsonl",
        "answers.jsonl",
    ],
)
def test_answers_where_they_belong(course: TinyCourse, file: str) -> None:
    course.write(file, "{}")
    course.finds_nothing()


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (FIRST_YAML, "feedback"),
        ("- kind: choice\n  options:\n    - {id: a, correct: true}\n", "correct"),
        ("- kind: order\n  things: [{id: one, text: いち}]\n", "things"),
        ("- kind: number\n  value: 13\n", "value"),
        (SECOND_YAML.partition("- kind: match")[2], "answer"),
    ],
)
def test_a_key_in_a_release(course: TinyCourse, written: str, key: str) -> None:
    written = written if written.startswith("-") else f"- kind: match{written}"
    file = f"{RELEASE}/exercises.yaml"
    course.write(file, written)
    course.finds(file, f"{key}:", "leaks.key_in_release", key=key)


@pytest.mark.parametrize("name", ["exercises.yaml.bak", "old.yml", "keys.yaml"])
def test_a_key_beside_the_source(course: TinyCourse, name: str) -> None:
    course.write(f"{SOURCE}/{name}", "- kind: choice\n  options:\n    - {id: a, correct: true}\n")
    told = {"key": "correct", "file": "exercises.yaml"}
    course.finds(f"{SOURCE}/{name}", 3, "leaks.key_in_source", **told)


def test_keys_and_their_absence_where_they_belong(course: TinyCourse) -> None:
    course.assign()
    keyless = "- kind: order\n  id: a\n  things: [{id: r1, ref: r1, text: いち}]\n"
    course.write(f"{RELEASE}/exercises.yaml", keyless)
    course.write(f"{RELEASE}/broken.yaml", "- [")
    course.finds_nothing()


OUT = "https://example.com/a"


@pytest.mark.parametrize(
    ("said", "address"),
    [
        (f"[資料]({OUT})", OUT),
        (f"[資料](<{OUT}>)", OUT),
        (f'[資料]({OUT} "題")', OUT),
        ("[資料](//example.com/a)", "//example.com/a"),
        (r"[資料](\\example.com/a)", r"\\example.com/a"),
        ("[資料](HTTP://example.com/a)", "HTTP://example.com/a"),
        ("[資料](javascript:alert)", "javascript:alert"),
        (f"[資料]: {OUT}", OUT),
        (f"<{OUT}>", OUT),
        (f"`ここ` と [資料]({OUT})", OUT),
    ],
)
def test_a_link_that_leads_outside(course: TinyCourse, said: str, address: str) -> None:
    course.say(f"先の行\n\n{said}")
    course.finds(FIRST, course.line(FIRST, "先の行") + 2, "leaks.outside", address=address)


def test_an_image_from_outside_is_two_mistakes(course: TinyCourse) -> None:
    course.say(f"![図]({OUT}.png)")
    line = course.line(FIRST, "![")
    assert set(course.report().findings) == {
        finding(FIRST, line, "leaks.outside", address=f"{OUT}.png"),
        finding(FIRST, line, "leaks.image"),
    }


def test_an_image_of_the_course_is_one(course: TinyCourse) -> None:
    course.say("![図](図.png)")
    course.finds(FIRST, "![", "leaks.image")


@pytest.mark.parametrize("tag", ["<br>", "</b>", '<p class="a">', "<!-- a -->", "<hr/>"])
def test_raw_html(course: TinyCourse, tag: str) -> None:
    course.say(f"先の行 {tag} つづき")
    shown = "<!--" if tag.startswith("<!") else tag
    course.finds(FIRST, "先の行", "leaks.html", tag=shown)


@pytest.mark.parametrize("quote", ['"', "'", ""])
def test_a_tag_that_loads_from_outside_is_two_mistakes(course: TinyCourse, quote: str) -> None:
    course.say(f"<img src={quote}{OUT}{quote}>")
    line = course.line(FIRST, "<img")
    assert set(course.report().findings) == {
        finding(FIRST, line, "leaks.outside", address=OUT),
        finding(FIRST, line, "leaks.html", tag=f"<img src={quote}{OUT}{quote}>"),
    }


@pytest.mark.parametrize("row", ["|:-|:-|", "| :-: | --- |", "--- | ---:", "|---|:---"])
def test_a_table_aligned_with_colons(course: TinyCourse, row: str) -> None:
    course.say(f"| 前 | 後 |\n{row}\n| 一 | 二 |")
    course.finds(FIRST, course.line(FIRST, "| 前 | 後 |") + 1, "leaks.aligned")


@pytest.mark.parametrize(
    "said",
    [
        f"資料は {OUT} にあります。",
        f"`[資料]({OUT})` と書きます。",
        f"```\n<img src={OUT}>\n[資料]({OUT})\n```",
        "[次へ](#つぎ) [前](前.ipynb)",
        "a < b、c > d、<- 矢印 ->",
        "| 前 | 後 |\n|---|---|\n| 一 | 二 |",
        "10:00 - 11:00",
    ],
)
def test_what_a_page_may_say(course: TinyCourse, said: str) -> None:
    course.say(said)
    course.finds_nothing()


@pytest.mark.parametrize(
    ("file", "content", "address"),
    [
        ("dxcourse/a.css", f"p {{\n background: url('{OUT}')}}", OUT),
        ("dxcourse/a.css", f"/* */\n@import url({OUT});", OUT),
        ("dxcourse/a.css", '\n@import "//example.com/a";', "//example.com/a"),
        ("dxcourse/b/page.html.j2", f'<p>\n<img src="{OUT}">', OUT),
        ("dxcourse/b/page.html.j2", f"\n<a href={OUT}>", OUT),
        ("dxcourse/b/page.html.j2", "\n<script src='//example.com/a'>", "//example.com/a"),
        ("dxcourse/a.js", f'// a\nimport "{OUT}";', OUT),
        ("dxcourse/a.js", "\nnew WebSocket(`wss://example.com/a`)", "wss://example.com/a"),
        ("notebooks/a.svg", f'<svg>\n<image xlink:href="{OUT}"/>', OUT),
    ],
)
def test_a_file_that_loads_from_outside(
    course: TinyCourse, file: str, content: str, address: str
) -> None:
    course.write(file, content)
    course.finds(file, 2, "leaks.loaded", address=address)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("dxcourse/a.js", 'document.createElementNS("http://www.w3.org/2000/svg", tag)'),
        ("dxcourse/a.js", f"// see {OUT}\nfetch('/answers')"),
        ("dxcourse/a.css", "p { background: url(a.png) } /* https://example.com */"),
        ("dxcourse/a.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),
        ("dxcourse/a.html.j2", '<a href="/modules/{{ m.id }}"><img src="data:image/png,a">'),
        ("elsewhere/a.css", f"p {{ background: url({OUT}) }}"),
    ],
)
def test_a_file_that_loads_nothing_from_outside(
    course: TinyCourse, file: str, content: str
) -> None:
    course.write(file, content)
    course.finds_nothing()
