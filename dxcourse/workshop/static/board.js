// The facilitator's page: the agenda against the clock, what the wall shows and would show, and what
// people wrote. Every command is a difference: two quick clicks and two boards lose nothing.
import { $, BASE, call, clock, follow, h, keyed, left, now, pathHere, put, say } from "./common.js";
import { limited } from "./exercise.js";
import { stage, tick as tickStage } from "./stage.js";
import { tally } from "./tally.js";
import { isMoving, voices } from "./voices.js";

const WORDS = { ...JSON.parse($("stage-words").textContent), results: JSON.parse($("wall-words").textContent) };
const JOIN = { ...JSON.parse($("join").textContent), words: WORDS };
let room = null;
const base = pathHere.replace(/\/$/, "");
// One letter does nothing that a room would see at once and cannot be taken back: a reveal takes Shift.
const KEYS = {
  n: { do: "next" }, p: { do: "back" }, o: { do: "open" }, c: { do: "closing" }, "shift+r": { do: "reveal" },
  s: { do: "step" }, t: { do: "pause" }, "+": { do: "longer", seconds: 60 }, ";": { do: "longer", seconds: 60 },
  arrowright: { do: "page", by: 1 }, arrowleft: { do: "page", by: -1 }, g: { do: "show", screen: "scene" }, q: { do: "show", screen: "questions" },
  j: { do: "show", screen: "join" }, w: { do: "show", screen: "room" }, b: { do: "rest", minutes: 5 },
};

let question = null;

/** Ask yes or no; a dialog of the page, so that the keyboard stays in it. */
function ask(word) {
  question?.abort(); // one that Escape has ended: it was not answered, and never will be
  question = new AbortController();
  const { signal } = question;
  $("ask-text").textContent = say(word);
  $("ask").showModal();
  // "close" comes later than the answer, perhaps when the next question stands already.
  return new Promise((done) => {
    $("ask").addEventListener("submit", ({ submitter }) => done(submitter.value === "yes"), { once: true, signal });
  });
}

/** What must be asked before a command is sent. */
function doubt(command) {
  const asking = room?.phase === "open";
  if (command.do === "reveal") return asking ? "confirm_reveal" : "confirm_reveal_closed";
  if (command.do === "again" && (command.exercise || room?.phase === "revealed")) return "confirm_again";
  if (["next", "back", "go"].includes(command.do) && asking) return "confirm_next";
  if (command.do === "end") return "confirm_end";
  if (command.do === "expel") return "confirm_expel";
  return null;
}

async function act(command) {
  if (document.querySelector("dialog[open]")) return false;
  const word = doubt(command);
  if (word && !(await ask(word))) return false;
  let sent = command;
  if (command.do === "pause" && room?.timer && room.timer.ends == null) sent = { do: "continue" };
  if (command.do === "longer" && !room?.timer) sent = { do: "extend", minutes: command.seconds / 60 };
  if (command.do === "page") {
    const page = (room?.page ?? 0) + command.by;
    if (page < 0 || page >= pages(room)) return false;
    sent = { do: "page", page };
  }
  if (command.do === "door") sent = { do: "door", open: !room?.door };
  const { status, data } = await call(`${base}/do`, { body: sent });
  const good = data?.state === "done";
  const told = good ? "" : status === 0 ? "unreachable" : data?.code ?? "failed";
  put($("told"), told ? say(`not_now.${told}`) : "");
  return good;
}

function show(state) {
  room = state;
  agenda(state);
  put($("stop-title"), state.stop || say("not_begun"));
  put($("next"), nextStop(state));
  put($("notes"), state.notes);
  put($("answered"), state.asked ? say("answered", { n: counted(state), all: Math.max(state.joined, counted(state)) }) : "");
  put($("joined"), say("joined", { n: state.joined, pairs: state.pairs }));
  put($("network"), `${say("phones", { n: state.phones })}　${say("reached", { n: state.reached })}`);
  put($("shown"), say(`shown.${state.screen}`));
  $("pages").hidden = pages(state) < 2 || state.phase !== "revealed";
  put($("page"), say("page", { n: state.page + 1, of: pages(state) }));
  put($("door"), say(state.door ? "door_open" : "door_shut"));
  $("readmit").hidden = !state.expelled;
  put($("readmit"), say("readmit", { n: state.expelled }));
  keyed($("asks"), state.asks.length ? state.asks.map((each) => [each.id, () =>
    h("button", { type: "button", class: "ask", onclick: (event) => act({ do: event.currentTarget.dataset.phase === "revealed" ? "again" : "open", exercise: each.id }) }, each.title, h("span", {})),
  (button) => { button.dataset.phase = each.phase; button.disabled = state.ended; mark(button, each.id === state.asked); put(button.lastElementChild, say(each.phase)); }])
    : [["none", () => h("p", { class: "small" }, say("no_asks")), () => {}]]);
  $("again").hidden = state.phase !== "revealed" || state.ended;
  $("again-note").hidden = !state.again;
  keyed($("steps"), state.steps.map((step, place) => [`${place}-${step.text}`, () => h("li", {}, step.text),
    (node) => { node.className = place < (state.timer?.step ?? -1) ? "did" : place === state.timer?.step ? "on" : ""; mark(node, place === state.timer?.step, "step"); }]));
  keyed($("closed"), state.closed.map((each) => [each.id, () => h("button", { type: "button", class: "quiet", onclick: () => act({ do: "recall", exercise: each.id }) }, each.title), () => {}]));
  for (const button of document.querySelectorAll("[data-do]")) button.disabled = disabled(button.dataset.do, state);
  for (const [name, wanted] of [["open", "open"], ["closing", "closed"]]) document.querySelector(`[data-do="${name}"]`).hidden = wanted === "open" ? state.phase === "open" : state.phase !== "open";
  document.querySelector('[data-do="close"]').hidden = state.phase !== "open";
  $("approval").checked = state.approval;
  preview(state);
  tally(state, $("tally"), (command) => act(command));
  voices(state, base, act);
  tick();
  document.documentElement.dataset.ready = "";
}

