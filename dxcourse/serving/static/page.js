// A page of the course: gives every exercise a model that speaks HTTP, and keeps the frame true.
import exercises from "./exercise.js";

const HEADER = "X-Dxcourse-Learner";
const kept = {
  get: (name) => { try { return localStorage.getItem(`dxcourse.${name}`); } catch { return null; } },
  set: (name, value) => { try { value ? localStorage.setItem(`dxcourse.${name}`, value) : localStorage.removeItem(`dxcourse.${name}`); } catch { /* no storage: nothing is remembered */ } },
};
const $ = (id) => document.getElementById(id);
const WORDS = JSON.parse($("words")?.textContent ?? "{}");
const say = (name, values = {}) => (WORDS[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function call(path, body) {
  const headers = {};
  const token = kept.get("token");
  if (token) headers[HEADER] = token;
  if (body) headers["Content-Type"] = "application/json";
  const reply = await fetch(path, { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
  let data = null;
  try { data = await reply.json(); } catch { /* not ours: a proxy's page, say */ }
  return { status: reply.status, data };
}

// -- what waits to be stored: in the browser, so that a reload or a dead server loses nothing ------

const outbox = {
  all() { try { return JSON.parse(kept.get("outbox") ?? "[]"); } catch { return []; } },
  save(letters) { kept.set("outbox", letters.length ? JSON.stringify(letters) : ""); },
  add(letter) {
    // A newer answer to the same exercise replaces one that has not left yet.
    this.save([...this.all().filter((l) => l.exercise !== letter.exercise || l.token !== letter.token), letter]);
  },
  remove(id) { this.save(this.all().filter((letter) => letter.id !== id)); },
};

const models = new Map();
const unstored = new Map(); // letters, should the browser refuse to keep them
let sending = false;

async function deliver() {
  if (sending) return;
  sending = true;
  let wait = 500;
  for (;;) {
    const token = kept.get("token") ?? "";
    const letter = outbox.all().find((l) => l.token === token) ?? [...unstored.values()][0];
    if (!letter) break;
    let result;
    try {
      result = await call(`/api/answers/${letter.exercise}`, { id: letter.id, answer: letter.answer });
    } catch {
      result = { status: 0 };
    }
    const model = models.get(letter.exercise);
    const state = result.data?.state;
    if (["saved", "spent", "refused"].includes(state)) {
      outbox.remove(letter.id);
      unstored.delete(letter.id);
      if (state === "saved") model?.put("reply", result.data.reply);
      model?.put("status", { id: letter.id, state, message: result.data.error });
      frame.saved(state === "saved" ? "saved" : "");
      if (state === "saved") refresh();
      wait = 500;
    } else {
      model?.put("status", { id: letter.id, state: "waiting" });
      frame.saved("waiting");
      await Promise.race([pause(wait), new Promise((done) => addEventListener("online", done, { once: true }))]);
      wait = Math.min(wait * 2, 8000);
    }
  }
  sending = false;
}

/** anywidget's model, as far as an exercise needs it, over HTTP. */
function makeModel(exercise, seed, reply) {
  const values = { exercise, seed, reply, outbox: {}, status: {} };
  const hearers = new Map();
  const model = {
    get: (name) => values[name],
    set(name, value) { values[name] = value; },
    put(name, value) {
      values[name] = value;
      for (const hear of hearers.get(`change:${name}`) ?? []) hear();
    },
    save_changes() {
      const letter = { exercise: exercise.id, token: kept.get("token") ?? "", ...values.outbox };
      outbox.add(letter);
      if (!outbox.all().some((l) => l.id === letter.id)) unstored.set(letter.id, letter);
      deliver();
    },
    on(event, hear) { hearers.set(event, [...(hearers.get(event) ?? []), hear]); },
    off(event, hear) { hearers.set(event, (hearers.get(event) ?? []).filter((h) => h !== hear)); },
  };
  return model;
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
      $("progress-text").textContent = `${done} / ${all}`;
    }
    const start = $("start");
    const last = kept.get("last");
    if (start && (last || Object.values(me.progress).some(({ done: d }) => d))) {
      const next = me.progress[last] && me.progress[last].done < me.progress[last].of ? last
        : Object.keys(me.progress).sort().find((id) => me.progress[id].done < me.progress[id].of) ?? last;
      if (next) {
        start.href = `/modules/${next}`;
        start.textContent = say("resume");
        $("start-note").textContent = document.querySelector(`li[data-module="${next}"] b`)?.textContent ?? "";
      }
    }
  },
};

async function refresh() {
  const { data } = await call("/api/learner");
  if (data?.progress) frame.show(data);
}

async function whoAmI() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    try {
      const { status, data } = await call("/api/learner");
      if (status === 401) kept.set("token", "");
      else if (data?.progress) return data;
    } catch { /* the server is away */ }
    frame.saved("lost");
    await pause(wait);
  }
}

function menu() {
  const close = () => document.querySelector(".who")?.removeAttribute("open");
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
  document.addEventListener("click", (event) => { if (!event.target.closest(".who")) close(); });
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", () => {
      close();
      if (button.dataset.do === "print") print();
      else $(button.dataset.do).showModal();
    });
  }
  $("afresh")?.addEventListener("close", async (event) => {
    if (event.target.returnValue !== "yes") return;
    const token = kept.get("token") ?? "";
    outbox.save(outbox.all().filter((letter) => letter.token !== token));
    await call("/api/afresh", {});
    forget();
    location.href = "/";
  });
  $("other")?.addEventListener("close", async (event) => {
    if (event.target.returnValue !== "yes") return;
    const { data } = await call("/api/learner", { name: $("other-name").value });
    kept.set("token", data.token);
    kept.set("last", "");
    location.href = "/";
  });
}

/** Drafts of the learner who begins afresh. */
function forget() {
  try {
    for (const name of Object.keys(localStorage)) if (name.startsWith(`dxcourse.draft.${seed}.`)) localStorage.removeItem(name);
  } catch { /* no storage, no drafts */ }
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

let seed = "";
const here = document.querySelector("main")?.dataset.module;
menu();
searchGlossary();
const me = await whoAmI();
seed = me.seed;
frame.saved("");
frame.show(me);
if (here) kept.set("last", here);
for (const mount of document.querySelectorAll(".dxc-mount")) {
  const exercise = JSON.parse(mount.querySelector('script[type="application/json"]').textContent);
  const model = makeModel(exercise, me.seed, me.replies[exercise.id] ?? null);
  models.set(exercise.id, model);
  exercises.render({ model, el: mount });
}
document.documentElement.dataset.ready = "";
addEventListener("online", deliver);
deliver();
