// What one will begin: short texts, a day from the browser's own calendar. Never marked.
export default function pledge(item, exercise, ui) {
  const { h, say } = ui;
  const label = item.text || exercise.title;
  const about = ui.id(`${item.ref}-about`);
  const note = h("p", { class: "dxc-first", id: about });
  if (item.field === "date") {
    const input = h("input", { type: "date", autocomplete: "off", min: "2000-01-01", max: "2099-12-31", "aria-label": label, "aria-describedby": about });
    // Only a word: someone may well come back to a plan of last month.
    const look = () => {
      const now = new Date();
      const [year, month, day] = input.value.split("-").map(Number);
      const past = input.value && new Date(year, month - 1, day) < new Date(now.getFullYear(), now.getMonth(), now.getDate());
      note.textContent = past ? say("past_day") : "";
    };
    input.addEventListener("change", look);
    return {
      node: h("div", { class: "dxc-pledge-field" }, input, note),
      value: () => input.value || null,
      problem: () => (input.validity.valid ? null : ["not_a_day"]),
      load(value) { input.value = value; look(); },
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
    load: field.set,
  };
}
