// An exercise on screen. This file, parts.js, answer.js, reply.js, the kinds and the words are joined
// into one module (widgets/_bundle.py); it imports nothing, because anywidget loads it from a blob
// address.
//
// `model` is anywidget's, or the one that our pages make (outbox.js):
//   exercise  the public data of the exercise (never a key)
//   seed      what orders options and items for this learner
//   reply     the reply to what was answered so far, or null; its `id` is the answer's that it is to
//   outbox    set here: {id, over, answer} to be stored; `over` is the last attempt that is known
//   status    the fate of an outbox: {id, state: "saved" | "waiting" | "refused" | "spent"}
//
// A kind is a function `(item, exercise, ui) → control`, a control is
//   node            what is shown
//   value()         the item's value, or null while it is not answered
//   held()          optional: all that is on screen, where that is more (half an answer, spaces)
//   load(value)     shows a value
//   problem()       optional: why the value cannot be sent, as [word, values], or null
//   missing()       optional: the word that tells what is wanted where there is no value
//   reply(told)     optional: the kind's own way to show a reply; what is right is marked in place
// and may carry
//   play(exercise)  how four and more items are played: "each" (one after the other, checked at
//                   once: the usual way), "sort" (one after the other, checked together), or "" (all
//                   in one view)
//   partial         whether some of the items may be given without the others
//   say(value, item, exercise, ui)   a value in words, where it is not marked in place
//   before(exercise, ui, controls)   what stands above the items
//   below(exercise, ui, controls)    what stands below the items
//   after(reply, exercise, ui)       a picture of the whole answer
//   verdict(reply, exercise, ui)     the bar on top, as [tone, sign, head, small]
// Where items are linked, tries are told once.

// Asked of whoever presses the button; an answer counts without.
const ASKED = new Set(["evidence_first", "sure_missing", "order_untouched"]);
const CARDS = 4; // items; fewer are shown together, unless one fills a phone
let counter = 0;

