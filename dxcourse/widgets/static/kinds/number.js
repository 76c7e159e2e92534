// A number, as one types it: the server reads full-width digits, commas and the unit.
export default function number(item, exercise, ui) {
  const { h, say } = ui;
  const id = ui.id(`${item.ref}-number`);
  const input = h("input", { type: "text", inputmode: "decimal", id, maxlength: "40", "aria-label": `${item.text || exercise.title}：${say("number_label")}` });
  return {
    node: h("div", { class: "dxc-number" }, input, h("span", { "aria-hidden": "true" }, item.unit)),
    value: () => input.value.trim() || null,
    problem: () => (/^\D+$/.test(input.value.normalize("NFKC").trim()) ? "not_a_number" : null),
    load(value) { input.value = typeof value === "number" ? value.toLocaleString("ja-JP", { maximumFractionDigits: 6 }) : value; },
  };
}

number.say = (key, item) => `${key.toLocaleString("ja-JP", { maximumFractionDigits: 6 })} ${item.unit}`;
