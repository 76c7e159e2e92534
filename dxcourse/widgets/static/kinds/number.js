// A number, as one types it: the server reads full-width digits, commas and the unit.
export default function number(item, exercise, ui) {
  const { h, say } = ui;
  const id = ui.id(`${item.ref}-number`);
  const input = h("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", "aria-label": `${item.text || exercise.title}：${say("number_label")}` });
  return {
    node: h("div", { class: "dxc-number" }, input, h("span", { "aria-hidden": "true" }, item.unit)),
    value: () => input.value.trim() || null,
    problem: () => (!input.value.trim() || WRITTEN.test(bare(input.value, item.unit)) ? null : ["not_a_number"]),
    held: () => input.value,
    load(value) { input.value = typeof value === "number" ? value.toLocaleString("ja-JP", { maximumFractionDigits: 6 }) : value; },
  };
}

// As the server reads what is typed (exercises/number.py), so that it is told before it is sent.
const WRITTEN = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;
const folded = (text) => text.normalize("NFKC").toLowerCase().trim();

function bare(text, unit) {
  const whole = folded(text);
  const number = unit && whole.endsWith(folded(unit)) ? whole.slice(0, -folded(unit).length).trim() : whole;
  return number.replace(/。/g, ".").replace(/、/g, ",").replace(/[−‐–ー]/g, "-");
}

number.say = (key, item) => `${key.toLocaleString("ja-JP", { maximumFractionDigits: 6 })} ${item.unit}`;
