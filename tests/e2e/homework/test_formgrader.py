"""Points by criterion in formgrader: a real server below a base address, a real browser."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from nbgrader.api import Gradebook
from playwright.sync_api import expect

from dxcourse.homework import HomeworkCourse, give_back, grade_all
from dxcourse.homework.rubric import Criterion, misread_line, split_comment
from dxcourse.homework.todo import todo_lines
from support.homework import HW, Homework, cell_of, editing, make_homework, right_answers
from support.jupyter import PATIENCE, running
from support.looks import violations
from support.processes import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.server, pytest.mark.xdist_group("jupyter")]

EVIL = '<img src="x:" onerror="window.hurt=1">'
MARKUP = "<i>何日</i>"
CRITERIA = f"""\
1. **だれが**　2点：人と場所。1点：どちらか。0点：書いていない。
2. **どのくらい{MARKUP}**　2点：数と単位。1点：</script>{MARKUP}
"""
HOSTILE = f"""p7の文{EVIL}

# reflection

```mermaid
{EVIL}
```

[こちら](javascript:window.hurt=1)

![なくした図](attachment:nai.png)
"""
SCHEME = f"## ふりかえり\n\n### BEGIN MARK SCHEME\n{CRITERIA}\n### END MARK SCHEME"
LEARNERS = [f"p{n}" for n in range(1, 9)]
TOTAL = "合計 {} / 4 点。保存してあります"


@dataclass(frozen=True)
class Office:
    """A course whose reflections wait for a grader, and formgrader on it."""

    homework: Homework
    url: str  # of the server, with its base address
    token: str

    def opens(self, visit: Visit, student: str) -> Page:
        """Formgrader's page of a submission, with all of it loaded; nothing comes from outside."""
        context = visit.chromium.browser.new_context(viewport={"width": 1280, "height": 1000})
        context.set_default_timeout(PATIENCE)
        visit.contexts.append(context)
        outside = re.compile(rf"^(?!{re.escape(self.url)}|data:|blob:)")
        context.route(outside, lambda route: route.abort())
        context.on("weberror", lambda error: visit.faults.append(f"script: {error.error}"))
        page = context.new_page()
        page.goto(f"{self.url}formgrader/submissions/{self.id(student)}/?token={self.token}")
        expect(status(page)).not_to_have_text(re.compile("読みこんでいます|^$"))
        return page

    def id(self, student: str) -> str:
        with self.gradebook() as gradebook:
            return str(gradebook.find_submission_notebook(HW, HW, student).id)

    def has(self, student: str) -> tuple[float | None, str | None]:
        """The score that was given by hand, and the comment."""
        with self.gradebook() as gradebook:
            score = gradebook.find_grade("reflection", HW, HW, student).manual_score
            return score, gradebook.find_comment("reflection", HW, HW, student).manual_comment

    def gradebook(self) -> Any:
        return Gradebook(f"sqlite:///{self.homework.root / 'gradebook.db'}")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    root: Path = tmp_path_factory.mktemp("office")
    homework = make_homework(root / "course")
    with editing(homework.source / f"{HW}.ipynb") as notebook:
        cell_of(notebook, "reflection-prompt")["source"] = SCHEME
    course = HomeworkCourse.open(homework.root)
    course.generate(HW)
    for student in LEARNERS:
        text = HOSTILE if student == "p7" else "文"
        homework.hand_in(student, right_answers(homework.source), reflection=text)
    grade_all(course, HW)
    port = free_port()
    command = (
        "jupyter_server",
        "--no-browser",
        f"--port={port}",
        "--allow-root",
        f"--ServerApp.root_dir={homework.root}",
        "--ServerApp.base_url=/office/",
    )
    address = rf"http://127\.0\.0\.1:{port}/office/\S*\?token=\w+"
    with running(command, homework.root, root / "home", address) as said:
        token = said.split("?token=")[1]
        yield Office(homework, f"http://127.0.0.1:{port}/office/", token)


def status(page: Page) -> Locator:
    return page.locator(".dx-criteria [role=status]")


def box(page: Page, name: str) -> Locator:
    return page.get_by_role("group", name="観点ごとの点").get_by_label(re.compile(f"^{name}"))


