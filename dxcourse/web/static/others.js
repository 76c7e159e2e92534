// 「みんなの答え」: how others answered an exercise, asked for when a learner opens it.

/**
 * Put the fold-out behind an exercise, once there is an answer to it.
 *
 * @param ask    path → {status, data}, asked as this learner
 * @param say    (word, values) → text
 * @returns (mount, exercise) → nothing; call it again whenever a reply came
 */
export default function others(ask, say) {
  const shapes = new Set((document.documentElement.dataset.counted ?? "").split(" ").filter(Boolean));

  function bar(row, most, all) {
    const line = document.createElement("li");
    const text = document.createElement("span");
    text.textContent = row.text;
    const meter = document.createElement("meter");
    Object.assign(meter, { min: 0, max: Math.max(most, 1), value: row.count });
    meter.setAttribute("aria-hidden", "true");
    const count = document.createElement("b");
    count.textContent = say("others_count", { n: row.count, all });
    line.append(text, meter, count);
    return line;
  }

  function item(each, least, single) {
    const part = document.createElement("section");
    if (!single) {
      const head = document.createElement("p"); // no heading: it stands under exercises of any depth
      head.className = "item";
      head.textContent = each.text;
      part.append(head);
    }
    if (!each.rows.length) {
      const few = document.createElement("p");
      few.textContent = say("others_few", { n: least });
      part.append(few);
      return part;
    }
    const list = document.createElement("ul");
    const most = Math.max(...each.rows.map((row) => row.count));
    list.append(...each.rows.map((row) => bar(row, most, each.answers)));
    part.append(list);
    return part;
  }

  async function show(fold, exercise) {
    const body = fold.lastElementChild;
    const { status, data } = await ask(`/api/others/${exercise.id}`).catch(() => ({ status: 0 }));
    if (status === 200) {
      body.replaceChildren(...data.items.map((each) => item(each, data.least, exercise.items.length === 1)));
    } else {
      body.textContent = say(status === 409 ? "others_after" : "others_failed");
    }
  }

  return (mount, exercise) => {
    if (!shapes.has(exercise.shape) || exercise.deferred) return;
    let fold = mount.nextElementSibling;
    if (!fold?.matches(".others")) {
      fold = document.createElement("details");
      fold.className = "others";
      const name = document.createElement("summary");
      name.textContent = say("others");
      const body = document.createElement("div");
      body.setAttribute("role", "status");
      fold.append(name, body);
      fold.addEventListener("toggle", () => { if (fold.open) show(fold, exercise); });
      mount.after(fold);
    } else if (fold.open) show(fold, exercise);
  };
}
