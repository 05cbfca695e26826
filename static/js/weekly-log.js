// The weekly log: counts the headline, and keeps one empty line where several serve without scripts.

function keepOneEmpty(formset) {
  const total = formset.querySelector("[name$=-TOTAL_FORMS]");
  const lines = [...formset.querySelectorAll("[data-lines] > [data-line]")];
  const isEmpty = (line) => line.querySelector("textarea").value === "";
  while (lines.length > 1 && isEmpty(lines.at(-1))) {
    lines.pop().remove();
    total.value = Number(total.value) - 1;
  }
}

for (const formset of document.querySelectorAll("form[data-weekly-log] [data-formset]")) keepOneEmpty(formset);

for (const counter of document.querySelectorAll("[data-count]")) {
  const field = document.getElementById(counter.dataset.count);
  const [, rest] = counter.textContent.split(/^\d+/);
  field.addEventListener("input", () => { counter.textContent = field.value.length + rest; });
}
