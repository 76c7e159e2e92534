// What is one learner's alone: fetched, because an address cannot carry who asks. The server has
// escaped whatever the learner typed.

/**
 * Fill the places that a page has for it.
 *
 * @param ask  path → Response, asked as this learner
 * @returns a function that shows what is stored now
 */
export default function own(ask, say) {
  const places = [...document.querySelectorAll(".dxl-own")];
  for (const button of document.querySelectorAll("button[data-download]")) {
    if (!button.closest(".dxl-own")) button.addEventListener("click", () => take(button));
  }
  for (const button of document.querySelectorAll("button[data-see]")) {
    button.addEventListener("click", () => {
      const place = document.getElementById(button.dataset.see);
      place.hidden = !place.hidden;
      button.setAttribute("aria-expanded", String(!place.hidden));
    });
  }
  const shown = new Map();
  let turn = 0;
  const names = {}; // stand on the certificate of this page; are sent and kept nowhere

  function fill(place) {
    for (const field of place.querySelectorAll("[data-name-field]")) field.value = names[field.dataset.nameField] ?? "";
    for (const node of place.querySelectorAll("[data-name-shown]")) node.textContent = names[node.dataset.nameShown] ?? "";
  }

  async function show(place, mine) {
    const reply = await ask(place.dataset.own).catch(() => null);
    if (!reply?.ok) return; // what was shown stays
    const html = await reply.text();
    if (mine !== turn || shown.get(place) === html) return;
    shown.set(place, html);
    place.querySelector("[data-piece]").innerHTML = html;
    const instead = place.dataset.instead && document.getElementById(place.dataset.instead);
    if (instead) instead.hidden = Boolean(html.trim());
    fill(place);
    place.dispatchEvent(new CustomEvent("dxcourse:own", { bubbles: true }));
  }

  async function take(button) {
    const told = button.parentElement.querySelector("[data-told]");
    told.textContent = "";
    const reply = await ask(button.dataset.download).catch(() => null);
    if (!reply?.ok) { told.textContent = told.dataset.failed; return; }
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await reply.blob());
    link.download = button.dataset.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }

  /** Over plain http there is no clipboard: then the text is selected, to be copied by hand. */
  async function copyText(button) {
    const told = button.parentElement.querySelector("[data-told]");
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
      told.textContent = say("copied");
    } catch {
      const fold = button.closest(".dxl-take").parentElement.querySelector(".dxl-text");
      fold.open = true;
      fold.querySelector("textarea").select();
      told.textContent = document.execCommand?.("copy") ? say("copied") : say("copy_failed");
    }
  }

  function printOnly(button) {
    const page = document.documentElement;
    const sheet = button.closest(".dxl-take").parentElement.querySelector(".dxl-print");
    page.dataset.print = sheet.dataset.printAs;
    const copy = Object.assign(document.createElement("div"), { className: "dxl-sheet" });
    copy.append(sheet.firstElementChild.cloneNode(true));
    document.body.append(copy);
    const over = () => {
      copy.remove();
      delete page.dataset.print;
    };
    addEventListener("afterprint", over, { once: true });
    print();
  }

  for (const place of places) {
    place.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.download) take(button);
      else if (button?.dataset.copy) copyText(button);
      else if (button && "print" in button.dataset) printOnly(button);
    });
    place.addEventListener("input", (event) => {
      if (!("nameField" in event.target.dataset)) return;
      const { nameField } = event.target.dataset;
      names[nameField] = event.target.value;
      for (const node of place.querySelectorAll(`[data-name-shown="${nameField}"]`)) node.textContent = event.target.value;
    });
  }

  return async () => {
    turn += 1;
    await Promise.all(places.map((place) => show(place, turn)));
  };
}
