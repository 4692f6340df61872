// Thanks after an answer by link: the link is used up, so the page cannot be loaded anew.
const thanks = document.querySelector("[data-thanks]");
document.querySelector("[data-answer]")?.addEventListener("called", (event) => {
  event.currentTarget.remove();
  document.querySelector("[data-waits]").remove();
  thanks.hidden = false;
  thanks.focus();
});
