// What is typed into a form with data-draft and a long text is also kept on the server, for the person's other
// devices: 800 ms after the last key. There it is offered, never put in unasked; saving or discarding ends it.
// The weekly log saves itself (autosave.js) and needs none of this. Holds no state shared between scripts.

import { post, tokenOf } from "./device.js";
import { basisOf, differs, put, putBasis, valuesOf } from "./form-values.js";

const PAUSE = 800;
const words = () => document.getElementById("kept-text");
const waiting = new WeakMap();
const asked = new WeakSet();

export const isKept = (form) => !form.dataset.autosave && form.querySelector("textarea") && words();

function send(key, content = "") {
  return post(words().dataset.address, new URLSearchParams({ key, content }), tokenOf(document), { keepalive: content.length < 50_000 });
}

export function keepSoon(form) {
  // An offer that waits for its answer is not written over.
  if (!isKept(form) || form.querySelector("[data-kept]")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => send(form.dataset.draft, JSON.stringify({ values: valuesOf(form), basis: basisOf(form) })), PAUSE));
}

export function stopKeeping(form) {
  clearTimeout(waiting.get(form));
}

export function forget(key) {
  if (words()) send(key);
}

export async function offer(form) {
  if (!isKept(form) || asked.has(form)) return;
  // A page may hold many forms folded away: only the one that is opened asks.
  const folded = form.closest("details:not([open])");
  if (folded) {
    folded.addEventListener("toggle", () => offer(form), { once: true });
    return;
  }
  asked.add(form);
  const address = `${words().dataset.address}?${new URLSearchParams({ key: form.dataset.draft })}`;
  const answer = await fetch(address, { headers: { Accept: "application/json" } }).catch(() => null);
  const isOurs = answer?.ok && answer.headers.get("Content-Type")?.includes("json");
  const kept = isOurs ? await answer.json() : {};
  if (!kept.values || !differs(form, kept.values)) return;
  const notice = words().content.firstElementChild.cloneNode(true);
  const line = notice.querySelector("[data-words]");
  line.textContent = line.textContent.replace("{time}", kept.time);
  notice.querySelector("[data-put]").addEventListener("click", () => {
    notice.remove();
    putBasis(form, kept.basis);
    put(form, kept.values);
  });
  notice.querySelector("[data-discard]").addEventListener("click", () => {
    notice.remove();
    forget(form.dataset.draft);
  });
  form.prepend(notice);
}
