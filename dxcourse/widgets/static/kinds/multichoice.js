// Several of several options: native checkboxes.
export default function multichoice(item, exercise, ui) {
  const { h, say, tag, tagOf } = ui;
  const labels = new Map();
  const node = h("div", { class: "dxc-options" }, h("p", { class: "dxc-first" }, say("several")));
  for (const option of exercise.live ? item.options : ui.shuffled(item.options, ui.seed + item.ref)) { // a room reads them on its wall
    const input = h("input", { type: "checkbox", value: option.ref, autocomplete: "off" });
    const label = h("label", { class: "dxc-option" }, input, h("span", {}, option.text));
    labels.set(option.ref, { input, label });
    node.append(label);
  }
  const value = () => {
    const ticked = [...labels].filter(([, { input }]) => input.checked).map(([ref]) => ref).sort();
    return ticked.length ? ticked : null;
  };
  return {
    node,
    value,
    missing: () => "missing_some",
    load(chosen) {
      for (const [ref, { input }] of labels) input.checked = chosen.includes(ref);
    },
    reply(told, held) {
      const right = !held && judged(told.result) ? told.key ?? (full(told.result) ? value() : []) : [];
      for (const [ref, { input, label }] of labels) {
        const told_of = held ? "" : told.result.remarks.find(({ option }) => option === ref)?.mark;
        const state = right.includes(ref) ? "right" : told.key != null && input.checked ? "was" : told.key == null && ["right", "wrong"].includes(told_of) ? told_of : "";
        if (state) label.dataset.mark = state;
        else delete label.dataset.mark;
        tag(label, tagOf(state));
      }
    },
  };
}