function render({ model, el }) {
  const exercise = model.get("exercise");
  const kind = kinds[exercise.kind];
  const seed = `${model.get("seed")}/${exercise.id}/`;
  const uid = `dxc${(counter += 1)}`;
  const items = exercise.shuffle ? shuffled(exercise.items, seed) : exercise.items;
  const play = playOf(kind, exercise);
  const held = exercise.homework || exercise.live || exercise.deferred;
  const graded = exercise.judged && !held;
  const ui = { h, say, uid, seed, play, shuffled, hash, textField, tag, tagOf, carry, words: WORDS, id: (name) => `${uid}-${name}`, chosen };
  const draftKey = `dxcourse.draft.${model.get("seed")}.${exercise.id}`;

  const controls = new Map();
  const boxes = new Map(); // item → its fieldset, feedback, and what is missing there
  const over = new Set(); // items that may not be answered anew
  let latest = 0; // the attempt that the reply on screen belongs to
  let pending = model.get("status")?.state === "waiting" ? model.get("outbox").answer.items : null;
  const overtaken = new Set(); // answers that went out again with a later one, which is the one to tell of
  let view = play ? "play" : "all";
  let at = 0; // the card, in `items`
  let pressed = false; // a button of ours waits for its reply
  let pressedFrom = null; // where the focus was then

  // -- what is on screen -------------------------------------------------------------------------

  const section = h("section", { class: "dxc", "data-kind": exercise.kind, "data-play": play || null, "data-judged": String(Boolean(exercise.judged)), "aria-labelledby": `${uid}-title` });
  const dots = h("span", { class: "dxc-dots", role: "img" });
  const place = h("span", { class: "dxc-place" });
  const toggle = h("button", { type: "button", class: "dxc-second dxc-link dxc-toggle", onclick: () => { if (view === "play") showAll(); else showCard(firstOpen()); } });
  const head = h("div", { class: "dxc-head" }, h("b", {}, say(exercise.judged ? "card" : "card_own")), dots, place, toggle);
  const verdict = h("div", { class: "dxc-verdict", role: "status" });
  const heading = h("h2", { class: "dxc-title", id: `${uid}-title` }, exercise.title);
  // No form: in a frame whose sandbox forbids to submit one, a form would send nothing, silently.
  const form = h("div", { class: "dxc-form" });
  const folded = h("details", { class: "dxc-folded", hidden: true }, h("summary", {}));
  const summary = h("div", { class: "dxc-summary" });
  const hints = h("div", { class: "dxc-hints", role: "status" });
  const status = h("p", { class: "dxc-status", role: "status" });
  const submit = h("button", { type: "button", class: "dxc-go", onclick: go });
  const back = h("button", { type: "button", class: "dxc-second dxc-link dxc-back", onclick: () => showCard(at - 1) }, say(play === "sort" ? "undo" : "back"));
  const hint = exercise.hints.length ? hintButton(exercise, hints) : null;
  const actions = h("div", { class: "dxc-actions" }, submit, play && back, hint, status);

  for (const item of items) {
    const control = kind(item, exercise, ui);
    const feedback = h("div", { class: "dxc-feedback" });
    const need = h("p", { class: "dxc-need", id: ui.id(`${item.ref}-need`), hidden: true });
    const legend = h("legend", { class: item.text ? "dxc-question" : "dxc-unseen", tabindex: "-1" }, item.text || exercise.title);
    const box = h("fieldset", { class: "dxc-item", "data-ref": item.ref }, legend, control.node, need, feedback);
    if (play === "sort") {
      carry(legend, {
        may: () => view === "play" && !over.has(item.ref),
        over: (target) => { for (const label of box.querySelectorAll(".dxc-bins label")) label.toggleAttribute("data-under", label.contains(target)); },
        drop(target) {
          const bin = target?.closest(".dxc-bins label");
          if (!bin || !box.contains(bin)) return;
          bin.querySelector("input").click();
          chosen(item.ref);
        },
      });
    }
    controls.set(item.ref, control);
    boxes.set(item.ref, { box, legend, feedback, need });
    form.append(box);
  }
  form.prepend(kind.before?.(exercise, ui, controls) ?? "");
  form.append(kind.below?.(exercise, ui, controls) ?? "", folded);
  form.addEventListener("keydown", (event) => {
    // Enter as in a form; not while a word is being chosen for what was typed in kana.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229 || !event.target.matches("input")) return;
    event.preventDefault();
    if (!submit.hidden && !submit.matches(":disabled")) go();
  });
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  const prompt = exercise.prompt && h("p", { class: "dxc-prompt" }, exercise.prompt);
  section.append(...(play ? [head] : []), verdict, heading, prompt || "", form, summary, hints, actions);
  const note = h("p", { class: "dxc-note", role: "status", hidden: !model.get("forgets") }, model.get("forgets") ? say("forgets") : "");
  form.before(note);

  const gaveWay = []; // items of which something was changed, and not sent, when their last try was used
  const itemOf = (ref) => items.find((item) => item.ref === ref);
  const probe = (ref) => kind(itemOf(ref), exercise, { ...ui, chosen() {}, id: (name) => `${uid}-probe-${name}` });
  const answer = makeAnswer(controls, probe, draftKey);
  const refs = items.map(({ ref }) => ref);
  const valued = (ref) => controls.get(ref).value() != null;
  const toldOf = (ref) => model.get("reply")?.items[ref];
  const kept = (ref) => answer.stored(ref) && !answer.changed(ref); // stored as it stands there
  const given = (ref) => valued(ref) && (kept(ref) || (pending?.[ref] != null && !answer.unsent(ref)));
  const done = (ref) => (play === "sort" ? valued(ref) : given(ref));

  /** Whether there is something left to think about in an item that is stored. */
  function open(ref) {
    const told = toldOf(ref);
    if (!told || !kept(ref)) return true;
    if (model.get("reply").held) return false;
    if (judged(told.result)) return !full(told.result);
    return told.result.remarks.length > 0;
  }

  function firstOpen() {
    const found = refs.findIndex((ref) => !done(ref) && !over.has(ref));
    return found < 0 ? Math.max(0, refs.findIndex((ref) => open(ref) && !over.has(ref))) : found;
  }

  // -- cards -------------------------------------------------------------------------------------

  /** Show one item, and read it out. */
  function showCard(to, quietly = false) {
    view = "play";
    at = Math.min(Math.max(to, 0), items.length - 1);
    draw();
    if (quietly) return;
    if (!["saved", "sending", "waiting"].includes(status.dataset.state)) hush();
    boxes.get(refs[at]).legend.focus({ preventScroll: true });
    bringIntoView();
  }

  /** Show all items: what is right is folded, what is not stays. */
  function showAll(quietly = false) {
    view = "all";
    draw();
    if (!quietly) bringIntoView();
  }

  /** On to the next item that has no answer; after the last, to all of them. */
  function onward() {
    const order = refs.map((_, step) => (at + 1 + step) % refs.length);
    const next = order.find((to) => !done(refs[to]) && !over.has(refs[to]));
    if (next != null) showCard(next);
    else if (at + 1 < refs.length && refs.slice(at + 1).some((ref) => open(ref))) showCard(at + 1);
    else showAll();
  }

  /** The card has its answer by a tap: the next one comes, as a card moves into its bin. */
  let moving = null;
  function chosen(ref) {
    if (play !== "sort" || view !== "play" || ref !== refs[at] || moving) return;
    const { box } = boxes.get(ref);
    box.dataset.gone = "";
    moving = setTimeout(() => {
      moving = null;
      delete box.dataset.gone;
      if (view !== "play" || refs[at] !== ref) return;
      const next = refs.findIndex((each, index) => index > at && !valued(each));
      const left = next < 0 ? refs.findIndex((each) => !valued(each)) : next;
      if (left >= 0) showCard(left);
      else { draw(); submit.focus({ preventScroll: true }); }
    }, calm());
  }

  function bringIntoView() {
    const { top } = section.getBoundingClientRect();
    if (top < 0 || top > innerHeight / 2) section.scrollIntoView({ block: "start", behavior: calm() ? "smooth" : "auto" });
  }

  /**
   * Everything that follows from what is there: what is shown, what the button does, what is said.
   *
   * `still`: nothing moves. A field that is left for the button says so while the button is pressed.
   */
  function draw({ still = false } = {}) {
    section.dataset.view = view;
    section.toggleAttribute("data-going", play === "each" && view === "play" && at > 0); // one knows by now what it is about
    const reply = model.get("reply");
    for (const [index, ref] of refs.entries()) boxes.get(ref).box.toggleAttribute("data-off", view === "play" && index !== at);
    if (!still) fold(view === "all" && play && reply?.complete);
    if (play) {
      const count = refs.filter(done).length;
      dots.replaceChildren(...refs.map((ref, index) => h("i", { "data-dot": dotOf(ref), "data-now": view === "play" && index === at })));
      dots.setAttribute("aria-label", view === "play" ? say("dots", { n: at + 1, total: refs.length, done: count }) : say("dots_all", { total: refs.length, done: count }));
      place.textContent = view === "play" ? `${at + 1} / ${refs.length}` : say("done_of", { n: count, total: refs.length });
      toggle.textContent = say(view === "play" ? "show_all" : "show_cards");
      toggle.hidden = view === "all" && !refs.some((ref) => !over.has(ref));
      back.hidden = view !== "play" || at === 0;
    }
    showEarlier();
    showVerdict();
    submit.textContent = say(wordOf());
    submit.hidden = over.size === items.length && view === "all";
    if (hint) hint.hidden = over.size === items.length || (exercise.linked && reply && reply.points === reply.max_points); // nothing left to find
  }

  function dotOf(ref) {
    if (!done(ref)) return "";
    const told = toldOf(ref);
    if (!told || !kept(ref) || model.get("reply").held || !judged(told.result)) return "done";
    return full(told.result) ? "right" : "redo";
  }

  /** What the button says: what pressing it does. */
  function wordOf() {
    if (view === "play" && play === "each" && done(refs[at])) return "next";
    if (view === "play" && play === "sort" && refs.some((ref) => !valued(ref))) return "next";
    if (view === "play" && play === "each" && !graded) return "next";
    const marked = refs.filter((ref) => !toldOf(ref) || judged(toldOf(ref).result));
    if (!graded || marked.every((ref) => over.has(ref))) return kind.partial ? "give_some" : "give";
    return model.get("reply") && (play !== "each" || answer.stored(refs[at])) ? "check_again" : "check";
  }

  /** Whether someone is at a field that takes keys, and not only because it was sent from there. */
  function typing() {
    const here = document.activeElement;
    if (!section.contains(here) || !here.matches("textarea, input:not([type=radio], [type=checkbox])")) return false;
    return here !== pressedFrom || refs.some(answer.unsent);
  }

  /** Right ones into a fold, once all is answered; else everything back in its place. */
  let foldedNow = "";
  function fold(may) {
    if (typing()) return; // what is moved loses the focus, and the next keys with it
    const away = may ? refs.filter((ref) => !open(ref)) : [];
    if (foldedNow === away.join()) return;
    foldedNow = away.join();
    for (const ref of refs) (away.includes(ref) ? folded : form).append(boxes.get(ref).box);
    form.append(folded);
    folded.hidden = !away.length;
    const right = away.filter((ref) => judged(toldOf(ref).result) && !model.get("reply").held).length;
    folded.firstElementChild.textContent = say(right ? "folded_right" : "folded", { n: away.length });
  }

  // -- what is said --------------------------------------------------------------------------------

  /** Something is another than it was: keep it, and say what of it is not stored. */
  function changed() {
    for (const [ref, { need }] of boxes) if (!need.hidden && valued(ref)) putNeed(ref, "");
    if (answer.keep().length) tell("elsewhere");
    else if (!["sending", "waiting", "elsewhere"].includes(status.dataset.state)) tellUnsent();
    if (!model.get("forgets") && note.hidden === answer.unkept()) {
      note.hidden = !answer.unkept();
      note.textContent = answer.unkept() ? say("unkept") : "";
    }
    draw({ still: true });
  }

  /** Say of what was changed since it was stored that it is not stored. */
  function tellUnsent() {
    const stored = refs.filter(answer.stored);
    if (stored.some(answer.changed)) tell("unsent");
    else if (["unsent", "draft", "saved_more", "missing", "too_long"].includes(status.dataset.state)) hush();
  }

  /** What is said of an answer is about that answer, and not about what stands there now. */
  function showEarlier() {
    let any = false;
    for (const [ref, { box, feedback }] of boxes) {
      const earlier = answer.stored(ref) && answer.changed(ref) && box.dataset.mark != null;
      any ||= earlier;
      box.toggleAttribute("data-earlier", earlier);
      const note = feedback.querySelector(":scope > .dxc-earlier");
      if (earlier && feedback.childElementCount && !note) feedback.prepend(h("p", { class: "dxc-earlier" }, say("earlier")));
      else if (!earlier) note?.remove();
    }
    section.toggleAttribute("data-earlier", any);
  }

  function showVerdict() {
    const reply = model.get("reply");
    const one = view === "play" && play === "each";
    const shown = one ? [refs[at]] : refs;
    let said = one ? verdictOn(toldOf(refs[at]), reply?.held) : play && !reply?.complete ? null : verdictOnAll(reply, exercise, kind, ui);
    if (view === "play" && play === "sort" && !refs.every(kept)) said = null;
    if (said && shown.some((ref) => boxes.get(ref).box.hasAttribute("data-earlier"))) {
      said = { tone: "old", sign: "…", head: say("changed"), small: say("changed_below") };
    }
    const text = JSON.stringify(said);
    if (verdict.dataset.said === text) return; // a screen reader says it once
    verdict.dataset.said = text;
    verdict.hidden = !said;
    verdict.dataset.tone = said?.tone ?? "";
    verdict.replaceChildren(...(said ? [h("span", { class: "dxc-sign", "aria-hidden": "true" }, said.sign), h("b", {}, said.head), ...(said.small ? [h("small", {}, said.small)] : [])] : []));
  }

  /** The fate of the answer, announced. */
  function tell(name, values) {
    status.dataset.state = name;
    status.textContent = say(name, values);
  }

  function hush() {
    status.dataset.state = "";
    status.textContent = "";
  }

  /** Say at an item what is wanted there; "" takes it back. */
  function putNeed(ref, text) {
    const { box, need } = boxes.get(ref);
    need.textContent = text;
    need.hidden = !text;
    if (text) box.setAttribute("aria-describedby", need.id);
    else box.removeAttribute("aria-describedby");
    box.toggleAttribute("data-missing", Boolean(text));
  }

  /** Lead to an item of which something is wanted: it is on screen, and has the focus. */
  function lead(ref, name, values) {
    if (view === "play") showCard(refs.indexOf(ref), true);
    else boxes.get(ref).box.closest("details")?.setAttribute("open", "");
    putNeed(ref, say(name, values));
    tell(name, values);
    const { box } = boxes.get(ref);
    box.querySelector(":is(input, select, textarea, button):not(:disabled)")?.focus({ preventScroll: true });
    boxes.get(ref).need.scrollIntoView({ block: "nearest" });
    box.scrollIntoView({ block: "nearest" });
  }

  // -- sending ---------------------------------------------------------------------------------------

  function go() {
    if (view === "play" && play === "each") {
      if (done(refs[at])) onward();
      else send([refs[at]]);
    } else if (view === "play") {
      if (!valued(refs[at])) lead(refs[at], missingOf(refs[at]), { n: 1 });
      else if (refs.some((ref) => !valued(ref))) onward();
      else send(refs);
    } else if (play === "each" || kind.partial) {
      const free = refs.filter((ref) => !over.has(ref));
      const some = free.filter((ref) => valued(ref) && !given(ref));
      const blank = free.filter((ref) => !valued(ref));
      if (some.length) send(blank.length ? some.filter((ref) => controls.get(ref).value() !== "") : some);
      else if (blank.length) lead(blank[0], missingOf(blank[0]), { n: blank.length });
      else tell("same");
    } else send(refs);
  }

  const missingOf = (ref) => controls.get(ref).missing?.() ?? "missing";

  /** Send these items as they are now, and all others as they were sent last. */
  function send(wanted) {
    const values = { ...model.get("reply")?.answer.items, ...pending };
    const missing = [];
    for (const ref of wanted) {
      const problem = controls.get(ref).problem?.();
      if (problem) { lead(ref, ...problem); return; }
      if (!valued(ref)) missing.push(ref);
      else values[ref] = controls.get(ref).value();
    }
    if (!wanted.length || missing.length) {
      const first = missing[0] ?? refs.find((ref) => !valued(ref)) ?? refs[0];
      lead(first, missingOf(first), { n: missing.length || 1 });
      return;
    }
    for (const ref of wanted) putNeed(ref, "");
    tell("sending");
    gaveWay.length = 0;
    const id = newId();
    // The last attempt that is known here, if any is; not where something else is on its way.
    const over = !pending ? model.get("reply")?.attempt ?? null : same(pending) === same(values) ? model.get("outbox").over : null;
    if (pending) overtaken.add(model.get("outbox").id);
    answer.send(wanted, id);
    pending = values;
    pressed = true;
    pressedFrom = document.activeElement;
    model.set("outbox", { id, over, answer: { items: values } });
    model.save_changes();
    draw();
  }

  function showStatus() {
    const told = model.get("status");
    if (!told?.state || overtaken.has(told.id)) return;
    if (["refused", "spent"].includes(told.state)) answer.refuse(told.id);
    if (told.state !== "waiting" && told.id === model.get("outbox")?.id) pending = null;
    const more = told.state === "saved" && refs.some((ref) => answer.stored(ref) && answer.unsent(ref));
    if (told.state === "saved" && gaveWay.length) tell("gave_way", { n: gaveWay.length });
    else if (told.state !== "waiting" || status.dataset.state !== "elsewhere") tell(more ? "saved_more" : told.state); // else it waits on, which is nothing new
    status.title = told.state === "refused" ? told.message ?? "" : ""; // for whoever is asked for help
    draw();
    if (!pressed || told.state === "waiting") return;
    pressed = false;
    // Whoever has gone on to something else is not called back; a button that went away had the focus.
    const here = document.activeElement;
    // Nor is the place taken from under what is being typed: the keys would go nowhere.
    if (typing()) return;
    if (told.state === "saved" && (!here || here === document.body || section.contains(here))) arrive();
  }

  /** The reply to what was pressed is there: on to the next card, or up to what is said of this one. */
  function arrive() {
    if (view === "play" && play === "each") {
      const silent = !graded && !toldOf(refs[at])?.result.remarks.length;
      if (silent && kept(refs[at])) onward();
      else bringIntoView();
    } else if (view === "play") showAll();
    else bringIntoView();
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
        if (!over.has(ref) && answer.lock(ref, reply.answer.items[ref])) gaveWay.push(ref);
        over.add(ref);
      }
      answer.take(ref, reply.answer.items[ref], reply.id);
      control.reply?.(told, reply.held);
      for (const field of box.querySelectorAll("input, select, textarea, button")) {
        field.disabled = over.has(ref) && !field.closest("[data-open]");
      }
      box.dataset.mark = told.result.mark;
      box.toggleAttribute("data-over", over.has(ref));
      if (!reply.held) feedback.append(...remarks(told, exercise, itemOf(ref), kind, ui, items.length > 1 && play !== "each"));
    }
    summary.replaceChildren();
    if (reply.held) summary.append(h("p", { class: "dxc-remark", "data-mark": "taken" }, heldWord(exercise)));
    if (reply.closing) summary.append(spoken([remark(reply.closing, false)]));
    const picture = kind.after?.(reply, exercise, ui);
    if (picture) summary.append(picture);
    if (exercise.linked && !reply.held && reply.points < reply.max_points) {
      summary.append(tries(Object.values(reply.items)[0].tries_left));
    }
    answer.keep();
    if (gaveWay.length) tell("gave_way", { n: gaveWay.length });
    draw();
  }

  const onReply = () => showReply();
  const onStatus = () => showStatus();
  const onStorage = (event) => {
    if (event.key !== draftKey) return;
    if (answer.follow(event.newValue).length) tell("elsewhere");
    draw();
  };
  showReply();
  const found = answer.resume(pending, model.get("outbox")?.id);
  showStatus();
  if (found && !gaveWay.length && !model.get("status")?.state) tell("draft", { n: found });
  at = firstOpen();
  if (model.get("reply")?.complete && refs.every((ref) => !answer.changed(ref))) view = "all";
  draw();
  el.replaceChildren(section);
  model.on("change:reply", onReply);
  model.on("change:status", onStatus);
  addEventListener("storage", onStorage);
  // What surrounds an exercise may ask what is not sent (a question closes, a form is shown in steps).
  const problemOf = (ref) => controls.get(ref).problem?.();
  const choice = (held) => (typeof held === "object" ? held : null); // half of one counts, half a number does not
  const holds = (control) => control.value() ?? choice(control.held?.() ?? null);
  const unsentWhere = (may) => Object.fromEntries(refs
    .filter((ref) => !over.has(ref) && answer.unsent(ref) && may(ref))
    .map((ref) => [ref, holds(controls.get(ref))])
    .filter(([, value]) => value != null));
  el.dxcourse = {
    /** What counts as it is: item → value. */
    ready: () => unsentWhere((ref) => !problemOf(ref) || ASKED.has(problemOf(ref)[0])),
    /** What does not. */
    unfit: () => unsentWhere((ref) => problemOf(ref) && !ASKED.has(problemOf(ref)[0])),
    /** Whether an item could be sent; else what is wrong with it is said there. */
    fits(ref) {
      const problem = problemOf(ref);
      if (problem) lead(ref, ...problem);
      return !problem;
    },
  };
  return () => {
    removeEventListener("storage", onStorage);
    model.off("change:reply", onReply);
    model.off("change:status", onStatus);
  };
}

/** How an exercise's items are played. */
function playOf(kind, exercise) {
  const way = kind.play?.(exercise) ?? "each";
  const large = way === "each" && (exercise.evidence?.length || exercise.shape === "choice"); // an item of these fills a phone
  return exercise.items.length >= (large ? 2 : CARDS) ? way : "";
}

/** What is said of an answer whose feedback waits; of a key only where there is one. */
function heldWord({ live, homework, judged }) {
  if (live) return judged ? say("held_live") : say("kept_live");
  if (homework) return judged ? say("held_homework") : say("kept_homework");
  return say("held");
}

/** Milliseconds of a calm move; none where stillness is asked for. */
const calm = () => (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 260);

export default { render };
