// Forms with data-confirm ask before they act. Listens before htmx does, so that both kinds of form wait.

const dialog = document.getElementById("confirm");
const agreed = new WeakSet();

function ask(form, submitter) {
  const yes = dialog.querySelector("[value=yes]");
  dialog.querySelector("p").textContent = form.dataset.confirm;
  yes.textContent = form.dataset.confirmAction || yes.dataset.default;
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    agreed.add(form);
    form.requestSubmit(submitter);
  }, { once: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm || agreed.delete(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, event.submitter);
}, { capture: true });
