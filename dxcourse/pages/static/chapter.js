// A chapter as one goes through it: where one is, the gates before answers, a word's meaning; the
// search; what was looked at again. page.js says who learns ("dxcourse:learner").

const BASE = document.documentElement.dataset.base ?? "";
const PREFIX = `dxcourse${BASE}.`;
const memory = new Map();
const kept = {
  get(name) { try { return localStorage.getItem(PREFIX + name) ?? memory.get(name) ?? null; } catch { return memory.get(name) ?? null; } },
  set(name, value) { memory.set(name, value); try { localStorage.setItem(PREFIX + name, value); } catch { /* this page remembers */ } },
};
const data = JSON.parse(document.getElementById("chapter")?.textContent ?? "[]");
const here = document.querySelector("main")?.dataset.module ?? "";
const labels = JSON.parse(document.getElementById("words")?.textContent ?? "{}");
const say = (name, values = {}) => (labels[name] ?? "").replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
let me = { seed: "", replies: {} };

// -- gates ---------------------------------------------------------------------------------------

/** Whether nothing of an exercise is left to think about: it is answered, and not to be tried again. */
function settled(reply) {
  return Boolean(reply?.complete) && Object.values(reply.items).every(
    ({ result: { mark, points, max_points: most }, key, tries_left: left }) =>
      ["taken", "right"].includes(mark) || (mark === "open" && points === most) || key != null || left === 0,
  );
}
const readKey = (gate) => `read.${me.seed}.${gate.dataset.reveal}`;
function gates() {
  for (const gate of all("details.gate")) {
    const reply = me.replies[gate.dataset.reveal];
    const up = settled(reply) || kept.get(readKey(gate)) === "1";
    gate.classList.toggle("answered", settled(reply));
    if (up && !gate.open) { gate.dataset.self = ""; gate.open = true; }
    if (reply && !up) gate.querySelector(".under b").textContent = gate.dataset.again;
  }
}
for (const gate of all("details.gate")) {
  gate.addEventListener("toggle", () => {
    if ("self" in gate.dataset) { delete gate.dataset.self; return; }
    kept.set(readKey(gate), gate.open ? "1" : "");
  });
}

// -- where one is --------------------------------------------------------------------------------

const done = (section) => section.exercises.length > 0 && section.exercises.every((name) => me.replies[name]?.complete);
const sections = all("main > section[data-section]");
let current = sections[0]?.dataset.section ?? "";

function left() {
  const last = data.findLastIndex((section) => section.exercises.some((name) => me.replies[name]?.complete));
  let minutes = 0;
  data.forEach((section, index) => {
    const todo = section.exercises.filter((name) => !me.replies[name]?.complete).length;
    if (section.exercises.length) minutes += (section.minutes * todo) / section.exercises.length;
    else if (index > last && index >= data.findIndex(({ id }) => id === current)) minutes += section.minutes;
  });
  return minutes < 0.5 ? 0 : Math.max(1, Math.round(minutes));
}

function showPlace() {
  if (!data.length) return;
  const at = Math.max(0, data.findIndex(({ id }) => id === current));
  const minutes = left();
  for (const node of all("[data-left]")) node.textContent = minutes ? say("left", { n: minutes }) : say("finished");
  for (const item of all(".toc li[data-section]")) {
    const section = data.find(({ id }) => id === item.dataset.section);
    const mark = section.id === current ? "now" : done(section) || (!section.exercises.length && data.indexOf(section) < at) ? "did" : "";
    if (item.className !== mark || !item.dataset.drawn) {
      item.className = mark;
      item.dataset.drawn = "1";
      const link = item.querySelector("a");
      if (mark === "now") link.setAttribute("aria-current", "step"); else link.removeAttribute("aria-current");
      link.querySelector(".unseen")?.remove();
      if (done(section)) link.append(Object.assign(document.createElement("span"), { className: "unseen", textContent: `（${say("finished")}）` }));
    }
  }
  const dots = document.querySelector("[data-dots]");
  if (dots) {
    dots.setAttribute("aria-label", say("sections", { of: data.length, n: at + 1 }));
    [...dots.children].forEach((dot, index) => { dot.className = index === at ? "now" : done(data[index]) ? "on" : ""; });
    document.querySelector("[data-section-now]").textContent = data[at].title;
  }
}

