// Decisions on items, and how each of them is taken back.
import { say } from "/static/js/calls.js";
import { change, draft, words } from "/static/js/review_changes.js";

/** What undoes each change, the newest last: bodies for the API. */
const done = [];

export const decisionOf = (article) => JSON.parse(article.dataset.decided);
export const originalOf = (article) => JSON.parse(article.dataset.original);

/** Accepts, edits or rejects these items in one request; true when it was taken. */
export async function decide(articles, verdict, more = {}, place = articles[0]) {
  const back = articles.map(before);
  const decisions = articles.map((one) => ({ item: one.dataset.item, verdict, ...more }));
  const states = articles.map((one) => one.dataset.state);
  for (const one of articles) one.dataset.state = verdict; // at once: the next key already means the next item
  const taken = await change("POST", "decisions", { decisions }, place);
  if (taken) done.push(merged(back));
  else articles.forEach((one, i) => { if (one.dataset.state === verdict) one.dataset.state = states[i]; });
  return taken;
}

/** Takes the decision on an item back: it is a suggestion again. */
export async function withdraw(article) {
  if (decisionOf(article) === null) {
    say(words.nothingToUndo);
    return;
  }
  const back = before(article);
  if (await change("POST", "decisions", undecided(article), article)) done.push(back);
}

/** Adds an item; gives its id, or null where that was refused. */
export async function add(addition, place) {
  const known = own();
  if (!(await change("POST", "decisions", { additions: [addition] }, place))) return null;
  const found = [...own()].find((id) => !known.has(id)) ?? null;
  if (found) done.push({ withdrawn: [found] });
  return found;
}

/** Dismisses a hint on wording; without a reason it stands again. `was`: the reason before. */
export async function dismiss({ flag, reason, was }, place) {
  const path = `tone-flags/${flag}`;
  const taken = await change("PATCH", path, { dismissed: reason || null }, place);
  if (taken) done.push({ method: "PATCH", path, body: { dismissed: was || null } });
}

/** Undoes the last change that was made on this page. */
export async function undoLast() {
  const back = done.pop();
  if (!back) {
    say(words.nothingToUndo);
    return;
  }
  const { method = "POST", path = "decisions", body = back } = back;
  if (await change(method, path, body, null)) say(words.undone);
}

function own() {
  return new Set([...draft().querySelectorAll('[data-own="true"]')].map((one) => one.dataset.item));
}

/** What makes an item undecided: one that a person added has nothing before it but itself. */
function undecided(article) {
  const { item } = article.dataset;
  return article.dataset.own === "true" ? { decisions: [{ item, verdict: "accept" }] } : { withdrawn: [item] };
}

function before(article) {
  const decision = decisionOf(article);
  return decision ? { decisions: [{ item: article.dataset.item, ...decision }] } : undecided(article);
}

function merged(bodies) {
  const all = (name) => bodies.flatMap((one) => one[name] ?? []);
  return { decisions: all("decisions"), withdrawn: all("withdrawn") };
}
