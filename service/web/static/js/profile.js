// Skills of a profile are lists that are sent whole: what is there now, with one more or one less.
import { attempt, call } from "/static/js/calls.js";

const without = {
  ratings: (list, { skill, by, on }) => list.filter((one) => !(one.skill === skill && one.by === by && one.on === on)),
  expected: (levels, { skill }) => Object.fromEntries(Object.entries(levels).filter(([name]) => name !== skill)),
};
const withOne = {
  ratings: (list, one) => [...without.ratings(list, one), { skill: one.skill, value: one.value, by: one.by, on: one.on }],
  expected: (levels, { skill, value }) => ({ ...levels, [skill]: value }),
};
const NONE = { ratings: [], expected: {} };

function change(element, make) {
  const { profile, part } = element.dataset;
  return attempt(element, async () => {
    const { content, etag } = await call("GET", profile);
    const body = { [part]: make(content.profile[part] ?? NONE[part]) };
    await call("PATCH", profile, { body, revision: etag });
    location.reload();
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-profile]");
  if (!form) return;
  event.preventDefault();
  const { by, on, part } = form.dataset;
  const one = { skill: form.elements.skill.value.trim(), value: Number(form.elements.value.value), by, on };
  change(form, (now) => withOne[part](now, one));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-profile]");
  if (button) change(button, (now) => without[button.dataset.part](now, button.dataset));
});
