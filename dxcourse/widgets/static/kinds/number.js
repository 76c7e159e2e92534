// A number, as one types it: full width, in kanji, with commas or its unit; what was read is said.
export default function number(item, exercise, ui) {
  const { h, say } = ui;
  const id = ui.id(`${item.ref}-number`);
  const read = h("p", { class: "dxc-first dxc-read", role: "status" });
  const input = h("input", { type: "text", inputmode: "decimal", id, autocomplete: "off", "aria-label": `${item.text || exercise.title}：${say("number_label")}` });
  const plain = () => digits(bare(input.value, item.unit));
  const tell = () => {
    const number = plain();
    read.textContent = WRITTEN.test(number) && number !== input.value.trim() ? say("number_read", { n: Number(number.replace(/,/g, "")).toLocaleString("ja-JP", { maximumFractionDigits: 6 }), unit: item.unit }) : "";
  };
  input.addEventListener("input", tell);
  return {
    node: h("div", {}, h("div", { class: "dxc-number" }, input, h("span", { "aria-hidden": "true" }, item.unit)), read),
    value: () => (WRITTEN.test(plain()) ? shortest(plain()) : input.value.trim()) || null,
    held: () => input.value,
    problem: () => (!input.value.trim() || WRITTEN.test(plain()) ? null : ["not_a_number"]),
    missing: () => "missing_number",
    load(value) { input.value = typeof value === "number" ? value.toLocaleString("ja-JP", { maximumFractionDigits: 6 }) : value; tell(); },
  };
}

// As the server reads what is typed (exercises/kinds/number.py), so that it is told before it is sent.
const WRITTEN = /^[+-]?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?$/;
// 1,200 and 1200.0 are one number: what is stored reads as what was typed.
const shortest = (number) => number.replace(/,|^\+/g, "").replace(/^(-?)0+(?=\d)/, "$1").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
const folded = (text) => text.normalize("NFKC").toLowerCase().trim();

function bare(text, unit) {
  const whole = folded(text);
  const number = unit && whole.endsWith(folded(unit)) ? whole.slice(0, -folded(unit).length).trim() : whole;
  return number.replace(/。/g, ".").replace(/、/g, ",").replace(/[−‐–ー]/g, "-");
}

const KANJI = "〇一二三四五六七八九";
const TENS = { 十: 10, 百: 100, 千: 1000 };
const MYRIADS = { 万: 1e4, 億: 1e8, 兆: 1e12 };

/** A number in kanji as digits: 一二〇 by places, 百二十 and 1万5千 by their names; else the text. */
function digits(text) {
  const plain = text.replace(/[零〇一二三四五六七八九]/g, (sign) => Math.max(0, KANJI.indexOf(sign)));
  if (/^\d+$/.test(plain)) return plain;
  if (!/^[\d十百千万億兆]+$/.test(plain)) return text;
  let [total, part, last] = [0, 0, ""];
  for (const sign of plain) {
    if (TENS[sign]) { part += Number(last || 1) * TENS[sign]; last = ""; }
    else if (MYRIADS[sign]) { total += (part + Number(last || 0) || 1) * MYRIADS[sign]; [part, last] = [0, ""]; }
    else last += sign;
  }
  return String(total + part + Number(last || 0));
}

number.say = (key, item) => `${key.toLocaleString("ja-JP", { maximumFractionDigits: 6 })} ${item.unit}`;
