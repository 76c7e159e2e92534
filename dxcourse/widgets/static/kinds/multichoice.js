// Several of several options: native checkboxes.
export default function multichoice(item, exercise, ui) {
  const labels = new Map();
  const node = ui.h("div", { class: "dxc-options" }, ui.h("p", { class: "dxc-first" }, ui.say("several")));
  for (const option of ui.shuffled(item.options, ui.seed + item.ref)) {
    const input = ui.h("input", { type: "checkbox", value: option.ref });
    const label = ui.h("label", { class: "dxc-option" }, input, ui.h("span", {}, option.text));
    labels.set(option.ref, { input, label });
    node.append(label);
  }
  return {
    node,
    value() {
      const ticked = [...labels].filter(([, { input }]) => input.checked).map(([ref]) => ref).sort();
      return ticked.length ? ticked : null;
    },
    load(value) {
      for (const [ref, { input }] of labels) input.checked = value.includes(ref);
    },
    reply(told) {
      for (const { label } of labels.values()) delete label.dataset.mark;
      for (const { option, mark } of told.result.remarks) {
        if (option && labels.has(option)) labels.get(option).label.dataset.mark = mark;
      }
    },
  };
}

multichoice.say = (key, item) =>
  item.options.filter((option) => key.includes(option.ref)).map((option) => `「${option.text}」`).join("");
