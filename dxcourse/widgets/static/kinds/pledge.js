// What one will begin: short texts and a day, written into the sheet that one takes home. Never marked.
export default function pledge(item, exercise, ui) {
  const { h, say } = ui;
  const label = item.text || exercise.title;
  const about = ui.id(`${item.ref}-about`);
  const note = h("p", { class: "dxc-first", id: about });
  if (item.field === "date") {
    const input = h("input", { type: "date", autocomplete: "off", min: "2000-01-01", max: "2099-12-31", "aria-label": label, "aria-describedby": about });
    // Only a word: someone may well come back to a plan of last month.
    const look = () => { note.textContent = input.value && day(input.value) < today() ? say("past_day") : ""; };
    input.addEventListener("change", look);
    const near = [1, 2, 5].map((weekday) => {
      const date = nextWeek(weekday);
      return h("button", { type: "button", class: "dxc-second dxc-day", onclick: () => {
        input.value = written(date);
        input.dispatchEvent(new Event("change", { bubbles: true }));
      } }, SHORT.format(date));
    });
    return {
      node: h("div", { class: "dxc-pledge-field" }, input, h("div", { class: "dxc-days" }, near), note),
      value: () => input.value || null,
      problem: () => (input.validity.valid ? null : ["not_a_day"]),
      missing: () => "missing_day",
      load(value) { input.value = value; look(); },
      words: () => (input.value ? LONG.format(day(input.value)) : ""),
    };
  }
  const field = ui.textField({ rows: "2", placeholder: item.placeholder, "aria-label": label, "aria-describedby": about }, item.max_length, ui);
  if (item.optional) note.textContent = say("optional");
  return {
    node: h("div", { class: "dxc-pledge-field" }, field.input, field.paper, h("div", { class: "dxc-under" }, note, field.count)),
    // What may be left empty is answered when it is.
    value: () => field.input.value.trim() || (item.optional ? "" : null),
    held: () => field.input.value,
    problem: field.problem,
    missing: () => "missing_words",
    load: field.set,
    words: () => field.input.value.trim(),
  };
}

pledge.play = () => "";
pledge.partial = true;

/** The sheet, which fills as one writes. */
pledge.below = (exercise, { h, say }, controls) => {
  const rows = exercise.items.map((item) => {
    const text = h("dd", {});
    const control = controls.get(item.ref);
    const write = () => {
      const words = control.words();
      if (text.textContent === words) return;
      text.textContent = words;
      text.dataset.wet = "";
      setTimeout(() => { delete text.dataset.wet; }, 1200);
    };
    for (const name of ["input", "change"]) control.node.addEventListener(name, write);
    const { load } = control;
    control.load = (value) => { load(value); write(); };
    return h("div", {}, h("dt", {}, item.label || item.text), text);
  });
  return h("article", { class: "dxc-sheet", "aria-label": say("sheet") }, h("h3", {}, exercise.title), h("dl", {}, rows),
    exercise.questions.length > 0 && h("ol", {}, exercise.questions.map(({ days, text }) => h("li", {}, h("b", {}, say("days_later", { n: days })), text))));
};

const SHORT = new Intl.DateTimeFormat("ja-JP", { month: "numeric", day: "numeric", weekday: "short" });
const LONG = new Intl.DateTimeFormat("ja-JP", { month: "long", day: "numeric", weekday: "short" });

function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  return new Date(year, month - 1, date);
}

function today() {
  const now = new Date();
  return new Date(now.getFullYear(), now.getMonth(), now.getDate());
}

function nextWeek(weekday) {
  const date = today();
  date.setDate(date.getDate() + ((8 - date.getDay()) % 7 || 7) + weekday - 1);
  return date;
}

const written = (date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
