// What every part of the front end uses: words, elements, a learner's own order, lengths of texts.
// Joined with the other files into one module (widgets/_bundle.py).

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

/** Codes like 1-4 and eL-QR, which stay on one line (notebook_calls/markup.py does the same). */
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

/** A value as text, the same for values that are the same: whatever the order of names. */
function same(value) {
  const sorted = (_, part) => (part && typeof part === "object" && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part);
  return value == null ? "" : JSON.stringify(value, sorted);
}

/**
 * A mark of certainty: asked by a finger or a key it says where its fact comes from; on paper at once.
 *
 * The popover is the browser's own, and so is Esc. `id` must be the only one of its name.
 */
function certainty(cite, id) {
  return [" ", h("button", { type: "button", class: "dxc-mark", popovertarget: id, "aria-label": say("mark_source", cite) }, cite.mark),
    h("span", { class: "dxc-tip", id, popover: "", role: "status" }, h("b", {}, `${cite.mark} ${cite.certainty}`), ` ${cite.provenance}：${cite.text}`)];
}

/** The word beside an option that is right, that asks for another look, that was one's own. */
const tagOf = (state) => ({ right: say("tag_right"), wrong: say("tag_wrong"), was: say("tag_was") }[state] ?? "");

/** A word at the end of an option's row; "" takes it away. */
function tag(label, text) {
  label.querySelector(":scope > .dxc-tag")?.remove();
  if (text) label.append(h("span", { class: "dxc-tag" }, text));
}

const SIGNS = 16; // code points of one character: the longest flags and families have 14
const segments = globalThis.Intl?.Segmenter ? new Intl.Segmenter("ja", { granularity: "grapheme" }) : null;

/**
 * How many characters a text has, as people count them: a family emoji is one, が typed as two is one.
 *
 * As many signs on one letter as no language has are characters of their own, as for the server
 * (exercises/typed_text.py). Where the browser cannot tell, signs that join the one before are left out.
 */
function length(text) {
  const count = (segment) => Math.max(1, Math.floor(Array.from(segment).length / SIGNS));
  if (segments) return Array.from(segments.segment(text)).reduce((n, { segment }) => n + count(segment), 0);
  const joined = text.replace(/\r\n/g, "\n").replace(/\u200d\P{M}/gu, "");
  return Array.from(joined.replace(/[\p{M}\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}\u200d]/gu, "")).length;
}

/**
 * A field for text that is counted, never cut: whoever writes more is told how much to leave out.
 *
 * On paper stands a paragraph in its place, as long as what was written.
 */
function textField(attributes, limit, ui) {
  const input = h("textarea", { autocomplete: "off", ...attributes });
  const count = h("span", { class: "dxc-characters", "aria-hidden": "true" });
  const paper = h("p", { class: "dxc-written", "aria-hidden": "true" });
  const tally = () => {
    const n = length(input.value.trim());
    count.textContent = ui.say("characters", { n, max: limit });
    count.toggleAttribute("data-over", n > limit);
    paper.textContent = input.value;
  };
  input.addEventListener("input", tally);
  tally();
  return {
    input, count, paper, tally,
    set(text) { input.value = text; tally(); },
    problem() {
      const over = length(input.value.trim()) - limit;
      return over > 0 ? ["too_long", { max: limit, n: over }] : null;
    },
  };
}

/**
 * Let something be carried by mouse or finger; what it does by keyboard is another's business.
 *
 * `may()` says whether it may be taken now; `over(node)` hears what is under it, null at the end;
 * `drop(node)` hears what it was dropped on. While it is carried, it has `data-carried`.
 */
function carry(card, { may = () => true, over = () => {}, drop }) {
  card.addEventListener("pointerdown", (start) => {
    if (start.button || !may()) return;
    const under = (event) => document.elementFromPoint(event.clientX, event.clientY);
    const move = (event) => {
      const [x, y] = [event.clientX - start.clientX, event.clientY - start.clientY];
      if (Math.hypot(x, y) < 6 && card.dataset.carried == null) return;
      card.dataset.carried = ""; // lets what is under it be found (exercise.css)
      card.style.translate = `${x}px ${y}px`;
      over(under(event));
    };
    const end = (event) => {
      card.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) card.removeEventListener(name, end);
      if (card.dataset.carried == null) return;
      const target = event.type === "pointerup" ? under(event) : null;
      card.style.translate = "";
      over(null);
      setTimeout(() => { delete card.dataset.carried; }, 0); // its click is no tap
      if (target) drop(target);
    };
    card.setPointerCapture(start.pointerId);
    card.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) card.addEventListener(name, end);
  });
}
