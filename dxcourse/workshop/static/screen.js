// The wall: one idea at a time, large and calm. What people wrote is drawn by wall.js, as text.
import { $, clock, follow, left, put, say } from "./common.js";
import { draw } from "./wall.js";

const WALL_WORDS = JSON.parse($("wall-words").textContent);
let room = null;
let drawn = "";

function show(state) {
  room = state;
  const answers = state.view?.answered;
  const revealed = Boolean(state.view?.revealed && state.phase === "revealed");
  const asking = state.exercise && state.phase !== "unasked";
  const screen = state.ended ? "rest" : state.screen;
  $("join").hidden = screen !== "join";
  $("rest").hidden = screen !== "rest";
  $("ask").hidden = !(screen === "room" && !revealed);
  $("picture").hidden = !(screen === "room" && revealed);
  $("foot").hidden = screen !== "room";
  $("top").hidden = screen === "rest" || (screen === "room" && revealed); // the picture has its own
  const counted = answers ? answers.people + answers.pairs + answers.hands : 0;
  put($("title"), screen === "room" ? (asking ? state.exercise.title : state.stop) || state.name : state.name);
  put($("sub"), screen === "room" ? (asking ? state.stop : "") : "");
  put($("prompt"), asking ? state.exercise.prompt : "");
  put($("big"), asking ? String(counted) : "");
  put($("big-of"), asking ? say("of", { n: Math.max(state.joined, counted) }) : "");
  put($("hint"), asking ? say(state.phase) : "");
  put($("joined"), String(state.joined));
  put($("rest").firstElementChild, state.ended ? say("ended") : state.name);
  if (revealed) {
    const key = JSON.stringify([state.view, state.joined, state.page]);
    if (key !== drawn) draw(state.view, $("picture"), WALL_WORDS, { heading: 1, joined: state.joined, page: state.page });
    drawn = key;
  } else {
    $("picture").replaceChildren();
    drawn = "";
  }
  tick();
  document.documentElement.dataset.ready = revealed ? "revealed" : state.phase;
}

function tick() {
  const step = room && room.screen === "room" && !room.ended ? room.step : null;
  $("step").hidden = !step;
  if (!step) return;
  const time = left(step);
  put($("step-text"), step.text);
  put($("step-left"), time > 0 ? clock(time) : say("over"));
  $("step").dataset.over = String(time <= 0);
}

follow(`${location.pathname}/events`, show, (state) => {
  put($("link"), state === "live" ? "" : say("lost"));
});
addEventListener("resize", () => { drawn = ""; if (room) show(room); }); // the type fits the box
setInterval(tick, 250);
