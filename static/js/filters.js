// Filter forms send themselves, so their buttons go. Empty fields stay out of the address.

const PAUSE = 400;
const waiting = new WeakMap();

function send(form) {
  clearTimeout(waiting.get(form));
  form.requestSubmit();
}

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form && !event.target.matches("[type=search], [type=text]")) send(form);
});

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  // While a Chinese word is being composed the letters are not yet the word.
  if (!form || event.isComposing || !event.target.matches("[type=search], [type=text]")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form), PAUSE));
});

document.addEventListener("formdata", (event) => {
  if (!event.target.matches("[data-autosubmit]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

// The heads of a table sort too: the form says how the address is sorted now.
document.addEventListener("htmx:pushedIntoHistory", () => {
  const sort = document.querySelector("form[data-autosubmit] select[name=sort]");
  if (!sort) return;
  sort.value = new URLSearchParams(location.search).get("sort") ?? "";
  sort.classList.toggle("on", sort.value !== "");
});

function prepare(root) {
  for (const button of root.querySelectorAll("form[data-autosubmit] [type=submit], form[data-autosubmit] button:not([type])")) {
    button.hidden = true;
  }
}

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);

// A search that came from typing keeps the cursor where it was.
const search = document.querySelector("form[data-autosubmit] [data-search]");
if (search?.value) search.setSelectionRange(search.value.length, search.value.length);
if (search && document.referrer.startsWith(location.origin + location.pathname) && search.value) search.focus();
