// The recording: played from where a line or a piece of evidence says, drawn where the service measured it.
//   rapport:play {from}, rapport:toggle     from transcript and draft
//   rapport:time {seconds}                  to the transcript
// Separate tracks play together; the first one is the clock.
const root = document.querySelector("[data-player]");
const APART_S = 0.15;

function tell(name, detail) {
  document.dispatchEvent(new CustomEvent(`rapport:${name}`, { detail }));
}

class Player {
  constructor(root) {
    this.root = root;
    this.tracks = [...root.querySelectorAll("audio")];
    this.clock = this.tracks[0];
    this.duration = Number(root.dataset.duration);
    this.seek = root.querySelector("[data-seek]");
    this.second = -1;
    this.clock.addEventListener("timeupdate", () => this.step());
    this.clock.addEventListener("durationchange", () => this.measure(this.clock.duration));
    for (const kind of ["play", "pause", "ended"]) this.clock.addEventListener(kind, () => this.turn());
    for (const track of this.tracks) track.addEventListener("error", () => this.fail());
    this.show(0);
  }

  /** The file knows better how long it is, where it knows. */
  measure(seconds) {
    if (!Number.isFinite(seconds) || seconds <= 0) return;
    this.duration = Math.max(seconds, this.duration);
    this.seek.max = this.duration;
  }

  play(from) {
    if (from !== undefined) this.go(from);
    for (const track of this.tracks) track.play().catch((error) => { if (error.name === "NotSupportedError") this.fail(); });
  }

  pause() {
    for (const track of this.tracks) track.pause();
  }

  toggle() {
    if (this.clock.paused) this.play();
    else this.pause();
  }

  go(seconds) {
    const to = Math.max(0, Math.min(seconds, this.duration));
    for (const track of this.tracks) track.currentTime = to;
    this.show(to);
    tell("time", { seconds: to });
  }

  step() {
    const seconds = this.clock.currentTime;
    for (const track of this.tracks.slice(1)) {
      if (!track.ended && Math.abs(track.currentTime - seconds) > APART_S) track.currentTime = seconds;
    }
    this.show(seconds);
    tell("time", { seconds });
  }

  turn() {
    const isPlaying = !this.clock.paused && !this.clock.ended;
    if (!isPlaying) this.pause();
    const { play, pause } = this.root.dataset;
    this.root.querySelector("[data-toggle]").setAttribute("aria-label", isPlaying ? pause : play);
    this.root.querySelector("[data-when=playing]").hidden = !isPlaying;
    this.root.querySelector("[data-when=paused]").hidden = isPlaying;
  }

  show(seconds) {
    this.seek.value = seconds;
    const x = this.duration ? (1000 * seconds) / this.duration : 0;
    this.root.querySelector("[data-heard]").setAttribute("width", x.toFixed(1));
    this.root.querySelector("[data-cursor]").setAttribute("x", Math.min(x, 998).toFixed(1));
    if (Math.floor(seconds) === this.second) return;
    this.second = Math.floor(seconds);
    const at = time(seconds);
    this.root.querySelector("[data-at]").textContent = at;
    this.seek.setAttribute("aria-valuetext", this.root.dataset.place.replace("{at}", at).replace("{of}", time(this.duration)));
  }

  fail() {
    this.root.querySelector("[data-unplayable]").hidden = false;
  }

  /** One voice alone, or everybody for "". */
  hear(voice) {
    for (const track of this.tracks) track.muted = Boolean(voice) && track.dataset.track !== voice;
  }
}

function time(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, String(Math.floor(seconds % 60)).padStart(2, "0")];
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}

/** Peaks above and below the middle, one row a track. */
function outline(tracks) {
  const height = 100 / tracks.length;
  return tracks.map(({ peaks }, row) => {
    const middle = height * (row + 0.5);
    const point = (peak, n, side) => `${((1000 * (n + 0.5)) / peaks.length).toFixed(1)} ${(middle - side * Math.max(0.02, peak) * height * 0.48).toFixed(1)}`;
    const above = peaks.map((peak, n) => point(peak, n, 1));
    const below = peaks.map((peak, n) => point(peak, n, -1)).reverse();
    return peaks.length ? `M0 ${middle}L${above.join("L")}L1000 ${middle}L${below.join("L")}Z` : "";
  }).join("");
}

async function draw(player) {
  const answer = await fetch(root.dataset.waveform);
  if (!answer.ok) return;
  const { duration_s: duration, tracks } = await answer.json();
  player.measure(duration);
  for (const path of root.querySelectorAll("[data-wave]")) path.setAttribute("d", outline(tracks));
  root.querySelector(".wave").classList.add("drawn");
  mark(player);
}

/** Where the lines are that an item of the draft rests on. */
function mark(player) {
  const place = root.querySelector("[data-marks]");
  const lines = player.duration ? document.querySelectorAll("[data-turn].evidence[data-start]") : [];
  place.replaceChildren(...[...lines].map(({ dataset: { start, end } }) => {
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    const x = (1000 * start) / player.duration;
    const sizes = { x, y: 0, height: 100, width: Math.max(3, (1000 * (end - start)) / player.duration) };
    for (const [name, value] of Object.entries(sizes)) box.setAttribute(name, value);
    return box;
  }));
}

function isTyping(target) {
  return target.closest("input:not([data-seek]), select, textarea, button, a, summary, dialog, [contenteditable]") !== null;
}

function start() {
  const player = new Player(root);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if ("toggle" in button.dataset) player.toggle();
    else if (button.dataset.skip) player.go(player.clock.currentTime + Number(button.dataset.skip));
  });
  player.seek.addEventListener("input", () => player.go(Number(player.seek.value)));
  player.seek.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -5, ArrowDown: -5, ArrowRight: 5, ArrowUp: 5, PageDown: -60, PageUp: 60 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    player.go(player.clock.currentTime + step);
  });
  root.querySelector("[data-speed]").addEventListener("change", (event) => {
    for (const track of player.tracks) track.playbackRate = track.defaultPlaybackRate = Number(event.target.value);
  });
  root.querySelector("[data-hear]")?.addEventListener("change", (event) => player.hear(event.target.value));
  document.addEventListener("keydown", (event) => {
    if (event.key !== " " || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    player.toggle();
  });
  document.addEventListener("rapport:play", ({ detail }) => player.play(detail.from));
  document.addEventListener("rapport:toggle", () => player.toggle());
  document.addEventListener("rapport:transcript-changed", () => mark(player));
  mark(player);
  if (root.dataset.waveform) draw(player);
}

if (root) start();
