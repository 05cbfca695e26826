// Text typed into a form with data-draft="key" stays on this device until it is saved: through a crash,
// a lost connection or an expired sign-in. Keys carry the person, so that two people at one computer
// never read each other's words.

const PAUSE = 400;
const person = document.body.dataset.user;
const prefix = `draft:${person}:`;
const keyOf = (form) => prefix + form.dataset.draft;
const waiting = new WeakMap();

function fieldsOf(form) {
  return [...form.elements].filter((field) => field.name && field.name !== "csrfmiddlewaretoken"
    && !["hidden", "password", "file", "submit", "button"].includes(field.type));
}

function valuesOf(form) {
  return fieldsOf(form).map((field) => {
    const value = ["checkbox", "radio"].includes(field.type) ? field.checked : field.value;
    return [field.name, field.type === "radio" ? field.value : "", value];
  });
}

function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store must not stop anybody from writing.
  }
}

function stopWaiting(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

function keep(form, sent = false) {
  stopWaiting(form);
  write(keyOf(form), { values: valuesOf(form), sent });
}

function findField(form, [name, choice]) {
  return fieldsOf(form).find((field) => field.name === name && (field.type !== "radio" || field.value === choice));
}

function addMissingLines(form, values) {
  for (const [name] of values) {
    const match = /^(.+)-(\d+)-/.exec(name);
    const formset = match && form.querySelector(`[data-formset="${CSS.escape(match[1])}"]`);
    const total = formset?.querySelector("[name$=-TOTAL_FORMS]");
    while (total && Number(total.value) <= Number(match[2])) {
      const before = total.value;
      formset.dispatchEvent(new CustomEvent("formset:add", { bubbles: true }));
      if (total.value === before) break;
    }
  }
}

function put(form, values) {
  addMissingLines(form, values);
  for (const entry of values) {
    const field = findField(form, entry);
    if (!field) continue;
    if (["checkbox", "radio"].includes(field.type)) field.checked = entry[2];
    else field.value = entry[2];
  }
  form.dispatchEvent(new Event("draft:restored", { bubbles: true }));
}

function differs(form, values) {
  return values.some((entry) => {
    const field = findField(form, entry);
    if (!field) return entry[2] !== "" && entry[2] !== false;
    return (["checkbox", "radio"].includes(field.type) ? field.checked : field.value) !== entry[2];
  });
}

function announce(form, original) {
  const notice = document.getElementById("draft-notice").content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    put(form, original);
    localStorage.removeItem(keyOf(form));
    notice.remove();
  });
  form.prepend(notice);
}

function restore(form) {
  const draft = read(keyOf(form));
  if (!draft || !differs(form, draft.values)) return;
  const original = valuesOf(form);
  put(form, draft.values);
  // After a failed save the page itself says what is wrong; a second notice would only be in the way.
  if (!form.querySelector("[data-focus]")) announce(form, original);
}

function allKeys() {
  return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
}

function eraseAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) stopWaiting(form);
  for (const key of allKeys()) localStorage.removeItem(key);
}

// Only the page right after a save tells whether it went well: with a success message the words are safe
// with the server; without one, be it an error or a sign-in page, they stay a draft.
function settleSent() {
  const saved = document.querySelector("[data-message=success]") !== null;
  for (const key of allKeys()) {
    const draft = read(key);
    if (!draft?.sent) continue;
    if (saved) localStorage.removeItem(key);
    else write(key, { ...draft, sent: false });
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  stopWaiting(form);
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-draft]")) keep(form, true);
  if (form.matches("[data-erases-drafts]")) eraseAll();
});

// Signing out asks only when there is something to lose. The window hears of it before confirm.js does.
window.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.matches("[data-erases-drafts]")) return;
  if (allKeys().length > 0) {
    form.dataset.confirm = form.dataset.question;
    form.dataset.confirmAction = form.dataset.action;
  } else delete form.dataset.confirm;
}, { capture: true });

document.addEventListener("htmx:afterRequest", (event) => {
  // By now the answer may have replaced the form: the event then begins at what is left around it.
  const form = event.detail.requestConfig.elt.closest("form[data-draft]");
  if (!form || !event.detail.successful) return;
  // An expired sign-in answers with the sign-in page: successful, but nothing was saved.
  const answered = new URL(event.detail.xhr.responseURL || location.href).pathname;
  const asked = new URL(event.detail.pathInfo.requestPath, location.href).pathname;
  if (answered === asked) localStorage.removeItem(keyOf(form));
});

// What was typed within the pause would be lost with the page.
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) if (waiting.has(form)) keep(form);
});

if (person) {
  settleSent();
  for (const form of document.querySelectorAll("form[data-draft]")) restore(form);
  // A form that comes later, such as the note in its dialog. What the page had is the same by now.
  document.addEventListener("htmx:load", (event) => {
    const forms = [event.target, ...event.target.querySelectorAll("form[data-draft]")];
    for (const form of forms) if (form.matches("form[data-draft]")) restore(form);
  });
}
