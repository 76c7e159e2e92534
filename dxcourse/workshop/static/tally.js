// Hands and paper, typed in as counts: a number field a value, sent when it is changed.
import { $, h, put, say } from "./common.js";

let built = "";

/** Keep the form true to the state; what is being typed is left alone. */
export function tally(state, form, act) {
  $("tally-box").hidden = !state.sheet.length;
  if (built !== state.asked) {
    built = state.asked;
    put($("tally-told"), "");
    form.replaceChildren(...state.sheet.map((item) => h("fieldset", { "data-ref": item.ref }, h("legend", {}, item.text),
      item.values.map((value) => h("label", {}, value.text,
        h("input", { type: "number", min: "0", max: "5000", step: "1", inputmode: "numeric", value: "0", "data-value": value.ref }))))));
    form.onsubmit = (event) => event.preventDefault();
    form.onchange = async (event) => {
      const box = event.target.closest("fieldset");
      const counts = {};
      for (const input of box.querySelectorAll("input")) {
        const n = Math.min(5000, Math.max(0, Math.round(Number(input.value) || 0)));
        if (n) counts[input.dataset.value] = n;
      }
      const saved = await act({ do: "tally", exercise: state.asked, item: box.dataset.ref, counts });
      put($("tally-told"), saved ? say("tally_saved") : "");
    };
  }
  for (const input of form.querySelectorAll("input")) {
    if (input === document.activeElement) continue;
    const ref = input.closest("fieldset").dataset.ref;
    input.value = String(state.tally[ref]?.[input.dataset.value] ?? 0);
  }
}
