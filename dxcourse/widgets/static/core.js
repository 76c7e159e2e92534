// An exercise on screen. This file, the kinds and the words are joined into one module
// (widgets/_bundle.py); it imports nothing, because anywidget loads it from a blob address.
//
// `model` is anywidget's, or the one that our pages make (outbox.js):
//   exercise  the public data of the exercise (never a key)
//   seed      what orders options and items for this learner
//   reply     the reply to what was answered so far, or null
//   outbox    set here: {id, answer} to be stored
//   status    the fate of an outbox: {id, state: "saved" | "waiting" | "refused" | "spent"}
//
// A kind is a function `(item, exercise, ui) → control`, a control is
//   node            what is shown
//   value()         the item's value, or null while it is not answered
//   load(value)     shows a value
//   problem()       optional: the word that tells why the value cannot be sent, or null
//   reply(itemReply)  optional: the kind's own way to show a reply
// and may carry `itemwise(exercise)` (whether items are checked one by one), `say(value, item,
// exercise, ui)` (a value in words, for the model answer), `before(exercise, ui)` (what stands above
// the items) and `after(reply, exercise, ui)` (a picture of the whole answer). Where items are
// linked, tries are told once, and the model answer is left to `after`.

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

const say = (name, values = {}) => fill(WORDS[name], values);

/** An element: h("p", {class: "x"}, "text", child). Text is always text, never markup. */
function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  const parts = children.flat().filter((child) => child != null && child !== false);
  node.append(...(tag === "option" ? parts : parts.flatMap(unbroken)));
  return node;
}

/** Codes like 1-4 and eL-QR, which stay on one line (lesson/_unbroken.py does the same). */
const CODE = /(\b[0-9A-Za-z]{1,6}(?:-[0-9A-Za-z]{1,6}){1,2}\b(?!-))/;

function unbroken(child) {
  if (typeof child !== "string" || !CODE.test(child)) return [child];
  return child.split(CODE).map((text, place) => {
    if (place % 2 === 0) return text;
    const code = document.createElement("span");
    code.className = "dxl-unbroken";
    code.textContent = text;
    return code;
  });
}

/** A number from text, the same everywhere: FNV-1a, 32 bits, then mixed. */
function hash(text) {
  let value = 0x811c9dc5;
  for (const char of text) value = Math.imul(value ^ char.codePointAt(0), 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 12)) >>> 0;
}

/** In an order of this learner's own; what is `fixed` keeps its place. */
function shuffled(things, seed) {
  const loose = things.filter((thing) => !thing.fixed);
  loose.sort((a, b) => hash(seed + a.ref) - hash(seed + b.ref) || (a.ref < b.ref ? -1 : 1));
  return things.map((thing) => (thing.fixed ? thing : loose.shift()));
}

/** Random id; crypto.randomUUID is missing outside secure contexts, this is not. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What was typed and not yet sent, kept in the browser. */
const drafts = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      if (value == null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      // a browser without storage still answers, it only forgets drafts
    }
  },
};

let counter = 0;

