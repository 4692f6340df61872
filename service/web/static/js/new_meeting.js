// A new meeting: people are chosen from the list above the form and become fields of it.
import { Problem, show } from "/static/js/calls.js";
import "/static/js/printing.js";

const form = document.querySelector("[data-new-meeting]");
const list = form.querySelector("[data-participants]");
const nobody = form.querySelector("[data-nobody]");
const day = form.elements.held_on;

document.querySelector("#found").addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-choose]")?.dataset;
  if (!chosen) return;
  const there = list.querySelector(`[data-participant="${CSS.escape(chosen.choose)}"]`);
  const row = there ?? rowOf(chosen);
  if (!there) list.append(row);
  number();
  row.querySelector("input[type=checkbox]").focus();
});

function rowOf({ choose, name, managed }) {
  const row = form.querySelector(`[data-participant-row="${managed}"]`).content.cloneNode(true).firstElementChild;
  row.dataset.participant = choose;
  row.querySelector("[data-field=person_id]").value = choose;
  row.querySelector("[data-person-name]").textContent = name;
  const out = row.querySelector("[data-take-out]");
  out.setAttribute("aria-label", out.dataset.label.replace("{name}", name));
  return row;
}

list.addEventListener("click", (event) => {
  if (!event.target.closest("[data-take-out]")) return;
  event.target.closest("[data-participant]").remove();
  number();
  document.querySelector("#q").focus();
});

list.addEventListener("change", (event) => {
  if (event.target.dataset.field !== "agreed") return;
  const host = event.target.closest("[data-participant]").querySelector("[data-field=host]");
  if (host) host.disabled = !event.target.checked;
});

/** Fields are named by the place of their row, in which nobody may be left out. */
function number() {
  const rows = [...list.children];
  rows.forEach((row, at) => {
    for (const field of row.querySelectorAll("[data-field]")) field.name = `participants.${at}.${field.dataset.field}`;
  });
  nobody.hidden = rows.length > 0;
  if (rows.length > 0) form.querySelector("[data-consent]").open = true;
}

// Before calls.js sends it: without anybody there is nothing to send, and the moment is a day and a time.
form.addEventListener("submit", (event) => {
  if (list.children.length === 0) {
    event.preventDefault();
    event.stopPropagation();
    show(form, new Problem({ detail: nobody.textContent }, 422));
    document.querySelector("#q").focus();
    return;
  }
  const time = form.querySelector("#time").value;
  form.elements.started_at.value = time && day.value ? new Date(`${day.value}T${time}`).toISOString() : "";
});

// The server knows the day in the time zone of the profile; the browser knows where the person is.
const here = new Date();
if (day.value === day.dataset.today) {
  day.value = [here.getFullYear(), here.getMonth() + 1, here.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}
