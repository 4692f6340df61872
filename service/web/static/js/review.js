// The draft's side of the review page. Transcript and player are told, and tell, by events on the document:
//   rapport:show-turn {turn, quote, play}, rapport:turn-chosen {turn}, rapport:transcript-changed {revision},
//   rapport:selected {quotes: [{turn, start, end, text}]}, rapport:draft-loaded {outdated: the transcript is}.
import { change, confirm, load, main, queued, settled, tell, words } from "/static/js/review_changes.js";
import { decide, dismiss, withdraw } from "/static/js/review_decisions.js";
import { at, choose, displayed, enter, go, light, lightTurn, looked, nextOpen, observe, unseen, wasSeen } from "/static/js/review_focus.js";
import { cancel, edit, offer, openForm } from "/static/js/review_forms.js";
import { openSheet } from "/static/js/review_keys.js";

const item = (button) => button.closest("[data-item]");

const DOES = {
  accept: (button) => decide([item(button)], "accept"),
  reject: (button) => decide([item(button)], "reject"),
  edit: (button) => edit(item(button)),
  undo: (button) => withdraw(item(button)),
  cancel,
  add: () => offer(),
  keys: openSheet,
  "next-open": () => go(nextOpen()),
  "accept-rest": acceptRest,
  confirm: confirmShown,
};

/** One decision for each of them, in one request, once all were in view. */
async function acceptRest(button) {
  const all = button.dataset.items.split(" ").map((id) => document.getElementById(`item-${id}`));
  await looked();
  const hidden = all.find((one) => !wasSeen(one));
  if (hidden) stop(hidden, words.lookFirst);
  else decide(all, "accept");
}

/** Confirms what was displayed; whatever stands in the way is gone to, with the reason. */
async function confirmShown() {
  const bar = document.getElementById("bar");
  if (bar.hasAttribute("aria-busy")) return;
  bar.setAttribute("aria-busy", "true");
  bar.querySelector("[data-problem]").hidden = true;
  await Promise.all([settled(), looked()]); // decisions on their way come first
  const form = openForm();
  const left = nextOpen();
  const hidden = unseen();
  if (form) stop(form.closest("[data-item]"), words.finishForm);
  else if (left) stop(left, words.decideFirst);
  else if (hidden) stop(hidden, words.lookFirst);
  else if (await confirm(displayed(), bar)) return; // on the way to the minutes
  bar.removeAttribute("aria-busy");
}

function stop(article, message) {
  go(article, { block: "center" });
  tell(document.getElementById("bar"), message);
}

document.addEventListener("click", (event) => {
  const { target } = event;
  const button = target.closest("button");
  if (button?.dataset.do) DOES[button.dataset.do]?.(button);
  else if (button?.dataset.show !== undefined) light(button);
  else if (button?.dataset.flag) dismiss(button.dataset, button.closest("li"));
  else if (button?.dataset.earlier) followUp(button);
  else if (button?.dataset.paneChoice) choose(button.dataset.paneChoice);
  else if (!target.closest("button, a, input, select, textarea, label, summary, form")) touch(target.closest("#draft [data-item]"));
});

/** An item that was clicked is at hand, and what was said is heard; but whoever selects words wants those. */
function touch(article) {
  if (article && getSelection().isCollapsed) go(article, { play: true });
}

function followUp(button) {
  const { earlier, revision, body } = button.dataset;
  change("PATCH", `/api/v1/action-items/${earlier}`, JSON.parse(body), button.closest("li"), revision);
}

document.addEventListener("focusin", ({ target }) => {
  const article = target.closest("#draft [data-item]");
  if (article) enter(article);
});
document.addEventListener("rapport:turn-chosen", ({ detail }) => lightTurn(detail.turn));
document.addEventListener("rapport:selected", ({ detail }) => offer(detail.quotes));
document.addEventListener("rapport:transcript-changed", ({ detail }) => {
  main.dataset.revision = detail.revision;
  queued(() => load({ corrected: true }));
});
document.addEventListener("rapport:draft-loaded", () => {
  observe();
  // A button that a decision took away must not take the focus along.
  if (document.activeElement === document.body) at()?.focus({ preventScroll: true });
});

observe();
