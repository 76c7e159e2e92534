// What one will begin: short texts, a day from the browser's own calendar. Never marked.
export default function pledge(item, exercise, ui) {
  const { h, say } = ui;
  const label = item.text || exercise.title;
  const about = ui.id(`${item.ref}-about`);
  const note = h("p", { class: "dxc-first", id: about });
  if (item.field === "date") {
    const input = h("input", { type: "date", min: "2000-01-01", max: "2099-12-31", "aria-label": label, "aria-describedby": about });
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
      problem: () => (input.validity.valid ? null : "not_a_day"),
      load(value) { input.value = value; look(); },
    };
  }
  const input = h("textarea", {
    rows: "2", maxlength: String(item.max_length), placeholder: item.placeholder, "aria-label": label, "aria-describedby": about,
  });
  const count = h("span", { class: "dxc-characters", "aria-hidden": "true" });
  const tally = () => { count.textContent = say("characters", { n: input.value.length, max: item.max_length }); };
  input.addEventListener("input", tally);
  tally();
  if (item.optional) note.textContent = say("optional");
  return {
    node: h("div", { class: "dxc-pledge-field" }, input, h("div", { class: "dxc-under" }, note, count)),
    // What may be left empty is answered when it is.
    value: () => input.value.trim() || (item.optional ? "" : null),
    load(value) { input.value = value; tally(); },
  };
}
