// The wall: one idea at a time, large and calm.
import { $, follow, pathHere, say } from "./common.js";
import { stage, tick } from "./stage.js";

const WORDS = { ...JSON.parse($("words").textContent), results: JSON.parse($("wall-words").textContent) };
const JOIN = { ...JSON.parse($("join").textContent), words: WORDS };
const wall = $("wall");
let room = null;
let line = "live";

function show(state) {
  room = state;
  const page = stage(state, wall, WORDS, JOIN);
  tellLine();
  document.documentElement.dataset.ready = page === "result" ? "revealed" : state.phase;
  document.documentElement.dataset.page = page;
}

function tellLine() {
  for (const node of wall.querySelectorAll("[data-link]")) node.textContent = line === "live" ? "" : say("lost");
}

follow(`${pathHere}/events`, show, (state) => {
  line = state;
  tellLine();
});
addEventListener("resize", () => { if (room) show(room); }); // the type fits the box
setInterval(() => tick(room, wall, WORDS), 250);
