// What is one learner's alone: fetched, because an address cannot carry who asks. The server has
// escaped whatever the learner typed.

/**
 * Fill the places that a page has for it.
 *
 * @param ask  path → Response, asked as this learner
 * @returns a function that shows what is stored now
 */
export default function own(ask) {
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
  let name = ""; // stands on the certificate of this page; is sent and kept nowhere

  function fill(place) {
    for (const field of place.querySelectorAll("[data-name-field]")) field.value = name;
    for (const node of place.querySelectorAll("[data-name-shown]")) node.textContent = name;
  }

  async function show(place, mine) {
    const reply = await ask(place.dataset.own).catch(() => null);
    if (!reply?.ok) return; // what was shown stays
    const html = await reply.text();
    if (mine !== turn || shown.get(place) === html) return;
    shown.set(place, html);
    place.querySelector("[data-piece]").innerHTML = html;
    fill(place);
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

  function printOnly(place) {
    const page = document.documentElement;
    place.dataset.printing = "";
    page.dataset.print = "one";
    const over = () => {
      delete place.dataset.printing;
      delete page.dataset.print;
    };
    addEventListener("afterprint", over, { once: true });
    print();
  }

  for (const place of places) {
    place.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button?.dataset.download) take(button);
      else if (button && "print" in button.dataset) printOnly(place);
    });
    place.addEventListener("input", (event) => {
      if (!("nameField" in event.target.dataset)) return;
      name = event.target.value;
      for (const node of place.querySelectorAll("[data-name-shown]")) node.textContent = name;
    });
  }

  return async () => {
    turn += 1;
    await Promise.all(places.map((place) => show(place, turn)));
  };
}
