// A participant's page: joins, shows what is open, keeps and sends answers, follows the facilitator.
import exercises, { keeper, length, limited, makeCourier, makeModel, makeOutbox, pause, word } from "./exercise.js";
import { $, BASE, call, clock, follow, h, keyed, left, newId, now, pathHere, put, say } from "./common.js";
import { inWords, isForm, stepThrough } from "./phone.answer.js";
import { drawSheet, keepSheet, sheetOf } from "./sheet.js";

const REVEAL_SPREAD = 1500; // milliseconds over which a room asks for its feedback
const kept = keeper(`dxcourse${BASE}.room.`);
const letters = makeOutbox(kept);
const spread = (ms) => ms * (0.7 + Math.random() * 0.6); // a room does not ask in one instant
let token = kept.get("token");
let me = null; // {seed, pair, consent, exercises, phases, replies}
let room = null; // the present state
const models = new Map(); // exercise id → the model that its front end speaks to
const shown = { now: "", earlier: "" };

// -- joining ---------------------------------------------------------------------------------------

const key = /^\/j\/([a-z0-9]+)$/.exec(pathHere)?.[1] ?? "";

/** The table whose card was read: its number stands in the address. */
const table = Number(/^\d{1,2}$/.exec(new URLSearchParams(location.search).get("t") ?? "")?.[0] ?? 0);

function askToJoin(word = "") {
  $("join").hidden = false;
  $("room").hidden = true;
  $("code-box").hidden = Boolean(key) && word !== "wrong_code";
  put($("join-told"), word ? say(word) : "");
  put($("join-table"), table ? say("table", { n: table }) : "");
  document.documentElement.dataset.ready = "join";
}

async function join(event) {
  event.preventDefault();
  const typed = $("code").value.normalize("NFKC").replace(/\D/g, "");
  if ($("code-box").hidden ? !key : !typed) {
    put($("join-told"), say("code_missing"));
    $("code").focus();
    return;
  }
  const button = $("join").querySelector("button");
  button.disabled = true;
  put($("join-told"), say("joining"));
  const body = { pair: $("pair").checked, consent: $("consent").checked, name: $("name")?.value ?? "", table };
  if ($("code-box").hidden) body.key = key; else body.code = typed;
  let reply = await call("/api/join", { body });
  for (let wait = 1000; [0, 429, 503].includes(reply.status) && wait < 20_000; wait *= 1.7) {
    put($("join-told"), say(reply.status === 429 ? "slow" : "unreachable"));
    await pause(spread(wait));
    reply = await call("/api/join", { body });
  }
  button.disabled = false;
  if (reply.data?.state !== "joined") {
    askToJoin(["wrong_code", "door_closed"].includes(reply.data?.state) ? reply.data.state : "unreachable");
    if (reply.data?.state === "wrong_code") $("code").focus();
    return;
  }
  forget();
  token = reply.data.token;
  kept.set("token", token);
  begin();
}

/** Forget everything of a workshop that does not know us any more. */
function forget() {
  for (const name of kept.names()) kept.set(name, "");
  letters.clear();
}

/** What this participant gave so far; back to the door where the workshop does not know them. */
async function askMine() {
  for (let wait = 500; ; wait = Math.min(wait * 2, 8000)) {
    const { status, data } = await call("/api/mine", { token });
    if (status === 401) {
      forget();
      token = null;
      return null;
    }
    if (data?.seed) return data;
    tellLine("lost");
    await pause(spread(wait));
  }
}

async function begin() {
  me = await askMine();
  if (!me) { askToJoin(); return; }
  if (key) history.replaceState(null, "", `${BASE}/`); // a photo of this screen is no invitation
  $("join").hidden = true;
  $("room").hidden = false;
  $("self-pair").checked = me.pair;
  $("self-consent").checked = me.consent;
  tellWho();
  $("floor-text").value ||= kept.get("asking") ?? ""; // what a reload interrupted
  for (const exercise of me.exercises) modelOf(exercise);
  follow(`/events?who=${encodeURIComponent(token)}`, show, tellLine);
  deliver();
}

// -- the model that an exercise's front end speaks to ------------------------------------------------

function modelOf(exercise) {
  if (models.has(exercise.id)) return models.get(exercise.id);
  const model = makeModel({
    exercise, seed: me.seed, reply: me.replies[exercise.id] ?? null, waits: letters.of(me.seed, exercise.id),
    post(letter) {
      letters.add(letter);
      $("late").hidden = true;
      deliver();
    },
  });
  models.set(exercise.id, model);
  return model;
}

const deliver = makeCourier({ waiting: () => letters.all(me.seed), send, spread });

