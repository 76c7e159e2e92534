// What a browser keeps until the server has it, and the model that an exercise speaks to there:
// shared by the course's pages and by a workshop's phones. Joined to the front end for them
// (widgets/_bundle.py), so that it is no request of its own.

/** A word of the exercises', for the page around them. */
export const word = say;

export { length };

/**
 * Count what is typed into a short field, up to `data-most`, and cut nothing: its form is not sent with more.
 *
 * `parts` gives what is counted by itself, the lines of a list for instance. A page may lack the field.
 */
export function limited(field, parts = (text) => [text]) {
  const max = Number(field?.dataset.most);
  const tell = () => {
    const over = Math.max(...parts(field.value).map((part) => length(part.trim()))) - max;
    field.setCustomValidity(over > 0 ? say("too_long_field", { max, n: over }) : "");
  };
  field?.addEventListener("input", tell);
  field?.addEventListener("focus", tell); // what stands there may have been put there by the page
}

export const pause = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** Whether the browser keeps anything at all: in private windows and frames it may not. */
export function keeps() {
  try {
    localStorage.setItem("dxcourse.keeps", "1");
    localStorage.removeItem("dxcourse.keeps");
    return true;
  } catch { return false; }
}

/** The browser's storage under a prefix; where it keeps nothing, this page alone remembers. */
export function keeper(prefix) {
  const memory = new Map();
  return {
    get(name) {
      try { return localStorage.getItem(prefix + name) ?? memory.get(name) ?? null; } catch { return memory.get(name) ?? null; }
    },
    set(name, value) {
      memory.delete(name);
      try {
        if (value) localStorage.setItem(prefix + name, value);
        else localStorage.removeItem(prefix + name);
      } catch { if (value) memory.set(name, value); }
    },
    names() {
      let stored = [];
      try { stored = Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { /* no storage */ }
      return [...stored.map((name) => name.slice(prefix.length)), ...memory.keys()];
    },
  };
}

const LETTER = "letter.";

/**
 * Answers that wait to be stored, so that a reload or a dead server loses nothing.
 *
 * A letter is {id, at, exercise, learner, over, answer}, under a key of its own: pages open side by
 * side do not overwrite each other's. Sent twice, it is stored once: by its id, and by the attempt
 * that it was given over, as an answer that changed nothing leaves no id (docs/decisions/store.md).
 */
export function makeOutbox(kept) {
  const mine = new Map(); // what this page has to deliver, kept by the browser or not
  const unsent = new Set(); // of it, what was never sent
  return {
    all(learner) {
      const found = new Map();
      for (const name of kept.names()) {
        if (!name.startsWith(LETTER)) continue;
        try {
          const letter = JSON.parse(kept.get(name));
          if (letter?.id) found.set(letter.id, letter);
        } catch { /* not ours: what this page knows is enough */ }
      }
      const letters = [...new Map([...found, ...mine]).values()];
      return letters.filter((letter) => letter.learner === learner).sort((a, b) => a.at - b.at);
    },
    of(learner, exercise) { return this.all(learner).filter((letter) => letter.exercise === exercise).at(-1); },
    add(letter) {
      // A newer answer to the same exercise replaces one that has not left yet.
      for (const older of this.all(letter.learner)) if (older.exercise === letter.exercise) this.remove(older.id);
      mine.set(letter.id, letter);
      unsent.add(letter.id);
      kept.set(LETTER + letter.id, JSON.stringify(letter));
    },
    /** What of a letter goes out: what may have arrived before says over which attempt it was given. */
    message({ id, answer, over }) { return unsent.delete(id) ? { id, answer } : { id, answer, over }; },
    remove(id) {
      mine.delete(id);
      unsent.delete(id);
      kept.set(LETTER + id, "");
    },
    clear() { mine.clear(); },
  };
}

/**
 * What delivers letters until none waits; one that cannot be stored now holds up no other.
 *
 * `waiting()` gives them, `send(letter)` says whether one is settled; `told()` hears that some are
 * not, and `spread(ms)` may lengthen the pause before they are sent again.
 */
export function makeCourier({ waiting, send, told = () => {}, spread = (ms) => ms }) {
  let sending = false;
  return async function deliver() {
    if (sending) return;
    sending = true;
    let wait = 500;
    for (let letters = waiting(); letters.length; letters = waiting()) {
      let left = false;
      for (const letter of letters) if (!(await send(letter))) left = true;
      if (!left) { wait = 500; continue; }
      told();
      await Promise.race([
        pause(spread(wait)),
        new Promise((done) => { addEventListener("online", done, { once: true }); }),
      ]);
      wait = Math.min(wait * 2, 8000);
    }
    sending = false;
  };
}

/** anywidget's model, as far as an exercise needs it; `post` takes what the learner gives. */
export function makeModel({ exercise, seed, reply, waits, post }) {
  const values = { exercise, seed, reply, forgets: !keeps(), outbox: waits ?? {}, status: waits ? { id: waits.id, state: "waiting" } : {} };
  const hearers = new Map();
  return {
    get: (name) => values[name],
    set(name, value) { values[name] = value; },
    put(name, value) {
      if (name === "reply" && value && value.attempt < values.reply?.attempt) return; // overtaken
      values[name] = value;
      for (const hear of hearers.get(`change:${name}`) ?? []) hear();
    },
    save_changes() { post({ exercise: exercise.id, learner: seed, at: Date.now(), ...values.outbox }); },
    on(event, hear) { hearers.set(event, [...(hearers.get(event) ?? []), hear]); },
    off(event, hear) { hearers.set(event, (hearers.get(event) ?? []).filter((each) => each !== hear)); },
  };
}