def score(page: Page) -> Locator:
    return page.locator("input.score#reflection")


def comment(page: Page) -> Locator:
    return page.locator("#reflection-comment")


def test_points_by_criterion_become_score_and_comment_and_feedback(
    office: Office, visit: Visit
) -> None:
    page = office.opens(visit, "p1")
    who, much = box(page, "だれが"), box(page, "どのくらい")
    expect(who).to_have_accessible_description(re.compile("/ 2 点 2点：人と場所"))
    who.focus()
    page.keyboard.type("２")  # as an input method gives it
    page.keyboard.press("Tab")
    expect(status(page)).to_have_text("あと 1 つ入れると、保存します")
    expect(much).to_be_focused()
    assert office.has("p1") == (None, None)
    page.keyboard.type("1.5")
    page.keyboard.press("Tab")
    expect(comment(page)).to_be_focused()
    expect(status(page)).to_have_text(TOTAL.format("3.5"))
    expect(score(page)).to_have_value("3.5")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("End")
    page.keyboard.type("\n何件でしたか")
    page.keyboard.press("Escape")
    page.wait_for_load_state("networkidle")
    assert office.has("p1") == (3.5, "観点 2 1.5\n何件でしたか")

    page.reload()
    expect(status(page)).to_have_text(TOTAL.format("3.5"))
    assert [each.input_value() for each in (who, much)] == ["2", "1.5"]
    expect(comment(page)).to_have_value("観点 2 1.5\n何件でしたか")

    course = HomeworkCourse.open(office.homework.root)
    give_back(course, HW)
    back = (office.homework.root / f"feedback/p1/{HW}/{HW}.html").read_text(encoding="utf-8")
    assert '<th scope="row">だれが</th><td>2 / 2</td>' in back
    assert "</th><td>1.5 / 2</td>" in back
    assert "観点 2 1.5" not in back
    assert not [line for line in todo_lines(course, HW) if line.startswith("p1")]


def test_a_line_typed_by_hand_fills_the_boxes_and_a_malformed_one_is_said(
    office: Office, visit: Visit
) -> None:
    page = office.opens(visit, "p2")
    who, much = box(page, "だれが"), box(page, "どのくらい")
    comment(page).fill("観点：１、２\nよく数えました")
    comment(page).press("Escape")
    expect(who).to_have_value("1")
    expect(much).to_have_value("2")
    expect(status(page)).to_contain_text("観点の合計は 3 点ですが、点数の欄が空です")
    assert office.has("p2")[0] is None
    much.press("Enter")
    expect(status(page)).to_have_text(TOTAL.format("3"))
    assert office.has("p2") == (3, "観点 1 2\nよく数えました")

    comment(page).fill("観点 1 2 0\nよく数えました")
    comment(page).press("Escape")
    expect(who).to_have_value("")
    expect(status(page)).to_contain_text("「観点 1 2 0」を、観点の点として読めません")
    course = HomeworkCourse.open(office.homework.root)
    (said,) = [line for line in todo_lines(course, HW) if line.startswith("p2")]
    assert "「観点 1 2 0」を、観点の点として読めません" in said
    who.fill("1")
    much.fill("1")
    much.press("Escape")
    expect(status(page)).to_have_text(TOTAL.format("2"))
    assert office.has("p2") == (2, "観点 1 1\nよく数えました")


def test_a_score_that_is_not_the_sum_is_said_and_enter_mends_it(
    office: Office, visit: Visit
) -> None:
    page = office.opens(visit, "p3")
    box(page, "だれが").fill("2")
    box(page, "どのくらい").fill("2")
    box(page, "どのくらい").press("Escape")
    expect(status(page)).to_have_text(TOTAL.format("4"))
    score(page).fill("3")
    score(page).press("Escape")
    expect(status(page)).to_contain_text("観点の合計 4 点と、点数 3 点がちがいます")
    box(page, "だれが").press("Enter")
    expect(status(page)).to_have_text(TOTAL.format("4"))
    expect(score(page)).to_have_value("4")
    for name in ("だれが", "どのくらい"):
        box(page, name).fill("")
        box(page, name).press("Escape")
    expect(score(page)).to_have_value("")
    page.wait_for_load_state("networkidle")
    assert office.has("p3") == (None, "")


