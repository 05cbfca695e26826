// Text typed into a form with data-draft="key" stays on this device until it is saved: through a crash,
// a lost connection or an expired sign-in. Keys carry the person, so that two people at one computer
// never read each other's words.

import { erase, formOf, keyOf, keys, noteStored, person, read, sendKept, write } from "./device.js";
import { basisOf, differs, put, putBasis, valuesOf } from "./form-values.js";
import { forget, keepSoon, offer, stopKeeping } from "./kept-texts.js";

const PAUSE = 400;
const STORED_IS_KEPT = 60_000;
const waiting = new WeakMap();

// A form that saves itself can be sent from any page, with what it would have sent itself.
function letterOf(form) {
  if (!form.dataset.autosave) return {};
  const body = new URLSearchParams(new FormData(form));
  body.delete("csrfmiddlewaretoken");
  body.set("turn", Number(form.elements.turn.value) + 1);
  return { to: form.dataset.autosave, body: body.toString() };
}

function stopWaiting(form) {
  clearTimeout(waiting.get(form));
  waiting.delete(form);
}

function keep(form, sent = false) {
  stopWaiting(form);
  write(keyOf(form), { values: valuesOf(form), basis: basisOf(form), sent, ...letterOf(form) });
}

function announce(form, original, basis) {
  const notice = document.getElementById("draft-notice").content.firstElementChild.cloneNode(true);
  notice.querySelector("[data-draft-discard]").addEventListener("click", () => {
    put(form, original);
    putBasis(form, basis);
    erase(keyOf(form));
    forget(form.dataset.draft);
    notice.remove();
  });
  form.prepend(notice);
}

// A page that was made before the last save arrived, such as one reloaded at that moment, is older than the text.
const isOlder = (seen, than) => seen.localeCompare(than, "en", { numeric: true }) < 0;

function restore(form) {
  const draft = read(keyOf(form));
  if (draft?.stored && !isOlder(form.elements.seen.value, draft.basis.seen)) return erase(keyOf(form));
  if (!draft || !differs(form, draft.values)) return;
  const [original, basis] = [valuesOf(form), basisOf(form)];
  // After a failed save the page itself says what is wrong; a second notice would only be in the way.
  if (!document.querySelector("main [data-focus]")) {
    announce(form, original, basis);
    putBasis(form, draft.basis);
  }
  put(form, draft.values);
}

function eraseAll() {
  for (const form of document.querySelectorAll("form[data-draft]")) stopWaiting(form);
  for (const key of keys()) erase(key);
}

// Only the page right after a save tells whether it went well: with a success message the words are safe
// with the server; without one, be it an error or a sign-in page, they stay a draft.
function settleSent() {
  const saved = document.querySelector("[data-message=success]") !== null;
  for (const key of keys()) {
    const draft = read(key);
    if (draft?.stored < Date.now() - STORED_IS_KEPT) erase(key);
    if (!draft?.sent) continue;
    if (saved) {
      erase(key);
      forget(formOf(key));
    } else write(key, { ...draft, sent: false });
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-draft]");
  if (!form) return;
  stopWaiting(form);
  waiting.set(form, setTimeout(() => keep(form), PAUSE));
  keepSoon(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("form[data-draft]")) {
    keep(form, true);
    stopKeeping(form);
  }
  if (form.matches("[data-erases-drafts]")) eraseAll();
});

// What autosave.js brought to the server is no draft any more, unless somebody typed on.
document.addEventListener("draft:stored", (event) => {
  const form = event.target;
  if (!waiting.has(form)) noteStored(keyOf(form), valuesOf(form), form.elements.seen.value);
});

// Signing out sends what it can, and asks only when there is something to lose. The window hears of it
// before confirm.js does.
const leaving = new WeakSet();

window.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-erases-drafts]") || leaving.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  for (const open of document.querySelectorAll("form[data-draft]")) if (waiting.has(open)) keep(open);
  await sendKept();
  // A form cannot be submitted anew while its submit event is on the way.
  await new Promise((go) => { setTimeout(go); });
  if (keys().some((key) => !read(key).stored)) {
    form.dataset.confirm = form.dataset.question;
    form.dataset.confirmAction = form.dataset.action;
  } else delete form.dataset.confirm;
  leaving.add(form);
  form.requestSubmit(event.submitter);
  // Whoever stays after all is asked again next time. confirm.js submits anew after a yes.
  document.getElementById("confirm").addEventListener("close", (closed) => {
    if (closed.target.returnValue !== "yes") leaving.delete(form);
  }, { once: true });
}, { capture: true });

document.addEventListener("htmx:afterRequest", (event) => {
  // By now the answer may have replaced the form: the event then begins at what is left around it.
  const form = event.detail.requestConfig.elt.closest("form[data-draft]");
  if (!form || !event.detail.successful) return;
  // An expired sign-in answers with the sign-in page: successful, but nothing was saved.
  const answered = new URL(event.detail.xhr.responseURL || location.href).pathname;
  const asked = new URL(event.detail.pathInfo.requestPath, location.href).pathname;
  if (answered !== asked) return;
  erase(keyOf(form));
  stopKeeping(form);
  forget(form.dataset.draft);
});

// Leaving a field is as good a moment as any.
document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-draft]");
  if (form && waiting.has(form)) keep(form);
});

// What was typed within the pause would be lost with the page.
window.addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-draft]")) if (waiting.has(form)) keep(form);
});

if (person) {
  settleSent();
  const here = [...document.querySelectorAll("form[data-draft]")];
  sendKept(here.map(keyOf));
  window.addEventListener("online", () => sendKept(here.map(keyOf)));
  for (const form of here) restore(form);
  for (const form of here) offer(form);
  // A form that comes later, such as the note in its dialog. What the page had is the same by now.
  document.addEventListener("htmx:load", (event) => {
    const forms = [event.target, ...event.target.querySelectorAll("form[data-draft]")];
    for (const form of forms) if (form.matches("form[data-draft]")) {
      restore(form);
      offer(form);
    }
  });
}
