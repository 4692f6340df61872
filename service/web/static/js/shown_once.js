// What an answer holds that is shown this once: a secret to copy. `data-once` of a form names it in the answer.
import { say } from "/static/js/calls.js";

document.addEventListener("called", (event) => {
  const name = event.target.dataset.once;
  if (!name) return;
  const shown = event.target.parentElement.querySelector("[data-shown]");
  shown.querySelector("input").value = event.detail[name];
  shown.hidden = false;
  shown.focus();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const field = button.parentElement.querySelector("input");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    document.execCommand("copy");
  }
  say(button.dataset.copy);
});
