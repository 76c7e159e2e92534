// What a phone keeps: its token, and answers that wait to be stored. A reload or a dead server loses
// nothing; a browser without storage forgets with the page.

const NAME = "dxcourse.room.";

export const kept = {
  get: (name) => { try { return localStorage.getItem(NAME + name); } catch { return null; } },
  set: (name, value) => {
    try {
      if (value) localStorage.setItem(NAME + name, value);
      else localStorage.removeItem(NAME + name);
    } catch { /* no storage: nothing is remembered */ }
  },
  names: () => {
    try { return Object.keys(localStorage).filter((name) => name.startsWith(NAME)).map((name) => name.slice(NAME.length)); } catch { return []; }
  },
};

const LETTER = "letter.";
const mine = new Map(); // what this page has to deliver, kept by the browser or not

/** Letters that wait: {id, at, exercise, who, answer}. Sent twice, one is stored once. */
export const letters = {
  all(who) {
    const found = new Map();
    for (const name of kept.names()) {
      if (!name.startsWith(LETTER)) continue;
      try {
        const letter = JSON.parse(kept.get(name));
        if (letter?.id) found.set(letter.id, letter);
      } catch { /* not ours */ }
    }
    const all = [...new Map([...found, ...mine]).values()];
    return all.filter((letter) => letter.who === who).sort((a, b) => a.at - b.at);
  },
  of(who, exercise) { return this.all(who).filter((letter) => letter.exercise === exercise).at(-1); },
  add(letter) {
    // A newer answer to the same exercise takes the place of one that has not left yet.
    for (const older of this.all(letter.who)) if (older.exercise === letter.exercise) this.remove(older.id);
    mine.set(letter.id, letter);
    kept.set(LETTER + letter.id, JSON.stringify(letter));
  },
  remove(id) {
    mine.delete(id);
    kept.set(LETTER + id, "");
  },
};

/** Forget everything of a workshop that does not know us any more. */
export function forget() {
  for (const name of kept.names()) kept.set(name, "");
  mine.clear();
}
