// One of several options: native radio buttons.
export default function choice(item, exercise, ui) {
  const { h, tag, tagOf } = ui;
  const name = ui.id(item.ref);
  const labels = new Map();
  const node = h("div", { class: "dxc-options" });
  for (const option of exercise.live ? item.options : ui.shuffled(item.options, ui.seed + item.ref)) { // a room reads them on its wall
    const input = h("input", { type: "radio", name, value: option.ref, autocomplete: "off" });
    const label = h("label", { class: "dxc-option" }, input, h("span", {}, option.text));
    labels.set(option.ref, { input, label });
    node.append(label);
  }
  const value = () => [...labels.values()].find(({ input }) => input.checked)?.input.value ?? null;
  return {
    node,
    value,
    missing: () => "missing_one",
    load(chosen) {
      for (const [ref, { input }] of labels) input.checked = ref === chosen;
    },
    reply(told, held) {
      const marked = !held && judged(told.result);
      const right = told.key ?? (marked && full(told.result) ? value() : null);
      for (const [ref, { input, label }] of labels) {
        const state = !marked ? "" : ref === right ? "right" : input.checked ? (told.key == null ? "wrong" : "was") : "";
        if (state) label.dataset.mark = state;
        else delete label.dataset.mark;
        tag(label, tagOf(state));
      }
    },
  };
}
