// What a participant has chosen or written and not handed in: it goes by itself when the question
// closes, and a form of several fields is shown one field at a time.
import { h, say } from "./common.js";

/** A draft in words, to show what was not handed in. */
export function inWords(draft, exercise) {
  const texts = [];
  for (const item of exercise.items) {
    const value = draft[item.ref];
    if (value == null) continue;
    const choices = item.options ?? exercise.bins ?? exercise.answers ?? [];
    const named = (one) => choices.find((each) => each.ref === one)?.text ?? (typeof one === "string" ? one : "");
    const found = Array.isArray(value) ? value.map(named) : [named(typeof value === "object" ? value.bin : value)];
    texts.push(...found.filter(Boolean));
  }
  return texts.join("、");
}

/** Whether an exercise is a form: several fields to write into, which belong together. */
export const isForm = (exercise) => exercise.shape === "fields" && exercise.items.length > 1;

/** Show one field of a form at a time; `hand()` hands in what is there so far. */
export function stepThrough(mount, exercise, hand) {
  const boxes = [...mount.querySelectorAll(".dxc-item")];
  if (boxes.length < 2) return;
  mount.dataset.form = "";
  let at = Math.max(0, boxes.findIndex((box) => !filled(box)));
  const bar = h("div", { class: "stage", role: "img" }, boxes.map(() => h("i")));
  const before = h("p", { class: "small before" });
  const back = h("button", { type: "button", class: "quiet" }, say("field_back"));
  const on = h("button", { type: "button", class: "first" });
  const row = h("div", { class: "act" }, on, back);
  mount.querySelector(".dxc-form")?.before(bar);
  mount.querySelector(".dxc-form")?.after(before, row);
  function draw(focus) {
    boxes.forEach((box, place) => { box.hidden = place !== at; });
    [...bar.children].forEach((mark, place) => { mark.className = place <= at ? "on" : ""; });
    bar.setAttribute("aria-label", say("field_of", { n: at + 1, of: boxes.length }));
    const last = at > 0 ? boxes[at - 1].querySelector("textarea, input")?.value : "";
    before.textContent = last ? say("field_before", { text: last }) : "";
    on.textContent = say(at + 1 < boxes.length ? "field_on" : "field_end");
    back.hidden = at === 0;
    if (focus) boxes[at].querySelector("textarea, input")?.focus();
  }
  on.addEventListener("click", () => {
    if (!mount.dxcourse.fits(boxes[at].dataset.ref)) return;
    hand();
    if (at + 1 < boxes.length) { at += 1; draw(true); }
  });
  back.addEventListener("click", () => { at -= 1; draw(true); });
  draw(false);
}

const filled = (box) => [...box.querySelectorAll("textarea, input")].some((field) => field.value.trim());
