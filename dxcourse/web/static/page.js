// A page of the course: gives every exercise a model that speaks HTTP, and keeps the frame true.
import exercises, { keeper, keeps, limited, makeCourier, makeModel, makeOutbox, pause, word } from "./exercise.js";
import { HEADER, LINK, first, token as firstToken } from "./first.js";
import others from "./others.js";

document.documentElement.dataset.script = ""; // a page where this did not run says so (`.unready`)
// What all addresses here begin with, where the course is in a folder of another site's address:
// two courses of one site are two, also in what the browser keeps.
const BASE = document.documentElement.dataset.base ?? "";
const FRAMED = window.top !== window;
const PREFIX = `dxcourse${BASE}.`;
// Where every browser is a learner of its own it gets a token; else the machine's user needs none.
const VISITORS = "visitors" in document.documentElement.dataset;
// Where people sign in, a cookie says who asks; whoever has not is led to where they can.
const SIGNED_IN = "signedIn" in document.documentElement.dataset;
const OWN = ".dxl-own, button[data-download], button[data-see]"; // what own.js is for
const kept = keeper(PREFIX);
const $ = (id) => document.getElementById(id);
const WORDS = JSON.parse($("words")?.textContent ?? "{}");
const say = (name, values = {}) => (WORDS[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");

/** What changes when someone else sits down at this browser, or begins afresh. */
const seat = () => `${kept.get("token") ?? ""} ${kept.get("changed") ?? ""}`;
const seatAtFirst = { told: null, token: null }; // whose page this is, once that is known

/** Ask the server as the learner whose page this is, whoever has sat down in another window since. */
function ask(path, body) {
  const headers = {};
  const token = LINK || (seatAtFirst.told == null ? kept.get("token") : seatAtFirst.token);
  if (token) headers[HEADER] = token;
  if (body) headers["Content-Type"] = "application/json";
  return fetch(BASE + path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
}

async function call(path, body, asked = null) {
  const reply = (await asked) ?? (await ask(path, body));
  let data = null;
  try { data = await reply.json(); } catch { /* not ours: a proxy's page, say */ }
  return { status: reply.status, data };
}

// -- what waits to be stored ---------------------------------------------------------------------

const outbox = makeOutbox(kept);
const models = new Map();
const deliver = makeCourier({ waiting: () => outbox.all(me.seed), send, told: () => frame.saved("waiting") });

async function send(letter) {
  const model = models.get(letter.exercise);
  let result = { status: 0 };
  try {
    result = await call(`/api/answers/${letter.exercise}`, outbox.message(letter));
  } catch { /* the server is away */ }
  if (result.status === 401) location.reload(); // this learner's token is no longer known: begin anew
  const state = result.data?.state;
  const settled = result.status !== 401 && ["saved", "spent", "refused"].includes(state);
  if (!settled) {
    model?.put("status", { id: letter.id, state: "waiting", message: result.data?.message });
    return false;
  }
  outbox.remove(letter.id);
  if (state === "saved") kept.set("saved", letter.id); // other pages of this browser hear of it
  if (outbox.of(me.seed, letter.exercise)) return true; // the learner went on meanwhile; that one tells
  if (state === "saved") {
    model?.put("reply", result.data.reply);
    if (model) showOthers(model.mount, model.get("exercise"));
    refresh().catch(() => {});
  }
  model?.put("status", { id: letter.id, state, message: result.data.error });
  frame.saved(state === "saved" ? "saved" : "");
  return true;
}

// -- the frame: who, how far, whether saved ------------------------------------------------------

const frame = {
  saved(state) {
    const node = $("saved");
    if (!node) return;
    node.dataset.state = state;
    node.textContent = state ? say(state) : "";
  },
  show(me) {
    document.dispatchEvent(new CustomEvent("dxcourse:learner", { detail: me }));
    if ($("who-name") && me.name) $("who-name").textContent = me.name;
    let done = 0;
    let all = 0;
    for (const [id, { done: d, of }] of Object.entries(me.progress)) {
      all += 1;
      if (of && d === of) done += 1;
      for (const node of document.querySelectorAll(`li[data-module="${id}"]`)) {
        node.dataset.done = of && d === of ? "all" : d ? "some" : "none";
        const tick = node.querySelector(".tick");
        if (tick) {
          tick.setAttribute("role", "img");
          tick.setAttribute("aria-label", of && d === of ? say("finished") : say("some", { of, done: d }));
        }
      }
    }
    const bar = $("progress");
    if (bar) {
      bar.hidden = false;
      bar.firstElementChild.style.setProperty("width", `${(100 * done) / Math.max(all, 1)}%`);
      bar.setAttribute("aria-label", say("progress", { all, done }));
      $("progress-text").textContent = say("progress_short", { all, done });
    }
    const start = $("start");
    const last = kept.get("last");
    if (start && (last || Object.values(me.progress).some(({ done: d }) => d))) {
      const next = me.progress[last] && me.progress[last].done < me.progress[last].of ? last
        : Object.keys(me.progress).sort().find((id) => me.progress[id].done < me.progress[id].of) ?? last;
      if (next) {
        start.href = `${BASE}/modules/${next}`;
        start.textContent = say("resume");
        $("start-note").textContent = document.querySelector(`li[data-module="${next}"] small`)?.textContent ?? "";
      }
    }
  },
};

/** Show what is stored now: another page may have answered, or a reply that was held came free. */
async function refresh() {
  const { data } = await call("/api/learner");
  if (!data?.progress) return;
  if (data.seed !== me.seed) { leave(); return; }
  frame.show(data);
  showOwn().catch(() => {});
  for (const [id, model] of models) {
    const [now, then] = [data.replies[id], model.get("reply")];
    if (!now || outbox.of(me.seed, id)) continue;
    if (!then || now.attempt > then.attempt || now.held !== then.held) model.put("reply", now);
  }
}

/** This page is another learner's: nothing of it is shown any more. */
function leave() {
  document.documentElement.hidden = true;
  location.reload();
}

/** Say before the first answer that this browser keeps nothing. */
function tellForgetful() {
  if (keeps() || LINK) return;
  const note = Object.assign(document.createElement("p"), { className: "notice", textContent: word(VISITORS ? "forgets_visitor" : "forgets_learner") });
  note.setAttribute("role", "status");
  document.querySelector("main")?.prepend(note);
  for (const button of document.querySelectorAll('[data-do="other"]')) button.disabled = true;
}

/** A token for this browser; false where there is none to be had now. */
async function newVisitor() {
  const take = async () => {
    if (kept.get("token")) return true; // another page of this browser was quicker
    const { data } = await call("/api/visitor", {});
    if (data?.token) kept.set("token", data.token);
    return Boolean(data?.token);
  };
  // Where pages of one browser open at once they are one visitor, if the browser lets them queue.
  return navigator.locks ? navigator.locks.request(`${PREFIX}visitor`, take) : take();
}

async function whoAmI() {
  let asked = firstToken === (LINK || kept.get("token")) ? first : null; // nobody sat down in between
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      if (!VISITORS || SIGNED_IN || kept.get("token") || (await newVisitor())) {
        const { status, data } = await call("/api/learner", null, asked);
        asked = null;
        if (data?.progress) return data;
        if (status === 401 && SIGNED_IN) { location.reload(); await pause(60000); }
        if (status === 401 && kept.get("token")) { kept.set("token", ""); continue; }
      }
    } catch { /* the server is away */ }
    frame.saved("lost");
    await pause(wait);
  }
}

function menu() {
  const who = document.querySelector(".who");
  addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !who?.open) return;
    who.open = false;
    who.firstElementChild.focus();
  });
  document.addEventListener("click", (event) => { if (who && !event.target.closest(".who")) who.open = false; });
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => {
      who.open = false;
      if (button.dataset.do === "print") { print(); return; }
      const dialog = $(button.dataset.do);
      dialog.returnValue = ""; // Escape leaves it as it was
      dialog.showModal();
    });
  }
  confirmed("forget", "/api/forget", () => ({}), () => {
    for (const letter of outbox.all(me.seed)) outbox.remove(letter.id);
    forget();
    kept.set("token", "");
  });
  confirmed("afresh", "/api/afresh", () => ({}), () => {
    for (const letter of outbox.all(me.seed)) outbox.remove(letter.id);
    forget();
  });
  limited($("other-name"));
  const [path, body] = VISITORS ? ["/api/visitor", () => ({})] : ["/api/learner", () => ({ name: $("other-name").value })];
  confirmed("other", path, body, ({ token }) => {
    kept.set("token", token);
    kept.set("last", "");
  });
}

