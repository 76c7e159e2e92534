// Work laid into months: one chart of the year, a bar for each task. A bar is a native range, so that
// it is dragged, and moved by arrow keys, and read out. While it moves, what lies fixed in its months
// is said; which rules bind a task is said when the answer is checked.
export default function schedule(item, exercise, ui) {
  const { h, say } = ui;
  const name = item.text || exercise.title;
  const most = exercise.months.length - item.length;
  let placed = false;
  const input = h("input", { type: "range", min: "0", max: String(most), value: "0", "aria-label": say("begin_of", { text: name }), autocomplete: "off" });
  const output = h("output", { class: "dxc-bar-text", "aria-hidden": "true" });
  const lane = h("div", { class: "dxc-lane", style: null }, input, output);
  lane.style.setProperty("--len", item.length);
  lane.style.setProperty("--months", exercise.months.length);

  function draw() {
    const start = Number(input.value);
    lane.style.setProperty("--at", start);
    lane.toggleAttribute("data-ghost", !placed);
    output.textContent = placed ? short(item, start, exercise, ui) : say("unplaced");
    const lies = overlaps(item, start, exercise, ui);
    input.setAttribute("aria-valuetext", placed ? [span(item, start, exercise, ui), lies ? say("overlaps", { text: lies }) : say("overlaps_none")].join("。") : say("unplaced"));
  }
  input.addEventListener("input", () => { placed = true; draw(); });
  // A bar that is meant to stay where it lies is taken and let go.
  for (const name of ["click", "keydown"]) {
    input.addEventListener(name, (event) => {
      if (placed || (name === "keydown" && event.key !== " ")) return;
      placed = true;
      draw();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  draw();
  const card = h("details", { class: "dxc-task-card" }, h("summary", {}, say("task_length", { n: item.length })),
    item.card.map((line, place) => h("p", {}, line.text, line.citation && certainty(line.citation, ui.id(`${item.ref}-mark-${place}`)))));
  return {
    node: h("div", { class: "dxc-task" }, card, lane),
    input,
    value: () => (placed ? Number(input.value) : null),
    missing: () => "missing_bar",
    load(value) { placed = true; input.value = String(value); draw(); },
    reply(told, held) {
      const wrong = !held && told.result.remarks.some(({ mark }) => mark === "wrong");
      lane.toggleAttribute("data-bad", wrong);
    },
  };
}

schedule.play = () => "";
schedule.say = (start, item, exercise, ui) => span(item, start, exercise, ui);

/** The months, and what stands fixed in them. */
schedule.before = (exercise, { h, say }) => {
  const cells = (row) => exercise.months.map((month, at) => h("span", {}, row(month, at)));
  const head = h("div", { class: "dxc-year-head" },
    h("div", { class: "dxc-year-months", "aria-hidden": "true" }, cells(({ text }) => text)),
    exercise.events.length > 0 && h("p", { class: "dxc-year-fixed" }, say("plan_events")),
    exercise.events.length > 0 && h("div", { class: "dxc-year-events", "aria-hidden": "true" }, cells((_, at) => exercise.events.filter(({ months }) => months.includes(at)).map(({ sign, text }) => h("i", { title: text }, sign)))),
    exercise.events.length > 0 && h("ul", { class: "dxc-year-key" }, exercise.events.map(({ sign, text, months }) =>
      h("li", {}, h("i", { "aria-hidden": "true" }, sign), ` ${text}`, h("span", { class: "dxc-unseen" }, `：${months.map((month) => exercise.months[month].text).join("・")}`)))));
  for (const row of head.querySelectorAll(".dxc-year-months, .dxc-year-events")) row.style.setProperty("--months", exercise.months.length);
  return head;
};

/** What lies on what, while a bar moves: the events in its months, and other work at the same time. */
schedule.below = (exercise, ui, controls) => {
  const { h, say } = ui;
  const items = new Map(exercise.items.map((item) => [item.ref, item]));
  const number = h("b", {});
  const what = h("p", { class: "dxc-first" });
  const word = h("p", {});
  let last = null;
  const starts = () => [...controls].map(([ref, control]) => [items.get(ref), control.value()]).filter(([, start]) => start != null);
  function tell() {
    const all = starts();
    number.textContent = String(all.reduce((sum, [item, start]) => sum + lying(item, start, exercise).length, 0));
    const item = items.get(last);
    const start = last && controls.get(last).value();
    what.textContent = item ? `${item.text || exercise.title}：${item.card.map(({ text }) => text).join("")}` : "";
    if (start == null) { word.textContent = say("year_how"); return; }
    const fixed = overlaps(item, start, exercise, ui);
    const others = all.filter(([other, at]) => other !== item && at < start + item.length && start < at + other.length).map(([other]) => other.text);
    word.textContent = [fixed ? say("overlaps", { text: fixed }) : say("overlaps_none"), others.length && say("meanwhile", { text: others.join("、") })].filter(Boolean).join("。");
  }
  for (const [ref, control] of controls) {
    for (const name of ["input", "change", "focus"]) control.input.addEventListener(name, () => { last = ref; tell(); });
    const { load } = control;
    control.load = (value) => { load(value); tell(); };
  }
  tell();
  return h("div", { class: "dxc-live" }, h("p", { class: "dxc-live-count" }, number, h("small", {}, say("lies_on"))), h("div", { class: "dxc-bubble" }, what, word));
};

/** The plan as a table; after the last try, one without collisions. */
schedule.after = (reply, exercise, ui) => {
  const { h, say } = ui;
  const items = exercise.shuffle ? ui.shuffled(exercise.items, ui.seed) : exercise.items;
  const rows = items.filter(({ ref }) => reply.answer.items[ref] != null);
  const head = ["plan_task", "plan_when", "plan_with", ...(reply.held ? [] : ["plan_says"])].map((name) => h("th", { scope: "col" }, say(name)));
  const table = h("details", { class: "dxc-table" }, h("summary", {}, say("plan_table")), h("table", {}, h("thead", {}, h("tr", {}, head)),
    h("tbody", {}, rows.map((item) => h("tr", {}, h("th", { scope: "row" }, item.text || exercise.title),
      h("td", {}, span(item, reply.answer.items[item.ref], exercise, ui)), h("td", {}, overlaps(item, reply.answer.items[item.ref], exercise, ui) || say("overlaps_none")),
      !reply.held && h("td", {}, said(reply.items[item.ref].result, ui)))))));
  const keys = items.filter(({ ref }) => reply.items[ref]?.key != null);
  const model = keys.length === items.length && reply.points < reply.max_points && h("figure", { class: "dxc-model-year" }, h("figcaption", {}, say("plan_model")),
    h("ul", {}, keys.map((item) => {
      const start = reply.items[item.ref].key;
      const bar = h("i", {}, h("span", { class: "dxc-bar-text", "aria-hidden": "true" }, short(item, start, exercise, ui)));
      const lane = h("span", { class: "dxc-lane" }, bar);
      for (const [name, value] of [["--len", item.length], ["--at", start], ["--months", exercise.months.length]]) lane.style.setProperty(name, value);
      return h("li", {}, h("span", {}, item.text || exercise.title, h("span", { class: "dxc-unseen" }, `：${span(item, start, exercise, ui)}`)), lane);
    })));
  return h("div", {}, model, table);
};

schedule.verdict = (reply, exercise, { say }) => {
  if (reply.points === reply.max_points) return ["right", "✓", say("year_right"), ""];
  const all = Object.values(reply.items);
  const n = all.reduce((sum, { result }) => sum + result.remarks.filter(({ mark }) => mark === "wrong").length, 0);
  const left = all[0].tries_left;
  return [left === 0 ? "over" : "part", String(n), say("year_wrong", { n }), left === 0 ? say("tries_over") : left == null ? "" : say("tries_left", { n: left })];
};

const lying = (item, start, exercise) => exercise.events.filter(({ months }) => months.some((month) => month >= start && month < start + item.length));

function span(item, start, exercise, ui) {
  const [from, to] = [start, start + item.length - 1].map((month) => exercise.months[month].text);
  return item.length > 1 ? ui.say("months_from_to", { from, to }) : from;
}

/** The same on a bar, where there is little room. */
function short(item, start, exercise, ui) {
  const [from, to] = [start, start + item.length - 1].map((month) => exercise.months[month].text);
  return item.length > 1 ? ui.say("months_short", { from: from.replace(/月$/, ""), to }) : from;
}

/** The events a task lies on, in words. */
function overlaps(item, start, exercise, ui) {
  const on = (month) => month >= start && month < start + item.length;
  return lying(item, start, exercise).map(({ text, months }) =>
    ui.say("overlap", { text, months: months.filter(on).map((month) => exercise.months[month].text).join("・") })).join("、");
}

/** The words of a result, as a mark and, for each rule that is broken, its own word. */
function said(result, ui) {
  const words = result.remarks.map(({ about, mark }) => ui.words[`mark_${about}`]?.[mark] ?? ui.words.mark[mark]);
  return (words.length ? words : [ui.words.mark[result.mark]]).map(({ sign, word }) => `${sign} ${word}`).join("、");
}
