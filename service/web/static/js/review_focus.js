// Which item is at hand, which were seen, and what lights up.
import { draft, main } from "/static/js/review_changes.js";

const PART = 0.5;
const seen = new Set();
let current = null;
let played = 0;

const items = () => [...draft().querySelectorAll("[data-item]")];
const open = (one) => one.dataset.state === "open";
/** What was seen of an item: another wording would have to be seen again. */
const sign = (one) => `${one.dataset.item} ${one.dataset.original}`;

const watch = new IntersectionObserver((entries) => {
  for (const { target, intersectionRatio, intersectionRect, rootBounds } of entries) {
    const fills = rootBounds && intersectionRect.height > rootBounds.height * PART;
    if (intersectionRatio >= PART || fills) seen.add(sign(target));
  }
}, { threshold: [0, 0.1, 0.25, PART, 0.75, 1], rootMargin: "0px 0px -5% 0px" });

/** Watches which items come into view; anew after each loading. */
export function observe() {
  for (const one of items()) watch.observe(one);
  if (!current?.isConnected) current = null;
  const first = current ?? items()[0];
  for (const one of items()) one.tabIndex = one === first ? 0 : -1;
}

/** When the browser has told of everything that is in view now. */
export const looked = () => new Promise((told) => requestAnimationFrame(() => requestAnimationFrame(told)));

export const wasSeen = (article) => seen.has(sign(article));

/** Ids of what was seen and is as it was suggested; one confirm can cover it. */
export const displayed = () => items().filter((one) => wasSeen(one)).map((one) => one.dataset.item);

/** The first item that one confirm would cover but that was never in view. */
export const unseen = () => items().find((one) => one.matches(MINUTES) && one.dataset.state === "clear" && !wasSeen(one));
const MINUTES = '[data-group="summary"], [data-group="action_items"], [data-group="points"], [data-group="agreements"], [data-group="plan"]';

/** The item with the focus, or that had it last. */
export function at() {
  const focused = document.activeElement?.closest?.("[data-item]");
  return focused ?? (current?.isConnected ? current : null);
}

/** Puts an item at hand: focus, and its words lit up in the transcript. */
export function go(article, { block = "nearest", play = false } = {}) {
  if (!article) return;
  choose("draft");
  enter(article);
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block });
  show(article, 0, play);
}

/** Marks an item as the one at hand; Tab comes back to it. */
export function enter(article) {
  if (article === current) return;
  if (current) current.tabIndex = -1;
  current = article;
  current.tabIndex = 0;
  played = -1;
}

/** On a narrow screen one side is shown: "draft" or "talk". */
export function choose(pane) {
  main.dataset.pane = pane;
  for (const one of document.querySelectorAll("[data-pane-choice]")) {
    one.setAttribute("aria-pressed", String(one.dataset.paneChoice === pane));
  }
}

export function step(by) {
  const all = items();
  const here = all.indexOf(at());
  go(all[here < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + by, 0), all.length - 1)]);
}

/** The next item after the one at hand that needs a decision, from the top again at the end; else null. */
export function nextOpen() {
  const all = items();
  const here = all.indexOf(at());
  return [...all.slice(here + 1), ...all.slice(0, Math.max(here, 0))].find(open) ?? null;
}

/** Plays the words that an item stems from, each time the next ones. */
export function playNext(article) {
  const quotes = article.querySelectorAll("[data-show]");
  if (quotes.length) show(article, (played + 1) % quotes.length, true);
}

/** Lights up one quote here and tells the transcript. */
export function light(quote, play = true) {
  clear();
  quote.setAttribute("data-lit", "");
  const { turn, quote: said } = quote.dataset;
  document.dispatchEvent(new CustomEvent("rapport:show-turn", { detail: { turn: Number(turn), quote: said, play } }));
}

/** Marks what has its evidence in that turn. */
export function lightTurn(turn) {
  clear();
  const found = [...draft().querySelectorAll("[data-turns]")].filter((one) => one.dataset.turns.split(" ").includes(String(turn)));
  for (const one of found) one.setAttribute("data-lit", "");
  found[0]?.scrollIntoView({ block: "nearest" });
}

function show(article, number, play) {
  const quote = article.querySelectorAll("[data-show]")[number];
  if (!quote) {
    clear();
    return;
  }
  if (play) played = number;
  light(quote, play);
}

function clear() {
  for (const one of draft().querySelectorAll("[data-lit]")) one.removeAttribute("data-lit");
}