// A frame whose sandbox forbids forms would not close a dialog by its form: so its buttons do.
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => {
    const button = event.target.closest("button[value]");
    if (!button) return;
    event.preventDefault();
    if (button.value === "yes" && !button.form.reportValidity()) return;
    dialog.close(button.value);
  });
}

/** Ask the server when a dialog was answered with yes; then begin at the first page. */
function confirmed(name, path, body, then) {
  $(name)?.addEventListener("close", async (event) => {
    if (event.target.returnValue !== "yes") return;
    const { status, data } = await call(path, body()).catch(() => ({ status: 0 }));
    if (status !== 200) { frame.saved("failed"); return; }
    then(data);
    kept.set("changed", String(Date.now()));
    if (FRAMED) location.reload(); // our first page is not shown in another site's frame
    else location.href = `${BASE}/`;
  });
}

/** Drafts of the learner who begins afresh, and what they had opened to read. */
function forget() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(`dxcourse.draft.${me.seed}.`)) localStorage.removeItem(name);
  } catch { /* no storage, no drafts */ }
  for (const name of kept.names()) if (name.startsWith(`read.${me.seed}.`) || name === `place.${me.seed}`) kept.set(name, "");
  kept.set("last", "");
}

/** The glossary's search: by word or reading, kana alike. */
function searchGlossary() {
  const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
  for (const box of document.querySelectorAll(".dxl-search")) {
    const terms = [...box.parentElement.querySelectorAll("[data-search]")];
    const told = box.querySelector("[role=status]");
    box.hidden = false;
    box.querySelector("input").addEventListener("input", (event) => {
      const wanted = fold(event.target.value.trim());
      for (const term of terms) term.hidden = !fold(term.dataset.search).includes(wanted);
      told.textContent = terms.every((term) => term.hidden) ? told.dataset.none : "";
    });
  }
}

