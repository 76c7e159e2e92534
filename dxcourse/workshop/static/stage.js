// The stage: what the wall shows of a state, large enough for the last row. The wall's page and the
// board's previews draw with it. Sizes are in `--u`, one pixel of a wall of 1920 by 1080.
import { BASE, clock, left } from "./common.js";
import { become, make, said, spoken, title as heading, typed } from "./wall.dom.js";
import { draw, seats } from "./wall.js";

const DAY = { month: "long", day: "numeric", weekday: "short", timeZone: "Asia/Tokyo" };
const HOUR = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Tokyo" };
const [FIT_STEP, FIT_STEPS] = [0.04, 12]; // how the type gets smaller, and how often at most
const GROW_STEPS = 60; // how often it gets larger, at most
const TYPE = 0.94; // of the type of a full page: what the last row reads
const MOST_CARDS = 6; // that are laid out by their texts
const MOST_WAYS = 8; // of laying them out that are tried, the most promising first
const COLUMNS = 12; // of a row of cards
const SPLITS = { 1: [[12]], 2: [[6, 6], [7, 5], [5, 7], [8, 4], [4, 8]], 3: [[4, 4, 4], [6, 3, 3], [3, 6, 3], [3, 3, 6]] };
const LEAST_LINE = 7; // signs of a card's line: a word is not broken
const MOST_CHOICES = 8; // that a wall can hold

/** Which of the pages below a state shows. */
export function pageOf(state) {
  if (state.screen !== "room") return state.screen;
  const asked = state.exercise;
  if (asked && state.phase === "revealed") {
    if (!state.view?.revealed) return "open";
    return state.view.pictures.some((each) => each.page === state.page && each.shape === "pledges") ? "pledges" : "result";
  }
  if (asked && state.phase !== "unasked") return "open";
  if (asked) return state.scene ? "scene" : "open";
  return "talk";
}

/**
 * Draw a state into an element, changing what stands there. `words` are the wall's, `join` is
 * {qr, wifi, wifi_qr, code, address, honest} of the room's door.
 */
export function stage(state, element, words, join) {
  const name = pageOf(state);
  const wanted = make("div", { class: `st st-${name}`, "data-key": `${name}-${state.exercise?.id ?? ""}-${state.stop}` },
    ...PAGES[name](state, words, join));
  const present = element.firstElementChild;
  if (present) become(present, wanted); else element.append(wanted);
  fit(element.firstElementChild);
  return name;
}

/** Make the type as large as the box allows: a wall does not scroll. */
function fit(page) {
  for (const box of page.querySelectorAll("[data-fit]")) {
    const cards = [...box.querySelectorAll(".wall-cards li")];
    const over = () => [box, ...cards].some((each) => each.scrollHeight > each.clientHeight + 1 || each.scrollWidth > each.clientWidth + 1);
    const set = (step) => box.style.setProperty("--fit", (1 - step * FIT_STEP).toFixed(2));
    set(0);
    box.style.setProperty("--grow", "1");
    if (!box.clientHeight) continue;
    if (cards.length && spread(box.querySelector(".wall-cards"), cards, over)) { grow(box, over); continue; }
    if (!over()) { if (box.hasAttribute("data-grow")) grow(box, over); continue; }
    let [fits, low] = [FIT_STEPS, 0]; // the type gets smaller with every step
    while (fits - low > 1) {
      const middle = (fits + low) >> 1;
      set(middle);
      if (over()) low = middle; else fits = middle;
    }
    set(fits);
    // What may be left out is: never is it smaller than the last row can read.
    while (box.hasAttribute("data-drop") && box.children.length > 1 && over()) box.lastElementChild.remove();
  }
}

