// Things in order: a grip for finger and mouse, arrows for all.
export default function order(item, exercise, ui) {
  const { h, say } = ui;
  const texts = new Map(item.things.map(({ ref, text }) => [ref, text]));
  let refs = ui.shuffled(item.things, ui.seed + item.ref).map(({ ref }) => ref);
  let right = new Set(); // things that stand where they belong, as far as it was said
  const list = h("ol", { class: "dxc-order" });
  const told = h("p", { class: "dxc-unseen", role: "status" });
  const node = h("div", {}, h("p", { class: "dxc-first" }, say("order_hint")), list, told);
  let moved = false; // an order that nobody has made is no answer
  let agreed = false; // …unless they say so, by pressing a second time
  const rows = new Map(refs.map((ref) => [ref, row(ref)]));

  function row(ref) {
    const text = texts.get(ref);
    const arrow = (way, step, word, sign) => h("button", {
      type: "button", class: "dxc-second", "data-way": way, "aria-label": say(word, { text }),
      onclick: (event) => { if (!event.currentTarget.getAttribute("aria-disabled")) move(ref, refs.indexOf(ref) + step, way); },
    }, sign);
    const grip = h("span", { class: "dxc-grip", "aria-hidden": "true" }, "⠿");
    const line = h("li", { "data-thing": ref }, grip, h("span", { class: "dxc-thing" }, text), h("span", { class: "dxc-in-place" }),
      arrow("up", -1, "up_of", "↑"), arrow("down", 1, "down_of", "↓"));
    grip.addEventListener("pointerdown", (event) => take(event, ref, line, grip));
    return line;
  }

  /** A thing follows the finger, and the others make room. */
  function take(start, ref, line, grip) {
    if (start.button || line.querySelector("button:disabled")) return;
    start.preventDefault();
    grip.setPointerCapture(start.pointerId);
    line.dataset.held = "";
    const follow = (event) => {
      const from = refs.indexOf(ref);
      const middle = (index) => { const { top, height } = list.children[index].getBoundingClientRect(); return top + height / 2; };
      let to = from;
      while (to + 1 < refs.length && event.clientY > middle(to + 1)) to += 1;
      while (to > 0 && event.clientY < middle(to - 1)) to -= 1;
      if (to !== from) move(ref, to, "");
    };
    const drop = () => {
      delete line.dataset.held;
      grip.removeEventListener("pointermove", follow);
      for (const name of ["pointerup", "pointercancel"]) grip.removeEventListener(name, drop);
    };
    grip.addEventListener("pointermove", follow);
    for (const name of ["pointerup", "pointercancel"]) grip.addEventListener(name, drop);
  }

  function move(ref, to, way) {
    const from = refs.indexOf(ref);
    if (to < 0 || to >= refs.length || to === from) return;
    moved = true;
    refs.splice(from, 1);
    refs.splice(to, 0, ref);
    draw();
    told.textContent = say("moved", { text: texts.get(ref), n: to + 1 });
    if (way) {
      const button = rows.get(ref).querySelector(`[data-way="${way}"]`);
      (button.getAttribute("aria-disabled") ? rows.get(ref).querySelector(`button:not([data-way="${way}"])`) : button).focus();
    }
    node.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function draw() {
    // What is held stays where it is in the page while others move around it: a finger keeps its hold.
    const heldRow = list.querySelector("[data-held]");
    if (heldRow) {
      const place = refs.indexOf(heldRow.dataset.thing);
      for (const ref of refs.slice(0, place)) heldRow.before(rows.get(ref));
      for (const ref of refs.slice(place + 1).reverse()) heldRow.after(rows.get(ref));
    } else list.append(...refs.map((ref) => rows.get(ref)));
    refs.forEach((ref, place) => {
      const line = rows.get(ref);
      const ends = { up: place === 0, down: place === refs.length - 1 };
      for (const way of ["up", "down"]) {
        const button = line.querySelector(`[data-way="${way}"]`);
        if (ends[way]) button.setAttribute("aria-disabled", "true");
        else button.removeAttribute("aria-disabled");
      }
      line.toggleAttribute("data-right", right.has(ref));
      line.querySelector(".dxc-in-place").textContent = right.has(ref) ? say("tag_place") : "";
    });
  }
  draw();

  return {
    node,
    value: () => (moved || agreed ? [...refs] : null),
    missing() {
      agreed = true;
      return "order_untouched";
    },
    load(value) { moved = true; refs = [...value]; draw(); },
    reply(said, held) {
      const all = !held && full(said.result);
      right = new Set(held ? [] : all ? refs : said.result.in_place ?? []);
      draw();
    },
  };
}

order.say = (key, item) => {
  const texts = new Map(item.things.map(({ ref, text }) => [ref, text]));
  return key.map((ref) => texts.get(ref)).join(" → ");
};