async function send(letter) {
  const tell = (status) => models.get(letter.exercise)?.put("status", { id: letter.id, ...status });
  const { status, data } = await call(`/api/answers/${letter.exercise}`, { body: { ...letters.message(letter), ...(letter.draft && { draft: true }) }, token });
  if (status === 401) location.reload();
  const state = data?.state;
  const settled = ["saved", "closed"].includes(state) || (state === "refused" && status !== 401 && status !== 429);
  if (!settled) {
    tell({ state: "waiting" });
    return false;
  }
  letters.remove(letter.id);
  if (letters.of(me.seed, letter.exercise)) return true; // they went on meanwhile; that one tells
  if (data.reply) takeReply(letter.exercise, data.reply);
  if (state === "closed") tellUnsent(letter.exercise, letter.answer.items);
  tell({ state: state === "closed" ? "spent" : state, message: data.error });
  return true;
}

function takeReply(id, reply) {
  if (reply.attempt < me.replies[id]?.attempt) return; // overtaken by the reply to a later answer
  const takenBack = me.replies[id]?.held === false && reply.held;
  me.replies[id] = reply;
  if (room?.exercise?.id === id) $("mount").hidden = false;
  if (room) { sheet(room); results(room.exercise?.id === id && room.phase === "revealed" ? room : null); }
  if (!takenBack) { models.get(id)?.put("reply", reply); return; }
  models.delete(id); // a front end that has told a key lets nobody answer any more: a new one does
  if (shown.now === id) mount(id);
}

// -- following the facilitator -----------------------------------------------------------------------

/** Hand in what was chosen or written, as it is: one field of a form, or all when it closes. */
function handIn(exercise, { draft = false } = {}) {
  const held = shown.now === exercise.id ? front()?.ready() ?? {} : {};
  if (!Object.keys(held).length) return;
  const [reply, waiting] = [me.replies[exercise.id], letters.of(me.seed, exercise.id)];
  const items = { ...reply?.answer?.items, ...waiting?.answer.items, ...held };
  const over = waiting ? null : reply?.attempt ?? null;
  letters.add({ id: newId(), at: Date.now(), exercise: exercise.id, learner: me.seed, over, answer: { items }, draft });
  deliver();
}

/** The front end of the exercise that is asked now: what of it was not handed in, whatever the browser keeps. */
const front = () => $("mount").querySelector(".dxc-mount")?.dxcourse;

/** What was not handed in is still here, and its owner knows it. */
function tellUnsent(id, items) {
  const exercise = me.exercises.find((each) => each.id === id);
  const words = exercise ? inWords(items, exercise) : "";
  put($("late-text"), say("unsent"));
  put($("late-draft"), words);
  $("late").hidden = false;
}

/**
 * The question closes, or gives way to another one: what is in the hand goes by itself, once.
 *
 * Gives what could not go, and of which exercise.
 */
function closeDrafts(state) {
  const open = state.phase === "open" && !state.ended ? state.exercise : null;
  const was = closing.exercise;
  closing.exercise = open;
  clearTimeout(closing.timer);
  if (open && state.closing) closing.timer = setTimeout(() => handIn(open, { draft: true }), Math.max(0, state.closing - now()));
  if (!was || was.id === open?.id || shown.now !== was.id) return [];
  handIn(was, { draft: true });
  return [was.id, front()?.unfit() ?? {}];
}
const closing = { exercise: null, timer: 0 };

async function show(state, changes) {
  room = state;
  if (changes) { nodded(state); return; } // of these alone: many come while a room nods
  const [closed, unfit] = closeDrafts(state);
  const { exercise, phase } = state;
  if (exercise) me.phases[exercise.id] = phase;
  if (exercise && !me.exercises.some((each) => each.id === exercise.id)) me.exercises.push(exercise);
  const id = state.ended ? "" : exercise?.id ?? "";
  if (shown.now !== id) {
    shown.now = id;
    $("late").hidden = true;
    mount(id);
    scrollTo(0, 0);
  }
  if (closed && Object.keys(unfit).length) tellUnsent(closed, unfit);
  $("mount").hidden = !id || (phase === "revealed" && !me.replies[id]); // an empty form is no answer
  $("mount").disabled = phase !== "open";
  const word = state.ended ? "ended" : id ? phase : state.began ? "between" : "lobby";
  put($("told"), told(word, id));
  $("told").dataset.phase = word;
  put($("stop"), state.stop || state.name);
  $("seat").hidden = !["lobby", "between"].includes(word);
  scene(id ? state.scene : null);
  results(id && phase === "revealed" ? state : null);
  floor(state);
  sheet(state);
  tick();
  showEarlier();
  document.documentElement.dataset.ready = word;
  if (id) await askReply(id);
}