/** The section whose beginning was passed last; it or its last exercise is kept, to come back to. */
function follow() {
  const line = innerHeight / 3;
  const passed = (nodes) => nodes.filter((node) => node.checkVisibility() && node.getBoundingClientRect().top < line).at(-1);
  const now = (passed(sections) ?? sections[0])?.dataset.section;
  if (!now) return;
  if (now !== current) { current = now; showPlace(); }
  const at = passed(all("main section[data-section], main .dxc-mount[id]"))?.id;
  if (at && scrollY > 40) kept.set(`place.${me.seed}`, JSON.stringify({ module: here, at }));
}
if (sections.length) {
  let waits = false;
  addEventListener("scroll", () => {
    if (waits) return;
    waits = true;
    requestAnimationFrame(() => { waits = false; follow(); });
  }, { passive: true });
}
// A section behind a gate is reached at its gate; the sheet of a phone closes when one goes there.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.(".toc a[href^='#']");
  if (!link) return;
  document.getElementById("toc-sheet")?.hidePopover?.();
});

/** Exercises grow while they are drawn: what the address names is gone to again when they stand. */
function arrive() {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  const gate = target.closest("details.gate:not([open])");
  (gate ?? target).scrollIntoView({ block: "start" });
}

// -- the first page ------------------------------------------------------------------------------

/** Beside the next question: where one was reading, where that is elsewhere. */
function resume() {
  const { module, at } = JSON.parse(kept.get(`place.${me.seed}`) || "{}");
  const link = document.querySelector("[data-reading]");
  if (!link || !at) return;
  link.href = `${BASE}/modules/${module}#${at}`;
  link.hidden = link.href === document.querySelector("[data-resume]").href;
}

// -- a word's meaning where it is read -----------------------------------------------------------

let terms = null;
async function meaning(link) {
  terms ??= fetch(link.pathname).then((reply) => reply.text()).then((html) => new DOMParser().parseFromString(html, "text/html"));
  const entry = (await terms).getElementById(decodeURIComponent(link.hash.slice(1)));
  if (!entry) { location.href = link.href; return; }
  let box = document.getElementById("gloss");
  if (!box) {
    box = Object.assign(document.createElement("div"), { id: "gloss", className: "gloss", popover: "auto" });
    box.setAttribute("role", "dialog");
    document.body.append(box);
  }
  const name = Object.assign(document.createElement("b"), { textContent: entry.querySelector("dt").firstChild.textContent, id: "gloss-name" });
  const text = Object.assign(document.createElement("p"), { textContent: entry.querySelector("dd").firstChild.textContent });
  const more = Object.assign(document.createElement("a"), { href: link.href, textContent: say("gloss_more") });
  const shut = Object.assign(document.createElement("button"), { type: "button", className: "shut", textContent: "×", ariaLabel: say("close") });
  shut.addEventListener("click", () => { box.hidePopover(); link.focus(); });
  box.replaceChildren(shut, name, text, more);
  box.setAttribute("aria-labelledby", "gloss-name");
  beside(box, link);
}
/** Beside the word on a wide screen; a sheet at the foot of a narrow one (the style says so). */
function beside(box, word) {
  box.showPopover();
  if (innerWidth > 760) {
    const at = word.getBoundingClientRect();
    const below = at.bottom + 10 + box.offsetHeight < innerHeight;
    box.style.setProperty("left", `${Math.max(12, Math.min(at.left - 20, innerWidth - box.offsetWidth - 20))}px`);
    box.style.setProperty("top", `${below ? at.bottom + 10 : Math.max(12, at.top - box.offsetHeight - 10)}px`);
  }
  box.querySelector(".shut").focus();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button || !("popover" in HTMLElement.prototype)) return;
  const inside = link.closest(".gloss, .search");
  if (!inside && link.hash && link.pathname.endsWith("/appendix/glossary") && !location.pathname.endsWith("/appendix/glossary")) {
    event.preventDefault();
    meaning(link).catch(() => { location.href = link.href; });
  }
});

// -- the search ----------------------------------------------------------------------------------

