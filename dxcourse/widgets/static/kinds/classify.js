// A thing into a bin. With evidence it is a court: the card, what one found on it, the judgement and
// how sure one is, in one view.
const MAX_REASON = 1000; // characters

export default function classify(item, exercise, ui) {
  const { h, say, tag } = ui;
  const court = exercise.evidence.length > 0;
  const group = (label, nodes, kind, numbered) => h("div", { class: "dxc-step" },
    numbered && h("p", { class: "dxc-step-name", "aria-hidden": "true" }, h("span", {}, numbered), label),
    h("div", { class: kind, role: "group", "aria-label": `${item.text}：${label}` }, nodes));
  const choices = (type, things, name) => things.map(({ ref, text, none }) => {
    const input = h("input", { type, name: ui.id(`${item.ref}-${name}`), value: ref, autocomplete: "off" });
    return { ref, none, input, label: h("label", {}, input, h("span", {}, text)) };
  });
  const ticks = choices("checkbox", exercise.evidence, "tick");
  const bins = choices("radio", exercise.bins, "bin");
  const sure = choices("radio", exercise.sureness.map((text, step) => ({ ref: String(step), text })), "sure");
  const labels = (all) => all.map(({ label }) => label);
  const reason = ui.textField({ rows: "2", id: ui.id(`${item.ref}-reason`) }, MAX_REASON, ui);
  const reasonBox = h("div", { class: "dxc-reason", hidden: true, "data-open": "" },
    h("label", { for: reason.input.id }, say("reason_label")), reason.input, reason.paper, reason.count);

  const node = h("div", { class: court ? "dxc-court" : "dxc-sorting" });
  if (item.card.length) {
    const lines = item.card.map((line, place) => h("div", {}, h("dt", {}, say("exhibit", { n: place + 1 })),
      h("dd", {}, line.text, line.citation && certainty(line.citation, ui.id(`${item.ref}-mark-${place}`)))));
    node.append(h("dl", { class: "dxc-exhibit", "aria-label": `${say("evidence_card")}：${item.text}` }, lines));
  }
  if (court) {
    node.append(group(say("evidence_label"), labels(ticks), "dxc-ticks", "1"));
    node.append(group(say("bin_label"), labels(bins), "dxc-ticks", "2"));
    if (sure.length) node.append(group(say("sure_label"), labels(sure), "dxc-ticks dxc-sure", "3"));
  } else {
    node.append(h("div", { class: "dxc-bins", role: "group", "aria-label": `${item.text}：${say("bin_label")}`, "data-odd": exercise.bins.length % 2 === 1 }, labels(bins)));
    if (sure.length) node.append(group(say("sure_label"), labels(sure), "dxc-ticks dxc-sure"));
    // A tap puts it there and brings the next; arrow keys only choose.
    for (const { input, label } of sure.length ? [] : bins) {
      label.addEventListener("pointerup", () => setTimeout(() => { if (input.checked) ui.chosen(item.ref); }, 40));
    }
  }
  node.append(reasonBox);

  // 「見当たらない」 and the others exclude each other.
  for (const tick of ticks) {
    tick.input.addEventListener("change", () => {
      if (tick.input.checked) for (const other of ticks) if (other.none !== tick.none) other.input.checked = false;
    });
  }

  const checked = (all) => all.find(({ input }) => input.checked)?.ref ?? null;
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
      return held.bin || held.evidence.length || held.sure != null || held.reason ? held : null;
    },
    problem() {
      if (!checked(bins)) return null;
      if (court && !checked(ticks)) return ["evidence_first"];
      return sure.length && !checked(sure) ? ["sure_missing"] : reason.problem();
    },
    missing: () => (court && !checked(ticks) ? "evidence_first" : court ? "missing_bin" : "missing_one"),
    load(value) {
      for (const tick of ticks) tick.input.checked = value.evidence.includes(tick.ref);
      for (const { ref, input } of bins) input.checked = ref === value.bin;
      for (const { ref, input } of sure) input.checked = ref === String(value.sure);
      reason.set(value.reason ?? "");
    },
    reply(told, held) {
      reasonBox.hidden = !(exercise.reasons && told.result.mark === "open");
      if (!reasonBox.hidden && court && !held) reasonBox.closest(".dxc-item")?.append(reasonBox);
      const key = held ? null : told.key;
      const right = !held && full(told.result);
      for (const [one, keyed] of [...bins.map((bin) => [bin, key?.bin === bin.ref]), ...ticks.map((tick) => [tick, key?.evidence.includes(tick.ref)])]) {
        const state = keyed || (right && one.input.checked) ? "right" : key && one.input.checked && (key.bin || !bins.includes(one)) ? "was" : "";
        if (state) one.label.dataset.mark = state;
        else delete one.label.dataset.mark;
        tag(one.label, state === "right" ? "✓" : "");
      }
    },
  };
}

classify.play = (exercise) => (exercise.evidence.length || exercise.sureness.length ? "each" : "sort");
classify.say = (key, item, exercise, ui) => {
  const bin = exercise.bins.find((each) => each.ref === key.bin)?.text;
  const seen = exercise.evidence.filter((each) => key.evidence.includes(each.ref)).map((each) => each.text);
  return [seen.length && `${ui.say("evidence_label")} ${seen.join("・")}`, bin].filter(Boolean).join("　");
};
