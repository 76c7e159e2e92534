// Each thing on the left has its answer: a native select.
export default function match(item, exercise, ui) {
  const { h, say } = ui;
  const select = h("select", { "aria-label": item.text || exercise.title }, h("option", { value: "" }, say("choose")));
  for (const { ref, text } of ui.shuffled(exercise.answers, ui.seed)) select.append(h("option", { value: ref }, text));
  return {
    node: h("div", { class: "dxc-match" }, select),
    value: () => select.value || null,
    load(value) { select.value = value; },
  };
}

// A select shows nothing of its choices on paper; this list does, and nowhere else.
match.before = (exercise, { h, shuffled, seed }) =>
  h("ul", { class: "dxc-on-paper" }, shuffled(exercise.answers, seed).map(({ text }) => h("li", {}, text)));

match.say = (key, item, exercise) => exercise.answers.find((answer) => answer.ref === key).text;
