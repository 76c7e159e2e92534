// An exercise on screen. This file, parts.js, answer.js, the kinds and the words are joined into one
// module (widgets/_bundle.py); it imports nothing, because anywidget loads it from a blob address.
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
//   held()          optional: all that is on screen, where that is more (half an answer, spaces)
//   load(value)     shows a value
//   problem()       optional: why the value cannot be sent, as [word, values], or null
//   missing()       optional: the word that tells what is wanted where there is no value
//   reply(itemReply)  optional: the kind's own way to show a reply
// and may carry `itemwise(exercise)` (whether items are checked one by one), `say(value, item,
// exercise, ui)` (a value in words, for the model answer), `before(exercise, ui)` (what stands above
// the items) and `after(reply, exercise, ui)` (a picture of the whole answer). Where items are
// linked, tries are told once, and the model answer is left to `after`.

let counter = 0;

function render({ model, el }) {
  const exercise = model.get("exercise");
  const kind = kinds[exercise.kind];
  const itemwise = kind.itemwise?.(exercise) ?? false;
  const seed = `${model.get("seed")}/${exercise.id}/`;
  const uid = `dxc${(counter += 1)}`;
  const ui = { h, say, uid, seed, shuffled, hash, textField, words: WORDS, id: (name) => `${uid}-${name}` };
  const draftKey = `dxcourse.draft.${model.get("seed")}.${exercise.id}`;

  const controls = new Map();
  const boxes = new Map();
  const beside = new Map(); // item → where its own button's fate is seen; only `status` announces it
  const over = new Set(); // items that may not be answered anew
  let latest = 0; // the attempt that the reply on screen belongs to
  let asked = null; // the item whose own button was pressed last
  let pending = model.get("status")?.state === "waiting" ? model.get("outbox").answer.items : null;
  const items = exercise.shuffle ? shuffled(exercise.items, seed) : exercise.items;

  const status = h("p", { class: "dxc-status", role: "status" });
  const summary = h("div", { class: "dxc-summary" });
  // No form: in a frame whose sandbox forbids to submit one, a form would send nothing, silently.
  const form = h("div", { class: "dxc-form" });
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

  const submit = h("button", { type: "button", class: "dxc-go" }, say(exercise.scored && !exercise.deferred ? "check" : "give"));
  const actions = h("div", { class: "dxc-actions" });
  if (!itemwise) actions.append(submit);
  const hint = exercise.hints.length ? hintButton(exercise, ui, form) : null;
  if (hint) actions.append(hint);
  actions.append(status);
  form.append(summary, actions);
  const give = () => {
    asked = null;
    send(items.map((item) => item.ref));
  };
  submit.addEventListener("click", give);
  form.addEventListener("keydown", (event) => {
    // Enter as in a form; not while a word is being chosen for what was typed in kana.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !event.target.matches("input")) return;
    event.preventDefault();
    if (!itemwise) { if (!submit.disabled) give(); } else event.target.closest(".dxc-item").querySelector(":scope > button").click();
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);

  const prompt = exercise.prompt && h("p", { class: "dxc-prompt" }, exercise.prompt);
  section.append(heading, prompt || "", form);
  el.replaceChildren(section);

  const probe = (ref) => kind(item(ref), exercise, { ...ui, id: (name) => `${uid}-probe-${name}` });
  const answer = makeAnswer(controls, probe, draftKey);
  const missingOf = (ref) => controls.get(ref).missing?.() ?? "missing";

  /** Something is another than it was: keep it, and say what of it is not stored. */
  function changed() {
    if (answer.keep().length) tell("elsewhere");
    else if (!["sending", "waiting", "elsewhere"].includes(status.dataset.state)) tellUnsent();
    showEarlier();
  }

  /** Say of what was changed since it was stored that it is not stored. */
  function tellUnsent() {
    const stored = [...controls.keys()].filter(answer.stored);
    if (stored.some(answer.changed)) tell("unsent");
    else if (["unsent", "draft", "saved_more", "missing"].includes(status.dataset.state)) tell(stored.length ? "saved" : "none");
  }

  /** What is said of an answer is about that answer, and not about what stands there now. */
  function showEarlier() {
    for (const [ref, { box, feedback }] of boxes) {
      const earlier = answer.stored(ref) && answer.changed(ref) && box.dataset.mark != null;
      box.toggleAttribute("data-earlier", earlier);
      const note = feedback.querySelector(":scope > .dxc-earlier");
      if (earlier && feedback.childElementCount && !note) feedback.prepend(h("p", { class: "dxc-earlier" }, say("earlier")));
      else if (!earlier) note?.remove();
    }
    const any = [...boxes.values()].some(({ box }) => box.hasAttribute("data-earlier"));
    section.toggleAttribute("data-earlier", any);
  }

  /** Send these items as they are now, and all others as they were sent last. */
  function send(refs) {
    const values = { ...model.get("reply")?.answer.items, ...pending };
    const missing = [];
    for (const ref of refs) {
      const value = controls.get(ref).value();
      const problem = controls.get(ref).problem?.();
      if (problem) {
        tell(...problem);
        boxes.get(ref).box.querySelector("input, select, textarea").focus();
        return;
      }
      if (value == null) missing.push(ref);
      else values[ref] = value;
    }
    if (missing.length) {
      tell(missingOf(missing[0]), { n: missing.length });
      const first = boxes.get(missing[0]).box.querySelector("input:not(:disabled), select, textarea, button");
      first?.focus();
      return;
    }
    tell("sending");
    answer.send(refs);
    pending = values;
    model.set("outbox", { id: newId(), answer: { items: values } });
    model.save_changes();
  }

  /** The fate of the answer, announced; "none" says nothing. */
  function tell(name, values) {
    for (const fate of beside.values()) fate.textContent = "";
    for (const place of [status, beside.get(asked)]) {
      if (!place) continue;
      place.dataset.state = name;
      place.textContent = name === "none" ? "" : say(name, values);
    }
  }

  function showStatus() {
    const told = model.get("status");
    if (!told?.state) return;
    if (told.state !== "waiting" && told.id === model.get("outbox")?.id) pending = null;
    const more = told.state === "saved" && [...controls.keys()].some((ref) => answer.stored(ref) && answer.unsent(ref));
    tell(more ? "saved_more" : told.state);
    status.title = told.state === "refused" ? told.message ?? "" : ""; // for whoever is asked for help
  }

  function showReply() {
    const reply = model.get("reply");
    if (!reply || reply.attempt < latest) return; // overtaken by the reply to a later answer
    latest = reply.attempt;
    for (const [ref, control] of controls) {
      const told = reply.items[ref];
      const { box, feedback } = boxes.get(ref);
      feedback.replaceChildren();
      if (!told) continue;
      if (told.tries_left === 0 || told.key != null) {
        over.add(ref);
        answer.lock(ref);
      }
      answer.take(ref, reply.answer.items[ref]);
      control.reply?.(told);
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
    answer.keep();
    showEarlier();
  }

  function item(ref) {
    return items.find((candidate) => candidate.ref === ref);
  }

  const onReply = () => showReply();
  const onStatus = () => showStatus();
  model.on("change:reply", onReply);
  model.on("change:status", onStatus);
  const onStorage = (event) => {
    if (event.key !== draftKey) return;
    if (answer.follow(event.newValue).length) tell("elsewhere");
    showEarlier();
  };
  addEventListener("storage", onStorage);
  if (model.get("forgets")) section.insertBefore(h("p", { class: "dxc-note" }, say("forgets")), form);
  showReply();
  const found = answer.resume(pending);
  showStatus();
  if (found && !model.get("status")?.state) tell("draft", { n: found });
  showEarlier();
  // What surrounds an exercise may ask what is not sent, and have it sent (a question that closes).
  el.dxcourse = {
    unsent: () => [...controls.keys()].filter((ref) => !over.has(ref) && answer.unsent(ref)),
    send() {
      const refs = this.unsent().filter((ref) => controls.get(ref).value() != null && !controls.get(ref).problem?.());
      if (refs.length) send(refs);
      return refs.length;
    },
  };
  return () => {
    removeEventListener("storage", onStorage);
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
