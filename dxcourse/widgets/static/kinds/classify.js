// A thing into a bin: evidence ticked first, then the judgement, how sure, and why.
const MAX_REASON = 1000; // characters

export default function classify(item, exercise, ui) {
  const { h, say } = ui;
  const group = (label, nodes, kind) =>
    h("div", { class: kind, role: "group", "aria-label": `${item.text}：${label}` }, nodes);

  const ticks = exercise.evidence.map((each) => {
    const input = h("input", { type: "checkbox", value: each.ref });
    return { ...each, input, label: h("label", {}, input, h("span", {}, each.text)) };
  });
  const radios = (things, name) =>
    things.map(({ ref, text }) => {
      const input = h("input", { type: "radio", name: ui.id(`${item.ref}-${name}`), value: ref });
      return { ref, input, label: h("label", {}, input, h("span", {}, text)) };
    });
  const bins = radios(exercise.bins, "bin");
  const sure = radios(exercise.sureness.map((text, step) => ({ ref: String(step), text })), "sure");
  const reason = ui.textField({ rows: "2", id: ui.id(`${item.ref}-reason`) }, MAX_REASON, ui);
  const reasonBox = h("div", { class: "dxc-reason", hidden: true, "data-open": "" },
    h("label", { for: reason.input.id }, say("reason_label")), reason.input, reason.paper, reason.count);

  const node = h("div", { class: "dxc-classify-item" });
  if (item.card.length) {
    const lines = item.card.map((line) =>
      h("li", {}, line.text, line.citation && h("span", { class: "dxc-cite" }, ` ${line.citation.mark} ${line.citation.text}`)));
    node.append(h("details", { class: "dxc-card" },
      h("summary", {}, say("evidence_card"), h("span", { class: "dxc-unseen" }, `：${item.text}`)), h("ul", {}, lines)));
  }
  const row = (step, nodes) => h("div", { class: "dxc-row" }, h("span", { class: "dxc-step", "aria-hidden": "true" }, step), nodes);
  const first = h("p", { class: "dxc-first" }, say("evidence_first"));
  if (ticks.length) node.append(row(say("step_evidence"), group(say("evidence_label"), ticks.map((t) => t.label), "dxc-ticks")), first);
  const look = exercise.bins.length > 3 ? "dxc-ticks" : "dxc-seg";
  const choosing = group(say("bin_label"), bins.map((b) => b.label), look);
  const judged = h("div", { class: "dxc-judge" }, ticks.length ? row(say("step_bin"), choosing) : choosing);
  if (sure.length) judged.append(row(say("step_sure"), group(say("sure_label"), sure.map((s) => s.label), "dxc-ticks dxc-sure")));
  node.append(judged, reasonBox);

  // 「見当たらない」 and the others exclude each other.
  for (const tick of ticks) {
    tick.input.addEventListener("change", () => {
      if (tick.input.checked) for (const other of ticks) if (other.none !== tick.none) other.input.checked = false;
      open();
    });
  }

  function open() {
    const ready = !ticks.length || ticks.some((tick) => tick.input.checked);
    first.hidden = ready;
    for (const { input } of [...bins, ...sure]) input.disabled = !ready;
  }
  open();

  const checked = (radios) => radios.find(({ input }) => input.checked)?.ref ?? null;
  const all = (text) => {
    const step = checked(sure);
    const evidence = ticks.filter((tick) => tick.input.checked).map((tick) => tick.ref).sort();
    return { bin: checked(bins), evidence, sure: step == null ? null : Number(step), reason: text };
  };
  return {
    node,
    value: () => (checked(bins) ? all(reason.input.value.trim()) : null),
    held() {
      const held = all(reason.input.value);
      return held.bin || held.evidence.length || held.reason ? held : null;
    },
    problem: () => (sure.length && checked(bins) && !checked(sure) ? ["sure_missing"] : reason.problem()),
    load(value) {
      for (const tick of ticks) tick.input.checked = value.evidence.includes(tick.ref);
      for (const { ref, input } of bins) input.checked = ref === value.bin;
      for (const { ref, input } of sure) input.checked = ref === String(value.sure);
      reason.set(value.reason ?? "");
      open();
    },
    reply(told) {
      reasonBox.hidden = !(exercise.reasons && told.result.mark === "open");
    },
  };
}

classify.itemwise = (exercise) => exercise.evidence.length > 0;
classify.say = (key, item, exercise, ui) => {
  const bin = exercise.bins.find((each) => each.ref === key.bin)?.text;
  const seen = exercise.evidence.filter((each) => key.evidence.includes(each.ref)).map((each) => each.text);
  return [seen.length && `${ui.say("evidence_label")} ${seen.join("・")}`, bin].filter(Boolean).join("　");
};