/** What the wall shows, and what it would show after the reveal. */
function preview(state) {
  stage(state, $("now"), WORDS, JOIN);
  const hidden = state.preview && ["open", "closed"].includes(state.phase);
  $("would").hidden = !hidden;
  if (hidden) stage({ ...state, screen: "room", phase: "revealed", view: state.preview, page: 0, closing: null }, $("preview"), WORDS, JOIN);
}

const mark = (node, on, kind = "true") => { if (on) node.setAttribute("aria-current", kind); else node.removeAttribute("aria-current"); };
const pages = (state) => 1 + Math.max(0, ...(state?.view?.pictures ?? []).map((each) => each.page));
const counted = ({ view, answered }) => (view ? view.answered.people + view.answered.pairs + view.answered.hands : answered);

function nextStop(state) {
  const here = state.agenda.findIndex((row) => row.id === state.at);
  const row = state.agenda.slice(here + 1).find((each) => each.status !== "skipped");
  return row ? say("next_is", { stop: row.title }) : say("no_next");
}

function disabled(name, state) {
  if (state.ended) return !["show", "page"].includes(name);
  if (name === "open") return state.phase === "open" || !state.asks.some((each) => ["unasked", "closed"].includes(each.phase));
  if (["close", "closing"].includes(name)) return state.phase !== "open" || (name === "closing" && Boolean(state.closing));
  if (name === "reveal") return !["open", "closed"].includes(state.phase);
  if (name === "step") return (state.timer?.step ?? -1) + 1 >= state.steps.length;
  if (name === "pause") return !state.timer;
  if (name === "longer") return !state.timer && !state.at;
  return false;
}

const hour = (ms) => new Date(ms).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
const minutes = (seconds) => String(Math.round(seconds / 60));

function agenda(state) {
  // What is over is one line; what comes has the time at which it is to be expected now.
  const done = state.agenda.filter((row) => ["done", "passed"].includes(row.status));
  const rest = state.agenda.filter((row) => !["done", "passed"].includes(row.status));
  const rows = [];
  if (done.length) rows.push(["past", () => h("li", { class: "past" }, h("span")), (node) => put(node.firstElementChild, say("past", { n: done.length }))]);
  for (const row of rest) {
    const skipped = row.status === "skipped";
    rows.push([row.id, () => {
      const line = h("button", { type: "button", class: "row", onclick: () => act({ do: "go", stop: row.id }) }, h("span", { class: "when" }), h("span", { class: "what" }, row.title), h("span", { class: "how" }));
      const change = h("button", { type: "button", class: "quiet", onclick: (event) => act({ do: "skip", stop: row.id, skipped: event.currentTarget.dataset.skipped !== "true" }) });
      return h("li", { "data-stop": row.id }, line, change);
    }, (node) => {
      const [line, change] = node.children;
      node.dataset.status = row.status;
      if (row.live) node.dataset.live = ""; else delete node.dataset.live;
      line.disabled = change.disabled = Boolean(state.ended);
      mark(line, row.status === "now", "step");
      put(line.children[0], state.began ? hour(row.began ?? row.expected ?? state.began + row.at * 60000) : `${row.at}`);
      put(line.children[2], skipped ? say("skipped") : say("minutes", { n: row.minutes || row.planned }));
      change.hidden = !(row.status === "coming" || skipped);
      change.dataset.skipped = String(skipped);
      put(change, say(skipped ? "unskip" : "skip"));
      change.setAttribute("aria-label", `${row.title}：${change.textContent}`);
    }]);
  }
  for (const row of done) {
    rows.push([`done-${row.id}`, () => h("li", { "data-stop": row.id, class: "was" }, h("button", { type: "button", class: "row", onclick: () => act({ do: "go", stop: row.id }) }, h("span", { class: "when" }), h("span", { class: "what" }, row.title), h("span", { class: "how" }))), (node) => {
      node.dataset.status = row.status;
      put(node.querySelector(".when"), row.began ? hour(row.began) : "");
      put(node.querySelector(".how"), row.ran ? say("ran", { n: minutes(row.ran), planned: row.minutes }) : "");
      node.firstElementChild.disabled = Boolean(state.ended);
    }]);
  }
  keyed($("agenda"), rows);
  put($("end"), state.end ? say("ends_at", { time: hour(state.end) }) : say("not_begun"));
  const late = Math.round(state.late / 60);
  put($("late-text"), !state.began ? "" : late > 0 ? say("late", { n: late }) : late < 0 ? say("early", { n: -late }) : say("on_time"));
  $("late").dataset.late = late > 0 ? "late" : "";
  keyed($("shorten"), state.shorten.slice(0, 1).map((each) => [each.id, () => h("span", {}, h("span"), " ",
    h("button", { type: "button", class: "quiet", "aria-label": `${each.stop}：${say("do_shorten")}`, onclick: () => act({ do: "minutes", stop: each.id, minutes: each.least }) }, say("do_shorten"))),
  (node) => put(node.firstElementChild, say("shorten", { how: each.how || say("shorten_skip", { stop: each.stop }) }))]));
}

