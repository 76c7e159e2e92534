// Cards into places: the marked place takes the card that is tapped, and a card may be carried to
// any. Each place is a button, and so is each card.
export default function match(item, exercise, ui) {
  const { h, say } = ui;
  const texts = new Map(exercise.answers.map(({ ref, text }) => [ref, text]));
  const label = item.text || exercise.title;
  let put = "";
  const hole = h("button", { type: "button", class: "dxc-hole" });
  const verdict = h("span", { class: "dxc-tag" });
  const node = h("div", { class: "dxc-match" }, hole, verdict);
  const control = {
    node, hole,
    value: () => put || null,
    missing: () => "missing_card",
    load(value) { put = value ?? ""; draw(); },
    put(value) {
      put = value;
      draw();
      node.dispatchEvent(new Event("change", { bubbles: true }));
    },
    reply(told, held) {
      const marked = !held && judged(told.result);
      const right = marked && full(told.result);
      verdict.textContent = !marked ? "" : right ? say("tag_here") : told.key != null ? say("tag_key", { text: texts.get(told.key) }) : say("tag_wrong");
    },
    show: draw,
  };
  function draw() {
    const here = node.closest(".dxc-item")?.hasAttribute("data-here");
    hole.textContent = put ? texts.get(put) : here ? say("goes_here") : " ";
    hole.dataset.value = put;
    hole.setAttribute("aria-label", put ? say("place_full", { text: label, card: texts.get(put) }) : say("place_empty", { text: label }));
    hole.setAttribute("aria-pressed", String(Boolean(here)));
  }
  draw();
  return control;
}

match.play = () => "";

/** The deck: what is tapped goes to the marked place. */
match.below = (exercise, { h, say, carry, shuffled, seed }, controls) => {
  const refs = [...controls.keys()];
  const told = h("span", { class: "dxc-unseen", role: "status" });
  const cards = (exercise.live ? exercise.answers : shuffled(exercise.answers, seed)).map(({ ref, text }) => {
    const button = h("button", { type: "button", class: "dxc-second dxc-card-piece", "data-value": ref }, text);
    button.addEventListener("click", () => { if (button.dataset.carried == null) place(ref, text, at); });
    carry(button, {
      drop(target) {
        const row = target?.closest(".dxc-item");
        place(ref, text, refs.find((each) => controls.get(each).node.closest(".dxc-item") === row));
      },
    });
    return { ref, button };
  });
  let at = refs[0];
  const free = () => refs.find((ref) => !controls.get(ref).value() && !controls.get(ref).hole.disabled);

  function place(ref, text, to) {
    if (!to || controls.get(to).hole.disabled) return;
    told.textContent = say("placed", { text, place: boxOf(to).querySelector("legend").textContent });
    controls.get(to).put(ref);
    at = free() ?? to;
    mark();
  }
  const boxOf = (ref) => controls.get(ref).node.closest(".dxc-item");
  function mark() {
    const used = new Set(refs.map((ref) => controls.get(ref).value()));
    for (const { ref, button } of cards) button.toggleAttribute("data-used", used.has(ref));
    const over = refs.every((ref) => controls.get(ref).hole.disabled);
    deck.toggleAttribute("data-over", over);
    for (const ref of refs) {
      boxOf(ref)?.toggleAttribute("data-here", ref === at && !over);
      controls.get(ref).show();
    }
  }
  for (const ref of refs) {
    const { hole, load, reply } = controls.get(ref);
    hole.addEventListener("click", () => {
      at = ref;
      if (controls.get(ref).value()) controls.get(ref).put("");
      mark();
    });
    controls.get(ref).load = (value) => { load(value); at = free() ?? at; mark(); };
    controls.get(ref).reply = (...said) => { reply(...said); queueMicrotask(mark); };
  }
  const deck = h("div", { class: "dxc-deck", role: "group", "aria-label": say("deck") }, h("p", { class: "dxc-first" }, say("deck_how")), cards.map(({ button }) => button), told);
  queueMicrotask(mark);
  return deck;
};

match.say = (key, item, exercise) => exercise.answers.find((answer) => answer.ref === key).text;
