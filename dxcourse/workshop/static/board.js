// The facilitator's page: the agenda against the clock, one exercise, and what the wall shows.
import { $, call, clock, follow, h, left, now, put, say } from "./common.js";
import { tally } from "./tally.js";
import { voices } from "./voices.js";

let room = null;
const base = location.pathname;
const KEYS = {
  n: { do: "next" }, p: { do: "back" }, o: { do: "open" }, c: { do: "close" }, r: { do: "reveal" }, a: { do: "again" },
  s: { do: "step" }, t: { do: "pause" }, "+": { do: "longer", seconds: 60 }, ";": { do: "longer", seconds: 60 },
  arrowright: { do: "page", by: 1 }, arrowleft: { do: "page", by: -1 },
  j: { do: "show", screen: "join" }, w: { do: "show", screen: "room" }, b: { do: "show", screen: "rest" },
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

async function act(command) {
  if ($("ask").open) return false;
  const asking = room?.phase === "open";
  if (command.do === "reveal" && asking && !(await ask("confirm_reveal"))) return false;
  const back = command.do === "again" && (command.exercise || room?.phase === "revealed"); // else there is nothing to take back
  if (back && !(await ask("confirm_again"))) return false;
  if (["next", "back", "go"].includes(command.do) && asking && !(await ask("confirm_next"))) return false;
  if (command.do === "end" && !(await ask("confirm_end"))) return false;
  let sent = command;
  if (command.do === "pause" && room?.timer && room.timer.ends == null) sent = { do: "continue" };
  if (command.do === "page") {
    const page = (room?.page ?? 0) + command.by;
    if (page < 0 || page >= pages(room)) return false;
    sent = { do: "page", page };
  }
  if (command.do === "door") sent = { do: "door", open: !room?.door };
  const { status, data } = await call(`${base}/do`, { body: sent });
  const good = data?.state === "done";
  const word = good ? "" : status === 0 ? "unreachable" : data?.code ?? "failed";
  put($("told"), word ? say(`not_now.${word}`) : "");
  return good;
}

function show(state) {
  room = state;
  agenda(state);
  put($("stop-title"), state.stop || say("not_begun"));
  put($("notes"), state.notes);
  put($("answered"), state.asked ? say("answered", { n: counted(state), all: Math.max(state.joined, counted(state)) }) : "");
  put($("joined"), say("joined", { n: state.joined, pairs: state.pairs }));
  put($("network"), `${say("phones", { n: state.phones })}　${say("reached", { n: state.reached })}`);
  put($("shown"), say(`${state.screen}_shown`));
  $("pages").hidden = pages(state) < 2;
  put($("page"), say("page", { n: state.page + 1, of: pages(state) }));
  put($("door"), say(state.door ? "door_open" : "door_shut"));
  $("asks").replaceChildren(...(state.asks.length ? state.asks.map((each) =>
    h("button", { type: "button", class: "ask", "data-phase": each.phase, "aria-current": each.id === state.asked ? "true" : null, disabled: state.ended, onclick: () => act({ do: each.phase === "revealed" ? "again" : "open", exercise: each.id }) },
      each.title, h("span", {}, say(each.phase)))) : [h("p", { class: "small" }, say("no_asks"))]));
  $("again").hidden = state.phase !== "revealed" || state.ended;
  $("again-note").hidden = !state.again;
  $("no-steps").hidden = state.steps.length > 0;
  $("steps").replaceChildren(...state.steps.map((step, place) =>
    h("li", { "aria-current": state.timer?.step === place ? "step" : null }, say("step", { text: step.text, time: clock(step.seconds * 1000) }))));
  for (const button of document.querySelectorAll("[data-do]")) button.disabled = disabled(button.dataset.do, state);
  tally(state, $("tally"), (command) => act(command));
  voices(state, $("voices-box"), `${base}/voices/`, (command) => act(command));
  tick();
  document.documentElement.dataset.ready = "";
}

const pages = (state) => 1 + Math.max(0, ...(state?.view?.pictures ?? []).map((each) => each.page));
const counted = ({ view, answered }) =>
  view ? view.answered.people + view.answered.pairs + view.answered.hands : answered;

function disabled(name, state) {
  if (state.ended) return !["show", "page"].includes(name);
  if (name === "open") return state.phase === "open" || !state.asks.some((each) => ["unasked", "closed"].includes(each.phase));
  if (name === "close") return state.phase !== "open";
  if (name === "reveal") return !["open", "closed"].includes(state.phase);
  if (name === "step") return (state.timer?.step ?? -1) + 1 >= state.steps.length;
  if (["pause", "longer"].includes(name)) return !state.timer;
  return false;
}

const hour = (ms) => new Date(ms).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" });
const minutes = (seconds) => String(Math.round(seconds / 60));

function agenda(state) {
  const focused = document.activeElement?.closest?.("#agenda li")?.dataset.stop;
  $("agenda").replaceChildren(...state.agenda.map((row) => {
    const skipped = row.status === "skipped";
    const ran = row.ran && row.status === "done" ? say("ran", { n: minutes(row.ran), planned: row.minutes }) : say("minutes", { n: row.minutes || row.planned });
    const line = h("button", { type: "button", class: "row", "aria-current": row.status === "now" ? "step" : null, disabled: Boolean(state.ended), onclick: () => act({ do: "go", stop: row.id }) },
      h("span", { class: "when" }, state.began ? hour(row.began ?? state.began + row.at * 60000) : `${row.at}`),
      h("span", { class: "what" }, row.title),
      h("span", { class: "how" }, skipped ? say("skipped") : ran));
    const change = row.status === "coming" || skipped
      ? h("button", { type: "button", class: "quiet", disabled: Boolean(state.ended), "aria-label": `${row.title}：${say(skipped ? "unskip" : "skip")}`, onclick: () => act({ do: "skip", stop: row.id, skipped: !skipped }) }, say(skipped ? "unskip" : "skip"))
      : null;
    return h("li", { "data-stop": row.id, "data-status": row.status, "data-live": row.live ? "" : null }, line, change);
  }));
  if (focused) $("agenda").querySelector(`li[data-stop="${focused}"] .row`)?.focus();
  $("shorten").hidden = !state.shorten.length;
  $("shorten-list").replaceChildren(...state.shorten.map((each) =>
    h("li", {}, say("shorten", { stop: each.stop, how: each.how || say("shorten_skip"), n: each.minutes }), " ",
      h("button", { type: "button", class: "quiet", "aria-label": `${each.stop}：${say("do_shorten")}`, onclick: () => act({ do: "minutes", stop: each.id, minutes: each.least }) }, say("do_shorten")))));
  put($("end"), state.end ? say("ends_at", { time: hour(state.end) }) : say("not_begun"));
  const late = Math.round(state.late / 60);
  put($("late"), !state.began ? "" : late > 0 ? say("late", { n: late }) : late < 0 ? say("early", { n: -late }) : say("on_time"));
  $("late").dataset.late = late > 0 ? "late" : "";
}

function tick() {
  put($("clock"), new Date(now()).toLocaleTimeString("ja-JP", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "Asia/Tokyo" }));
  const timer = room?.timer;
  const time = timer ? left(timer) : 0;
  const word = timer?.ends == null ? "paused" : time > 0 ? "left" : "over";
  put($("timer"), timer ? say(word, { time: clock(Math.abs(time)) }) : "");
  $("timer").dataset.over = String(Boolean(timer) && time <= 0);
}

for (const button of document.querySelectorAll("[data-do]")) {
  const { do: name, seconds, screen, by } = button.dataset;
  button.addEventListener("click", () => act({ do: name, ...(seconds && { seconds: Number(seconds) }), ...(screen && { screen }), ...(by && { by: Number(by) }) }));
}
$("reach").addEventListener("click", async () => {
  const { data } = await call(`${base}/reach`);
  const codes = data?.findings ?? ["unreachable"];
  $("reach-list").replaceChildren(...codes.map((code) => h("li", {}, say(`reach.${code}`))));
});
addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, dialog");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
  const command = KEYS[event.key.toLowerCase()];
  if (!command) return;
  event.preventDefault();
  act(command);
});
follow(`${base}/events`, show, (state) => {
  put($("link"), say(state === "live" ? "live" : "lost"));
  $("link").dataset.state = state === "live" ? "live" : "lost";
});
setInterval(tick, 500);