const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/[ァ-ヶ]/g, (kana) => String.fromCharCode(kana.charCodeAt(0) - 0x60));
for (const form of all("[data-search-index]")) {
  const field = form.querySelector("input");
  const told = document.getElementById("search-told");
  const list = document.getElementById("search-found");
  let index = null;
  async function look() {
    index ??= fetch(form.dataset.searchIndex).then((reply) => reply.json());
    const wanted = fold(field.value.trim()).split(/\s+/).filter(Boolean);
    const places = wanted.length ? (await index).map((each) => ({ ...each, folded: fold(`${each.title} ${each.text}`) })).filter((each) => wanted.every((word) => each.folded.includes(word))) : [];
    const head = (each) => (wanted.every((word) => fold(each.title).includes(word)) ? 0 : 1);
    places.sort((a, b) => head(a) - head(b));
    told.textContent = !wanted.length ? "" : places.length ? form.dataset.found.replace("{n}", places.length) : form.dataset.none;
    list.replaceChildren(...places.slice(0, 40).map((each) => entry(each, wanted[0])));
  }
  function entry(each, word) {
    const at = Math.max(0, fold(each.text).indexOf(word) - 30);
    const item = document.createElement("li");
    const link = Object.assign(document.createElement("a"), { href: BASE + each.at });
    const title = Object.assign(document.createElement("b"), { textContent: each.title });
    const where = Object.assign(document.createElement("small"), { textContent: each.in });
    const text = Object.assign(document.createElement("span"), { textContent: `${at ? "…" : ""}${each.text.slice(at, at + 110).trim()}…` });
    link.append(title, where, text);
    item.append(link);
    return item;
  }
  form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
  field.addEventListener("input", () => { look(); history.replaceState(null, "", field.value ? `?q=${encodeURIComponent(field.value)}` : location.pathname); });
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  if (field.value) look();
}

// -- what was looked at again --------------------------------------------------------------------

const AGAIN = 28 * 86400000;
function reviews(root = document) {
  const items = all("[data-review]", root);
  for (const item of items) {
    item.hidden = Date.now() - Number(kept.get(`reviewed.${me.seed}.${item.dataset.review}`) ?? 0) < AGAIN;
  }
  for (const none of all("[data-none]", root)) none.hidden = items.some((item) => !item.hidden);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-reviewed]");
  if (!button) return;
  kept.set(`reviewed.${me.seed}.${button.dataset.reviewed}`, String(Date.now()));
  const next = button.closest("li").nextElementSibling?.querySelector("summary") ?? document.getElementById("mine-again");
  reviews();
  next.focus?.();
});

// -- print ---------------------------------------------------------------------------------------

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-do-print]")) print();
  if (!event.target.closest?.("[data-print-points]")) return;
  event.target.closest("details").open = false;
  document.documentElement.dataset.print = "points";
  addEventListener("afterprint", () => { delete document.documentElement.dataset.print; }, { once: true });
  print();
});

// -- a short way through the course --------------------------------------------------------------

/** Only what the way stops at is shown; its end leads to the next stop, and at last to its end. */
function goRoute() {
  const name = new URLSearchParams(location.search).get("route");
  const way = JSON.parse(document.getElementById("routes")?.textContent ?? "{}")[name];
  const at = way?.stops.findIndex((stop) => stop.module === here) ?? -1;
  if (at < 0) return;
  for (const section of sections) section.hidden = !way.stops[at].cells.includes(section.dataset.section);
  for (const item of all(".toc li[data-section]")) item.hidden = !way.stops[at].cells.includes(item.dataset.section);
  const ending = document.querySelector(".dxl-ending"); // it stands in the chapter's last section, which the way may leave out
  if (ending) sections.filter((section) => !section.hidden).at(-1)?.append(ending);
  for (const node of all(".dxl-heading, .dxl-now, .dxl-end, .dxl-tomorrow, .dxl-stop, .tab [rel]")) node.hidden = true;
  const next = way.stops[at + 1];
  const box = document.querySelector(".dxl-next");
  if (!box) return;
  box.querySelector("a").href = `${BASE}${next ? `/modules/${next.module}?route=${name}#s-${next.cells[0]}` : `/routes/${name}`}`;
  box.querySelector("b").textContent = way.title;
  box.querySelector("p span")?.replaceChildren(`${at + 1} / ${way.stops.length}`);
}
goRoute();

document.addEventListener("dxcourse:learner", ({ detail }) => {
  me = detail;
  gates();
  showPlace();
  reviews();
  resume();
});
document.addEventListener("dxcourse:own", ({ target }) => { reviews(target); resume(); });
document.addEventListener("dxcourse:ready", () => { arrive(); follow(); });
