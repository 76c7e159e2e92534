// A self-check: how often, in a few steps; afterwards a radar picture, without a total.
export default function scale(item, exercise, ui) {
  const { h } = ui;
  const name = ui.id(item.ref);
  const radios = exercise.levels.map((text, level) => {
    const input = h("input", { type: "radio", name, value: String(level), autocomplete: "off" });
    return { input, label: h("label", {}, input, h("span", {}, text)) };
  });
  return {
    node: h("div", { class: "dxc-rungs" }, radios.map(({ label }) => label)),
    value() {
      const chosen = radios.find(({ input }) => input.checked);
      return chosen ? Number(chosen.input.value) : null;
    },
    missing: () => "missing_one",
    load(value) { for (const { input } of radios) input.checked = input.value === String(value); },
  };
}

/** The radar of an answer: an axis a name, the mean level of its items; drawn as SVG. */
scale.after = (reply, exercise, ui) => {
  if (!exercise.radar || !reply.complete) return null;
  const { h, say } = ui;
  const axes = new Map();
  for (const item of exercise.items) {
    if (item.axis) axes.set(item.axis, [...(axes.get(item.axis) ?? []), reply.answer.items[item.ref]]);
  }
  if (axes.size < 3) return null;
  const top = exercise.levels.length - 1;
  const means = [...axes].map(([name, levels]) => ({ name, mean: levels.reduce((sum, level) => sum + level, 0) / levels.length }));
  means.sort((a, b) => (a.name < b.name ? -1 : 1));
  const svg = (tag, attributes, text) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (text) node.textContent = text;
    return node;
  };
  const [width, height, radius] = [520, 400, 130];
  const at = (index, share) => {
    const angle = (2 * Math.PI * index) / means.length - Math.PI / 2;
    return [width / 2 + radius * share * Math.cos(angle), height / 2 + radius * share * Math.sin(angle)];
  };
  const path = (share) => means.map((_, index) => at(index, share(index)).map((x) => x.toFixed(1)).join(",")).join(" ");
  const nearest = (mean) => exercise.levels[Math.round(mean)];
  const text = means.map(({ name, mean }) => `${name} ${nearest(mean)}`).join("、");
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": say("radar_alt", { text }), class: "dxc-radar" });
  for (let level = 1; level <= top; level += 1) picture.append(svg("polygon", { points: path(() => level / top), class: "dxc-ring" }));
  means.forEach(({ name }, index) => {
    const [x, y] = at(index, 1);
    picture.append(svg("line", { x1: width / 2, y1: height / 2, x2: x, y2: y, class: "dxc-ring" }));
    const [tx, ty] = at(index, 1.16);
    const anchor = Math.abs(tx - width / 2) < 10 ? "middle" : tx < width / 2 ? "end" : "start";
    picture.append(svg("text", { x: tx, y: ty + 5, "text-anchor": anchor }, name));
  });
  picture.append(svg("polygon", { points: path((index) => means[index].mean / top), class: "dxc-shape" }));
  means.forEach(({ mean }, index) => {
    const [cx, cy] = at(index, mean / top);
    picture.append(svg("circle", { cx, cy, r: 4, class: "dxc-point" }));
  });
  return h("figure", { class: "dxc-figure" }, h("figcaption", {}, say("radar")), picture);
};