function tick() {
  put($("clock"), new Date(now()).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Asia/Tokyo" }));
  if (!room) return;
  const timer = room.closing ? { ends: room.closing } : room.timer ?? (room.stop_ends ? { ends: room.stop_ends } : null);
  const time = timer ? left(timer) : 0;
  put($("timer-what"), room.step?.text ?? (timer ? say("stop_left") : ""));
  put($("timer"), timer ? (time > 0 ? clock(time) : say("over", { time: clock(-time) })) : "");
  $("timer").dataset.over = String(Boolean(timer) && time <= 0);
  put($("stop-end"), room.timer?.ends == null && room.timer ? say("paused") : room.stop_ends ? say("stop_until", { time: hour(room.stop_ends) }) : "");
  tickStage(room, $("now"), WORDS);
  $("locked").hidden = !typing(document.activeElement);
}

for (const button of document.querySelectorAll("[data-do]")) {
  const { do: name, seconds, screen, by, minutes: rest } = button.dataset;
  button.addEventListener("click", () => act({ do: name, ...(seconds && { seconds: Number(seconds) }), ...(screen && { screen }), ...(by && { by: Number(by) }), ...(rest && { minutes: Number(rest) }) }));
}
$("approval").addEventListener("change", (event) => act({ do: "approval", on: event.target.checked }));
limited($("own-text"));
limited($("own-options"), (text) => text.split("\n"));
$("own").addEventListener("submit", async (event) => {
  event.preventDefault();
  const options = $("own-options").value.split("\n").map((line) => line.trim()).filter(Boolean);
  if (await act({ do: "ask", text: $("own-text").value.trim(), options })) { $("own").reset(); $("own-box").open = false; }
});
$("remote-open").addEventListener("click", () => {
  $("remote-qr").src ||= BASE + $("remote-qr").dataset.src; // asked for only when it is to be seen
  $("remote").showModal();
});
$("reach").addEventListener("click", async () => {
  const { data } = await call(`${base}/reach`);
  const codes = data?.findings ?? ["unreachable"];
  $("reach-list").replaceChildren(...codes.map((code) => h("li", {}, say(`reach.${code}`))));
});

/** Whether a letter belongs to what is being written, or to a list that is being worked on. */
const typing = (node) => Boolean(node?.closest?.("input, textarea, select, dialog, #voices")) || isMoving();

addEventListener("keydown", (event) => {
  // A key that is held down presses once: what has come under it meanwhile was not meant.
  if (event.repeat && event.key === "Enter" && event.target.closest?.("button")) { event.preventDefault(); return; }
  const leaves = event.key === "Escape" && !event.isComposing && !event.defaultPrevented && !document.querySelector("dialog[open]");
  if (leaves && typing(event.target)) { $("main").focus(); return; } // from here on letters are commands again
  if (typing(event.target) || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const command = KEYS[`${event.shiftKey && event.key.length === 1 && event.key.toLowerCase() !== event.key ? "shift+" : ""}${event.key.toLowerCase()}`];
  if (!command) return;
  event.preventDefault();
  act(command);
});
follow(`${base}/events`, show, (state) => {
  put($("link"), say(state === "live" ? "live" : "lost"));
  $("link").dataset.state = state === "live" ? "live" : "lost";
});
addEventListener("resize", () => { if (room) preview(room); });
setInterval(tick, 500);
