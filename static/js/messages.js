// Messages can be closed; a failed save takes the focus so that it is read first.

function prepare(root) {
  for (const button of root.querySelectorAll("[data-dismiss]")) button.hidden = false;
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("click", (event) => {
  event.target.closest("[data-dismiss]")?.closest("[data-message]")?.remove();
});
document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
