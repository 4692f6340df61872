// Words that somebody selects, or a whole line, offered as a new item: rapport:selected {quotes: [{turn, start, end, text}]}.
import { tell } from "./transcript_lines.js";

const MOST = 6;

/** Characters as the service counts them: a pair of code units is one. */
export function characters(text) {
  return [...text].length;
}

export function startSelection(root, lines) {
  const button = root.querySelector("[data-add-selected]");
  let waiting;

  function offer() {
    const range = selected(lines);
    button.hidden = range === null;
    if (range === null) return;
    const box = range.getBoundingClientRect();
    button.style.insetInlineStart = `${Math.max(8, Math.min(box.left, innerWidth - 200))}px`;
    button.style.insetBlockStart = `${Math.min(innerHeight - 56, box.bottom + 8)}px`;
  }

  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(offer, 120);
  });
  document.addEventListener("scroll", () => { if (!button.hidden) button.hidden = true; }, { passive: true, capture: true });
  // A press would end the selection before the click comes.
  button.addEventListener("pointerdown", (event) => event.preventDefault());
  button.addEventListener("click", () => add(lines, selected(lines)));
  lines.list.addEventListener("click", (event) => {
    if (event.target.closest("[data-add]")) add(lines, selected(lines) ?? whole(lines, event.target.closest("[data-turn]")));
  });
}

function add(lines, range) {
  if (range === null) return;
  const quotes = quotesIn(lines, range);
  getSelection().removeAllRanges();
  if (quotes.length) tell("selected", { quotes });
}

function selected(lines) {
  const selection = getSelection();
  if (selection.isCollapsed || !selection.rangeCount) return null;
  const range = selection.getRangeAt(0);
  return lines.list.contains(range.commonAncestorContainer) && !inField(range) ? range : null;
}

function inField(range) {
  const node = range.commonAncestorContainer;
  return Boolean((node.closest ? node : node.parentElement).closest("form"));
}

function whole(lines, line) {
  const range = document.createRange();
  range.selectNodeContents(lines.said(line));
  return range;
}

/** Its words line by line. */
function quotesIn(lines, range) {
  const found = [];
  for (let line = lineOf(range.startContainer) ?? lines.all[0]; line && found.length < MOST; line = line.nextElementSibling) {
    const said = lines.said(line);
    if (!said) continue;
    if (!range.intersectsNode(said)) {
      if (range.comparePoint(said, 0) > 0) break;
      continue;
    }
    const quote = quoteOf(line, said, range);
    if (quote) found.push(quote);
  }
  return found;
}

function lineOf(node) {
  return (node.closest ? node : node.parentElement).closest("[data-turn]");
}

function quoteOf(line, said, range) {
  const text = said.textContent;
  let from = said.contains(range.startContainer) ? offset(said, range.startContainer, range.startOffset) : 0;
  let to = said.contains(range.endContainer) ? offset(said, range.endContainer, range.endOffset) : text.length;
  while (from < to && /\s/.test(text[from])) from += 1;
  while (to > from && /\s/.test(text[to - 1])) to -= 1;
  if (from === to) return null;
  const start = characters(text.slice(0, from));
  const words = text.slice(from, to);
  return { turn: Number(line.dataset.turn), start, end: start + characters(words), text: words };
}

function offset(said, node, at) {
  const before = document.createRange();
  before.selectNodeContents(said);
  before.setEnd(node, at);
  return before.toString().length;
}
