// The keyboard: single keys where nobody writes, and only as long as they are switched on (the sheet "?").
import { undoLast } from "/static/js/review_decisions.js";
import { at, go, nextOpen, playNext, step } from "/static/js/review_focus.js";

const sheet = document.getElementById("keys");
const switched = document.getElementById("single-keys");
const KEPT = "rapport-single-keys";
switched.checked = localStorage.getItem(KEPT) !== "off";
switched.addEventListener("change", () => localStorage.setItem(KEPT, switched.checked ? "on" : "off"));

const press = (name, place = document) => place?.querySelector(`[data-do="${name}"]`)?.click();

/** Goes on to what needs a decision next; when nothing does, to the confirmation. */
function goOn() {
  const next = nextOpen();
  if (next) go(next);
  else document.getElementById("confirm").focus();
}

function decide(name) {
  press(name, at());
  goOn();
}

const SINGLE = {
  j: () => step(1),
  k: () => step(-1),
  a: () => decide("accept"),
  r: () => decide("reject"),
  e: () => press("edit", at()),
  u: () => press("undo", at()),
  d: goOn,
  n: () => press("add"),
  "?": () => sheet.showModal(),
};

document.addEventListener("keydown", (event) => {
  const { target, key } = event;
  if (event.defaultPrevented || event.isComposing || event.altKey) return;
  const form = target.closest("form.edit");
  if (form && key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  if (form?.closest("[data-item]") && key === "Escape") press("cancel", form);
  if (document.querySelector("dialog[open]") || target.closest("input, textarea, select, [contenteditable]")) return;
  const does = chosen(event);
  if (!does) return;
  event.preventDefault();
  does();
});

function chosen({ key, ctrlKey, metaKey, target, repeat }) {
  if (ctrlKey || metaKey) {
    return { z: undoLast, Enter: () => press("confirm") }[key];
  }
  if (key === "Enter") return target.matches("[data-item]") ? () => playNext(target) : undefined;
  const name = key.toLowerCase();
  const moves = name === "j" || name === "k";
  return switched.checked && (moves || !repeat) ? SINGLE[name] : undefined;
}

export const openSheet = () => sheet.showModal();