function render({ model, el }) {
  const exercise = model.get("exercise");
  const kind = kinds[exercise.kind];
  const itemwise = kind.itemwise?.(exercise) ?? false;
  const seed = `${model.get("seed")}/${exercise.id}/`;
  const uid = `dxc${(counter += 1)}`;
  const ui = { h, say, uid, seed, shuffled, hash, words: WORDS, id: (name) => `${uid}-${name}` };
  const draftKey = `dxcourse.draft.${model.get("seed")}.${exercise.id}`;

  const controls = new Map();
  const boxes = new Map();
  const beside = new Map(); // item → where its own button's fate is seen; only `status` announces it
  const over = new Set(); // items that may not be answered anew
  const shown = new Map(); // item → its stored value, and what its control made of it
  let asked = null; // the item whose own button was pressed last
  let pending = model.get("status")?.state === "waiting" ? model.get("outbox").answer.items : null;
  const items = exercise.shuffle ? shuffled(exercise.items, seed) : exercise.items;

  const status = h("p", { class: "dxc-status", role: "status" });
  const summary = h("div", { class: "dxc-summary" });
  const form = h("form", { class: "dxc-form", novalidate: true, autocomplete: "off" });
  const heading = h("h2", { class: "dxc-title", id: `${uid}-title` }, exercise.title);
  const section = h("section", { class: "dxc", "data-kind": exercise.kind, "aria-labelledby": heading.id });

  form.append(kind.before?.(exercise, ui) ?? "");
  for (const item of items) {
    const control = kind(item, exercise, ui);
    const feedback = h("div", { class: "dxc-feedback" });
    const single = !item.text;
    const legend = h("legend", { class: single ? "dxc-unseen" : "" }, item.text || exercise.title);
    const box = h("fieldset", { class: "dxc-item", "data-ref": item.ref }, legend, control.node);
    if (itemwise) {
      const check = h("button", { type: "button", class: "dxc-second" }, say("check_item"));
      check.addEventListener("click", () => {
        asked = item.ref;
        send([item.ref]);
      });
      const fate = h("span", { class: "dxc-beside" });
      box.append(check, fate);
      beside.set(item.ref, fate);
      control.button = check;
    }
    box.append(feedback);
    controls.set(item.ref, control);
    boxes.set(item.ref, { box, feedback });
    form.append(box);
  }

  const submit = h("button", { type: "submit" }, say(exercise.scored && !exercise.deferred ? "check" : "give"));
  const actions = h("div", { class: "dxc-actions" });
  if (!itemwise) actions.append(submit);
  const hint = exercise.hints.length ? hintButton(exercise, ui, form) : null;
  if (hint) actions.append(hint);
  actions.append(status);
  form.append(summary, actions);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    asked = null;
    send(items.map((item) => item.ref));
  });
  form.addEventListener("input", keepDraft);
  form.addEventListener("change", keepDraft);

  const prompt = exercise.prompt && h("p", { class: "dxc-prompt" }, exercise.prompt);
  section.append(heading, prompt || "", form);
  el.replaceChildren(section);

  /** Keep what differs from what is stored. */
  function keepDraft() {
    const values = {};
    for (const [ref, control] of controls) {
      const value = control.value();
      if (value != null && JSON.stringify(value) !== shown.get(ref)?.value) values[ref] = value;
    }
    drafts.write(draftKey, Object.keys(values).length ? values : null);
  }

  /** Send these items as they are now, and all others as they were sent last. */
  function send(refs) {
    const values = { ...model.get("reply")?.answer.items, ...pending };
    const missing = [];
    for (const ref of refs) {
      const value = controls.get(ref).value();
      const problem = controls.get(ref).problem?.();
      if (problem) {
        tell(problem);
        boxes.get(ref).box.querySelector("input, select, textarea").focus();
        return;
      }
      if (value == null) missing.push(ref);
      else values[ref] = value;
    }
    if (missing.length) {
      tell("missing", { n: missing.length });
      const first = boxes.get(missing[0]).box.querySelector("input:not(:disabled), select, textarea, button");
      first?.focus();
      return;
    }
    tell("sending");
    pending = values;
    model.set("outbox", { id: newId(), answer: { items: values } });
    model.save_changes();
  }

  function tell(name, values) {
    for (const fate of beside.values()) fate.textContent = "";
    for (const place of [status, beside.get(asked)]) {
      if (!place) continue;
      place.dataset.state = name;
      place.textContent = say(name, values);
    }
  }

  function showStatus() {
    const told = model.get("status");
    if (!told?.state) return;
    if (told.state !== "waiting" && told.id === model.get("outbox")?.id) pending = null;
    tell(told.state);
    status.title = told.state === "refused" ? told.message ?? "" : ""; // for whoever is asked for help
  }

  function showReply() {
    const reply = model.get("reply");
    if (!reply) return;
    for (const [ref, control] of controls) {
      const told = reply.items[ref];
      const { box, feedback } = boxes.get(ref);
      feedback.replaceChildren();
      if (!told) continue;
      const stored = JSON.stringify(reply.answer.items[ref]);
      if (shown.get(ref)?.stored !== stored) {
        control.load(reply.answer.items[ref]);
        shown.set(ref, { stored, value: JSON.stringify(control.value()) });
      }
      control.reply?.(told);
      if (told.tries_left === 0 || told.key != null) over.add(ref);
      for (const field of box.querySelectorAll("input, select, textarea, button")) {
        field.disabled = over.has(ref) && !field.closest("[data-open]");
      }
      box.dataset.mark = told.result.mark;
      if (!reply.held) feedback.append(...remarks(told, exercise, item(ref), kind, ui));
    }
    summary.replaceChildren();
    if (reply.held) summary.append(h("p", { class: "dxc-remark", "data-mark": "taken" }, say(exercise.live ? "held_live" : exercise.homework ? "held_homework" : "held")));
    if (reply.closing) summary.append(remark(reply.closing, ui, false));
    const picture = kind.after?.(reply, exercise, ui);
    if (picture) summary.append(picture);
    if (exercise.linked && !reply.held && reply.points < reply.max_points) {
      summary.append(tries(Object.values(reply.items)[0].tries_left, ui));
    }
    if (itemwise) {
      const values = { n: Object.keys(reply.items).length, total: items.length };
      summary.append(h("p", { class: "dxc-count" }, say("done_of", values)));
    }
    if (reply.complete && exercise.total && reply.max_points > 0 && !reply.held && items.length > 1) {
      const values = { points: tidy(reply.points), max: tidy(reply.max_points) };
      summary.append(h("p", { class: "dxc-count" }, say("score", values)));
    }
    submit.disabled = over.size === items.length;
    submit.hidden = submit.disabled;
    if (hint) hint.hidden = submit.hidden; // there is nothing left to find
    keepDraft();
  }

  function item(ref) {
    return items.find((candidate) => candidate.ref === ref);
  }

  const onReply = () => showReply();
  const onStatus = () => showStatus();
  model.on("change:reply", onReply);
  model.on("change:status", onStatus);
  const draft = { ...drafts.read(draftKey), ...pending };
  showReply();
  showStatus();
  for (const [ref, control] of controls) {
    if (draft[ref] != null && !over.has(ref)) control.load(draft[ref]);
  }
  return () => {
    model.off("change:reply", onReply);
    model.off("change:status", onStatus);
  };
}

