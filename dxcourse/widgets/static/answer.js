// What a learner has on screen, what is kept as a draft, what was sent and what is stored: kept
// apart, so that nothing which someone typed is ever replaced by what they had sent before.
//
// A control is loaded (from a reply, or from a draft of another window) only where it still holds
// what was put there by us, or what was sent; everything else is the learner's own, is kept as a
// draft, and is said to be unsent.

/** What was typed and not yet sent, kept in the browser. */
const drafts = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null") ?? {};
    } catch {
      return {};
    }
  },
  /** Whether it is kept: a browser without storage keeps nothing, a full one keeps what it had. */
  write(key, values) {
    try {
      if (Object.keys(values).length) localStorage.setItem(key, JSON.stringify(values));
      else localStorage.removeItem(key);
      return true;
    } catch { return false; }
  },
};

/** All that a control holds, half an answer and spaces at the end included. */
const held = (control) => control.held?.() ?? control.value();

/** What of it counts: a space at the end is no change. */
const meant = (control) => same(control.value() ?? held(control));

/**
 * The answer to one exercise.
 *
 * @param controls  item → its control
 * @param probe     item → a control that nobody sees, which tells how a stored value reads
 * @param key       the draft's name in the browser
 */
function makeAnswer(controls, probe, key) {
  const parts = new Map();
  for (const [ref, control] of controls) {
    // seen: what we put there last; base: what is stored, as the control says it (blank before);
    // sent: what was sent last, and has no reply yet; ticket: the answer that it was sent with;
    // draft: what this window wrote or read as the draft; mirror: a draft that was put there, and
    // that nobody has changed here
    const blank = { seen: same(held(control)), base: meant(control) };
    parts.set(ref, { ...blank, sent: null, ticket: null, draft: null, mirror: null, stored: null, locked: false });
  }
  let unkept = false;
  const now = (ref) => same(held(controls.get(ref)));
  const changed = (ref) => meant(controls.get(ref)) !== parts.get(ref).base;
  // What is under way will be stored: what was stored before is then a change, too.
  const unsent = (ref) => now(ref) !== parts.get(ref).sent && (parts.get(ref).ticket != null || changed(ref));

  /** A control that nobody sees, with a value in it. */
  function reading(ref, value) {
    const control = probe(ref);
    control.load(value);
    return control;
  }

  /**
   * Whether a control may be given what is stored: it holds nothing that someone typed since.
   *
   * What was sent gives way to its own reply alone. One to an earlier answer may come after it.
   */
  function free(ref, own) {
    const part = parts.get(ref);
    const holds = now(ref);
    if (part.locked || (own && holds === part.sent)) return true;
    if (part.ticket == null && holds === part.seen) return true; // else it was chosen anew since
    return holds === part.mirror && drafts.read(key)[ref] == null; // sent in another window
  }

  /** Show a draft, unless something else was typed here. */
  function mirror(ref, value) {
    const part = parts.get(ref);
    const holds = now(ref);
    if (holds !== same(value)) {
      if (holds !== part.seen && holds !== part.mirror) return false;
      controls.get(ref).load(value);
    }
    part.mirror = now(ref);
    part.draft = same(value);
    return true;
  }

  return {
    /** Whether an item holds something else than what is stored of it. */
    changed,
    /** Whether it holds something that was never sent. */
    unsent,
    stored: (ref) => parts.get(ref).stored != null,
    /** Whether what was typed last is in no draft. */
    unkept: () => unkept,
    /**
     * No try is left of an item, of which `value` is stored: it holds that from now on.
     *
     * Gives whether something else gives way to it: on screen here, or as a draft.
     */
    lock(ref, value) {
      const part = parts.get(ref);
      part.locked = true;
      const draft = drafts.read(key)[ref];
      const kept = draft != null && same(draft) !== part.sent;
      const own = [unsent(ref) && meant(controls.get(ref)), kept && meant(reading(ref, draft))];
      const stored = meant(value == null ? probe(ref) : reading(ref, value));
      return own.some((text) => text !== false && text !== stored);
    },

    /** Take what is stored of an item, as the reply to the answer `ticket` says it. */
    take(ref, value, ticket) {
      const part = parts.get(ref);
      const own = part.ticket != null && part.ticket === ticket;
      const stored = same(value);
      if (part.stored !== stored) {
        part.stored = stored;
        if (free(ref, own)) {
          controls.get(ref).load(value);
          part.seen = now(ref);
          part.base = meant(controls.get(ref));
        } else part.base = meant(reading(ref, value));
      }
      if (own) Object.assign(part, { sent: null, ticket: null });
    },

    /** These items go, with the answer `ticket`; so does what went before and has no reply yet. */
    send(refs, ticket) {
      for (const part of parts.values()) if (part.ticket != null) part.ticket = ticket;
      for (const ref of refs) Object.assign(parts.get(ref), { sent: now(ref), ticket });
    },

    /** Keep what differs from what is stored; the items of which another window has another draft. */
    keep() {
      const kept = drafts.read(key);
      const elsewhere = [];
      for (const [ref, part] of parts) {
        const value = held(controls.get(ref));
        const theirs = kept[ref] == null ? null : same(kept[ref]);
        if (value != null && value !== "" && !part.locked && (changed(ref) || unsent(ref))) {
          const other = theirs != null && theirs !== part.draft && theirs !== same(value);
          if (other) elsewhere.push(ref);
          // What was typed last is kept: here nothing was, since another window wrote.
          if (other && part.draft === same(value)) continue;
          kept[ref] = value;
          part.draft = same(value);
        } else if (theirs != null && (theirs === part.draft || part.locked)) {
          delete kept[ref];
          part.draft = null;
        }
      }
      unkept = !drafts.write(key, kept);
      return elsewhere;
    },

    /** The answer `ticket` was not taken: what was sent with it is the learner's own again. */
    refuse(ticket) {
      for (const part of parts.values()) if (part.ticket === ticket) part.ticket = null;
    },

    /**
     * Show what was typed before, and not stored; how many items have such a draft.
     *
     * `waiting` was sent with the answer `ticket` and has not arrived. What was typed after it is
     * newer, and stays unsent.
     */
    resume(waiting, ticket) {
      const kept = { ...waiting, ...drafts.read(key) };
      let found = 0;
      for (const [ref, part] of parts) {
        if (kept[ref] == null || part.locked) continue;
        if (!mirror(ref, kept[ref])) continue;
        if (waiting?.[ref] != null) Object.assign(part, { sent: same(held(reading(ref, waiting[ref]))), ticket });
        if (unsent(ref)) found += 1;
      }
      return found;
    },

    /** Follow what is typed in another window; the items that hold something of one's own here. */
    follow(text) {
      let theirs = {};
      try { theirs = JSON.parse(text ?? "null") ?? {}; } catch { /* not ours */ }
      const elsewhere = [];
      for (const [ref, part] of parts) {
        if (theirs[ref] != null && !part.locked && !mirror(ref, theirs[ref])) elsewhere.push(ref);
      }
      return elsewhere;
    },
  };
}
