// The form of a template: lines that are added, moved and removed by button, and what people will see of it.
import { fieldsOf } from "/static/js/calls.js";

const form = document.querySelector("[data-template-editor]");
const preview = form.querySelector("[data-template-preview]");
const said = form.querySelector("[data-said]");
const lists = form.querySelectorAll("[data-lines]");

function number() {
  for (const list of lists) {
    for (const [at, line] of [...list.children].entries()) {
      for (const field of line.querySelectorAll("[name]")) {
        field.name = field.name.replace(/^(\w+)\.\d+/, `$1.${at}`);
      }
      line.querySelector('[data-move="-1"]').disabled = at === 0;
      line.querySelector('[data-move="1"]').disabled = at === list.children.length - 1;
      line.querySelector("[data-remove]").disabled = list.children.length === 1;
    }
  }
}

function element(name, text, ...inner) {
  const made = document.createElement(name);
  made.append(...(text ? [text] : []), ...inner);
  return made;
}

function show() {
  const { agenda, sections } = fieldsOf(form);
  const { minutes, agenda: before, sections: after } = preview.dataset;
  const stages = agenda.map((stage) => element(
    "li",
    `${stage.title} (${minutes.replace("[n]", stage.minutes ?? "–")})`,
    element("ul", "", ...stage.questions.map((question) => element("li", question))),
  ));
  preview.replaceChildren(
    element("h3", before), element("ol", "", ...stages),
    element("h3", after), element("ol", "", ...sections.map((section) => element("li", section.title))),
  );
}

function changed() {
  number();
  show();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("[data-add], [data-move], [data-remove]");
  if (!button) return;
  const line = button.closest("[data-line]");
  if (button.dataset.add) {
    const list = form.querySelector(`[data-lines="${button.dataset.add}"]`);
    list.append(form.querySelector(`[data-new="${button.dataset.add}"]`).content.cloneNode(true));
    list.lastElementChild.querySelector("input").focus();
  } else if (button.dataset.move) {
    const step = Number(button.dataset.move);
    if (step < 0) line.previousElementSibling.before(line);
    else line.nextElementSibling.after(line);
    said.textContent = said.dataset.moved;
  } else {
    (line.nextElementSibling ?? line.previousElementSibling).querySelector("input").focus();
    line.remove();
    said.textContent = said.dataset.removed;
  }
  changed();
  if (button.dataset.move) (button.disabled ? line.querySelector("[data-move]:not(:disabled)") : button).focus();
});
form.addEventListener("input", show);
changed();
