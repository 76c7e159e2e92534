// Work laid into months: a native select for each task, its months drawn at once over what stands
// fixed; when answered, the whole plan as a Gantt chart that shows what collides.
export default function schedule(item, exercise, ui) {
  const { h, say } = ui;
  const months = exercise.months.map(({ text }) => text);
  const select = h("select", { "aria-label": item.text || exercise.title }, h("option", { value: "" }, say("choose_months")));
  for (let start = 0; start + item.length <= months.length; start += 1) {
    select.append(h("option", { value: String(start) }, span(item, start, exercise, ui)));
  }
  const cells = months.map((text, month) =>
    h("li", {}, h("span", {}, text), h("b", {}), h("span", { class: "dxc-signs" }, here(exercise, month).map(({ sign }) => sign).join(""))));
  const told = h("p", { class: "dxc-first", role: "status" });
  const chosen = () => (select.value === "" ? null : Number(select.value));

  function draw() {
    const start = chosen();
    cells.forEach((cell, month) => cell.toggleAttribute("data-on", start != null && month >= start && month < start + item.length));
    const text = start == null ? "" : overlaps(item, start, exercise, ui);
    told.textContent = start == null ? "" : text ? say("overlaps", { text }) : say("overlaps_none");
  }
  select.addEventListener("change", draw);
  const card = item.card.map((line) =>
    h("p", {}, line.text, line.citation && h("span", { class: "dxc-cite" }, ` ${line.citation.mark} ${line.citation.text}`)));

  return {
    node: h("div", { class: "dxc-task" },
      h("div", { class: "dxc-task-card" }, card), select,
      h("ol", { class: "dxc-strip", "aria-hidden": "true" }, cells), told),
    value: chosen,
    load(value) { select.value = String(value); draw(); },
  };
}

schedule.say = (start, item, exercise, ui) => span(item, start, exercise, ui);

/** What stands fixed, above the tasks. */
schedule.before = (exercise, ui) =>
  exercise.events.length ? figure(ui.say("plan_events"), [], exercise, ui, "events") : null;

/** The learner's plan, with what collides; after the last try, a plan without collisions. */
schedule.after = (reply, exercise, ui) => {
  const items = exercise.shuffle ? ui.shuffled(exercise.items, ui.seed) : exercise.items;
  const rows = (start, result) => items.filter(({ ref }) => start(ref) != null)
    .map((item) => ({ item, start: start(item.ref), result: result(item.ref) }));
  const mine = rows((ref) => reply.answer.items[ref], (ref) => (reply.held ? null : reply.items[ref].result));
  const pictures = [figure(ui.say("plan_mine"), mine, exercise, ui, "mine")];
  const keys = rows((ref) => reply.items[ref]?.key, () => null);
  if (keys.length === items.length && reply.points < reply.max_points) {
    pictures.push(figure(ui.say("plan_model"), keys, exercise, ui, "model"));
  }
  return ui.h("div", {}, pictures);
};

// In CSS pixels: a task's bar; a chart's usual width, that below which names stand above, the least.
const [BAR, WIDE, NARROW, LEAST] = [22, 680, 560, 200];

const here = (exercise, month) => exercise.events.filter(({ months }) => months.includes(month));

function span(item, start, exercise, ui) {
  const [from, to] = [start, start + item.length - 1].map((month) => exercise.months[month].text);
  return item.length > 1 ? ui.say("months_from_to", { from, to }) : from;
}

/** The events a task lies on, in words. */
function overlaps(item, start, exercise, ui) {
  const on = (month) => month >= start && month < start + item.length;
  return exercise.events.map(({ text, months }) => {
    const shared = months.filter(on).map((month) => exercise.months[month].text).join("・");
    return shared && ui.say("overlap", { text, months: shared });
  }).filter(Boolean).join("、");
}

