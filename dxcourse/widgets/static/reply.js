// What is said of an answer: one bar on top in words, then what a colleague would ask back.

const FACE = '<svg class="dxc-face" viewBox="0 0 64 64" aria-hidden="true" focusable="false"><circle class="dxc-face-ground" cx="32" cy="32" r="31"/><path class="dxc-face-cloth" d="M10 62c1-16 8-22 22-22s21 6 22 22z"/><circle class="dxc-face-skin" cx="32" cy="28" r="15"/><path class="dxc-face-cloth" d="M16 27c-1-13 8-19 17-19s16 6 15 18c-3-3-5-6-6-9-4 4-15 7-26 10z"/><path class="dxc-face-line" d="M27 31v1.6M38 31v1.6M28 37q4 3 8 0"/></svg>';

function face() {
  const template = document.createElement("template");
  template.innerHTML = FACE; // a picture of ours, nothing that anyone typed
  return template.content.firstChild;
}

/** What a colleague says. */
const spoken = (nodes) => h("div", { class: "dxc-reply" }, face(), h("div", { class: "dxc-bubble" }, nodes));

/** Whether a value was right or wrong; what is for practice brings no points, and is told all the same. */
const judged = ({ max_points, mark }) => max_points > 0 || ["right", "partly", "wrong"].includes(mark);
const full = (result) => (result.max_points > 0 ? result.points === result.max_points : result.mark === "right");

/** Whether an item has no tries left and is not right: then nothing asks for another thought. */
const spentOn = (told) => !full(told.result) && judged(told.result) && (told.tries_left === 0 || told.key != null);

const markOf = (mark, about) => WORDS[`mark_${about}`]?.[mark] ?? WORDS.mark[mark];

/** One sentence: sign and word, text, and, folded, what it rests on. */
function remark(each, marked, over = false) {
  const { sign, word } = over && ["wrong", "partly"].includes(each.mark) ? WORDS.mark_over : markOf(each.mark, each.about);
  return h("div", { class: "dxc-remark", "data-mark": each.mark },
    marked && h("b", {}, h("span", { "aria-hidden": "true" }, sign), ` ${word}`),
    each.text && h("p", {}, each.text),
    each.citation && h("details", { class: "dxc-why" }, h("summary", {}, say("why")), h("p", { class: "dxc-cite" }, `${each.citation.mark} ${each.citation.text}`)));
}

/** The sentences about an item; its tries, unless they are told `together`; what the course says. */
function remarks(told, exercise, item, kind, ui, together) {
  const { result } = told;
  const over = spentOn(told);
  const each = result.remarks.filter(({ text }) => text);
  const nodes = each.length ? [spoken(each.map((one) => remark(one, one.mark !== "taken", over)))] : [];
  if (!nodes.length && judged(result)) nodes.push(remark({ mark: result.mark, text: "" }, true, over));
  if (exercise.linked) return nodes;
  if (!together && judged(result) && !full(result)) nodes.push(tries(told.tries_left));
  if (over && told.key != null && kind.say) {
    nodes.push(h("p", { class: "dxc-model" }, say("model_item", { text: kind.say(told.key, item, exercise, ui) })));
  }
  return nodes;
}

/** How many tries are left, where they are counted. */
function tries(left) {
  if (left == null) return "";
  return h("p", { class: "dxc-tries" }, left ? say("tries_left", { n: left }) : say("tries_over"));
}

const bar = (tone, sign, head, small = "") => ({ tone, sign, head, small });

/** The verdict on one item, as {tone, sign, head, small}; null where there is none. */
function verdictOn(told, held) {
  if (!told || held || !judged(told.result)) return null;
  if (full(told.result)) return bar("right", WORDS.mark.right.sign, WORDS.mark.right.word);
  if (spentOn(told)) return bar("over", "＝", say("tries_over"), say("over_below"));
  const small = told.tries_left == null ? "" : say("tries_left", { n: told.tries_left });
  return bar("part", told.result.mark === "partly" ? "＋" : "？", say(told.result.mark === "partly" ? "nearly" : "again"), small);
}

/** The verdict on the whole: how many items are as the course has them, and how many may change. */
function verdictOnAll(reply, exercise, kind, ui) {
  if (!reply || reply.held || !exercise.total) return null;
  const own = kind.verdict?.(reply, exercise, ui);
  if (own) return bar(...own);
  const marked = Object.values(reply.items).filter(({ result }) => judged(result));
  if (!marked.length) return null;
  if (exercise.items.length === 1) return verdictOn(marked[0], false);
  const [n, total] = [marked.filter(({ result }) => full(result)).length, marked.length];
  const left = marked.filter((told) => !full(told.result) && !spentOn(told)).length;
  if (n === total) return bar("right", WORDS.mark.right.sign, say("all_right", { total }));
  return bar(left ? "part" : "over", String(n), say("some_right", { n, total }), left ? say("still_open", { n: left }) : say("tries_over"));
}

/** A button that shows the hints, one at a time. */
function hintButton(exercise, list) {
  let shown = 0;
  const button = h("button", { type: "button", class: "dxc-second dxc-link" }, say("hint"));
  button.addEventListener("click", () => {
    shown += 1;
    list.append(h("p", {}, h("b", {}, say("hint_n", { n: shown })), ` ${exercise.hints[shown - 1]}`));
    button.textContent = say("hint_next");
    if (shown === exercise.hints.length) button.disabled = true;
  });
  return button;
}
