// Free text, never marked.
export default function opinion(item, exercise, ui) {
  const { h } = ui;
  const field = ui.textField({ rows: "4", placeholder: item.placeholder, "aria-label": item.text || exercise.title }, item.max_length, ui);
  return {
    node: h("div", { class: "dxc-opinion-field" }, field.input, field.paper, field.count),
    value: () => field.input.value.trim() || null,
    held: () => field.input.value,
    problem: field.problem,
    load: field.set,
  };
}
