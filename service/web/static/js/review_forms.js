// Editing an item where it stands, and adding one. Dates may be said in words: the service tells how it
// understands them.
import { fieldsOf } from "/static/js/calls.js";
import { draft, tell, understand } from "/static/js/review_changes.js";
import { add, decide, decisionOf, originalOf } from "/static/js/review_decisions.js";
import { go } from "/static/js/review_focus.js";

const PAUSE_MS = 300;
const dialog = document.getElementById("add");
const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "full", timeZone: "UTC" });
let quoted = [];

/** Opens the form of an item, filled with what holds now. */
export function edit(article) {
  const shape = document.getElementById(`form-${article.dataset.group}`);
  if (!shape) return;
  let form = article.querySelector("form.edit");
  if (!form) {
    form = named(shape.content.firstElementChild.cloneNode(true), article.dataset.item);
    const decision = decisionOf(article);
    form.opened = { ...originalOf(article), no_date: decision?.no_date ?? false, ...decision?.fields };
    fill(form, form.opened);
    article.querySelector("[data-form]").append(form);
    article.setAttribute("data-editing", "");
  }
  form.elements[0].focus();
  form.scrollIntoView({ block: "nearest" });
}

/** Closes the form around this element without saving. */
export function cancel(element) {
  if (dialog.contains(element)) dialog.close();
  else close(element.closest("[data-item]"));
}

/** The form that is still open, if any. */
export const openForm = () => draft().querySelector("form.edit");

/** Opens the dialog for a new item. `quotes`: {turn, start, end, text} of selected words. */
export function offer(quotes = []) {
  const text = quotes.map((one) => one.text).join(" ");
  const form = dialog.querySelector("form");
  form.reset();
  form.querySelector("[data-problem]").hidden = true;
  quoted = quotes.map(({ turn, start, end }) => ({ turn, start, end }));
  form.elements.namedItem("text").value = text;
  const shown = form.querySelector("[data-quoted]");
  shown.hidden = quotes.length === 0;
  shown.querySelector("blockquote").textContent = text;
  arrange(form);
  dialog.showModal();
  form.elements.namedItem(text ? "what" : "text").focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.edit")) return;
  event.preventDefault();
  if (dialog.contains(event.target)) addFrom(event.target);
  else save(event.target);
});

document.addEventListener("input", ({ target }) => {
  if (target.matches("[data-due-words]")) heard(target);
  if (target.name === "due") {
    target.form.querySelector("[data-understood]").textContent = "";
    if (target.value && target.form.elements.no_date) target.form.elements.no_date.checked = false;
  }
  if (target.name === "no_date" && target.checked) target.form.elements.due.value = "";
  if (target.name === "what") arrange(target.form);
});

/** Sends what was changed in the form: whatever else was changed of the item since it was opened stays. */
async function save(form) {
  const article = form.closest("[data-item]");
  const given = Object.entries(fieldsOf(form)).filter(([name, value]) => value !== form.opened[name]);
  if (given.length === 0) {
    close(article);
    return;
  }
  const [decision, original] = [decisionOf(article), originalOf(article)];
  const { no_date = false, ...after } = { no_date: decision?.no_date, ...decision?.fields, ...Object.fromEntries(given) };
  const fields = Object.fromEntries(Object.entries(after).filter(([name, value]) => value !== original[name]));
  const isEdit = no_date || Object.keys(fields).length > 0;
  form.setAttribute("aria-busy", "true");
  const taken = await (isEdit ? decide([article], "edit", { fields, no_date }, form) : decide([article], "accept", {}, form));
  form.removeAttribute("aria-busy");
  if (taken) close(article);
}

async function addFrom(form) {
  const { what, text, no_date, owner, due, recurrence, person } = fieldsOf(form);
  const [group, kind] = what.split(" ");
  const fields = {
    action_items: { task: text, owner, due, recurrence },
    agreements: { text },
    points: { text, kind, person },
  }[group];
  const addition = { group, fields, no_date: group === "action_items" && no_date, quotes: quoted };
  const id = await add(addition, form);
  if (id === null) return;
  dialog.close();
  go(document.getElementById(`item-${id}`), { block: "center" });
}

function close(article) {
  article.querySelector("form.edit")?.remove();
  article.removeAttribute("data-editing");
  article.focus();
}

/** Ids of its own for the fields: several forms may be open. */
function named(form, item) {
  for (const name of ["id", "for", "aria-describedby"]) {
    for (const one of form.querySelectorAll(`[${name}]`)) one.setAttribute(name, `${one.getAttribute(name)}-${item}`);
  }
  return form;
}

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = value;
    else field.value = value ?? "";
  }
}

/** Shows the fields that the kind of item has. */
function arrange(form) {
  const [group] = form.elements.namedItem("what").value.split(" ");
  for (const part of form.querySelectorAll("[data-for]")) part.hidden = part.dataset.for !== group;
}

/** Asks what the words mean once the typing rests; an answer to older words is dropped. */
function heard(field) {
  const phrase = field.value.trim();
  clearTimeout(field.rest);
  if (!phrase) return;
  field.rest = setTimeout(async () => {
    try {
      const found = await understand(phrase);
      if (field.isConnected && field.value.trim() === phrase) take(field.form, found);
    } catch (problem) {
      tell(field.form, problem.message);
    }
  }, PAUSE_MS);
}

function take(form, { due, recurrence, rule, rule_words: why }) {
  const shown = form.querySelector("[data-understood]");
  if (due) form.elements.due.value = due;
  if (due && form.elements.no_date) form.elements.no_date.checked = false;
  if (recurrence && form.elements.recurrence) form.elements.recurrence.value = recurrence;
  if (!due) {
    shown.textContent = rule ? why || shown.dataset.open : shown.dataset.not;
    return;
  }
  const said = why ? shown.dataset.why : shown.dataset.as;
  shown.textContent = said.replace("{day}", day.format(new Date(due))).replace("{rule}", why ?? "");
}
