// A file that takes the place of a list: what it would change is shown first, and that very file is imported.
import { attempt, call } from "/static/js/calls.js";

const form = document.querySelector("[data-import-list]");
const preview = document.querySelector("[data-preview]");
const apply = form.querySelector("[data-apply]");
const { importList: address, more } = form.dataset;
let checked, seen;

function item(text) {
  const line = document.createElement("li");
  line.textContent = text;
  return line;
}

function tell(told) {
  for (const part of preview.querySelectorAll("[data-what]")) {
    const { what } = part.dataset;
    const left = told.counts[what] - told[what].length;
    part.querySelector("[data-count]").textContent = told.counts[what];
    part.querySelector("[data-ids]").replaceChildren(...told[what].map(item));
    if (left > 0) part.querySelector("[data-ids]").append(item(more.replace("[n]", left)));
  }
  preview.querySelector("[data-notes]").replaceChildren(...told.notes.map(item));
  preview.hidden = apply.hidden = false;
}

async function send(work) {
  if (!(await attempt(form, work))) preview.hidden = apply.hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  checked = form.querySelector("[type=file]").files[0];
  send(async () => {
    const { content, etag } = await call("POST", `${address}/preview`, { file: checked });
    seen = etag;
    tell(content);
  });
});
apply.addEventListener("click", () => send(async () => {
  await call("PUT", address, { file: checked, revision: seen });
  location.reload();
}));
form.addEventListener("change", () => { apply.hidden = true; });
