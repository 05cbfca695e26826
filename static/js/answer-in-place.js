// Answers open where they are asked: the form of the answer's own page, below the item. Where that page cannot be
// fetched, the link leads to it as it does without scripts.

let opened = 0;

document.addEventListener("click", (event) => {
  const link = event.target.closest(".sh a[href^='answer/']");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const form = link.nextElementSibling?.matches("form") ? link.nextElementSibling : null;
  form ? show(link, form) : fetchForm(link).then((found) => show(link, found), () => location.assign(link.href));
});

async function fetchForm(link) {
  if (link.ariaBusy === "true") return new Promise(() => {});
  link.ariaBusy = "true";
  const answer = await fetch(link.href);
  const form = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".sh-answer form");
  if (!answer.ok || !form) throw new Error("no form");
  return placed(link, form);
}

function placed(link, form) {
  form.action = link.href;
  form.setAttribute("aria-labelledby", link.getAttribute("aria-describedby") ?? "");
  makeNamesUnique(form, `in-place-${++opened}-`);
  link.after(form);
  const back = form.querySelector("a.quiet");
  // The address is relative to the form's own page.
  back.href = new URL(back.getAttribute("href"), link.href);
  back.addEventListener("click", (event) => {
    event.preventDefault();
    close(link, form);
  });
  form.addEventListener("keydown", (event) => event.key === "Escape" && close(link, form));
  return form;
}

// Several forms may stand open beside each other, and nothing typed goes when another one opens.
function makeNamesUnique(form, prefix) {
  for (const attribute of ["id", "for", "aria-describedby"]) {
    for (const element of form.querySelectorAll(`[${attribute}]`)) {
      const names = element.getAttribute(attribute).split(" ").filter(Boolean);
      element.setAttribute(attribute, names.map((name) => prefix + name).join(" "));
    }
  }
}

function show(link, form) {
  link.ariaBusy = null;
  link.hidden = true;
  form.hidden = false;
  form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
}

function close(link, form) {
  form.hidden = true;
  link.hidden = false;
  link.focus();
}
