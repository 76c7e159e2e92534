// What people wrote, for the facilitator alone: let through, hide, group, one large. Not who, not when.
import { limited } from "./exercise.js";
import { $, call, h, keyed, put, say } from "./common.js";

let state = null;
let base = "";
let act = null;
let fetched = ""; // what the list was made of: exercise, revision of its answers, moderation
let asking = false;
let voicesNow = []; // {id, text, status …} of all items, in a steady order
let tab = "waiting";
let shown = new Set(); // voices that the list holds; new ones wait until they are asked for
let grouping = ""; // the voice whose group's name is being typed
let standing = ""; // which list stands: of which exercise, and which tab
let pointing = false; // a mouse or a pen is over the list
let touched = -Infinity; // when the list was pressed last
const STILL = 700; // milliseconds in which a second press of the same finger comes

/** Whether a name is being typed or put together: nothing moves, and no letter is a command. */
export const isMoving = () => Boolean(grouping);

/** Keep the list true to the state. */
export function voices(next, address, send) {
  const other = state?.asked !== next.asked;
  [state, base, act] = [next, address, send];
  if (other) { voicesNow = []; shown = new Set(); fetched = ""; grouping = ""; }
  put($("voices-of"), state.exercise ? say("voices_of", { title: state.exercise.title }) : "");
  look();
  draw();
}

const key = () => JSON.stringify([state.asked, state.revision, state.moderated, state.exercise?.written]);

async function look() {
  if (asking || !state.asked || !state.exercise?.written || key() === fetched) return;
  asking = true;
  const wanted = key();
  const { data } = await call(`${base}/voices/${state.asked}`);
  asking = false;
  if (!data?.items) { setTimeout(look, 1000); return; }
  if (wanted.startsWith(JSON.stringify([state.asked]).slice(0, -1))) {
    fetched = wanted;
    const first = !voicesNow.length;
    voicesNow = data.items.flatMap((item) => item.voices);
    if (first || !isBusy()) for (const each of voicesNow) shown.add(each.id);
    draw();
  }
  if (key() !== fetched) look(); // it changed while we asked
}

/** A pointer is at the list: no row moves under it, or a press would be another text's. */
const isHeld = () => pointing || performance.now() - touched < STILL;

/** Somebody works in the list: nothing comes between what they see. */
const isBusy = () => isMoving() || isHeld() || $("voices").contains(document.activeElement);

const inTab = (voice) => ({ waiting: ["waiting", "rewritten"], shown: ["shown"], hidden: ["hidden"] })[tab]?.includes(voice.status);

function draw() {
  const floor = state.floor ?? [];
  const counts = {
    waiting: voicesNow.filter((each) => ["waiting", "rewritten"].includes(each.status)).length,
    shown: voicesNow.filter((each) => each.status === "shown").length,
    hidden: voicesNow.filter((each) => each.status === "hidden").length,
    floor: floor.filter((each) => each.status === "waiting").length,
  };
  for (const button of document.querySelectorAll("[data-tab]")) {
    put(button.lastElementChild, String(counts[button.dataset.tab]));
    button.setAttribute("aria-selected", String(button.dataset.tab === tab));
  }
  const all = tab === "floor" ? floor.map((each) => ({ ...each, floor: true })) : voicesNow.filter(inTab);
  const here = new Map(all.map((each) => [each.id, each]));
  const ready = all.filter((each) => each.floor || shown.has(each.id));
  const list = `${state.asked}/${tab}`;
  const present = [...$("voices").querySelectorAll(".v")].map((node) => node.dataset.key);
  // What goes from under a pointer leaves its place empty, and what comes waits.
  const held = standing === list && isHeld() && present.length;
  const rows = held ? present.map((id) => here.get(id) ?? { id, spent: true }) : ready;
  const fresh = all.length - rows.filter((each) => !each.spent).length;
  standing = list;
  $("fresh").hidden = !fresh;
  put($("fresh"), say("fresh", { n: fresh }));
  $("approve-all").hidden = tab !== "waiting" || !rows.some((each) => each.status === "waiting");
  const groups = [...new Set(voicesNow.map((each) => each.group).filter(Boolean))];
  keyed($("groups"), groups.map((name) => [name, () => h("option", { value: name }), () => {}]));
  const none = () => say(state.exercise && !state.exercise.written && tab !== "floor" ? "not_written" : "no_voices");
  keyed(
    $("voices"),
    rows.length ? rows.map((voice) => [voice.id, () => row(voice), (node) => (voice.spent ? spend(node) : update(node, voice))]) : [["none", () => h("p", { class: "small" }), (node) => put(node, none())]],
    (node) => { if (node.contains(document.activeElement)) focusAfter(node); },
  );
}

/**
 * The row under the hand has gone elsewhere: the hand stays in the list, at the next text and on none of
 * its buttons. A second press of the same key would let through what nobody has read.
 */
function focusAfter(node) {
  const rows = [...$("voices").querySelectorAll(".v")];
  const at = rows.indexOf(node);
  const next = [...rows.slice(at + 1), ...rows.slice(0, Math.max(at, 0)).reverse()].find((each) => !each.inert);
  (next ?? $(`tab-${tab}`)).focus();
}

/** What has gone from the list keeps its place until the pointer leaves; it can be pressed no more. */
function spend(node) {
  if (node.inert) return;
  if (node.contains(document.activeElement)) focusAfter(node);
  node.inert = true;
}