const tidy = (points) => String(Math.round(points * 100) / 100);

/** The sentences about an item, the tries that are left, and the model answer after the last. */
function remarks(told, exercise, item, kind, ui) {
  const { result } = told;
  const nodes = result.remarks.map((each) => remark(each, ui, true));
  if (!nodes.length && result.max_points > 0) nodes.push(remark({ mark: result.mark, text: "" }, ui, true));
  const full = result.max_points > 0 && result.points === result.max_points;
  if (exercise.linked) return nodes;
  if (!full) nodes.push(tries(told.tries_left, ui));
  if (told.key != null && !full && kind.say) {
    const text = kind.say(told.key, item, exercise, ui);
    nodes.push(ui.h("p", { class: "dxc-model" }, ui.say("model_item", { text })));
  }
  return nodes;
}

/** How many tries are left, where they are counted. */
function tries(left, ui) {
  if (left == null) return "";
  return ui.h("p", { class: "dxc-tries" }, left ? ui.say("tries_left", { n: left }) : ui.say("tries_over"));
}

/** One sentence: sign and word, text, and what it rests on. */
function remark(each, ui, marked) {
  const { sign, word } = ui.words[`mark_${each.about}`]?.[each.mark] ?? ui.words.mark[each.mark];
  return ui.h(
    "div",
    { class: "dxc-remark", "data-mark": each.mark },
    marked && ui.h("b", {}, ui.h("span", { "aria-hidden": "true" }, sign), ` ${word}`),
    ui.h("p", {}, each.text),
    each.citation && ui.h("p", { class: "dxc-cite" }, `${each.citation.mark} ${each.citation.text}`),
  );
}

/** A button that shows the hints, one at a time. */
function hintButton(exercise, ui, form) {
  let shown = 0;
  const list = ui.h("div", { class: "dxc-hints", role: "status" });
  const button = ui.h("button", { type: "button", class: "dxc-second" }, ui.say("hint"));
  button.addEventListener("click", () => {
    shown += 1;
    list.append(ui.h("p", {}, ui.h("b", {}, ui.say("hint_n", { n: shown })), ` ${exercise.hints[shown - 1]}`));
    button.textContent = ui.say("hint_next");
    if (shown === exercise.hints.length) button.disabled = true;
  });
  form.append(list);
  return button;
}

export default { render };