/** Let the type grow for as long as it fits: few words are to be seen, not to be lost on a wall. */
function grow(box, over) {
  const set = (step) => box.style.setProperty("--grow", (1 + step * FIT_STEP).toFixed(2));
  let [fits, high] = [0, GROW_STEPS + 1];
  while (high - fits > 1) {
    const middle = (fits + high) >> 1;
    set(middle);
    if (over()) high = middle; else fits = middle;
  }
  set(fits);
}

/**
 * Lay cards out in rows that they fill, where the type has room to grow in it; says whether it has.
 * A page that is full keeps the places that its texts were counted for.
 */
function spread(list, cards, over) {
  delete list.dataset.spread;
  for (const card of cards) card.style.removeProperty("--columns");
  if (cards.length > MOST_CARDS) return false;
  const lengths = cards.map((card) => Math.max(1, [...card.querySelector("q").textContent].length));
  const type = TYPE * parseFloat(getComputedStyle(cards[0].querySelector("q")).fontSize);
  const ways = rowsOf(lengths).map((rows) => ({ rows, size: typeOf(rows, list.clientWidth, list.clientHeight, type) }));
  for (const { rows } of ways.filter(({ size }) => size > type).sort((a, b) => b.size - a.size).slice(0, MOST_WAYS)) {
    list.dataset.spread = String(cards.length);
    list.style.setProperty("--rows", String(rows.length));
    rows.flat().forEach(({ columns }, at) => cards[at].style.setProperty("--columns", String(columns)));
    if (!over()) return true;
  }
  delete list.dataset.spread;
  return false;
}

/** All ways to part cards into rows of up to three, and each row's width into its cards. */
function rowsOf(lengths) {
  if (!lengths.length) return [[]];
  return [1, 2, 3].filter((n) => n <= lengths.length).flatMap((n) =>
    SPLITS[n].flatMap((split) => rowsOf(lengths.slice(n)).map((rest) => [split.map((columns, at) => ({ columns, length: lengths[at] })), ...rest])));
}

/** About how large the type of such rows can be; a row is as high as another. */
function typeOf(rows, width, height, type) {
  const high = height / rows.length - 2.2 * type; // beneath stands who agreed
  return Math.min(...rows.flat().map(({ columns, length }) => {
    const wide = (width * columns) / COLUMNS - 1.6 * type;
    let size = Math.min(4 * type, wide / Math.min(length, LEAST_LINE));
    while (size > 0 && Math.ceil(length / Math.floor(wide / size)) * size * 1.3 > high) size -= type / 20;
    return size;
  }));
}

const foot = (join, note) => make("footer", { class: "st-foot" },
  make("img", { src: BASE + join.qr, alt: "", class: "st-qr" }),
  make("span", {}, join.words.join), make("b", {}, join.code),
  make("span", { class: "st-grow" }), note ? make("span", { class: "st-note" }, note) : null,
  make("span", { class: "st-link", "data-link": "" }));

const head = (title, ...more) => make("header", { class: "st-head" }, heading(title), make("span", { class: "st-grow" }), ...more);

const got = (n, of, unit) => make("p", { class: "st-got" }, make("b", {}, String(n)), of ? ` / ${of}` : "", unit ?? "");

function step(state, words) {
  const timer = state.closing ? { ends: state.closing, left: 0 } : state.step;
  if (!timer) return null;
  const time = left(timer);
  const text = state.closing ? words.closing : state.step.text;
  return make("p", { class: "st-clock", "data-over": String(time <= 0) }, make("small", {}, text),
    make("span", { "data-timer": "" }, time > 0 ? clock(time) : words.over));
}

const picture = (name, alt) => (name ? make("img", { class: "st-picture", src: BASE + name, alt: alt ?? "" }) : null);

// -- pages ----------------------------------------------------------------------------------------

