// A table of people: first a look at what it would do, line by line, then the import of that very file.
import { attempt, call, say } from "/static/js/calls.js";

const form = document.querySelector("[data-import-people]");
const preview = document.querySelector("[data-preview]");
const apply = form.querySelector("[data-apply]");
const words = form.dataset;
let checked = null;

const filled = (text, values) => text.replace(/\[(\w+)\]/g, (_, name) => values[name]);

function row(line, text, kind) {
  const made = preview.querySelector("[data-rows]").insertRow();
  made.className = kind;
  made.insertCell().textContent = line;
  made.insertCell().textContent = text;
}

function tell(told) {
  const summary = told.problem_count ? words.wrong : words.counts;
  preview.querySelector("[data-summary]").textContent = filled(summary, told);
  preview.querySelector("[data-rows]").replaceChildren();
  for (const one of told.problems) row(one.line, one.detail, "wrong");
  for (const one of told.problem_count ? [] : told.people) {
    row(one.line, filled(one.is_new ? words.new : words.changed, one), "");
  }
  const left = told.problem_count ? told.problem_count - told.problems.length : told.added + told.changed - told.people.length;
  if (left > 0) row("…", filled(words.more, { n: left }), "");
  preview.hidden = false;
}

async function send(isPreview) {
  const done = await attempt(form, async () => {
    const { content } = await call("POST", `/api/v1/people/import?preview=${isPreview}`, { file: checked });
    tell(content);
    apply.hidden = !isPreview || content.problem_count > 0;
    if (!isPreview && content.problem_count === 0) {
      say(words.done);
      form.reset();
    }
  });
  if (!done) preview.hidden = apply.hidden = true;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  checked = form.querySelector("[type=file]").files[0];
  send(true);
});
apply.addEventListener("click", () => send(false));
form.addEventListener("change", () => { apply.hidden = true; });
