// The weekly log: counts the headline, keeps one empty line where several serve without scripts, and gives
// drafted lines one key each: Enter keeps, E edits, X leaves out.

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
  field.addEventListener("input", () => { counter.textContent = [...field.value].length + rest; });
}

const isText = (field) => field.matches("textarea, input[type=text], input[type=url]");

function choose(fact, outcome) {
  fact.querySelector(`[type=radio][value=${outcome}]`).click();
  const next = fact.nextElementSibling ?? fact.closest(".field").nextElementSibling;
  next?.querySelector("[type=radio]:checked, textarea, input:not([type=hidden])")?.focus();
}

document.addEventListener("keydown", (event) => {
  const fact = event.target.closest("form[data-weekly-log] [data-fact]");
  if (!fact || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const key = event.key.toLowerCase();
  if (key === "enter" && !event.shiftKey) choose(fact, "keep");
  else if (isText(event.target)) return;
  else if (key === "x") choose(fact, "drop");
  else if (key === "e") fact.querySelector("textarea").focus();
  else return;
  event.preventDefault();
  event.stopPropagation();
});

// Where there is a keyboard, one begins to write at once.
const headline = document.querySelector("form[data-weekly-log] textarea.lead");
if (headline?.value === "" && matchMedia("(hover: hover)").matches && document.activeElement === document.body) headline.focus();
