// The short form for a note opens in a dialog; without scripts the same link leads to its page.

const dialog = document.getElementById("capture");
const link = document.querySelector("[data-capture]");
const body = dialog?.querySelector("[data-capture-body]");

async function open() {
  dialog.showModal();
  if (!body.querySelector("form")) await htmx.ajax("GET", link.getAttribute("href"), { target: body, swap: "innerHTML" });
  body.querySelector("textarea")?.focus();
}

if (dialog && link) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) dialog.close();
  });
  document.addEventListener("htmx:load", () => {
    for (const button of body.querySelectorAll("[data-close]")) button.hidden = false;
    if (!body.querySelector("[data-captured]")) return;
    body.replaceChildren();
    dialog.close();
  });
}
