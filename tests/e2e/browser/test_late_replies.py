"""A reply is taken for the answer that it belongs to, in whatever order answers and replies go.

On pages a reply waits for the one before it. In JupyterLab and stock Voila it does not: there each
answer that was given goes to the kernel at once, and its reply comes when it comes.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

from dxcourse.answers import begin_afresh, submit
from dxcourse.exercises import parse
from support.controls import section
from support.exercise_page import ExercisePage

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Locator, Page

    from support.chromium import Visit

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("exercises")]

EXERCISE: Any = parse(
    {"kind": "opinion", "id": "slow", "title": "ひと言", "items": [{"id": "i", "text": "問い"}]}
)
LAST: Any = parse(
    {
        "kind": "choice",
        "id": "slow",
        "title": "一度きり",
        "attempts": 1,
        "options": [
            {"id": "a", "text": "あちら", "feedback": "ちがいます"},
            {"id": "b", "text": "こちら", "correct": True, "feedback": "そのとおり"},
        ],
    }
)
AMOUNT: Any = parse(
    {"kind": "number", "id": "slow", "title": "いくつ", "attempts": 1, "value": 3, "unit": "人"}
)
(REF,) = (item.ref for item in EXERCISE.items)
# As a kernel's page does it: what is posted is gone, and what comes back is put.
MOUNT = """async exercise => {
    const { default: exercises, makeModel } = await import('/exercise.js');
    const post = letter => globalThis.sent.push(letter);
    globalThis.sent = [];
    globalThis.model = makeModel({exercise, seed: 'learner', reply: null, waits: null, post});
    const el = document.createElement('div');
    el.className = 'dxc-mount';
    el.dataset.exercise = exercise.id;
    document.getElementById('exercises').replaceChildren(el);
    exercises.render({model: globalThis.model, el});
}"""


class Line:
    """A page whose answers are taken, and replied to, when the test says so."""

    def __init__(self, visit: Visit, folder: Path, exercise: Any = EXERCISE) -> None:
        self.exercise = exercise
        self.there = ExercisePage(visit.browser("exercise.test"), folder)
        self.page = self.there.open([exercise])
        self.page.evaluate(MOUNT, exercise.public())
        self.field: Locator = section(self.page, exercise).locator("textarea")
        self.status: Locator = section(self.page, exercise).locator(".dxc-status")

    def give(self, text: str) -> dict[str, Any]:
        """Type and press; what went out."""
        self.field.fill(text)
        return self.press()

    def press(self) -> dict[str, Any]:
        section(self.page, self.exercise).locator(".dxc-go").click()
        return dict(self.page.evaluate("globalThis.sent.at(-1)"))

    def store(self, letter: dict[str, Any]) -> dict[str, Any]:
        """What the record says to it."""
        return submit(
            self.exercise,
            letter["answer"],
            store=self.there.store,
            learner="learner",
            where="notebook",
            entry_id=letter["id"],
            partial=True,
        ).message()

    def elsewhere(self, text: str, entry_id: str) -> dict[str, Any]:
        """What is said of an answer that another window gives."""
        return self.store({"id": entry_id, "answer": {"items": {REF: text}}})

    def put(self, reply: dict[str, Any] | None = None, **status: Any) -> None:
        if reply:
            self.page.evaluate("reply => globalThis.model.put('reply', reply)", reply)
        if status:
            self.page.evaluate("status => globalThis.model.put('status', status)", status)

    def draft(self) -> Any:
        return self.page.evaluate(
            "JSON.parse(localStorage.getItem('dxcourse.draft.learner.slow') ?? 'null')"
        )


@pytest.fixture
def line(visit: Visit, tmp_path: Path) -> Line:
    return Line(visit, tmp_path)


@pytest.fixture
def last(visit: Visit, tmp_path: Path) -> tuple[Line, Locator]:
    """A choice with one try, and its options, of which the first is chosen."""
    line = Line(visit, tmp_path, LAST)
    option = section(line.page, LAST).get_by_role("radio")
    option.nth(0).check()
    return line, option


def test_a_slow_reply_to_an_earlier_answer_is_not_taken_for_the_later_ones(line: Line) -> None:
    first, second = line.give("はじめの答え"), line.give("書きなおした答え")
    line.put(line.store(first), id=first["id"], state="saved")
    expect(line.field).to_have_value("書きなおした答え")
    expect(line.status).to_have_attribute("data-state", "sending")  # and not "saved"
    assert line.draft() == {REF: "書きなおした答え"}  # a kernel may die before it has this
    line.put(line.store(second), id=second["id"], state="saved")
    expect(line.field).to_have_value("書きなおした答え")
    expect(line.status).to_have_attribute("data-state", "saved")
    assert line.draft() is None


def test_what_is_put_back_as_it_was_before_the_last_sending_stays(line: Line) -> None:
    first = line.give("はじめの答え")
    line.put(line.store(first), id=first["id"], state="saved")
    second = line.give("書きなおした答え")
    line.field.fill("はじめの答え")  # what is stored, until the reply comes
    assert line.draft() == {REF: "はじめの答え"}
    line.put(line.store(second), id=second["id"], state="saved")
    expect(line.field).to_have_value("はじめの答え")
    expect(line.status).to_have_attribute("data-state", "saved_more")
    assert line.draft() == {REF: "はじめの答え"}


def test_what_was_refused_stays_when_another_windows_answer_comes(line: Line) -> None:
    refused = line.give("断られた答え")
    line.put(id=refused["id"], state="refused")
    line.put(line.elsewhere("別の窓の答え", "elsewhere-1"))
    expect(line.field).to_have_value("断られた答え")
    assert line.draft() == {REF: "断られた答え"}


def test_what_is_typed_again_as_it_was_sent_once_is_the_learners_own(line: Line) -> None:
    first = line.give("一度送った文")
    line.put(line.store(first), id=first["id"], state="saved")
    line.put(line.elsewhere("別の窓の答え", "elsewhere-1"))
    expect(line.field).to_have_value("別の窓の答え")  # nothing of one's own stood here
    line.field.fill("一度送った文")
    expect(line.status).to_have_attribute("data-state", "unsent")
    line.put(line.elsewhere("また別の答え", "elsewhere-2"))
    expect(line.field).to_have_value("一度送った文")
    assert line.draft() == {REF: "一度送った文"}


def test_an_unchanged_answer_gets_a_reply_of_its_own(line: Line) -> None:
    first = line.give("同じ文")
    stored = line.store(first)
    line.put(stored, id=first["id"], state="saved")
    again = line.store({"id": "sent-again", "answer": first["answer"]})
    assert len(line.there.store.history("learner")) == 1
    assert again == {**stored, "id": "sent-again"}


def test_a_choice_changed_while_its_last_try_is_under_way_is_said_not_to_count(
    last: tuple[Line, Locator],
) -> None:
    line, option = last
    first = line.press()
    option.nth(1).check()
    line.put(line.store(first), id=first["id"], state="saved")
    expect(line.status).to_have_attribute("data-state", "gave_way")
    expect(line.status).to_contain_text("先に預けた答えを残しました")
    expect(option.nth(0)).to_be_checked()  # as it was sent, and as it is stored
    assert line.draft() is None


def test_what_another_window_sent_as_its_last_try_is_not_called_changed(
    last: tuple[Line, Locator],
) -> None:
    """Here stands the same, as a draft of that window's; nothing of one's own gives way."""
    line, option = last
    chosen = line.draft()
    line.put(line.store({"id": "elsewhere-1", "answer": {"items": chosen}}))
    expect(option.nth(0)).to_be_disabled()
    expect(line.status).not_to_have_attribute("data-state", "gave_way")


def test_one_number_is_no_change_however_it_is_written(visit: Visit, tmp_path: Path) -> None:
    line = Line(visit, tmp_path, AMOUNT)
    field = section(line.page, AMOUNT).get_by_role("textbox")
    field.fill("＋０１２００．５０")
    drafted = line.draft()
    line.put(line.store({"id": "elsewhere-1", "answer": {"items": drafted}}))
    expect(field).to_be_disabled()
    expect(field).to_have_value("1,200.5")
    expect(line.status).not_to_have_attribute("data-state", "gave_way")


def test_a_change_that_was_not_sent_before_the_page_was_left_is_said_not_to_count(
    last: tuple[Line, Locator],
) -> None:
    line, option = last
    first = line.press()
    option.nth(1).check()
    reply = line.store(first)
    line.page.evaluate(MOUNT.replace("reply: null", f"reply: {json.dumps(reply)}"), LAST.public())
    expect(line.status).to_have_attribute("data-state", "gave_way")
    assert line.draft() is None


def test_an_unchanged_answer_whose_reply_was_lost_comes_back_over_no_other_windows(
    visit: Visit, tmp_path: Path
) -> None:
    """Nothing of it was stored, so its id is unknown as it comes again, after what came since."""
    there = ExercisePage(visit.browser("exercise.test"), tmp_path)
    here, other = (there.open([EXERCISE]) for _ in range(2))

    def give(page: Page, text: str, state: str) -> None:
        section(page, EXERCISE).locator("textarea").fill(text)
        section(page, EXERCISE).locator(".dxc-go").click()
        status = section(page, EXERCISE).locator(".dxc-status")
        expect(status).to_have_attribute("data-state", state)

    give(here, "はじめの答え", "saved")
    here.evaluate(
        """() => {
            const { store } = globalThis;
            globalThis.store = letter => store(letter).then(() => { throw new Error('lost'); });
            globalThis.hear = () => { globalThis.store = store; };
        }"""
    )
    give(here, "はじめの答え", "waiting")
    give(other, "別の窓の答え", "saved")
    here.evaluate("hear()")
    expect(section(here, EXERCISE).locator("textarea")).to_have_value("別の窓の答え")
    given = [record.answer for record in there.store.history("learner")]
    assert given == [{"items": {REF: text}} for text in ("はじめの答え", "別の窓の答え")]


def test_what_is_given_afresh_as_it_was_before_is_stored_though_its_first_sending_was_lost(
    visit: Visit, tmp_path: Path
) -> None:
    """What stood before 「はじめから」 is no answer that it could be a late repeat of."""
    there = ExercisePage(visit.browser("exercise.test"), tmp_path)
    given = {"items": {REF: "同じ答え"}}
    submit(EXERCISE, given, store=there.store, learner="learner", where="page")
    begin_afresh({EXERCISE.id: EXERCISE}, store=there.store, learner="learner", where="page")
    page = there.open([EXERCISE])
    field, go, status = (
        section(page, EXERCISE).locator(each) for each in ("textarea", ".dxc-go", ".dxc-status")
    )
    page.evaluate(
        """() => {
            const { store } = globalThis;
            globalThis.store = async () => { throw new Error('lost'); };
            globalThis.hear = () => { globalThis.store = store; };
        }"""
    )
    field.fill("同じ答え")
    go.click()
    expect(status).to_have_attribute("data-state", "waiting")
    page.evaluate("hear()")
    expect(status).to_have_attribute("data-state", "saved")
    stored = [record.answer for record in there.store.history("learner")]
    assert stored == [given, None, given]
