// Finds a person by name: what is typed is searched for, and who was found is chosen like any other option.
import { Problem, call } from "/static/js/calls.js";

const MOST = 8;
const PAUSE_MS = 200;

for (const picker of document.querySelectorAll("[data-person-picker]")) {
  const { personPicker: name, without, nobody, more } = picker.dataset;
  const [field, found, told] = ["[type=search]", "[data-found]", "[data-told]"].map((part) => picker.querySelector(part));
  let waiting, asked = 0;

  const option = (person) => {
    const label = document.createElement("label");
    const radio = Object.assign(document.createElement("input"), { type: "radio", name, value: person.id, required: true });
    label.append(radio, person.display_name);
    return label;
  };

  const search = async () => {
    const number = ++asked;
    let content;
    try {
      ({ content } = await call("GET", `/api/v1/people?limit=${MOST + 1}&q=${encodeURIComponent(field.value.trim())}`));
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      told.textContent = problem.message;
      return;
    }
    if (number !== asked) return;
    const people = content.items.filter((person) => person.id !== without && !person.left_on);
    found.replaceChildren(...people.slice(0, MOST).map(option));
    found.hidden = people.length === 0;
    told.textContent = people.length === 0 ? nobody : people.length > MOST ? more : "";
  };

  field.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(search, PAUSE_MS);
  });
}