function told(word, id) {
  if (word === "ended") return `${say("ended")}　${say("ended_note")}`;
  if (word === "revealed" && !me.replies[id]) return say("revealed_unanswered");
  if (word === "revealed" && !room.exercise.judged) return say("revealed_plain");
  return say(word === "open" && room.again ? "again" : word);
}

/** Show an exercise, or none, in the place of what is asked now. */
function mount(id) {
  const el = h("div", { class: "dxc-mount" });
  $("mount").replaceChildren($("mount").firstElementChild, ...(id ? [el] : []));
  const exercise = me.exercises.find((each) => each.id === id);
  if (!exercise) return;
  exercises.render({ model: modelOf(exercise), el });
  if (isForm(exercise)) stepThrough(el, exercise, () => handIn(exercise));
}

// -- what stands around the question -----------------------------------------------------------------

function scene(told) {
  $("scene").hidden = !told;
  if (!told) return;
  const cards = told.cards.map((card) => `${card.text} ${card.amount}${told.unit}`);
  const key = JSON.stringify(told);
  if ($("scene").dataset.key === key) return;
  $("scene").dataset.key = key;
  $("scene").replaceChildren(...[
    told.picture && h("img", { src: BASE + told.picture, alt: "" }),
    h("div", {}, told.when && h("p", { class: "small" }, told.when), ...[...told.lines, ...cards].map((line) => h("p", {}, line)), told.note && h("p", { class: "small" }, told.note)),
  ].filter(Boolean));
}

/** How the room chose, with one's own marked; and the voices on the wall, to agree with. */
function results(state) {
  $("result").hidden = !state || !(state.result.length || state.voices.length);
  if ($("result").hidden) { $("result-bars").replaceChildren(); return; }
  const items = me.replies[state.exercise.id]?.answer?.items ?? {};
  $("result-bars").replaceChildren(...state.result.flatMap((each) => {
    const most = Math.max(1, ...each.bars.map((bar) => bar.count));
    const own = [items[each.item]].flat();
    return [each.title ? h("h3", {}, each.title) : "", h("ul", { class: "rbars" }, each.bars.map((bar) => {
      const node = h("li", { class: own.includes(bar.ref) ? "me" : null }, h("span", {}, bar.text, own.includes(bar.ref) ? h("em", {}, say("you")) : null), h("b", {}, String(bar.count)));
      node.style.setProperty("--w", `${(100 * bar.count) / most}%`);
      return node;
    }))];
  }));
  nodList($("result-voices"), state.voices);
}

/** Of what there is to agree with, and how many do, something changed, and nothing else did. */
function nodded(state) {
  if (state.exercise && state.phase === "revealed" && !state.ended) results(state);
  floor(state);
}

/** Texts with a button to agree; what stands keeps its place and its focus. */
function nodList(list, rows) {
  keyed(list, rows.map((each) => [each.id, () => {
    const button = h("button", { type: "button", class: "nod", onclick: () => nod(each.id, button) }, h("b"), h("span"));
    return h("li", {}, h("bdi", {}, each.text), button);
  }, (node) => {
    const mine = me.nods.includes(each.id);
    const button = node.lastElementChild;
    button.setAttribute("aria-pressed", String(mine));
    put(button.firstElementChild, String(each.nods));
    put(button.lastElementChild, say(mine ? "nodded" : "nod"));
  }]));
}

async function nod(target, button) {
  const on = !me.nods.includes(target);
  me.nods = on ? [...me.nods, target] : me.nods.filter((each) => each !== target);
  button.setAttribute("aria-pressed", String(on));
  put(button.lastElementChild, say(on ? "nodded" : "nod"));
  const { data } = await call("/api/nods", { body: { target, on }, token });
  if (data?.state === "saved") return; // how many it are now comes with the state, in its order
  me.nods = on ? me.nods.filter((each) => each !== target) : [...me.nods, target];
  button.setAttribute("aria-pressed", String(!on));
  put(button.lastElementChild, say(on ? "nod" : "nodded"));
}

function floor(state) {
  $("floor").hidden = state.ended;
  nodList($("floor-list"), state.questions);
  put($("floor-count"), state.questions.length ? say("floor_shown", { n: state.questions.length }) : "");
}

