// Shows the wording of the consent as people will see it while it is written; without one, the one that ships.
for (const preview of document.querySelectorAll("[data-preview-of]")) {
  const field = document.getElementById(preview.dataset.previewOf);
  field.addEventListener("input", () => { preview.textContent = field.value.trim() || preview.dataset.shipped; });
}
