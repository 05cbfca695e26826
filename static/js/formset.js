// "Add line" for formsets: clones the empty line and counts it. Without scripts the extra lines serve.

function add(formset) {
  const total = formset.querySelector("[name$=-TOTAL_FORMS]");
  const markup = formset.querySelector("[data-empty-line]").innerHTML.replaceAll("__prefix__", total.value);
  const lines = formset.querySelector("[data-lines]");
  lines.insertAdjacentHTML("beforeend", markup);
  total.value = Number(total.value) + 1;
  return lines.lastElementChild;
}

const textOf = (line) => line.querySelector("textarea, input:not([type=hidden])");

function addAndFocus(formset) {
  const empty = [...formset.querySelectorAll("[data-line]")].find((line) => textOf(line)?.value === "" && !line.hidden);
  textOf(empty ?? add(formset))?.focus();
}

document.addEventListener("click", (event) => {
  const formset = event.target.closest("[data-add-line]")?.closest("[data-formset]");
  if (formset) addAndFocus(formset);
});

document.addEventListener("formset:add", (event) => add(event.target));

// The weekly log is written without leaving the keyboard.
document.addEventListener("keydown", (event) => {
  const form = event.target.closest("form[data-weekly-log]");
  // Enter also ends the composition of a Chinese word; that is not a new line.
  if (!form || event.key !== "Enter" || event.isComposing) return;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    [...form.elements].find((button) => button.matches("[data-publish]"))?.click();
  } else if (!event.shiftKey && event.target.closest("[data-line]")) {
    event.preventDefault();
    addAndFocus(event.target.closest("[data-formset]"));
  }
});

function prepare(root) {
  for (const button of root.querySelectorAll("[data-add-line]")) button.hidden = false;
}

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
