// What every page of a workshop shares: words, elements, and the stream of the present state. No
// crypto.randomUUID, clipboard or wake lock: http:// and a LAN address are not a secure context.

export const $ = (id) => document.getElementById(id);

const WORDS = JSON.parse($("words")?.textContent ?? "{}");

/** A word, filled in; `group.name` for one in a group. */
export function say(name, values = {}) {
  const text = name.split(".").reduce((found, part) => found?.[part], WORDS) ?? "";
  return text.replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** An element: h("p", {class: "x"}, "text", child). Text is always text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

/** Put a text where another stood, only if it is another: a screen reader says it once. */
export function put(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Keep a list's nodes by their keys: what stands keeps its focus and its place.
 *
 * `rows` are [key, make, update]; what goes moves nothing of what stays, and `leaves` is told of
 * each before it is gone.
 */
export function keyed(list, rows, leaves = () => {}) {
  const known = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const gone = new Map(known);
  for (const [key] of rows) gone.delete(key);
  const staying = (node) => { while (node && gone.get(node.dataset.key) === node) node = node.nextElementSibling; return node; };
  let place = staying(list.firstElementChild);
  for (const [key, make, update] of rows) {
    let node = known.get(key);
    if (!node) { node = make(); node.dataset.key = key; }
    if (node === place) place = staying(place.nextElementSibling); else list.insertBefore(node, place);
    update(node);
  }
  for (const node of gone.values()) { leaves(node); node.remove(); }
}

/** A random id; crypto.randomUUID is missing outside secure contexts, this is not. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Minutes and seconds of some milliseconds. */
export function clock(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** What all addresses here begin with, where the room is in a folder of another site's address. */
export const BASE = document.documentElement.dataset.base ?? "";
/** Where an address of ours is, whether it says the folder or not. */
const place = (path) => (path.startsWith(`${BASE}/`) ? path : BASE + path);
/** The address of this page within the room's own. */
export const pathHere = location.pathname.startsWith(`${BASE}/`) ? location.pathname.slice(BASE.length) : location.pathname;

/** Ask the server; what it says as {status, data}, status 0 where it is away. */
export async function call(path, { body, token } = {}) {
  const headers = {};
  if (token) headers["X-Dxcourse-Learner"] = token;
  if (body) headers["Content-Type"] = "application/json";
  try {
    const reply = await fetch(place(path), { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) });
    let data = null;
    try { data = await reply.json(); } catch { /* not ours: a proxy's page, say */ }
    return { status: reply.status, data };
  } catch {
    return { status: 0, data: null };
  }
}

const SILENCE = 25_000; // milliseconds; the server gives a sign every ten seconds
let offset = 0; // what the server's clock is ahead of ours

/** The time at the server, in milliseconds. */
export const now = () => Date.now() + offset;

/** Milliseconds that a timer has left, running or paused; negative when it is over. */
export const left = (timer) => (timer.ends == null ? timer.left : timer.ends - now());

/**
 * Follow the present state, through sleep, lost Wi-Fi and a restart of the server.
 *
 * `hear(state, changes)` gets every state, and what alone is new where that is little; `told("live" |
 * "lost" | "refused")` how the line is. A browser
 * does not notice a line that died in its sleep: so whoever hears nothing for too long asks anew.
 */
export function follow(address, hear, told) {
  let source = null;
  let heard = 0;
  let again = null;
  let state = null; // as it was told last

  function sign() {
    heard = Date.now();
    told("live");
  }

  function open() {
    clearTimeout(again);
    source?.close();
    heard = Date.now();
    const mine = new EventSource(place(address));
    source = mine;
    mine.addEventListener("beat", (event) => {
      if (mine !== source) return;
      offset = JSON.parse(event.data).now - Date.now();
      sign();
    });
    mine.addEventListener("message", (event) => {
      if (mine !== source) return;
      sign();
      state = JSON.parse(event.data);
      hear(state);
    });
    mine.addEventListener("changes", (event) => {
      if (mine !== source || !state) return;
      sign();
      const changes = JSON.parse(event.data);
      state = { ...state, ...changes };
      hear(state, changes);
    });
    mine.addEventListener("error", () => {
      if (mine !== source) return;
      const refused = mine.readyState === EventSource.CLOSED;
      told(refused ? "refused" : "lost");
      if (refused) again = setTimeout(open, 3000);
    });
  }

  const look = (silence) => { if (Date.now() - heard > silence) { told("lost"); open(); } };
  setInterval(() => look(SILENCE), 5000);
  const awake = () => { if (document.visibilityState === "visible") look(source?.readyState === EventSource.OPEN ? 12_000 : 1000); };
  document.addEventListener("visibilitychange", awake);
  addEventListener("pageshow", awake);
  addEventListener("online", () => open());
  // A line that was open may still bring a sign or two, and would then count as live: ask anew.
  addEventListener("offline", () => { told("lost"); open(); });
  open();
}
