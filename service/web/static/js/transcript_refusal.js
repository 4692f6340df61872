// What a form of the transcript says when a correction was refused.
import { Problem } from "./calls.js";

/** Shows why it was refused; after a conflict, a way to go on with what was typed. */
export function refuse(form, problem, corrections) {
  if (!(problem instanceof Problem)) throw problem;
  const place = form.querySelector("[data-problem]");
  const isConflict = problem.status === 412;
  place.replaceChildren(isConflict ? place.dataset.conflict : problem.message);
  if (isConflict) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "small secondary", textContent: place.dataset.newest });
    button.addEventListener("click", () => corrections.load().then(() => { place.hidden = true; }, (error) => refuse(form, error, corrections)));
    place.append(" ", button);
  }
  place.hidden = false;
}
