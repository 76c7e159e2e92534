// Things in order: buttons for the keyboard and for touch; dragging is an extra.
export default function order(item, exercise, ui) {
  const { h, say } = ui;
  const texts = new Map(item.things.map(({ ref, text }) => [ref, text]));
  let refs = ui.shuffled(item.things, ui.seed + item.ref).map(({ ref }) => ref);
  const list = h("ol", { class: "dxc-order" });
  const told = h("p", { class: "dxc-unseen", role: "status" });
  const node = h("div", {}, h("p", { class: "dxc-first" }, say("order_hint")), list, told);
  let dragged = null;
  let moved = false; // an order that nobody has made is no answer
  let agreed = false; // …unless they say so, by pressing a second time

  function move(ref, to, focus) {
    const from = refs.indexOf(ref);
    if (to < 0 || to >= refs.length || to === from) return;
    moved = true;
    refs.splice(from, 1);
    refs.splice(to, 0, ref);
    draw();
    told.textContent = say("moved", { text: texts.get(ref), n: to + 1 });
    const row = list.children[to];
    const button = row.querySelector(`[data-way="${focus}"]`);
    (button?.getAttribute("aria-disabled") ? row.querySelector(`button:not([data-way="${focus}"])`) : button)?.focus();
    node.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function draw() {
    const locked = Boolean(list.querySelector("button:disabled"));
    list.replaceChildren(...refs.map((ref, place) => {
      const button = (way, step, edge) =>
        h("button", {
          type: "button", class: "dxc-second", "data-way": way, disabled: locked,
          "aria-disabled": edge ? "true" : null,
          "aria-label": say(way === "up" ? "up_of" : "down_of", { text: texts.get(ref) }),
          onclick: () => move(ref, place + step, way),
        }, way === "up" ? "↑" : "↓");
      const row = h("li", { draggable: locked ? null : "true" },
        h("span", { class: "dxc-thing" }, texts.get(ref)),
        button("up", -1, place === 0), button("down", 1, place === refs.length - 1));
      row.addEventListener("dragstart", (event) => { dragged = ref; event.dataTransfer.effectAllowed = "move"; });
      row.addEventListener("dragover", (event) => { if (dragged) event.preventDefault(); });
      row.addEventListener("drop", (event) => {
        event.preventDefault();
        if (dragged && dragged !== ref) move(dragged, refs.indexOf(ref), "");
        dragged = null;
      });
      return row;
    }));
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
  };
}

order.say = (key, item) => {
  const texts = new Map(item.things.map(({ ref, text }) => [ref, text]));
  return key.map((ref) => texts.get(ref)).join(" → ");
};
