// What people wrote, for the facilitator alone: hide, pin, put under a heading. Not who, not when.
import { call, h, say } from "./common.js";

let fetched = "";

/** Keep the list true to the state, while it is open. */
export function voices(state, box, address, act) {
  box.hidden = !["opinion", "pledge"].includes(state.exercise?.kind);
  if (box.hidden) return;
  const list = box.querySelector("#voices");
  const look = () => {
    const key = JSON.stringify([state.asked, state.view?.answered, state.answered, state.moderation]);
    if (!box.open || key === fetched) return;
    fetched = key;
    fill(state, list, address, act);
  };
  box.ontoggle = look;
  look();
}

async function fill(state, list, address, act) {
  const { data } = await call(address + state.asked);
  if (!data?.items) { fetched = ""; return; }
  const { hidden, pinned, groups } = state.moderation;
  const names = Object.keys(groups);
  const groupOf = (id) => names.find((name) => groups[name].includes(id)) ?? "";
  const send = (change) => act({ do: "moderate", exercise: state.asked, hidden, pinned, groups, ...change });
  const toggled = (ids, id) => (ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);
  const regrouped = (id, name) => {
    const found = Object.fromEntries(names.map((each) => [each, groups[each].filter((one) => one !== id)]));
    if (name) found[name] = [...(found[name] ?? []), id];
    return Object.fromEntries(Object.entries(found).filter(([, ids]) => ids.length));
  };
  const one = (voice) => {
    const group = h("input", { type: "text", maxlength: "40", list: "groups", value: groupOf(voice.id), placeholder: say("group"), "aria-label": `${say("group")}：${voice.text}` });
    group.addEventListener("change", () => send({ groups: regrouped(voice.id, group.value.trim()) }));
    const button = (word, ids, name) => h("button", { type: "button", class: "quiet", "aria-pressed": String(ids.includes(voice.id)), onclick: () => send({ [name]: toggled(ids, voice.id) }) }, say(word));
    return h("li", { "data-hidden": hidden.includes(voice.id) ? "" : null },
      h("bdi", {}, voice.text), h("div", { class: "buttons" },
        button(hidden.includes(voice.id) ? "unhide" : "hide", hidden, "hidden"),
        button(pinned.includes(voice.id) ? "unpin" : "pin", pinned, "pinned"), group));
  };
  list.replaceChildren(h("datalist", { id: "groups" }, names.map((name) => h("option", { value: name }))),
    ...data.items.filter((item) => item.voices.length).flatMap((item) => [
      h("h3", {}, `${item.text}　${say("voices", { n: item.voices.length })}`), h("ul", { class: "voices" }, item.voices.map(one))]));
  if (!data.items.some((item) => item.voices.length)) list.append(h("p", { class: "small" }, say("no_voices")));
}
