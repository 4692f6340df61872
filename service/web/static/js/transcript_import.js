// A transcript that exists already: a file, or text that is pasted.
import { attempt, call, Problem } from "/static/js/calls.js";

const form = document.querySelector("[data-transcript]");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = form.querySelector("textarea").value;
  const file = form.querySelector("input[type=file]").files[0] ?? (text.trim() ? new Blob([text]) : null);
  const button = form.querySelector("button");
  button.disabled = true;
  button.disabled = await attempt(form, async () => {
    if (!file) throw new Problem({ detail: form.dataset.none }, 422);
    await call("POST", form.dataset.transcript, { file });
    location.reload();
  });
});
