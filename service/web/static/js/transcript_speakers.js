// Who is who: said once in a dialog, all lines of that speaker follow. Two voices of one person become one.
import { refuse } from "./transcript_refusal.js";

export function startSpeakers(root, lines, corrections) {
  const dialog = root.querySelector("[data-speaker-dialog]");
  const form = dialog.querySelector("form");
  const swap = dialog.querySelector("[data-swap]");
  let who = "";

  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-speakers] [data-speaker]");
    if (button) open(button);
  });

  function open(button) {
    who = button.dataset.speaker;
    form.reset();
    form.querySelector("[data-problem]").hidden = true;
    dialog.querySelector("h2").textContent = button.dataset.title;
    const people = [...root.querySelector("template[data-people]").content.querySelectorAll("option")];
    const { known, unknown } = form.querySelector("[data-called]").dataset;
    form.querySelector("[data-called]").textContent = people.some((one) => one.value === who && "known" in one.dataset) ? known : unknown;
    form.querySelector("[data-choices]").replaceChildren(...people.filter((one) => one.value !== who).map(choice));
    offerSwap();
    dialog.showModal();
  }

  function choice(option) {
    const label = document.createElement("label");
    label.className = "choice";
    const radio = Object.assign(document.createElement("input"), { type: "radio", name: "who", value: option.value });
    label.append(radio, ` ${option.textContent}`);
    return label;
  }

  function chosen() {
    return form.elements.who.value;
  }

  /** To change places makes sense with somebody who speaks, too. */
  function offerSwap() {
    const other = [...root.querySelectorAll("[data-speakers] [data-speaker]")].some((one) => one.dataset.speaker === chosen());
    swap.hidden = !chosen() || !other;
    if (swap.hidden) form.elements.swap.checked = false;
  }

  function correction() {
    const other = chosen();
    if (other) return { speakers: form.elements.swap.checked ? { [who]: other, [other]: who } : { [who]: other } };
    const name = form.elements.name.value.trim();
    return name ? { names: { [who]: name } } : null;
  }

  async function save() {
    const body = correction();
    if (body === null) return dialog.close();
    form.setAttribute("aria-busy", "true");
    try {
      await corrections.send(body, () => dialog.close());
    } catch (problem) {
      refuse(form, problem, corrections);
    }
    form.removeAttribute("aria-busy");
  }

  form.addEventListener("change", offerSwap);
  form.elements.name.addEventListener("input", () => {
    form.querySelector('input[value=""]').checked = true;
    offerSwap();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.querySelector("[data-leave]").addEventListener("click", () => dialog.close());
  form.querySelector("[data-example]")?.addEventListener("click", () => {
    const own = lines.timed.filter((line) => line.dataset.speaker === who);
    const length = (line) => line.dataset.end - line.dataset.start;
    if (own.length) lines.hear(own.reduce((longest, line) => (length(line) > length(longest) ? line : longest)));
  });
}