async function askFloor(event) {
  event.preventDefault();
  const text = $("floor-text").value.trim();
  const most = Number($("floor-text").dataset.most);
  if (!text) return;
  if (length(text) > most) { put($("floor-told"), word("too_long", { max: most, n: length(text) - most })); return; }
  // Kept until the server has it: the same id sent twice is one question, and another text another.
  const [of, before] = JSON.parse(kept.get("asked") || "[]");
  const id = text === before ? of : newId();
  kept.set("asked", JSON.stringify([id, text]));
  const { status, data } = await call("/api/questions", { body: { id, text }, token });
  const saved = data?.state === "saved";
  put($("floor-told"), say(saved ? "asked" : status === 429 ? "asked_much" : "not_asked"));
  if (!saved) return;
  kept.set("asked", "");
  if ($("floor-text").value.trim() !== text) return; // they write on
  $("floor-text").value = "";
  kept.set("asking", "");
}

/** The sheet to take home: there once the form was answered, and shown at the end. */
function sheet(state) {
  const form = [...me.exercises].reverse().find((each) => isForm(each) && me.replies[each.id]);
  const made = form && sheetOf(state.name, form, me.replies[form.id].answer.items, state.farewell.day);
  if (made) keepSheet(made);
  $("sheet").hidden = !made || !state.ended;
  if (made && state.ended) drawSheet(made, $("sheet-card"));
}

/** What is said of one's own answer, where that is more after a reveal, or less after it was taken back. */
async function askReply(id) {
  const fits = (phase) => !me.replies[id] || me.replies[id].held === (phase !== "revealed");
  if (fits(me.phases[id])) return;
  await pause(Math.random() * REVEAL_SPREAD); // a room does not ask in one instant
  for (let wait = 1000; ; wait = Math.min(wait * 2, 8000)) {
    const asked = me.phases[id];
    const { status, data } = await call(`/api/mine/${id}`, { token });
    if (status === 200) {
      if (data.reply) takeReply(id, data.reply);
      if (asked === me.phases[id]) return; // else the facilitator went on while we asked
    } else if (status === 401) { location.reload(); return; }
    else await pause(spread(wait));
  }
}

function showEarlier() {
  const earlier = me.exercises.filter((each) => each.id !== shown.now);
  $("earlier").hidden = !earlier.length;
  keyed($("earlier-list"), earlier.map((each) => [each.id,
    () => h("li", {}, h("button", { type: "button", class: "quiet", onclick: () => openEarlier(each) }, each.title)),
    (node) => node.firstElementChild.setAttribute("aria-expanded", String(shown.earlier === each.id))]));
  if (shown.earlier && !earlier.some((each) => each.id === shown.earlier)) openEarlier(null);
}

async function openEarlier(exercise) {
  const mount = $("earlier-mount");
  const closing = !exercise || shown.earlier === exercise.id;
  shown.earlier = closing ? "" : exercise.id;
  const legend = mount.firstElementChild;
  const el = h("div", { class: "dxc-mount" });
  mount.replaceChildren(legend, ...(closing ? [] : [el]));
  showEarlier();
  if (closing) return;
  exercises.render({ model: modelOf(exercise), el });
  await askReply(exercise.id);
}

function tick() {
  const soon = room?.closing && room.phase === "open" ? Math.ceil((room.closing - now()) / 1000) : 0;
  $("ten").hidden = soon <= 0;
  if (soon > 0) put($("ten-n"), String(soon));
  const step = room?.ended ? null : room?.step;
  $("step").hidden = !step;
  if (!step) return;
  const time = left(step);
  put($("step-text"), step.text);
  put($("step-left"), time > 0 ? say("left", { time: clock(time) }) : say("over"));
}

async function tellLine(state) {
  put($("link"), say(state === "live" ? "live" : "lost"));
  $("link").dataset.state = state === "live" ? "live" : "lost";
  // Refused is not away: perhaps this workshop does not know us any more.
  if (state === "refused" && (await call("/api/mine", { token })).status === 401) location.reload();
}

const tellWho = () => put($("self-name"), say(me.pair ? "pair" : "person") + (me.table ? `　${say("at_table", { n: me.table })}` : ""));

async function tellSelf() {
  const body = { pair: $("self-pair").checked, consent: $("self-consent").checked };
  const { data } = await call("/api/mine", { body, token });
  const saved = data?.state === "saved";
  put($("self-told"), say(saved ? "saved" : "not_saved"));
  if (saved) Object.assign(me, body);
  else { $("self-pair").checked = me.pair; $("self-consent").checked = me.consent; }
  tellWho();
}

$("floor-form").addEventListener("submit", askFloor);
$("floor-text").addEventListener("input", () => kept.set("asking", $("floor-text").value));
limited($("name"));
$("join").addEventListener("submit", join);
$("self").addEventListener("change", tellSelf);
addEventListener("online", () => { if (me) deliver(); });
setInterval(tick, 500);
if (token) begin(); else askToJoin();