def test_what_cannot_be_points_is_said_and_not_saved(office: Office, visit: Visit) -> None:
    page = office.opens(visit, "p4")
    box(page, "だれが").fill("3")
    box(page, "どのくらい").fill("1")
    box(page, "どのくらい").press("Escape")
    expect(status(page)).to_contain_text("「だれが」は、0から 2 までの数で")
    expect(box(page, "だれが")).to_have_attribute("aria-invalid", "true")
    assert office.has("p4") == (None, None)
    page.on("dialog", lambda dialog: dialog.accept())  # it asks before what was typed is lost
    page.close(run_before_unload=True)


def test_the_key_to_the_next_submission_saves_first(office: Office, visit: Visit) -> None:
    page = office.opens(visit, "p5")
    here = page.evaluate("location.pathname")
    box(page, "だれが").fill("1")
    box(page, "どのくらい").press_sequentially("0")
    box(page, "どのくらい").press("Control+.")
    page.wait_for_function("before => location.pathname !== before", arg=here)
    assert office.has("p5") == (1, "観点 1 0")


def test_points_that_could_not_be_saved_are_said_to_be(office: Office, visit: Visit) -> None:
    page = office.opens(visit, "p6")
    page.context.route(re.compile("/api/grade/"), lambda route: route.abort())
    box(page, "だれが").fill("1")
    box(page, "どのくらい").fill("0")
    box(page, "どのくらい").press("Escape")
    expect(status(page)).to_contain_text("保存できませんでした")
    page.context.unroute(re.compile("/api/grade/"))
    box(page, "どのくらい").press("Enter")
    expect(status(page)).to_have_text(TOTAL.format("1"))
    assert office.has("p6") == (1, "観点 1 0")


def test_the_boxes_are_accessible_and_text_is_text(office: Office, visit: Visit) -> None:
    page = office.opens(visit, "p7")
    expect(page.get_by_role("group", name="観点ごとの点")).to_be_visible()
    label = page.locator(".dx-criterion label").nth(1)
    expect(label).to_have_text(f"どのくらい{MARKUP}")
    assert page.locator(".dx-criteria i").count() == 0
    page.set_viewport_size({"width": 600, "height": 1000})
    ours = [each for each in violations(page) if "dx-criteri" in each]
    page.set_viewport_size({"width": 1280, "height": 1000})
    assert [*ours, *(each for each in violations(page) if "dx-criteri" in each)] == []


def test_what_a_learner_wrote_runs_nothing_in_the_graders_browser(
    office: Office, visit: Visit
) -> None:
    page = office.opens(visit, "p7")
    theirs = page.locator(".nbgrader_cell", has=comment(page))
    expect(theirs.get_by_text(f"p7の文{EVIL}")).to_be_visible()
    expect(theirs.get_by_text("![なくした図](attachment:nai.png)")).to_be_visible()
    assert theirs.locator("img, script, [id=reflection]:not(input)").count() == 0
    theirs.get_by_text("こちら").click()
    assert page.evaluate("window.hurt") is None


def test_the_script_reads_and_writes_the_line_as_python_does(office: Office, visit: Visit) -> None:
    page = office.opens(visit, "p8")
    criteria = (Criterion("だれが", 2), Criterion("どのくらい", 2))
    for said in (
        "観点 2 1\n何件でしたか",
        "２・１",
        " 観点：1.5、0 \n\nよい\n",
        "2+1\n",
        "観点2/1",
        "観点 : 2 1 :",
        "2 1 0",
        "観点 3 0",
        "観点 2",
        "観点 2 -1",
        "観点 2 1 よい",
        "観点がよい",
        "2件 1件",
        "9",
        "",
    ):
        found = page.evaluate("said => dxCriteria.read(said, [2, 2])", said)
        scores, rest = split_comment(said, criteria)
        misread = misread_line(said, criteria)
        assert found["points"] == ([each.points for each in scores] or None), said
        assert found["misread"] == misread, said
        if not misread:
            assert found["rest"] == rest.strip(), said
