// Records the microphone. Each second is kept in the browser as it comes, so that a crash of the page loses
// seconds at most; all of it is uploaded at the end, and only then forgotten here.
import { clock, filled } from "/static/js/amounts.js";
import { ask } from "/static/js/calls.js";
import { forget, keep, kept } from "/static/js/kept_chunks.js";
import { levelOf } from "/static/js/level.js";
import { sending } from "/static/js/sending.js";

const PIECE_MS = 1000, SILENT = 0.01, SILENT_S = 10, BITS_PER_S = 48000;
const TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
const room = document.querySelector("[data-recorder]");
const words = document.querySelector("[data-record-words]").dataset;
const meeting = document.querySelector("[data-ways]").dataset.meeting;
const part = (name) => room.querySelector(`[data-${name}]`);
const problem = part("problem");
let now = null;

function tell(text) {
  problem.textContent = text;
  problem.hidden = !text;
}

/** Which of its faces the card shows: idle, live, kept or upload-row. */
function face(shown) {
  for (const name of ["idle", "live", "kept", "upload-row"]) part(name).hidden = name !== shown;
}

part("record").addEventListener("click", async () => {
  tell("");
  part("record").disabled = true;
  try {
    await alone(start);
  } catch (error) {
    const reasons = { NotAllowedError: words.denied, NotFoundError: words.noDevice, elsewhere: words.elsewhere };
    tell(reasons[error.name] ?? words.busy);
    face("idle");
  } finally {
    part("record").disabled = false;
  }
});

/** One tab at a time records a meeting, for as long as `work` takes. */
async function alone(work) {
  await navigator.locks.request(`rapport-recording-${meeting}`, { ifAvailable: true }, (lock) => {
    if (!lock) throw Object.assign(new Error(), { name: "elsewhere" });
    return work();
  });
}

/** Resolves when the recording ended. */
async function start() {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: true, noiseSuppression: true } });
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: BITS_PER_S });
  const [began, since] = [Date.now(), performance.now()];
  now = { recorder, began, since, heard: since, seconds: 0, pieces: [], keeping: [], level: levelOf(stream) };
  recorder.addEventListener("dataavailable", ({ data }) => { if (data.size > 0) take(data, recorder.mimeType); });
  stream.getTracks()[0].addEventListener("ended", () => { tell(words.broke); finish(); });
  recorder.start(PIECE_MS);
  const ticking = setInterval(show, 100);
  const awake = await navigator.wakeLock?.request("screen").catch(() => null);
  face("live");
  say();
  part("finish").focus();
  await new Promise((stopped) => recorder.addEventListener("stop", stopped, { once: true }));
  clearInterval(ticking);
  now.level.close();
  awake?.release();
  for (const track of stream.getTracks()) track.stop();
  await Promise.all(now.keeping);
  const { pieces, dropped } = now;
  now = null;
  if (dropped || pieces.length === 0) {
    await drop();
    return;
  }
  upload(new Blob(pieces, { type: recorder.mimeType }), began);
}

function take(piece, type) {
  const number = now.pieces.push(piece);
  const chunk = { meeting, number, piece, type, at: seconds(), began: now.began };
  now.keeping.push(keep(chunk).catch(() => tell(words.notKept)));
}

const isPaused = () => now.recorder.state === "paused";
const seconds = () => now.seconds + (isPaused() ? 0 : (performance.now() - now.since) / 1000);

function show() {
  const level = isPaused() ? 0 : now.level.now();
  part("clock").textContent = clock(seconds());
  part("level").value = level;
  if (level > SILENT || isPaused()) now.heard = performance.now();
  part("silence").hidden = performance.now() - now.heard < 1000 * SILENT_S;
}

function say() {
  part("live-words").textContent = isPaused() ? words.paused : words.recording;
  part("hold-words").textContent = isPaused() ? words.toResume : words.toHold;
  part("live").classList.toggle("paused", isPaused());
}

part("hold").addEventListener("click", () => {
  if (isPaused()) {
    now.since = performance.now();
    now.recorder.resume();
  } else {
    now.seconds = seconds();
    now.recorder.pause();
  }
  say();
});

function finish() {
  if (now && now.recorder.state !== "inactive") now.recorder.stop();
}
part("finish").addEventListener("click", finish);

async function upload(content, key) {
  face("upload-row");
  part("take-out").hidden = true;
  if (!(await sending(part("upload-row"), content, { meeting, track: "", key }))) {
    await offer();
    tell(part("upload-row").querySelector("[data-problem]").textContent);
    return;
  }
  tell("");
  await forget(meeting).catch(() => null);
  location.reload();
}

/** Shows what an earlier visit left in this browser. */
async function offer() {
  const chunks = await kept(meeting);
  if (chunks.length === 0) return;
  const { at, type, began } = chunks.at(-1);
  part("kept-words").textContent = filled(words.stillKept, { length: clock(at) });
  part("send").onclick = () => upload(new Blob(chunks.map((one) => one.piece), { type }), began);
  face("kept");
}

async function drop() {
  await forget(meeting);
  face("idle");
}

for (const button of room.querySelectorAll("[data-forget]")) {
  button.addEventListener("click", async () => {
    if (!(await ask(words.askForget))) return;
    if (!now) return drop();
    now.dropped = true;
    finish();
  });
}

addEventListener("beforeunload", (event) => { if (now) event.preventDefault(); });

if (!navigator.mediaDevices || !window.MediaRecorder || !navigator.locks) {
  part("record").disabled = true;
  tell(words.unsupported);
} else {
  alone(offer).catch((error) => tell(error.name === "elsewhere" ? words.elsewhere : words.notKept));
}