const send = (change, voice, more = {}) => act({ do: "voice", exercise: state.asked, change, voices: [voice], ...more });

function row(voice) {
  const button = (word, run, name = "") => h("button", { type: "button", class: name, "data-act": word, onclick: run }, say(word));
  const buttons = voice.floor
    ? [button("to_wall", () => act({ do: "question", id: voice.id, status: "shown", seen: node.dataset.status }), "to"), button("done", () => act({ do: "question", id: voice.id, status: "done" })), button("hide", () => act({ do: "question", id: voice.id, status: "hidden" }), "hide")]
    : [
      button("to_wall", () => send("show", voice.id, { seen: node.dataset.status }), "to"),
      button("spotlight", (event) => act({ do: "spotlight", exercise: state.asked, voice: event.currentTarget.dataset.on === "true" ? "" : voice.id })),
      button("pin", (event) => send(event.currentTarget.dataset.on === "true" ? "unpin" : "pin", voice.id)),
      button("group", () => { grouping = voice.id; draw(); $("voices").querySelector(`[data-key="${voice.id}"] input`)?.focus(); }),
      button("hide", () => send("hide", voice.id), "hide"),
      button("expel", () => act({ do: "expel", exercise: state.asked, voice: voice.id }), "hide"),
    ];
  const name = h("input", { type: "text", "data-most": $("voices").dataset.groupMost, list: "groups", "aria-label": say("group_name"), placeholder: say("group_name") });
  const end = () => { grouping = ""; draw(); };
  const form = h("form", { class: "b", hidden: true }, name, h("button", { class: "to" }, say("group_this")),
    h("button", { type: "button", onclick: () => { send("ungroup", voice.id); end(); } }, say("ungroup")), h("button", { type: "button", class: "hide", onclick: end }, say("cancel")));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!name.value.trim()) return;
    send("group", voice.id, { name: name.value.trim() });
    end();
    node.querySelector("button")?.focus();
  });
  limited(name);
  name.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.preventDefault(); end(); } });
  const node = h("div", { class: "v", tabindex: "-1" }, h("p", { class: "why" }), h("blockquote", {}, h("bdi")), h("p", { class: "small about" }), h("div", { class: "b acts" }, buttons), form);
  return node;
}

function update(node, voice) {
  const again = voice.status === "rewritten";
  node.inert = false;
  node.dataset.status = voice.status; // what is seen: a command says it
  node.classList.toggle("again", again);
  put(node.querySelector(".why"), again ? say("rewritten") : "");
  put(node.querySelector("bdi"), voice.text);
  const about = [voice.count > 1 ? say("same", { n: voice.count }) : "", voice.nods ? say("nods", { n: voice.nods }) : "", voice.group ? say("in_group", { name: voice.group }) : "", voice.floor && voice.status === "shown" ? say("shown.questions") : ""];
  put(node.querySelector(".about"), about.filter(Boolean).join("　"));
  const at = (word) => node.querySelector(`[data-act="${word}"]`);
  at("to_wall").hidden = voice.status === "shown";
  at("hide").hidden = voice.status === "hidden";
  put(at("hide"), say(again ? "keep_hidden" : "hide"));
  if (voice.floor) return;
  const spot = state.spotlight?.id === voice.id;
  put(at("spotlight"), say(spot ? "unspot" : "spotlight"));
  at("spotlight").dataset.on = String(spot);
  at("spotlight").hidden = voice.status !== "shown" || state.phase !== "revealed";
  put(at("pin"), say(voice.pinned ? "unpin" : "pin"));
  at("pin").dataset.on = String(voice.pinned);
  at("pin").hidden = voice.status !== "shown";
  at("group").hidden = ["hidden", "rewritten"].includes(voice.status);
  at("expel").hidden = !["hidden", "rewritten"].includes(voice.status);
  const form = node.querySelector("form");
  const here = grouping === voice.id;
  if (form.hidden === here) { form.hidden = !here; if (here) form.firstElementChild.value = voice.group; }
  node.querySelector(".acts").hidden = here;
}

for (const button of document.querySelectorAll("[data-tab]")) {
  button.addEventListener("click", () => {
    tab = button.dataset.tab;
    grouping = standing = "";
    $("voices").setAttribute("aria-labelledby", button.id);
    for (const each of voicesNow) shown.add(each.id);
    draw();
  });
}
$("fresh").addEventListener("click", () => {
  standing = "";
  for (const each of voicesNow) shown.add(each.id);
  draw();
});
$("approve-all").addEventListener("click", () => {
  // Only what was in sight: what has come since waits to be read.
  const seen = [...$("voices").querySelectorAll('.v[data-status="waiting"]:not([inert])')].map((node) => node.dataset.key);
  if (seen.length) act({ do: "voice", exercise: state.asked, change: "show", voices: seen, seen: "waiting" });
});
/** The hand has left: what has gone goes, and what came comes. */
function settle() {
  if (!state) return;
  if (!isBusy()) for (const each of voicesNow) shown.add(each.id);
  draw();
}
for (const place of [$("voices"), $("approve-all").parentElement]) {
  const over = (yes) => (event) => { if (event.pointerType === "touch") return; pointing = yes; if (!yes) settle(); };
  place.addEventListener("pointerenter", over(true));
  place.addEventListener("pointerleave", over(false));
  place.addEventListener("pointerdown", () => { touched = performance.now(); setTimeout(settle, STILL + 50); });
}
