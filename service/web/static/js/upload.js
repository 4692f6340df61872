// Files of a talk: chosen or dropped, each with who speaks in it, sent one after the other.
import { amount, filled } from "/static/js/amounts.js";
import { ask, call, Problem, show } from "/static/js/calls.js";
import { sending } from "/static/js/sending.js";

const room = document.querySelector("[data-upload]");
const words = document.querySelector("[data-upload-words]").dataset;
const meeting = document.querySelector("[data-ways]").dataset.meeting;
const list = room.querySelector("[data-files]");
const begin = room.querySelector("[data-start]");
const drop = room.querySelector("[data-drop]");
const chosen = room.querySelector("[data-choose-files]");
const problem = room.querySelector("[data-problem]:not([data-files] *)");
const files = new Map(); // row -> file that is still to be sent
const sent = new Set();

chosen.addEventListener("change", () => {
  add(chosen.files);
  chosen.value = "";
});
for (const name of ["dragenter", "dragover"]) {
  drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
}
for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
drop.addEventListener("drop", (event) => { event.preventDefault(); add(event.dataTransfer.files); });
// A file that misses its place would be opened by the browser, in place of this page.
for (const name of ["dragover", "drop"]) document.addEventListener(name, (event) => event.preventDefault());

function add(found) {
  problem.hidden = true;
  for (const file of found) {
    const row = room.querySelector("[data-file-row]").content.cloneNode(true).firstElementChild;
    row.querySelector("[data-name]").textContent = file.name;
    row.querySelector("[data-size]").textContent = amount(file.size);
    row.querySelector("[data-take-out]").addEventListener("click", () => { row.remove(); files.delete(row); settle(); });
    list.append(row);
    files.set(row, file);
  }
  settle();
  if (!begin.hidden) begin.focus();
}

const trackOf = (row) => row.querySelector("[data-track]").value;

/** One file is everybody's; where there are several, or a voice is here already, each is one that is left. */
function settle() {
  const several = files.size + sent.size > 1 || list.querySelector("[data-track] option:disabled");
  for (const [row, file] of files) {
    const track = unfinishedOf(file)?.dataset.track || (several && leftFor(row)) || "";
    if (!trackOf(row)) row.querySelector("[data-track]").value = track;
  }
  begin.hidden = files.size === 0;
}

/** The notice of an upload that this file seems to go on with. */
const unfinishedOf = (file) => room.querySelector(`[data-unfinished][data-size="${file.size}"]`);

function leftFor(row) {
  const taken = new Set([...sent, ...[...files.keys()].map(trackOf)]);
  return [...row.querySelectorAll("[data-track] option:not(:disabled)")].map((one) => one.value).find((one) => !taken.has(one));
}

begin.addEventListener("click", async () => {
  const refused = refusal();
  problem.hidden = !refused;
  if (refused) {
    problem.textContent = refused;
    return;
  }
  begin.hidden = true;
  for (const [row, file] of [...files]) {
    if (!files.has(row)) continue; // taken out while others were sent
    const track = trackOf(row);
    row.querySelector("[data-track]").disabled = true;
    if (!(await sending(row, file, { meeting, track, key: file.lastModified }))) continue;
    files.delete(row);
    sent.add(track);
  }
  if (files.size === 0) location.reload();
});

/** Why this cannot be sent, before a byte of it is; "": it can. */
function refusal() {
  const { most, room: left } = room.dataset;
  const tooBig = [...files.values()].find((file) => file.size > Number(most));
  if (tooBig) return filled(words.tooBig, { size: amount(tooBig.size), most: amount(Number(most)) });
  const all = [...files.values()].reduce((sum, file) => sum + (unfinishedOf(file) ? 0 : file.size), 0);
  if (all > Number(left)) return filled(words.noRoom, { room: amount(Math.max(0, Number(left))) });
  const tracks = [...sent, ...[...files.keys()].map(trackOf)];
  const clear = tracks.length < 2 || (new Set(tracks).size === tracks.length && tracks.every(Boolean));
  return clear ? "" : words.sameVoice;
}

room.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-discard]");
  if (!button || !(await ask(button.dataset.question))) return;
  try {
    await call("DELETE", `/api/v1/uploads/${button.dataset.discard}`, { headers: { "Tus-Resumable": "1.0.0" } });
    location.reload();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    show(button, problem);
  }
});