const PAGES = {
  join(state, words, join) {
    const wifi = join.wifi ? make("li", {}, make("i", {}, "1"), make("span", {}, words.wifi), make("b", {}, typed(join.wifi)),
      join.wifi_qr ? make("img", { class: "st-wifi", src: BASE + join.wifi_qr, alt: words.wifi_alt }) : null) : null;
    return [
      make("img", { class: "st-big", src: BASE + join.qr, alt: words.qr_alt }),
      make("div", {}, make("h1", {}, words.sit),
        make("ol", {}, wifi,
          make("li", {}, make("i", {}, wifi ? "2" : "1"), make("span", {}, words.scan), make("b", { class: "st-code" }, join.code),
            make("small", {}, join.address)))),
      make("div", { class: "st-seats" }, make("p", { class: "st-got" }, make("b", {}, String(state.joined)), words.seats_taken),
        make("div", { class: "st-stools", "aria-hidden": "true" }, seats(state.joined)),
        make("p", { class: "st-honest" }, words.honest)),
    ];
  },
  scene(state, words, join) {
    const scene = state.scene ?? {};
    const title = state.exercise?.title ?? state.stop;
    if (scene.cards?.length) {
      const all = scene.cards.reduce((sum, card) => sum + card.amount, 0);
      return [head(title, step(state, words)),
        make("div", { class: "st-mid", "data-fit": "" },
          make("div", { class: "st-strip", style: { "grid-template-columns": scene.cards.map((card) => `minmax(0, ${Math.max(card.amount, all / 8)}fr)`).join(" ") } },
            scene.cards.map((card) => make("div", {}, card.text, make("b", {}, String(card.amount), make("small", {}, scene.unit))))),
          make("div", { class: "st-sum" }, `${all}${scene.unit}`)),
        foot(join, scene.note)];
    }
    return [
      make("div", { class: "st-two", "data-pictured": scene.picture ? "" : null },
        picture(scene.picture),
        make("div", { class: "st-said", "data-fit": "" },
          scene.when ? make("p", { class: "st-when" }, scene.when) : null,
          (scene.lines?.length ? scene.lines : [title]).map((line) => make("p", { class: "st-say" }, line)),
          scene.note ? make("p", { class: "st-aside" }, scene.note) : null)),
      foot(join)];
  },
  open(state, words, join) {
    const { exercise, phase, view } = state;
    const asking = phase !== "unasked";
    const counted = view ? view.answered.people + view.answered.pairs + view.answered.hands : 0;
    const all = Math.max(state.joined, counted);
    const closed = ["closed", "revealed"].includes(phase);
    const note = { unasked: words.soon, open: words.after_closing, closed: words.closed, revealed: words.waiting }[phase];
    return [head(exercise.title, step(state, words)), question(exercise, closed, words.labels),
      asking ? make("div", { class: "st-count" },
        make("div", { class: "st-dots", "aria-hidden": "true" }, Array.from({ length: Math.min(all, 60) }, (_, at) =>
          make("i", { class: at < Math.round(counted * Math.min(all, 60) / Math.max(all, 1)) ? "on" : null }))),
        got(counted, all)) : make("span", {}),
      foot(join, note)];
  },
  result(state, words, join) {
    const box = make("div", { class: "st-result" });
    draw(state.view, box, words.results, { joined: state.joined, page: state.page });
    return [box, foot(join, box.firstElementChild?.dataset.note)];
  },
  voice(state, words, join) {
    const voice = state.spotlight;
    return [make("div", { class: "st-one", "data-fit": "", "data-grow": "" },
      make("blockquote", {}, voice ? spoken(`「${voice.text}」`) : ""),
      voice?.nods ? make("p", { class: "st-from" }, nods(voice.nods), said(words.results.nodded, { n: voice.nods })) : null), foot(join, words.nod_hint)];
  },
  questions(state, words, join) {
    const list = state.questions.slice(0, 5);
    return [head(words.questions), make("ol", { class: "st-asked", "data-fit": "", "data-drop": "" }, list.length
      ? list.map((each) => make("li", { "data-key": each.id }, make("span", {}, spoken(each.text)), make("b", {}, String(each.nods))))
      : [make("li", { class: "st-none" }, words.no_questions)]), foot(join, words.nod_hint)];
  },
  rest(state, words, join) {
    const until = state.rest_until;
    return [make("div", { class: "st-two", "data-pictured": "" },
      make("div", { class: "st-break" }, make("p", { class: "st-line" }, until ? words.tea : state.name),
        until ? make("p", { class: "st-left", "data-left": String(until) }, clock(left({ ends: until }))) : null,
        until ? make("p", { class: "st-when" }, said(words.begins_at, { time: new Date(until).toLocaleTimeString("ja-JP", HOUR) })) : null),
      picture(join.pictures.tea, words.tea_alt)), foot(join)];
  },
  farewell(state, words) {
    const { day, pledges } = state.farewell;
    const date = day ? new Date(`${day}T00:00:00+09:00`).toLocaleDateString("ja-JP", DAY) : "";
    return [
      make("div", { class: "st-rain", "aria-hidden": "true" }, Array.from({ length: Math.min(pledges, 24) }, (_, at) =>
        make("div", { class: "st-mini", "data-key": String(at), style: { "--i": String(at) } }, make("i"), make("i"), make("i")))),
      make("div", { class: "st-centre" },
        pledges ? make("p", { class: "st-n" }, make("small", {}, words.promises), ` ${pledges}`, make("small", {}, words.sheets)) : make("p", { class: "st-line" }, words.ended),
        date ? make("p", { class: "st-next" }, words.in_a_month, " ", make("em", {}, date)) : null,
        make("p", { class: "st-q" }, words.month_question))];
  },
  pledges: (state, words) => PAGES.farewell(state, words),
  talk(state, words, join) {
    const wall = state.wall ?? { line: state.stop || state.name, label: "", picture: "" };
    return [make("div", { class: "st-two", "data-pictured": wall.picture ? "" : null },
      make("div", { "data-fit": "" }, wall.label ? make("p", { class: "st-when" }, wall.label) : null, make("p", { class: "st-line" }, wall.line)),
      picture(wall.picture)), foot(join)];
  },
};

