// The draft made anew from the corrected transcript: asked for, followed by events, stopped.
import { clock } from "./amounts.js";
import { Problem, call, say } from "./calls.js";

const ENDS = { done: "done", failed: "failed", parked: "failed", cancelled: "stopped" };

export function startRedraft(root, corrections) {
  const notice = root.querySelector("[data-redraft]");
  const offer = notice.querySelector("[data-offer]");
  const going = notice.querySelector("div[data-going]");
  const bar = going.querySelector("progress");
  const told = going.querySelector("[data-told]");
  const base = notice.dataset.meeting;

  corrections.onload = (fresh) => { notice.hidden = !("corrected" in fresh.dataset) && going.hidden; };

  function show(isGoing) {
    notice.hidden = false;
    offer.hidden = isGoing;
    going.hidden = !isGoing;
    bar.removeAttribute("value");
    told.textContent = notice.dataset.going;
  }

  function follow() {
    show(true);
    const events = new EventSource(`${base}/events`);
    events.addEventListener("progress", ({ data }) => {
      const { job, share, left_s: left } = JSON.parse(data);
      if (job === "running") {
        bar.value = share;
        told.textContent = left === null ? notice.dataset.going : notice.dataset.left.replace("{time}", clock(left));
      }
      const end = ENDS[job];
      if (!end) return;
      events.close();
      show(false);
      say(notice.dataset[end], end === "failed" ? "problem" : "");
      if (end === "done") corrections.refresh();
    });
  }

  async function ask(button, path, then) {
    button.disabled = true;
    try {
      await call("POST", `${base}/${path}`);
      then?.();
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      say(problem.message, "problem");
    }
    button.disabled = false;
  }

  notice.querySelector("[data-again]").addEventListener("click", ({ target }) => ask(target, "redraft", follow));
  notice.querySelector("[data-stop]").addEventListener("click", ({ target }) => ask(target, "cancel"));
  // It may be under way since before this page was opened.
  call("GET", `${base}/progress`).then(({ content }) => {
    if (content.job !== null && !(content.job in ENDS)) follow();
  }, () => {});
}
