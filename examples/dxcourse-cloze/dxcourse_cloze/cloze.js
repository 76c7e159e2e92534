// A field for what stands in the blank; the sentence itself is the item's text, above it.
export default function cloze(item, exercise, ui) {
  const { h, say } = ui;
  const field = h("input", { type: "text", autocomplete: "off", "aria-label": `${item.text}：${say("cloze.label")}` });
  return {
    node: h("div", { class: "dxc-number" }, field),
    value: () => field.value.trim() || null,
    held: () => field.value,
    problem() {
      const over = Array.from(field.value.trim()).length - item.max_length;
      return over > 0 ? ["too_long", { max: item.max_length, n: over }] : null;
    },
    load(value) { field.value = value; },
  };
}

cloze.say = (key) => key;
