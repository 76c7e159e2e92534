// One of several options: native radio buttons.
export default function choice(item, exercise, ui) {
  const name = ui.id(item.ref);
  const labels = new Map();
  const node = ui.h("div", { class: "dxc-options" });
  for (const option of ui.shuffled(item.options, ui.seed + item.ref)) {
    const input = ui.h("input", { type: "radio", name, value: option.ref });
    const label = ui.h("label", { class: "dxc-option" }, input, ui.h("span", {}, option.text));
    labels.set(option.ref, { input, label });
    node.append(label);
  }
  return {
    node,
    value: () => [...labels.values()].find(({ input }) => input.checked)?.input.value ?? null,
    load(value) {
      for (const [ref, { input }] of labels) input.checked = ref === value;
    },
    reply(told) {
      for (const { label } of labels.values()) delete label.dataset.mark;
      for (const { option, mark } of told.result.remarks) {
        if (option && labels.has(option)) labels.get(option).label.dataset.mark = mark;
      }
    },
  };
}

choice.say = (key, item) => item.options.find((option) => option.ref === key).text;
