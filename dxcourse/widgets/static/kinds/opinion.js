// Free text, never marked.
export default function opinion(item, exercise, ui) {
  const { h, say } = ui;
  const input = h("textarea", { rows: "4", maxlength: String(item.max_length), placeholder: item.placeholder, "aria-label": item.text || exercise.title });
  const count = h("p", { class: "dxc-characters", "aria-hidden": "true" });
  const tally = () => { count.textContent = say("characters", { n: input.value.length, max: item.max_length }); };
  input.addEventListener("input", tally);
  tally();
  return {
    node: h("div", { class: "dxc-opinion-field" }, input, count),
    value: () => input.value.trim() || null,
    load(value) { input.value = value; tally(); },
  };
}