/** The words of a result, as a mark and, for each rule that is broken, its own word. */
function verdict(result, ui) {
  const words = result.remarks.map(({ about, mark }) => ui.words[`mark_${about}`]?.[mark] ?? ui.words.mark[mark]);
  const said = words.length ? words : [ui.words.mark[result.mark]];
  return said.map(({ sign, word }) => `${sign} ${word}`).join("、");
}

/** A chart that is drawn anew for the width it has, and the same as a table to open. */
function figure(title, rows, exercise, ui, name) {
  const { h, say } = ui;
  const frame = h("div", { class: "dxc-chart" });
  let width = 0;
  const fit = (wanted) => {
    if (wanted < LEAST || wanted === width) return; // not shown yet, or nothing new
    width = wanted;
    frame.replaceChildren(chart(width, title, rows, exercise, ui, ui.id(`hatch-${name}`)));
  };
  fit(WIDE);
  new ResizeObserver(([{ contentRect }]) => fit(Math.floor(contentRect.width))).observe(frame);
  const head = ["plan_task", "plan_when", "plan_with"].map((word) => h("th", { scope: "col" }, say(word)));
  const marked = rows.some(({ result }) => result);
  const table = rows.length > 0 && h("details", { class: "dxc-card" }, h("summary", {}, say("plan_table")),
    h("table", {}, h("thead", {}, h("tr", {}, head, marked && h("th", { scope: "col" }, say("plan_says")))),
      h("tbody", {}, rows.map(({ item, start, result }) => h("tr", {},
        h("th", { scope: "row" }, item.text || exercise.title),
        h("td", {}, span(item, start, exercise, ui)),
        h("td", {}, overlaps(item, start, exercise, ui) || say("overlaps_none")),
        marked && h("td", {}, result && verdict(result, ui)))))));
  return h("figure", { class: "dxc-figure" }, h("figcaption", {}, title), frame, table);
}

