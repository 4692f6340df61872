// Every change that a page makes goes through the API here: one way to send, to be refused and to be told.
//
//   <form data-call="POST /api/v1/meetings" data-go="/meetings/{id}">      a form sends its fields as JSON
//   <button data-call="DELETE /api/v1/tokens/1" data-ask="Really?">        a button sends data-body, if any
//
// data-go: where to go then ({name}: of the answer); data-reload: load the page anew; data-refresh: selector of
// elements that are told "refresh" (htmx: hx-trigger="refresh"); data-then: what is said, else "saved".
// data-revision: sent as If-Match.
// Field names are paths ("participants.0.role"). data-kind of a field: number, list (lines), nullable, json,
// member (of several boxes with one name, a list of the values of those that are ticked).

const words = document.querySelector("template[data-words]")?.dataset ?? {};

export class Problem extends Error {
  constructor(content, status) {
    super(content.detail || words.broken);
    this.status = status;
    this.code = content.code || "broken";
    this.fields = content.fields || [];
    this.problems = content.problems || [];
  }
}

/** Sends one request, with `body` as JSON or `file` as it is; gives {content, etag}. Throws Problem, whose
 *  message is for people. */
export async function call(method, path, { body, file, revision, headers = {} } = {}) {
  const sent = { Accept: "application/json", "X-CSRF-Token": document.body.dataset.csrf, ...headers };
  if (body !== undefined) sent["Content-Type"] = "application/json";
  if (file !== undefined) sent["Content-Type"] = "application/octet-stream";
  if (revision !== undefined && revision !== "") sent["If-Match"] = `"${revision}"`;
  let answer;
  try {
    answer = await fetch(path, { method, headers: sent, body: body === undefined ? file : JSON.stringify(body) });
  } catch {
    throw new Problem({ detail: words.offline, code: "offline" }, 0);
  }
  const isJson = answer.status !== 204 && (answer.headers.get("content-type") || "").includes("json");
  const content = isJson ? await answer.json() : null;
  if (!answer.ok) throw new Problem(content || {}, answer.status);
  return { content, etag: (answer.headers.get("etag") || "").replaceAll('"', "") };
}

/** Says something for a few seconds, to screen readers too. */
export function say(text, kind = "") {
  const toast = document.createElement("div");
  toast.className = `toast ${kind}`;
  toast.textContent = text;
  document.querySelector("[data-toasts]").append(toast);
  setTimeout(() => toast.remove(), kind ? 10000 : 4000);
}

/** Asks before something that cannot be taken back. */
export function ask(question) {
  const dialog = document.createElement("dialog");
  const text = document.createElement("p");
  text.textContent = question;
  text.id = "question";
  dialog.setAttribute("aria-labelledby", "question");
  const form = document.createElement("form");
  form.method = "dialog";
  form.className = "actions";
  for (const [value, label, kind] of [["yes", words.yes, "danger"], ["no", words.no, "secondary"]]) {
    const button = document.createElement("button");
    Object.assign(button, { value, textContent: label, className: kind });
    form.append(button);
  }
  dialog.append(text, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((told) => {
    dialog.addEventListener("close", () => {
      told(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

/** The fields of a form as one JSON value. */
export function fieldsOf(form, submitter) {
  const found = {};
  for (const element of form.elements) {
    if (!element.name || element.disabled || (element.type === "submit" && element !== submitter)) continue;
    if (element.type === "radio" && !element.checked) continue;
    if (element.dataset.kind === "member") gather(found, element);
    else place(found, element.name.split("."), valueOf(element));
  }
  return found;
}

function gather(found, box) {
  const path = box.name.split(".");
  const list = path.reduce((inner, name) => inner?.[name], found) ?? [];
  place(found, path, box.checked ? [...list, box.value] : list);
}

function valueOf(element) {
  const text = element.value;
  if (element.type === "checkbox" && element.dataset.kind === "nullable") return element.checked ? text : null;
  if (element.type === "checkbox") return element.checked;
  switch (element.dataset.kind) {
    case "number": return text === "" ? null : Number(text);
    case "nullable": return text === "" ? null : text;
    case "list": return text.split("\n").map((line) => line.trim()).filter(Boolean);
    case "json": return JSON.parse(text);
    default: return element.multiple ? [...element.selectedOptions].map((one) => one.value) : text;
  }
}

function place(target, [name, ...rest], value) {
  if (["__proto__", "constructor", "prototype"].includes(name)) return;
  if (rest.length === 0) {
    target[name] = value;
    return;
  }
  target[name] ??= /^\d+$/.test(rest[0]) ? [] : {};
  place(target[name], rest, value);
}

/** Says in a form why it was refused. */
export function show(form, problem) {
  const place = form.querySelector("[data-problem]");
  for (const field of problem.fields) {
    const name = field.at.replace(/^body\./, "");
    form.elements?.namedItem(name)?.setAttribute?.("aria-invalid", "true");
  }
  if (!place) {
    say(problem.message, "problem");
    return;
  }
  place.replaceChildren(problem.message);
  for (const line of problem.problems) {
    const item = document.createElement("p");
    item.textContent = line;
    place.append(item);
  }
  if (problem.status === 412) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "small secondary", textContent: words.reload });
    button.addEventListener("click", () => location.reload());
    place.append(" ", button);
  }
  place.hidden = false;
}

function clear(form) {
  form.querySelector?.("[data-problem]")?.setAttribute("hidden", "");
  for (const field of form.querySelectorAll?.("[aria-invalid]") ?? []) field.removeAttribute("aria-invalid");
}

/** Does `work` for a form, which is busy meanwhile; `refused` then says why not. Whether it was done. */
export async function attempt(form, work, refused = show) {
  clear(form);
  form.setAttribute("aria-busy", "true");
  try {
    await work();
    return true;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    refused(form, problem);
    return false;
  } finally {
    form.removeAttribute("aria-busy");
  }
}

/** What follows a change; whether the page is about to be left, when a second click must not send again. */
function follow(element, content) {
  const { go, refresh, reload, then } = element.dataset;
  element.dispatchEvent(new CustomEvent("called", { bubbles: true, detail: content }));
  if (go) location.assign(go.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(content?.[name] ?? "")));
  else if (reload !== undefined) location.reload();
  else if (refresh) for (const one of document.querySelectorAll(refresh)) one.dispatchEvent(new Event("refresh"));
  else say(then || words.saved);
  return Boolean(go) || reload !== undefined;
}

/** Who was signed out meanwhile signs in again, and comes back. */
function signInOrShow(element, problem) {
  if (problem.status === 401 && document.body.dataset.csrf) {
    location.assign(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
  } else show(element, problem);
}

async function send(element, body) {
  const { call: target, revision, ask: question } = element.dataset;
  if (question && !(await ask(question))) return;
  const [method, path] = target.split(" ");
  let leaving = false;
  for (const button of buttonsOf(element)) button.disabled = true;
  await attempt(element, async () => {
    const { content } = await call(method, path, { body, revision });
    leaving = follow(element, content);
  }, signInOrShow);
  for (const button of buttonsOf(element)) button.disabled = leaving;
}

function buttonsOf(element) {
  return element.matches("button") ? [element] : element.querySelectorAll("button[type=submit], button:not([type])");
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-call]");
  if (!form) return;
  event.preventDefault();
  send(form, fieldsOf(form, event.submitter));
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-call]");
  if (button) send(button, button.dataset.body === undefined ? undefined : JSON.parse(button.dataset.body));
});

// The language of a page is the person's own; a browser's back button must not show another person's page.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
