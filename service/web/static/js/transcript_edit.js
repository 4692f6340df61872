// Corrections: the words of a line, where it ends, who speaks. Each is one PATCH; the lines follow, then the draft.
import { Problem, call, say } from "./calls.js";
import { startRedraft } from "./redraft.js";
import { startSpeakers } from "./transcript_speakers.js";
import { tell } from "./transcript_lines.js";
import { characters } from "./transcript_selection.js";

const main = document.querySelector("main");

export class Corrections {
  constructor(root, lines) {
    this.root = root;
    this.lines = lines;
    this.path = `${root.dataset.editable}/transcript`;
  }

  /** Sends a correction and loads the lines anew. Throws Problem. */
  async send(body) {
    const { etag } = await call("PATCH", this.path, { body, revision: main.dataset.revision });
    main.dataset.revision = etag;
    await this.load();
    say(document.querySelector("template[data-words]").dataset.saved);
  }

  /** Loads what is there now, and tells the draft. */
  async load() {
    const answer = await fetch(this.root.dataset.part, { headers: { Accept: "text/html" } });
    if (!answer.ok) throw new Problem({}, answer.status);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-fresh]");
    this.root.querySelector("[data-fresh]").replaceWith(document.adoptNode(fresh));
    this.replace(page.querySelector("[data-turns]"));
    main.dataset.revision = fresh.dataset.revision;
    this.onload?.(fresh);
    tell("transcript-changed", { revision: fresh.dataset.revision });
  }

  /** Puts in what differs and leaves every other line as it is, scrolled as it is. */
  replace(list) {
    const { lines } = this;
    lines.dim();
    for (const one of lines.all) one.querySelector(".tools")?.remove();
    const before = new Map(lines.all.map((line) => [line.id, line]));
    let last = null;
    for (const line of [...list.children]) {
      const old = before.get(line.id);
      before.delete(line.id);
      const kept = old && isSame(old, line) ? old : document.adoptNode(line);
      if (old && kept !== old) old.replaceWith(kept);
      else if (!old) last ? last.after(kept) : lines.list.prepend(kept);
      last = kept;
    }
    for (const gone of before.values()) gone.remove();
    const { chosen } = lines;
    lines.index();
    lines.chosen = lines.now = null;
    if (chosen && lines.of(chosen.dataset.turn)) lines.choose(lines.of(chosen.dataset.turn));
  }
}

/** Shows why it was refused; after a conflict, a way to go on with what was typed. */
export function refuse(form, problem, corrections, again) {
  const place = form.querySelector("[data-problem]");
  const isConflict = problem.status === 412;
  place.replaceChildren(isConflict ? place.dataset.conflict : problem.message);
  if (isConflict) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "small secondary", textContent: place.dataset.newest });
    button.addEventListener("click", async () => {
      const typed = again();
      await corrections.load();
      typed();
    });
    place.append(" ", button);
  }
  place.hidden = false;
}

function isSame(old, line) {
  return ["speaker", "start", "end"].every((name) => old.dataset[name] === line.dataset[name])
    && [".said", ".who", ".at"].every((part) => old.querySelector(part)?.textContent === line.querySelector(part).textContent);
}

export function startCorrections(root, lines) {
  const corrections = new Corrections(root, lines);
  const tools = root.querySelector("template[data-tools]");
  lines.onchoose = (line) => {
    for (const old of lines.list.querySelectorAll(".tools")) old.remove();
    line.querySelector(".who").after(tools.content.cloneNode(true));
  };
  lines.list.addEventListener("click", (event) => {
    if (event.target.closest("[data-edit]")) edit(corrections, event.target.closest("[data-turn]"));
  });
  lines.list.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || !event.target.closest(".at")) return;
    const line = event.target.closest("[data-turn]");
    lines.choose(line);
    edit(corrections, line);
  });
  startSpeakers(root, lines, corrections);
  startRedraft(root, corrections);
}

/** Opens the form in place of the words. `typed`: what was typed before, where it has to be opened again. */
function edit(corrections, line, typed) {
  const { root, lines } = corrections;
  root.querySelector("[data-line-form]")?.dispatchEvent(new Event("leave"));
  lines.dim();
  const said = lines.said(line);
  const form = root.querySelector("template[data-form]").content.firstElementChild.cloneNode(true);
  for (const select of form.querySelectorAll("[data-choose]")) {
    select.append(root.querySelector("template[data-people]").content.cloneNode(true));
    select.value = line.dataset.speaker;
  }
  const { text, speaker, rest } = form.elements;
  text.value = typed?.text ?? said.textContent;
  if (typed) speaker.value = typed.speaker;
  said.hidden = true;
  said.after(form);
  text.focus();
  text.setSelectionRange(text.value.length, text.value.length);
  form.scrollIntoView({ block: "nearest", behavior: "instant" });

  const leave = () => {
    form.remove();
    said.hidden = false;
    line.querySelector(".at").focus({ preventScroll: true });
  };
  const save = async (more) => {
    const change = { i: Number(line.dataset.turn), ...more };
    if (text.value !== said.textContent) change.text = text.value;
    if (more === undefined && speaker.value !== line.dataset.speaker) change.speaker = speaker.value;
    if (Object.keys(change).length === 1) return leave();
    form.setAttribute("aria-busy", "true");
    try {
      await call("PATCH", corrections.path, { body: { edits: [change] }, revision: main.dataset.revision });
      leave();
      await corrections.load();
      say(document.querySelector("template[data-words]").dataset.saved);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refuse(form, problem, corrections, () => reopen(corrections, line, leave, { text: text.value, speaker: speaker.value }));
    } finally {
      form.removeAttribute("aria-busy");
    }
  };
  const split = () => {
    const [first, second] = [text.value.slice(0, text.selectionStart), text.value.slice(text.selectionStart)];
    if (first.trim() && second.trim()) save({ split_at: characters(first), speaker: rest.value });
    else say(form.querySelector("[data-split]").dataset.where, "problem");
    text.focus();
  };
  form.addEventListener("leave", leave);
  form.addEventListener("submit", (event) => { event.preventDefault(); save(); });
  form.querySelector("[data-leave]").addEventListener("click", leave);
  form.querySelector("[data-split]").addEventListener("click", split);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") leave();
    else if (event.key === "Enter" && event.target === text && !event.shiftKey && !event.isComposing) save();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

/** Closes the form now, gives how to open it again in the line as it is then. */
function reopen(corrections, line, leave, typed) {
  leave();
  return () => {
    const now = corrections.lines.of(line.dataset.turn);
    if (!now) return;
    corrections.lines.choose(now);
    edit(corrections, now, typed);
  };
}
