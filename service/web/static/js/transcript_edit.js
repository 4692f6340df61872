// Corrections: the words of a line, where it ends, who speaks. Each is one PATCH; the lines follow, then the draft.
import { Problem, call, say } from "./calls.js";
import { startRedraft } from "./redraft.js";
import { refuse } from "./transcript_refusal.js";
import { startSpeakers } from "./transcript_speakers.js";
import { tell } from "./transcript_lines.js";
import { characters } from "./transcript_selection.js";

const main = document.querySelector("main");

class Corrections {
  constructor(root, lines) {
    this.root = root;
    this.lines = lines;
    this.path = `${root.dataset.editable}/transcript`;
    this.form = null;
  }

  /** Sends a correction, closes what it was made in, and loads the lines anew. Throws Problem. */
  async send(body, close) {
    const { etag } = await call("PATCH", this.path, { body, revision: main.dataset.revision });
    main.dataset.revision = etag;
    close();
    await this.load();
    say(document.querySelector("template[data-words]").dataset.saved);
  }

  /** Loads what is there now, and tells the draft. A form that is open stays so, with what was typed. */
  async load() {
    const answer = await fetch(this.root.dataset.part, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer?.ok) throw new Problem({}, answer?.status ?? 0);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-fresh]");
    if (!fresh) { // the minutes were confirmed elsewhere: the page leads there
      location.reload();
      return;
    }
    const typed = this.form?.leave();
    this.root.querySelector("[data-fresh]").replaceWith(document.adoptNode(fresh));
    this.replace(page.querySelector(".turns"));
    if (typed && this.lines.of(typed.turn)) edit(this, this.lines.of(typed.turn), typed);
    main.dataset.revision = fresh.dataset.revision;
    this.onload?.(fresh);
    tell("transcript-changed", { revision: fresh.dataset.revision });
  }

  /** The same where nobody waits for it. */
  refresh() {
    return this.load().catch((problem) => say(problem.message, "problem"));
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

function isSame(old, line) {
  return ["speaker", "start", "end", "voice"].every((name) => old.dataset[name] === line.dataset[name])
    && old.classList.contains("evidence") === line.classList.contains("evidence")
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
    edit(corrections, event.target.closest("[data-turn]"));
  });
  document.addEventListener("rapport:draft-loaded", ({ detail }) => { if (detail.outdated) corrections.refresh(); });
  startSpeakers(root, lines, corrections);
  startRedraft(root, corrections);
}

/** Opens the form in place of the words. `typed`: by `leave`, where it was open before the lines were loaded. */
function edit(corrections, line, typed) {
  const { root, lines } = corrections;
  corrections.form?.leave();
  lines.dim();
  lines.choose(line);
  const said = lines.said(line);
  const before = said.textContent;
  const form = root.querySelector("template[data-form]").content.firstElementChild.cloneNode(true);
  for (const select of form.querySelectorAll("[data-choose]")) {
    select.append(root.querySelector("template[data-people]").content.cloneNode(true));
    select.value = line.dataset.speaker;
  }
  const { text, speaker, rest } = form.elements;
  text.value = typed?.text ?? before;
  speaker.value = typed?.speaker ?? line.dataset.speaker;
  said.hidden = true;
  said.after(form);
  if (typed?.text !== undefined && typed.before !== before) refuse(form, new Problem({ detail: form.querySelector("[data-problem]").dataset.conflict }, 0), corrections);
  if (!typed || typed.focused) {
    text.focus();
    text.setSelectionRange(text.value.length, text.value.length);
    form.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  /** Closes the form; gives what was typed. */
  const leave = () => {
    const focused = form.contains(document.activeElement);
    form.remove();
    corrections.form = null;
    said.hidden = false;
    if (focused) line.querySelector(".at").focus({ preventScroll: true });
    const changed = (field, was) => (field.value === was ? undefined : field.value);
    return { turn: line.dataset.turn, before, focused, text: changed(text, before), speaker: changed(speaker, line.dataset.speaker) };
  };
  const send = async (change) => {
    if (text.value !== before) change.text = text.value;
    if (!Object.keys(change).length) return leave();
    form.setAttribute("aria-busy", "true");
    try {
      await corrections.send({ edits: [{ i: Number(line.dataset.turn), ...change }] }, leave);
    } catch (problem) {
      refuse(form, problem, corrections);
    }
    form.removeAttribute("aria-busy");
  };
  const save = () => send(speaker.value === line.dataset.speaker ? {} : { speaker: speaker.value });
  const split = () => {
    const [first, second] = [text.value.slice(0, text.selectionStart), text.value.slice(text.selectionStart)];
    if (first.trim() && second.trim()) send({ split_at: characters(first), speaker: rest.value });
    else say(form.querySelector("[data-split]").dataset.where, "problem");
  };
  corrections.form = { leave };
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
