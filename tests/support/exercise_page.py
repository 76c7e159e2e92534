"""Exercises alone on a page, with the real front end and the real `submit`, but no server.

For what depends on the front end only: it takes a tenth of a second where a course's page takes
several. A page is one request, script and style included; the policy is else as strict as the
server's.
"""

from __future__ import annotations

import contextlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dxcourse.answers import AttemptsUsed, FileStore, reply_from, submit
from dxcourse.exercises import AnswerError
from dxcourse.widgets import page_script, style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import BrowserContext, Page, Route

    from dxcourse.exercises import AnyExercise

ORIGIN = "http://exercise.test"
POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-page'; style-src 'self' 'unsafe-inline';"
    " img-src 'self'"
)
HTML = """<!doctype html><html lang="ja"><head><meta charset="utf-8"><title>問い</title>
<meta name="viewport" content="width=device-width,initial-scale=1">
<style>{style}</style></head>
<body><main><h1>問い</h1><div id="exercises"></div></main>
<script type="application/json" id="data">{data}</script>
<script type="module" nonce="page">{script}</script></body></html>"""
PAGE_CSS = """body { margin: 0; background: var(--dx-ground); color: var(--dx-ink); }
main { max-width: 46em; margin: 0 auto; padding: 16px; box-sizing: border-box; }"""
# Follows the front end in one module: what is declared here stands in a block of its own.
PAGE_JS = """{
const exercises = { render };
const data = JSON.parse(document.getElementById("data").textContent);
const kept = keeper("dxcourse.");
const outbox = makeOutbox(kept);
const models = new Map();
async function ask(letter) {
  const sent = { ...letter, over: null, ...outbox.message(letter) };
  const said = await globalThis.store(sent).catch(() => ({ state: "away" }));
  if (said.delay) await pause(1000 * said.delay);
  return said;
}
async function refresh() {
  for (const [id, model] of models) {
    const reply = await globalThis.replyTo(id, data.learner);
    if (reply && !outbox.of(data.learner, id)) model.put("reply", reply);
  }
}
async function send(letter) {
  const model = models.get(letter.exercise);
  const said = await ask(letter);
  if (!["saved", "spent", "refused"].includes(said.state)) {
    model?.put("status", { id: letter.id, state: "waiting" });
    return false;
  }
  outbox.remove(letter.id);
  kept.set("saved", letter.id);
  if (outbox.of(data.learner, letter.exercise)) return true;
  if (said.reply) model?.put("reply", said.reply);
  model?.put("status", { id: letter.id, state: said.state, message: said.error });
  return true;
}
const deliver = makeCourier({ waiting: () => outbox.all(data.learner), send, spread: () => 100 });
for (const { exercise, reply } of data.exercises) {
  const el = document.createElement("div");
  el.className = "dxc-mount";
  el.dataset.exercise = exercise.id;
  document.getElementById("exercises").append(el);
  const waits = outbox.of(data.learner, exercise.id);
  const post = (letter) => { outbox.add(letter); deliver(); };
  const model = makeModel({ exercise, seed: data.learner, reply, waits, post });
  models.set(exercise.id, model);
  exercises.render({ model, el });
}
const hear = ({ key }) => { if (key === "dxcourse.saved") refresh().catch(() => {}); };
addEventListener("storage", hear);
deliver();
document.documentElement.dataset.ready = "";
}"""


@cache
def _page() -> str:
    """A page without its data."""
    script = page_script() + "\n" + PAGE_JS
    assert "</script" not in script
    return HTML.replace("{style}", style() + PAGE_CSS).replace("{script}", script)


class ExercisePage:
    """Opens exercises for one learner of a store."""

    def __init__(self, context: BrowserContext, folder: Path, learner: str = "learner") -> None:
        self.context = context
        self.learner = learner
        self.store = FileStore(folder / "answers.jsonl")
        self.exercises: dict[str, AnyExercise] = {}
        self.more: dict[str, Any] = {}
        self.files: dict[str, tuple[str, str]] = {}  # other addresses: type and text
        self.away = False  # nothing arrives
        self.delay = 0.0  # seconds until an answer is on its way back
        context.expose_function("store", self._store)
        context.expose_function("replyTo", self._reply_to)
        context.route(f"{ORIGIN}/**", self._serve)

    def open(self, exercises: Sequence[AnyExercise], **more: Any) -> Page:
        """Show exercises, each with what is stored of it; `more` is added to what is public."""
        self.exercises = {exercise.id: exercise for exercise in exercises}
        self.more = more
        page = self.context.new_page()
        page.goto(ORIGIN + "/")
        page.wait_for_selector("html[data-ready]", state="attached")
        return page

    def give(self, exercise: AnyExercise, values: dict[str, Any], *, partial: bool = True) -> None:
        """Store an answer of the learner's, unless no try is left."""
        with contextlib.suppress(AttemptsUsed):
            submit(
                exercise,
                {"items": values},
                store=self.store,
                learner=self.learner,
                where="page",
                partial=partial,
            )

    def reply(self, exercise: AnyExercise) -> Any:
        """What is said of what is stored, as JSON; None where nothing is."""
        try:
            return reply_from(exercise, self.store, self.learner).message()
        except LookupError:
            return None

    def _reply_to(self, name: str, learner: str) -> Any:
        try:
            return reply_from(self.exercises[name], self.store, learner).message()
        except LookupError:
            return None

    def _store(self, letter: dict[str, Any]) -> dict[str, Any]:
        exercise = self.exercises[letter["exercise"]]
        if self.away:
            return {"state": "away"}
        try:
            reply = submit(
                exercise,
                letter["answer"],
                store=self.store,
                learner=letter["learner"],
                where="page",
                entry_id=letter["id"],
                over=letter["over"],
                partial=True,
            )
        except AttemptsUsed as error:
            return {"state": "spent", "error": str(error)}
        except AnswerError as error:
            return {"state": "refused", "error": str(error)}
        return {"state": "saved", "reply": reply.message(), "delay": self.delay}

    def _serve(self, route: Route) -> None:
        name = route.request.url.removeprefix(ORIGIN).strip("/")
        shown = [
            {"exercise": {**exercise.public(), **self.more}, "reply": self.reply(exercise)}
            for exercise in self.exercises.values()
        ]
        data = json.dumps({"learner": self.learner, "exercises": shown}, ensure_ascii=False)
        page = _page().replace("{data}", data.replace("<", "\\u003c"), 1)
        if name in self.files:  # a test's own, under a policy of its own
            kind, body = self.files[name]
            route.fulfill(body=body, headers={"Content-Type": kind})
            return
        files = {
            "": ("text/html; charset=utf-8", page),
            "exercise.js": ("text/javascript", page_script()),
        }
        if name not in files:
            route.fulfill(status=404)
            return
        kind, body = files[name]
        headers = {"Content-Security-Policy": POLICY, "Content-Type": kind}
        route.fulfill(body=body, headers=headers)
