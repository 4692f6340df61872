// How the draft is changed: one change after another, each named by the revision that the one before made,
// then the draft is loaded anew. Two tabs cannot overwrite each other: the second is told, and keeps its words.
import { call, Problem, say } from "/static/js/calls.js";
import { Idiomorph } from "/static/vendor/htmx.js";

export const main = document.querySelector("main.review");
export const words = document.querySelector("template[data-review-words]").dataset;
export const draft = () => document.getElementById("draft");
const page = `/meetings/${main.dataset.meeting}/review`;
const api = `/api/v1/meetings/${main.dataset.meeting}`;

/** Attributes that the page keeps for itself: loading the draft anew leaves them. */
const OWN = new Set(["data-lit", "data-editing", "tabindex", "aria-busy"]);
let last = Promise.resolve();
let waiting = 0;

/** Does `step` after all before it; gives what it gives. */
export function queued(step) {
  waiting += 1;
  const mine = last.then(step).finally(() => { waiting -= 1; });
  last = mine.catch(() => {});
  return mine;
}

/** When everything that was sent is settled. */
export const settled = () => last;

/**
 * Sends one change to the API and shows what the draft is then; true when it was taken.
 * `place`: the element at which a refusal is shown.
 */
export function change(method, path, body, place, revision) {
  saving(words.saving);
  return queued(async () => {
    try {
      const { etag } = await call(method, path.startsWith("/") ? path : `${api}/${path}`, {
        body, revision: revision ?? main.dataset.revision,
      });
      if (revision === undefined) main.dataset.revision = etag;
      if (waiting === 1) await load();
      saving(words.saved);
      return true;
    } catch (problem) {
      await refused(problem, place);
      saving(words.notSaved);
      return false;
    }
  });
}

/** Words for a date, as the service understands them. */
export async function understand(phrase) {
  return (await call("POST", `${api}/dates/understand`, { body: { phrase } })).content;
}

/** Confirms what was displayed, and goes to the minutes; false where that was refused. */
export async function confirm(displayed, place) {
  try {
    await call("POST", `${api}/confirm`, { body: { displayed }, revision: main.dataset.revision });
    location.assign(`/meetings/${main.dataset.meeting}/minutes`);
    return true;
  } catch (problem) {
    await refused(problem, place);
    return false;
  }
}

/**
 * Loads the draft's side anew; only what differs is changed, and open forms stay.
 * `corrected`: the transcript side knows that its words are others now.
 */
export async function load({ corrected = false } = {}) {
  const answer = await fetch(`${page}/draft`, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("draft");
  if (!fresh) { // confirmed elsewhere, or nobody is signed in any more: the page says so
    location.reload();
    return;
  }
  const old = draft();
  const outdated = !corrected && old.dataset.rev !== fresh.dataset.rev;
  Idiomorph.morph(old, fresh, {
    morphStyle: "outerHTML",
    callbacks: {
      beforeNodeMorphed: (node, other) => !(node.nodeName === "LI" && node.isEqualNode(other)), // most are as they were
      beforeNodeRemoved: (node) => !node.matches?.("form.edit"),
      beforeAttributeUpdated: (name, node) => !OWN.has(name) && !(name === "open" && node.matches("details")),
    },
  });
  main.dataset.revision = fresh.dataset.revision;
  document.dispatchEvent(new CustomEvent("rapport:draft-loaded", { detail: { outdated } }));
}

/** Says at `place` why something was refused. */
export function tell(place, message) {
  const shown = place?.querySelector("[data-problem]");
  if (!shown) {
    say(message, "problem");
    return;
  }
  shown.textContent = message;
  shown.hidden = false;
}

async function refused(problem, place) {
  if (!(problem instanceof Problem)) throw problem;
  if (problem.status === 401) {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`);
    return;
  }
  const stale = problem.status === 412 || problem.code === "wrong_state";
  await load().catch(() => {}); // offline: what is shown stays
  tell(place?.isConnected ? place : null, stale ? words.changedElsewhere : problem.message);
}

function saving(message) {
  const shown = document.getElementById("saved");
  if (shown) shown.textContent = message;
}
