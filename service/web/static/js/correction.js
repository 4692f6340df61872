// A correction of confirmed minutes: only what was changed, taken out or added is sent, as one new version.
import { Problem, call } from "/static/js/calls.js";

const form = document.querySelector("[data-correction]");
const told = form.querySelector("[data-problem]");

/** New values of a part's fields; with `all` those too that nobody touched. */
function values(part, all = false) {
  const found = {};
  for (const field of part.querySelectorAll("[data-field]")) {
    const before = [...(field.options ?? [])].find((one) => one.defaultSelected)?.value ?? field.defaultValue ?? "";
    const value = field.value.trim();
    if (all ? value !== "" : field.value !== before) found[field.dataset.field] = value || null;
  }
  return found;
}

/** Without a day an action item says so itself. */
function dated(part, fields, touched) {
  if (part.dataset.group !== "action_items" || fields.due || !touched) return { fields };
  const { due, ...others } = fields;
  return { fields: others, no_date: true };
}

function decision(part) {
  const item = part.dataset.item;
  if (part.querySelector("[data-out]")?.checked) return { item, verdict: "reject" };
  const fields = values(part);
  if (Object.keys(fields).length === 0) return null;
  return { item, verdict: "edit", ...dated(part, fields, "due" in fields) };
}

function addition(part) {
  return { group: part.dataset.group, ...dated(part, values(part, true), true) };
}

async function send() {
  const parts = [...form.querySelectorAll("fieldset[data-group]")];
  const decisions = parts.filter((part) => part.dataset.item).map(decision).filter(Boolean);
  const additions = parts.filter((part) => !part.dataset.item).map(addition);
  if (decisions.length + additions.length === 0) throw new Problem({ detail: form.dataset.nothing }, 0);
  const body = { decisions, additions, reason: form.querySelector("#reason").value.trim() };
  await call("POST", form.dataset.correction, { body, revision: form.dataset.revision });
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  button.disabled = true;
  told.hidden = true;
  try {
    await send();
    location.assign(form.dataset.go);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    told.textContent = problem.message;
    told.hidden = false;
    told.scrollIntoView({ block: "center" });
  } finally {
    button.disabled = false;
  }
});

let added = 0;
form.addEventListener("click", (event) => {
  const { add, remove } = event.target.dataset;
  if (remove !== undefined) event.target.closest("fieldset").remove();
  if (!add) return;
  const template = form.querySelector(`template[data-addition="${add}"]`);
  const part = template.content.cloneNode(true);
  added += 1;
  for (const label of part.querySelectorAll("label[for]")) {
    part.querySelector(`[id="${label.htmlFor}"]`).id += added;
    label.htmlFor += added;
  }
  const field = part.querySelector("textarea");
  template.before(part);
  field.focus();
});

form.addEventListener("change", (event) => {
  if (!event.target.matches("[data-out]")) return;
  for (const field of event.target.closest("fieldset").querySelectorAll("[data-field]")) field.disabled = event.target.checked;
});
