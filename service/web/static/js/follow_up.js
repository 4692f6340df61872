// After something became of an item its list is loaded anew: it is said, and the keyboard stays at that item.
import { say } from "/static/js/calls.js";

const saved = document.querySelector("template[data-words]").dataset.saved;
let touched = null;

document.addEventListener("called", (event) => {
  touched = event.target.closest("li[id]")?.id ?? null;
  if (touched) say(saved);
});

document.addEventListener("htmx:afterSettle", () => {
  if (touched === null) return;
  if (!document.activeElement || document.activeElement === document.body) {
    (document.getElementById(touched) ?? document.querySelector("#items h2"))?.focus();
  }
  touched = null;
});
