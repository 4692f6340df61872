// Keeps the progress of a meeting up to date: told by the server's events, or asking where those do not come.
import "/static/js/calls.js";
import "/static/vendor/htmx.js";

const ASK_MS = 5000;
let events = null;
let asking = null;

const place = () => document.querySelector("#progress");
const refresh = () => place().dispatchEvent(new Event("refresh"));

function follow() {
  const { live, over, events: address } = place().dataset;
  if (over !== undefined && document.visibilityState === "visible") location.assign(over);
  if (live === undefined) stop();
  else if (events === null) listen(address);
}

function listen(address) {
  events = new EventSource(address);
  events.addEventListener("progress", () => { quiet(); refresh(); });
  events.addEventListener("error", () => { asking ??= setInterval(refresh, ASK_MS); });
}

function quiet() {
  clearInterval(asking);
  asking = null;
}

function stop() {
  events?.close();
  events = null;
  quiet();
}

document.addEventListener("htmx:afterSettle", follow);
document.addEventListener("visibilitychange", follow);
// Signed out meanwhile: the page itself leads to signing in, and back.
document.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status === 401) location.reload(); });
follow();
