// The transcript: choose a line, hear it, keep in step with the recording, show the words that an item rests on.
// It tells, and is told, by events on the document:
//   rapport:show-turn {turn, quote, play}   light up these words, scroll there, play from there
//   rapport:turn-chosen {turn}              somebody chose a line
//   rapport:play {from}, rapport:toggle     to the player: seconds
//   rapport:time {seconds}                  from the player
// A line is `li[data-turn]`; one listener for all of them, for there are thousands.
import { startCorrections } from "./transcript_edit.js";
import { Lines, tell } from "./transcript_lines.js";
import { startSearch } from "./transcript_search.js";
import { startSelection } from "./transcript_selection.js";

const root = document.querySelector("[data-transcript]");

function keys(lines, event) {
  const button = event.target.closest(".at");
  if (!button) return;
  const at = lines.all.indexOf(button.closest("[data-turn]"));
  if (event.key.startsWith("Page")) lines.pursue(false);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.all.length - 1 }[event.key];
  if (event.key === " " && button.closest(".now")) tell("toggle"); // another line is played by its button
  else if (to === undefined) return;
  else if (lines.all[to]) {
    lines.choose(lines.all[to], { focus: true });
    lines.all[to].scrollIntoView({ block: "nearest" });
  }
  event.preventDefault();
  event.stopPropagation();
}

function start() {
  const lines = new Lines(root);
  lines.list.addEventListener("click", (event) => {
    const line = event.target.closest("[data-turn]");
    if (!line || event.target.closest(".tools, form") || !getSelection().isCollapsed) return;
    lines.choose(line, { hear: true });
  });
  lines.list.addEventListener("keydown", (event) => keys(lines, event));
  // Who scrolls the lines wants to look elsewhere; a press on what scrolls, and not in it, is one on its bar.
  for (const kind of ["wheel", "touchmove", "pointerdown"]) {
    root.parentElement.addEventListener(kind, ({ type, target, currentTarget }) => {
      if (lines.now && (type !== "pointerdown" || target === currentTarget)) lines.pursue(false);
    }, { passive: true });
  }
  lines.follow?.addEventListener("click", () => {
    lines.pursue(true);
    if (lines.now) lines.bring(lines.now);
  });
  document.addEventListener("rapport:time", ({ detail }) => lines.move(detail.seconds));
  document.addEventListener("rapport:show-turn", ({ detail }) => {
    const line = lines.of(detail.turn);
    if (!line) return;
    const share = lines.light(line, detail.quote);
    lines.choose(line);
    lines.bring(line);
    if (detail.play) lines.hear(line, share);
  });
  // On a narrow screen the lines are not seen while the draft is.
  document.addEventListener("click", (event) => {
    const line = event.target.closest("[data-pane-choice=talk]") && (lines.list.querySelector(".lit") ?? lines.now);
    if (line) lines.bring(line);
  });
  const wanted = lines.of(location.hash.replace("#turn-", ""));
  if (wanted) {
    lines.light(wanted);
    lines.choose(wanted);
    lines.bring(wanted);
  }
  startSearch(root, lines);
  if (root.dataset.editable) {
    startCorrections(root, lines);
    startSelection(root, lines);
  }
}

if (root) start();
