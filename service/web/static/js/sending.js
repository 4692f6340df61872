// One upload (tus): it goes on after a broken line, a reload and a restart. The browser keeps ids only.
import { amount, duration, filled, percent } from "/static/js/amounts.js";
import { Upload } from "/static/vendor/tus.js";

const CHUNK_BYTES = 8 * 1024 * 1024;
const RETRIES_MS = [0, 1000, 3000, 5000, 10000];
const words = document.querySelector("[data-upload-words]").dataset;
const running = new Set();

/** Sends `content` (File or Blob) and keeps `row` (meetings/sending.html) up to date. `track`: whose voice it is,
 *  "": everybody's. `key`: tells this content apart from others of the meeting, without words of anybody.
 *  Resolves to true once all is there, to false when it was refused; it can be paused and go on meanwhile. */
export function sending(row, content, { meeting, track, key }) {
  const part = (name) => row.querySelector(`[data-${name}]`);
  const bar = row.querySelector("progress");
  const began = { at: 0, sent: 0 };
  let share = 0;

  const controls = ({ pause = false, resume = false, out = false }) => {
    part("pause").hidden = !pause;
    part("resume").hidden = !resume;
    part("take-out").hidden = !out;
  };
  const tell = (text) => { part("told").textContent = text; };

  return new Promise((ended) => {
    const upload = new Upload(content, {
      endpoint: "/api/v1/uploads",
      headers: { "X-CSRF-Token": document.body.dataset.csrf, Accept: "application/json" },
      metadata: track ? { meeting, track } : { meeting },
      chunkSize: CHUNK_BYTES,
      retryDelays: RETRIES_MS,
      removeFingerprintOnSuccess: true,
      fingerprint: async () => `rapport-${meeting}-${track}-${content.size}-${key}`,
      onShouldRetry: (error) => isPassing(error),
      onProgress: (sent, all) => {
        const now = performance.now() / 1000;
        if (!began.at) Object.assign(began, { at: now, sent });
        share = all ? sent / all : 0;
        bar.value = share;
        const rate = (sent - began.sent) / (now - began.at);
        if (rate > 0) tell(filled(words.told, { share: percent(share), rate: amount(rate), left: duration((all - sent) / rate) }));
      },
      onSuccess: () => { bar.value = 1; end(true, words.done); },
      onError: (error) => {
        if (isPassing(error)) { // the line is gone: this waits for the person
          stop(words.offline);
          return;
        }
        part("problem").textContent = reasonOf(error);
        part("problem").hidden = false;
        end(false, "");
      },
    });

    const end = (whole, text) => {
      running.delete(upload);
      tell(text);
      controls({ out: !whole });
      ended(whole);
    };
    const stop = (text) => {
      running.delete(upload);
      tell(text);
      controls({ resume: true });
    };
    const start = () => {
      running.add(upload);
      began.at = 0;
      part("problem").hidden = true;
      controls({ pause: true });
      tell(words.connecting);
      upload.start();
    };
    part("pause").onclick = async () => {
      await upload.abort();
      stop(filled(words.paused, { share: percent(share) }));
      part("resume").focus();
    };
    part("resume").onclick = () => { start(); part("pause").focus(); };

    part("sending").hidden = false;
    upload.findPreviousUploads().then((known) => {
      const newest = known.sort((a, b) => Date.parse(a.creationTime) - Date.parse(b.creationTime)).at(-1);
      if (newest) upload.resumeFromPreviousUpload(newest);
      start();
    });
  });
}

/** Whether it may work the next time: no answer, a broken server, or another request that was quicker. */
function isPassing(error) {
  const answer = error.originalResponse;
  const status = answer?.getStatus() ?? 0;
  return status === 0 || status >= 500 || status === 429 || problemOf(answer).code === "offset_moved";
}

const reasonOf = (error) => problemOf(error.originalResponse).detail ?? words.offline;

function problemOf(answer) {
  try {
    return JSON.parse(answer.getBody());
  } catch {
    return {};
  }
}

addEventListener("beforeunload", (event) => { if (running.size > 0) event.preventDefault(); });
