// Prints the page; what is left out of it then, its style sheet says.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});