const showOthers = others(call, say);
let me = { seed: "" };
const here = document.querySelector("main")?.dataset.module;
menu();
tellForgetful();
searchGlossary();
// In another site's frame our other pages do not open: they get a window of their own.
if (FRAMED) for (const link of document.querySelectorAll(`a[href^="${BASE}/"]`)) Object.assign(link, { target: "_blank", rel: "noopener" });
const showOwn = document.querySelector(OWN) ? (await import("./own.js")).default(ask, say) : async () => {};
me = await whoAmI();
Object.assign(seatAtFirst, { told: seat(), token: kept.get("token") });
frame.saved("");
frame.show(me);
if (here) kept.set("last", here);
for (const mount of document.querySelectorAll(".dxc-mount")) {
  const exercise = JSON.parse(mount.querySelector('script[type="application/json"]').textContent);
  const model = makeModel({
    exercise, seed: me.seed, reply: me.replies[exercise.id] ?? null, waits: outbox.of(me.seed, exercise.id),
    post(letter) { outbox.add(letter); deliver(); },
  });
  models.set(exercise.id, model);
  model.mount = mount;
  exercises.render({ model, el: mount });
  if (model.get("reply")) showOthers(mount, exercise);
  if (models.size === 1) await pause(0); // it can be answered before the others are there
}
document.dispatchEvent(new CustomEvent("dxcourse:ready"));
// Now the pictures, all of them: what has not come may not be printed.
for (const picture of document.querySelectorAll("img[loading]")) picture.loading = "eager";
showOwn().catch(() => {}).then(() => { document.documentElement.dataset.ready = ""; });
// Pages of one browser side by side: what is saved on one shows on all, and so does who sits here.
addEventListener("storage", ({ key, newValue }) => {
  if (key === `${PREFIX}changed` && newValue) leave();
  if (key === `${PREFIX}saved`) refresh().catch(() => {});
});
// A page that Back brings back as it was left may be someone else's by now.
addEventListener("pageshow", ({ persisted }) => {
  if (!persisted) return;
  if (!LINK && seat() !== seatAtFirst.told) leave();
  else refresh().catch(() => {});
});
addEventListener("online", deliver);
deliver();
