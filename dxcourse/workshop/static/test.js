// The rehearsal's page: each line is a thing that a phone will need.
import { $, BASE, call, h, newId, say } from "./common.js";

const lines = $("checks");
const results = [];

function line(name) {
  const mark = h("span", { "aria-hidden": "true" }, "… ");
  const node = h("li", {}, mark, say(name), h("span", { class: "small" }, `　${say("trying")}`));
  lines.append(node);
  return (good) => {
    results.push(good);
    mark.textContent = good ? "✓ " : "✗ ";
    node.lastElementChild.textContent = good ? "" : `　${say("failed")}`;
    node.dataset.good = String(good);
  };
}

const pushed = () => new Promise((done) => {
  const source = new EventSource(`${BASE}/test/events`);
  const end = (good) => { source.close(); done(good); };
  source.addEventListener("beat", () => end(true));
  setTimeout(() => end(false), 5000);
});

line("script")(true);
const told = { posted: line("posted"), pushed: line("pushed") };
told.pushed(await pushed());
told.posted((await call("/api/reached", { body: { id: newId() } })).data?.state === "reached");
$("verdict").textContent = say(results.every(Boolean) ? "good" : "bad");
document.documentElement.dataset.ready = "";
