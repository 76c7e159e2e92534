// The sheet to take home: drawn from what this phone keeps, also when the server is gone. As a picture,
// as a calendar file, as text; http:// has no clipboard and no service worker, so it asks for neither.
import { $, BASE, h, say } from "./common.js";

const KEY = `dxcourse${BASE}.sheet`;
const DAY = { year: "numeric", month: "long", day: "numeric", weekday: "short" };

/** Keep the sheet: {name, title, rows: [{label, text, date}], asks: [{date, text}], motto}. */
export function keepSheet(sheet) {
  try { localStorage.setItem(KEY, JSON.stringify(sheet)); } catch { /* a browser that keeps nothing */ }
}

export function keptSheet() {
  try { return JSON.parse(localStorage.getItem(KEY)); } catch { return null; }
}

/** The sheet of a form that was answered; null while nothing is in it. */
export function sheetOf(name, exercise, items, farewell) {
  const rows = exercise.items.filter((item) => items[item.ref]).map((item) => ({ label: item.text, text: String(items[item.ref]), date: item.field === "date" }));
  if (!rows.length) return null;
  const start = rows.find((row) => row.date)?.text;
  const asks = (exercise.questions ?? []).map((each) => ({ text: each.text, days: each.days, date: each.days === 30 && farewell ? farewell : after(start ?? farewell, each.days - (start ? 0 : 30)) })).filter((each) => each.date);
  return { name, title: exercise.title, rows, asks };
}

function after(day, days) {
  if (!day) return "";
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  while ([0, 6].includes(at.getUTCDay())) at.setUTCDate(at.getUTCDate() + 1);
  return at.toISOString().slice(0, 10);
}

const dated = (day) => new Date(`${day}T00:00:00`).toLocaleDateString("ja-JP", DAY);
const shown = (row) => (row.date ? dated(row.text) : row.text);

/** The card, and what can be made of it. */
export function drawSheet(sheet, place) {
  const told = h("p", { class: "told", role: "status" });
  place.replaceChildren(
    h("article", { class: "plan", "aria-label": sheet.title },
      h("h2", {}, sheet.title, h("span", { class: "seal", "aria-hidden": "true" }, say("seal"))),
      h("dl", {}, sheet.rows.map((row) => h("div", {}, h("dt", {}, row.label), h("dd", {}, h("bdi", {}, shown(row)))))),
      sheet.asks.length ? h("ol", { class: "plan-asks" }, sheet.asks.map((each) => h("li", {}, h("b", {}, dated(each.date)), h("span", {}, each.text)))) : null,
      h("p", { class: "small" }, say("motto"))),
    h("div", { class: "three" },
      h("button", { type: "button", onclick: () => save(picture(sheet), "image/png", "plan.png") }, say("as_picture")),
      h("button", { type: "button", onclick: () => save(calendar(sheet), "text/calendar;charset=utf-8", "plan.ics") }, say("as_calendar")),
      h("button", { type: "button", onclick: () => { told.textContent = say(copy(text(sheet)) ? "copied" : "not_copied"); } }, say("as_text"))),
    told);
}

/** Plain text of the sheet. */
export const text = (sheet) => [sheet.title, ...sheet.rows.map((row) => `${row.label}\n  ${shown(row)}`), ...sheet.asks.map((each) => `${dated(each.date)}  ${each.text}`), say("motto")].join("\n");

function copy(words) {
  const field = h("textarea", { class: "unseen", readonly: true }, words);
  document.body.append(field);
  field.select();
  let done = false;
  try { done = document.execCommand("copy"); } catch { /* the browser does not let us */ }
  field.remove();
  return done;
}

/** iCalendar (RFC 5545): the first step and the days on which to ask. Lines fold at 73 octets. */
export function calendar(sheet) {
  const plain = (words) => words.replace(/[\\;,]/g, (sign) => `\\${sign}`).replace(/\n/g, "\\n");
  const day = (date) => date.replace(/-/g, "");
  const next = (date) => { const at = new Date(`${date}T00:00:00Z`); at.setUTCDate(at.getUTCDate() + 1); return at.toISOString().slice(0, 10); };
  const first = sheet.rows.find((row) => row.date);
  const events = [...(first ? [{ date: first.text, text: sheet.title }] : []), ...sheet.asks];
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dxcourse//workshop//JA", ...events.flatMap((each, at) => [
    "BEGIN:VEVENT", `UID:${stamp}-${at}-${Math.random().toString(36).slice(2)}@dxcourse`, `DTSTAMP:${stamp}`,
    `DTSTART;VALUE=DATE:${day(each.date)}`, `DTEND;VALUE=DATE:${day(next(each.date))}`, `SUMMARY:${plain(each.text)}`, `DESCRIPTION:${plain(text(sheet))}`, "END:VEVENT"]), "END:VCALENDAR"];
  return lines.map(fold).join("\r\n") + "\r\n";
}

function fold(line) {
  const out = [""];
  let size = 0;
  for (const char of line) {
    const bytes = new TextEncoder().encode(char).length;
    if (size + bytes > 73) { out.push(" "); size = 1; }
    out[out.length - 1] += char;
    size += bytes;
  }
  return out.join("\r\n");
}

function picture(sheet) {
  const [width, edge, line] = [1080, 70, 58];
  const canvas = h("canvas", { width: String(width), height: "10" });
  const pen = canvas.getContext("2d");
  const lines = [];
  const style = (size, colour, weight = "400") => ({ size, colour, weight });
  const put = (words, look) => {
    pen.font = `${look.weight} ${look.size}px sans-serif`;
    let row = "";
    for (const char of words) {
      if (pen.measureText(row + char).width > width - 2 * edge) { lines.push([row, look]); row = ""; }
      row += char;
    }
    lines.push([row, look]);
  };
  put(sheet.title, style(56, "#1f1d1a", "700"));
  for (const row of sheet.rows) { put("", style(16, "#000")); put(row.label, style(30, "#1f4788", "700")); put(shown(row), style(42, "#1f1d1a", "600")); }
  put("", style(30, "#000"));
  for (const each of sheet.asks) put(`${dated(each.date)}　${each.text}`, style(32, "#1f1d1a"));
  put(say("motto"), style(28, "#5c564c"));
  canvas.height = lines.reduce((sum, [, look]) => sum + Math.max(24, look.size * 1.45), 2 * edge);
  pen.fillStyle = "#fffdf8";
  pen.fillRect(0, 0, width, canvas.height);
  let y = edge;
  for (const [words, look] of lines) {
    y += Math.max(24, look.size * 1.45);
    pen.font = `${look.weight} ${look.size}px sans-serif`;
    pen.fillStyle = look.colour;
    pen.fillText(words, edge, y - look.size * 0.3);
  }
  const bytes = atob(canvas.toDataURL("image/png").split(",")[1]);
  return Uint8Array.from(bytes, (char) => char.charCodeAt(0));
}

function save(data, type, name) {
  const address = URL.createObjectURL(new Blob([data], { type }));
  const link = h("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

// A page of its own: the browser keeps it for a year, and it asks the server for nothing.
if ($("sheet-page")) {
  const sheet = keptSheet();
  if (sheet) drawSheet(sheet, $("sheet-page"));
  else $("sheet-page").replaceChildren(h("p", {}, say("no_sheet")));
  document.documentElement.dataset.ready = sheet ? "sheet" : "none";
}
