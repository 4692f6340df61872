// Everything about oneself: the encrypted archive is saved as a file, its password shown once.
import "/static/js/shown_once.js";

document.addEventListener("called", (event) => {
  if (event.target.dataset.archive === undefined) return;
  const bytes = Uint8Array.from(atob(event.detail.content), (one) => one.charCodeAt(0));
  const address = URL.createObjectURL(new Blob([bytes], { type: "application/zip" }));
  const link = Object.assign(document.createElement("a"), { href: address, download: event.detail.file_name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
});
