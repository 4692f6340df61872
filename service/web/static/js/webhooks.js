// The signing key of a new webhook is shown this once.
const form = document.querySelector("[data-webhook]");
const made = document.querySelector("[data-made]");
form.addEventListener("called", (event) => {
  made.querySelector("[data-key]").textContent = event.detail.signing_key;
  made.hidden = false;
  form.hidden = true;
});