/** The chart as SVG: months across, events above, tasks below; narrow ones have names above bars. */
function chart(width, title, rows, exercise, ui, hatch) {
  const narrow = width < NARROW;
  const left = narrow ? 0 : Math.round(width * 0.27);
  const cell = (width - left - 1) / exercise.months.length;
  const [top, name, thin, tall] = narrow ? [24, 19, 22, 28] : [28, 0, 26, 38];
  const eventTop = (row) => top + 4 + row * (name + thin + (narrow ? 3 : 0)) + name;
  const line = exercise.events.length ? eventTop(exercise.events.length) - name + 4 : top;
  const taskTop = (row) => line + 4 + row * (name + tall) + name;
  const height = rows.length ? taskTop(rows.length) - name + 2 : line;
  const x = (month) => left + month * cell;
  const bar = (row) => ({ y: taskTop(row) + (tall - BAR) / 2, middle: taskTop(row) + tall / 2 });
  const words = rows.map(({ item, start, result }) =>
    [item.text || exercise.title, span(item, start, exercise, ui), result && verdict(result, ui)].filter(Boolean).join(" "));
  const fixed = exercise.events.map(({ text, months }) =>
    ui.say("overlap", { text, months: months.map((month) => exercise.months[month].text).join("・") }));
  const text = (words.length ? words : fixed).join("、");
  const svg = draw("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": ui.say("plan_alt", { title, text }), class: "dxc-gantt" });
  const put = (tag, attributes, content) => svg.append(draw(tag, attributes, content));

  svg.append(pattern(hatch));
  exercise.months.forEach((month, at) => {
    if (here(exercise, at).length) put("rect", { x: x(at), y: top, width: cell, height: height - top, class: "dxc-busy" });
  });
  exercise.months.forEach((month, at) => {
    put("text", { x: x(at) + cell / 2, y: top - 8, "text-anchor": "middle", class: narrow ? "dxc-month dxc-narrow" : "dxc-month" }, month.text);
  });
  for (let at = 0; at <= exercise.months.length; at += 1) {
    put("line", { x1: x(at), x2: x(at), y1: top, y2: height, class: "dxc-grid" });
  }

  const names = []; // drawn last: no line crosses them out
  const label = (text, y, high) => {
    if (narrow) put("rect", { x: 0, y: y - name - 2, width, height: name + 2, class: "dxc-plate" });
    names.push(draw("text", { x: 0, y: narrow ? y - 5 : y + high / 2 + 5, class: "dxc-name" }, text));
  };
  exercise.events.forEach((each, row) => {
    const y = eventTop(row);
    label(each.text, y, thin);
    for (const [from, to] of runs(each.months)) {
      put("rect", { x: x(from) + 2, y: y + 2, width: cell * (to - from + 1) - 4, height: thin - 4, rx: 4, class: "dxc-fixed" });
    }
    for (const month of each.months) {
      put("text", { x: x(month) + cell / 2, y: y + thin / 2 + 5, "text-anchor": "middle", class: "dxc-sign" }, each.sign);
    }
  });
  if (rows.length) put("line", { x1: 0, x2: width, y1: line, y2: line, class: "dxc-divide" });

  // What collides: lines first, so that no bar is crossed out by another's.
  rows.forEach(({ item }, row) => label(item.text || exercise.title, taskTop(row), tall));
  const place = new Map(rows.map(({ item }, row) => [item.ref, row]));
  const crossed = rows.map(({ item, start, result }, row) => {
    const { y, middle } = bar(row);
    const months = new Set();
    for (const { about, option } of result?.remarks.filter(({ mark }) => mark === "wrong") ?? []) {
      const other = rows[place.get(option)];
      if (about === "avoid") {
        const fixed = exercise.events.findIndex(({ ref }) => ref === option);
        for (const month of exercise.events[fixed].months.filter((each) => each >= start && each < start + item.length)) {
          const [from, at] = [eventTop(fixed) + 2, x(month) + cell / 2];
          put("rect", { x: x(month) + 2, y: from, width: cell - 4, height: thin - 4, rx: 4, class: "dxc-hit" });
          put("line", { x1: at, x2: at, y1: from + thin - 4, y2: y, class: "dxc-hit" });
          months.add(month);
        }
      } else if (about === "needs" && other) {
        const to = [x(other.start + other.item.length) - 2, bar(place.get(option)).middle];
        put("path", { d: `M${x(start) + 2} ${middle}L${to.join(" ")}`, class: "dxc-hit" });
      }
      if (["needs", "not_before"].includes(about)) months.add(start);
      if (["ends_in", "deadline"].includes(about)) months.add(start + item.length - 1);
    }
    return months;
  });
  rows.forEach(({ item, start, result }, row) => {
    const { y, middle } = bar(row);
    const state = !result ? "plain" : crossed[row].size ? "wrong" : "right";
    const paint = state === "wrong" ? { fill: `url(#${hatch})` } : {};
    put("rect", { x: x(start) + 2, y, width: cell * item.length - 4, height: BAR, rx: 5, class: `dxc-bar dxc-bar-${state}`, ...paint });
    for (const month of state === "right" ? [start] : crossed[row]) {
      const { sign } = ui.words.mark[state];
      put("text", { x: x(month) + cell / 2, y: middle + 6, "text-anchor": "middle", class: `dxc-verdict dxc-verdict-${state}` }, sign);
    }
  });
  svg.append(...names);
  return svg;
}

function draw(tag, attributes, content) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  if (content) node.textContent = content;
  return node;
}

/** Slanting lines: what is broken is told from what is kept without colour, and in print. */
function pattern(id) {
  const node = draw("pattern", { id, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  node.append(draw("rect", { width: 7, height: 7, class: "dxc-hatch-ground" }), draw("line", { x1: 0, x2: 0, y1: 0, y2: 7, class: "dxc-hatch-line" }));
  return node;
}

/** Months that follow each other, as [first, last]. */
function runs(months) {
  const found = [];
  for (const month of months) {
    if (found.length && month === found.at(-1)[1] + 1) found.at(-1)[1] = month;
    else found.push([month, month]);
  }
  return found;
}
