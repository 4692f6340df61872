// The lines of a transcript: which there are, which is chosen, which is spoken now, which words are lit.

export function tell(name, detail = {}) {
  document.dispatchEvent(new CustomEvent(`rapport:${name}`, { detail }));
}

export class Lines {
  constructor(root) {
    this.list = root.querySelector("[data-turns]");
    this.follow = root.querySelector("[data-follow]");
    this.chosen = this.now = null;
    this.following = true;
    this.index();
  }

  /** Learns the lines that are there: `all` in order, `times` where they begin (seconds), or none. */
  index() {
    this.all = [...this.list.children];
    this.timed = this.all.filter((line) => line.dataset.start !== undefined);
    this.times = this.timed.map((line) => Number(line.dataset.start));
  }

  of(turn) {
    return document.getElementById(`turn-${turn}`);
  }

  said(line) {
    return line.querySelector(".said");
  }

  /** The line that is spoken at that second: the last one that has begun. */
  at(seconds) {
    let low = 0;
    let high = this.times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= seconds) low = middle + 1;
      else high = middle;
    }
    return this.timed[low - 1] ?? null;
  }

  choose(line, { hear = false, focus = false } = {}) {
    if (this.chosen !== line) {
      this.chosen?.classList.remove("chosen");
      this.chosen?.querySelector(".at").setAttribute("tabindex", "-1");
      this.list.querySelector('.at[tabindex="0"]')?.setAttribute("tabindex", "-1");
      line.classList.add("chosen");
      line.querySelector(".at").setAttribute("tabindex", "0");
      this.chosen = line;
      this.onchoose?.(line);
    }
    if (focus) line.querySelector(".at").focus({ preventScroll: true });
    if (!hear) return;
    tell("turn-chosen", { turn: Number(line.dataset.turn) });
    this.hear(line);
  }

  hear(line, share = 0) {
    if (line.dataset.start === undefined) return;
    const [start, end] = [Number(line.dataset.start), Number(line.dataset.end)];
    this.pursue(true);
    tell("play", { from: start + Math.max(0, end - start) * share });
  }

  /** Scrolls so that the line is in the middle of what is seen; "nearest": only if it is not seen. */
  bring(line, block = "center") {
    // After the handler: what it changed is laid out once.
    requestAnimationFrame(() => line.scrollIntoView({ block, behavior: "instant" }));
  }

  pursue(following) {
    this.following = following;
    if (this.follow) this.follow.hidden = following || !this.now;
  }

  /** Marks the words; all of the line where they are not in it. Gives the share of the line before them. */
  light(line, quote) {
    this.dim();
    line.classList.add("lit");
    const said = this.said(line);
    const at = quote && said?.firstChild ? said.textContent.indexOf(quote) : -1;
    if (at < 0) return 0;
    const range = document.createRange();
    range.setStart(said.firstChild, at);
    range.setEnd(said.firstChild, at + quote.length);
    range.surroundContents(document.createElement("mark"));
    return at / said.textContent.length;
  }

  dim() {
    for (const line of this.list.querySelectorAll(".lit")) line.classList.remove("lit");
    for (const mark of this.list.querySelectorAll("mark")) {
      const said = mark.parentElement;
      said.textContent = said.textContent;
    }
  }

  move(seconds) {
    const line = this.at(seconds);
    if (line === this.now) return;
    this.now?.classList.remove("now");
    line?.classList.add("now");
    this.now = line;
    if (line && this.following) this.bring(line, "nearest");
  }
}