/** What is asked, and what can be chosen: paper and raised hands need it, too. */
function question(exercise, closed, labels) {
  const choices = exercise.choices.length <= MOST_CHOICES ? exercise.choices : [];
  const items = exercise.items.filter((text) => text && text !== exercise.title);
  const many = choices.length > 4 ? "many" : "";
  return make("div", { class: "st-question", "data-fit": "", "data-closed": closed ? "" : null },
    items.length && items.length <= 3 ? make("ul", { class: "st-items" }, items.map((text) => make("li", {}, text))) : null,
    choices.length
      ? make("div", { class: "st-choices", "data-many": many || null, "data-long": choices.some((text) => [...text].length > 22) ? "" : null }, choices.map((text, at) => make("div", {}, make("i", {}, labels[at]), make("span", {}, text))))
      : items.length && items.length <= 3 ? null : make("p", { class: "st-prompt" }, exercise.prompt));
}

/** Little ovals, one a nod, up to a dozen. */
export const nods = (n) => make("span", { class: "st-nods", "aria-hidden": "true" }, Array.from({ length: Math.min(n, 12) }, () => make("i")));

/** Bring the clocks of a page up to date, without drawing it anew. */
export function tick(state, element, words) {
  const timer = state && (state.closing ? { ends: state.closing, left: 0 } : state.step);
  const shown = element.querySelector("[data-timer]");
  if (timer && shown) {
    const time = left(timer);
    const text = time > 0 ? clock(time) : words.over;
    if (shown.textContent !== text) shown.textContent = text;
    shown.parentElement.dataset.over = String(time <= 0);
  }
  const rest = element.querySelector("[data-left]");
  if (rest) rest.textContent = clock(Math.max(0, left({ ends: Number(rest.dataset.left) })));
}
