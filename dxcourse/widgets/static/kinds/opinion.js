// Free text, never marked: one's own words in a bubble, and a question comes back.
export default function opinion(item, exercise, ui) {
  const { h } = ui;
  const field = ui.textField({ rows: "4", placeholder: item.placeholder, "aria-label": item.text || exercise.title }, item.max_length, ui);
  return {
    node: h("div", { class: "dxc-opinion-field" }, field.input, field.paper, field.count),
    value: () => field.input.value.trim() || null,
    held: () => field.input.value,
    problem: field.problem,
    missing: () => "missing_words",
    load: field.set,
  };
}
