"""A real JupyterHub: the course behind its login, and one record for pages and notebooks."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import nbformat
import psutil  # type: ignore[import-untyped]
import pytest

from dxcourse import course as courses
from support.hub import Browser, Hub, run_in
from support.served import TINY_NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

pytestmark = [pytest.mark.server, pytest.mark.xdist_group("hub")]

# What `exercise()` does in a kernel of a learner's server, without a browser to show it.
NOTEBOOK = """
import json
from dxcourse.notebook_calls import exercise
shown = exercise({exercise!r})
print(json.dumps({{"reply": shown.reply, "seed": shown.seed}}))
shown.outbox = {{"id": {entry!r}, "answer": {{"items": {items!r}}}}}
print(json.dumps({{"reply": shown.reply, "status": shown.status}}))
"""


@dataclass(frozen=True)
class Learner:
    name: str
    browser: Browser
    environment: Mapping[str, str]


@pytest.fixture(scope="module")
def taro(hub: Hub) -> Learner:
    browser = hub.login("taro")
    return Learner("taro", browser, hub.start_server("taro", browser))


def ref(hub: Hub, exercise: str) -> str:
    (item,) = courses.at(hub.course).exercise(exercise).items
    return str(item.ref)


def give(hub: Hub, who: Browser, count: float, **headers: str) -> Any:
    """Answer the number on a page."""
    body = {"id": f"from-a-page-{count:.0f}", "answer": {"items": {ref(hub, TINY_NUMBER): count}}}
    url = f"{hub.pages}/api/answers/{TINY_NUMBER}"
    return who.open(url, json_body=body, headers=headers)


def records(hub: Hub, who: Browser) -> list[tuple[str, str, str]]:
    """What is stored of someone: learner, exercise and surface of each answer."""
    found = who.open(f"{hub.pages}/my/answers.json").json()["records"]
    return [(each["learner"], each["exercise"], each["where"]) for each in found]


def test_nobody_sees_a_page_or_an_answer_without_the_hubs_login(hub: Hub) -> None:
    for path in ("/", "/modules/00", "/mine", "/privacy", "/no-such-page"):
        assert "/hub/login" in Browser().open(f"{hub.pages}{path}").url, path
    for path in ("/api/learner", "/my/answers.json", "/my/plan"):
        reply = Browser().open(f"{hub.pages}{path}")
        assert (reply.status, reply.json()["state"]) == (401, "refused"), path
    forged = {"Authorization": "token of-nobody"}
    assert Browser().open(f"{hub.pages}/api/learner", headers=forged).status == 401
    assert give(hub, Browser(), 1).status == 401


def test_a_page_knows_its_learner_by_the_hubs_name(hub: Hub, taro: Learner) -> None:
    page = taro.browser.open(f"{hub.pages}/modules/00")
    assert page.status == 200
    assert page.url == f"{hub.pages}/modules/00"
    assert "data-signed-in" in page.text
    assert 'href="/jh/services/dxcourse/sign-out"' in page.text
    told = taro.browser.open(f"{hub.pages}/api/learner").json()
    assert (told["seed"], told["name"]) == ("taro", "taro")
    # There is no other way to be someone.
    assert taro.browser.open(f"{hub.pages}/api/visitor", json_body={}).status == 404
    privacy = taro.browser.open(f"{hub.pages}/privacy").text
    assert "サインインした名前" in privacy
    assert "クッキーは使いません" not in privacy


def test_pages_and_notebooks_are_one_record(hub: Hub, taro: Learner) -> None:
    assert give(hub, taro.browser, 7).status == 200
    script = NOTEBOOK.format(
        exercise=TINY_NUMBER, entry="from-a-notebook-8", items={ref(hub, TINY_NUMBER): 8.0}
    )
    done = run_in(taro.environment, hub.home("taro"), "-c", script)
    assert done.returncode == 0, done.stderr
    before, after = map(json.loads, done.stdout.splitlines())
    assert before["seed"] == "taro"
    assert before["reply"]["attempt"] == 1  # given on the page
    assert (after["status"]["state"], after["reply"]["attempt"]) == ("saved", 2)
    assert records(hub, taro.browser) == [
        ("taro", TINY_NUMBER, "page"),
        ("taro", TINY_NUMBER, "notebook"),
    ]


def test_another_learners_work_is_out_of_reach(hub: Hub, taro: Learner) -> None:
    assert give(hub, taro.browser, 4).status == 200
    assert records(hub, taro.browser)
    hanako = hub.login("hanako")
    assert records(hub, hanako) == []
    assert hanako.open(f"{hub.url}user/taro/lab").status == 403
    assert hanako.open(f"{hub.url}user/taro/api/contents").status in {403, 404}
    # A learner's token opens their own record alone, and is no key to the hub.
    token = {"Authorization": f"token {taro.environment['JUPYTERHUB_API_TOKEN']}"}
    assert Browser().open(f"{hub.pages}/api/learner", headers=token).json()["seed"] == "taro"
    assert Browser().open(f"{hub.url}hub/api/users", headers=token).status == 403
    assert Browser().open(f"{hub.url}hub/api/users/hanako", headers=token).status == 404
    assert "postgresql" not in str(taro.environment)


def test_another_sites_page_cannot_answer(hub: Hub, taro: Learner) -> None:
    before = records(hub, taro.browser)
    assert give(hub, taro.browser, 9, Origin="https://else.example").status == 403
    assert records(hub, taro.browser) == before


def test_a_learners_lab_is_japanese_and_saves_the_course_as_it_was(hub: Hub, taro: Learner) -> None:
    token = {"Authorization": f"token {taro.environment['JUPYTERHUB_API_TOKEN']}"}
    server = f"{hub.url}user/taro"
    plugin = "@jupyterlab/translation-extension:plugin"
    told = Browser().open(f"{server}/lab/api/settings/{plugin}", headers=token).json()
    assert told["schema"]["properties"]["locale"]["default"] == "ja_JP"
    page = taro.browser.open(f"{server}/lab").text
    data = page.split('id="jupyter-config-data"')[1].split(">", 1)[1].split("</script>")[0]
    disabled = json.loads(data)["disabledExtensions"]
    assert "@jupyterlab/apputils-extension:announcements" in disabled
    assert "@jupyter/nbgrader" not in disabled

    before = nbformat.read(hub.home("taro") / "course/00_first.ipynb", as_version=4)
    run = nbformat.from_dict(json.loads(json.dumps(before)))
    for cell in run.cells:
        if cell.cell_type == "code":
            cell.execution_count = 3
            cell.outputs = [nbformat.v4.new_output("stream", text="x")]
    saved = {"type": "notebook", "format": "json", "content": run}
    for name, same in (("course/00_first.ipynb", True), ("my-own.ipynb", False)):
        url = f"{server}/api/contents/{name}"
        reply = Browser().open(url, json_body=saved, method="PUT", headers=token)
        assert reply.status in {200, 201}, reply.text
        assert (nbformat.read(hub.home("taro") / name, as_version=4) == before) is same


def test_a_learners_processes_get_no_more_memory_than_was_set(hub: Hub, taro: Learner) -> None:
    assert taro.name
    assert hub.server_of("taro").rlimit(psutil.RLIMIT_DATA) == (2 << 30, 2 << 30)


def test_signing_out_of_the_course_is_signing_out_of_the_hub(hub: Hub) -> None:
    browser = hub.login("jiro")
    assert browser.open(f"{hub.pages}/api/learner").json()["seed"] == "jiro"
    browser.open(f"{hub.pages}/sign-out")
    assert browser.open(f"{hub.pages}/api/learner").status == 401
    assert "/hub/login" in browser.open(f"{hub.pages}/").url
