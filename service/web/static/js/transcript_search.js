// Search within the transcript: how many places, the next one, the one before. Nothing in the lines is changed for it.

export function startSearch(root, lines) {
  const form = root.querySelector("[data-search]");
  const field = form.querySelector("input");
  const count = form.querySelector("[data-count]");
  let places = [];
  let at = -1;

  function look() {
    const words = field.value.trim().toLowerCase();
    places = words ? lines.all.flatMap((line) => placesIn(lines.said(line), words)) : [];
    at = -1;
    paint("found", places);
    paint("found-now", []);
    count.textContent = !words ? "" : places.length ? told(0) : root.dataset.notFound;
  }

  function told(number) {
    return root.dataset.found.replace("{at}", number).replace("{n}", places.length);
  }

  function go(step) {
    if (!places.length) return;
    at = (at + step + places.length) % places.length;
    if (at < 0) at = 0;
    const line = places[at].said.closest("[data-turn]");
    lines.pursue(false);
    lines.choose(line);
    lines.bring(line);
    paint("found-now", [places[at]]);
    count.textContent = told(at + 1);
  }

  field.addEventListener("input", look);
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    go(-1);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!places.length) look();
    go(1);
  });
  form.querySelector("[data-previous]").addEventListener("click", () => go(-1));
  document.addEventListener("rapport:transcript-changed", look);
}

function placesIn(said, words) {
  const text = said?.textContent.toLowerCase() ?? "";
  const found = [];
  for (let from = text.indexOf(words); from >= 0; from = text.indexOf(words, from + words.length)) {
    found.push({ said, from, to: from + words.length });
  }
  return found;
}

/** Marks places without touching the document: thousands cost nothing until they are seen. */
function paint(name, places) {
  if (!globalThis.Highlight) return;
  CSS.highlights.set(name, new Highlight(...places.map(rangeOf)));
}

function rangeOf({ said, from, to }) {
  const range = document.createRange();
  range.setStart(...spot(said, from));
  range.setEnd(...spot(said, to));
  return range;
}

/** Node and offset of a character: a mark may divide the text of a line. */
function spot(said, offset) {
  const texts = document.createTreeWalker(said, NodeFilter.SHOW_TEXT);
  let left = offset;
  for (let text = texts.nextNode(); text; text = texts.nextNode()) {
    if (left <= text.length) return [text, left];
    left -= text.length;
  }
  return [said, 0];
}
