// The drafts on this device: one entry for each person and form, and the way to the server for those that
// a form with data-autosave left behind. Holds no state, so it may be loaded by several scripts.

export const person = document.body.dataset.user;
const prefix = `draft:${person}:`;

export const keyOf = (form) => prefix + form.dataset.draft;
export const formOf = (key) => key.slice(prefix.length);
export const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));

export function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function write(key, draft) {
  try {
    localStorage.setItem(key, JSON.stringify(draft));
  } catch {
    // A full or forbidden store must not stop anybody from writing.
  }
}

// For a while the text stays, beside the version it is now: a page that was made before it arrived is older.
export const noteStored = (key, values, seen) => write(key, { values, basis: { seen }, stored: Date.now() });

export const erase = (key) => localStorage.removeItem(key);

export const tokenOf = (page) => page.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

// The answer, or null when there is no way to the server. Redirects are answers: they lead to a sign-in page.
export async function post(address, body, token, options = {}) {
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  try {
    return await fetch(address, { method: "POST", body, headers, redirect: "manual", ...options });
  } catch {
    return null;
  }
}

// Sends what pages that are closed by now could not, and forgets what arrived.
export async function sendKept(except = []) {
  for (const key of keys()) {
    const draft = read(key);
    if (!draft?.to || except.includes(key)) continue;
    const answer = await post(draft.to, new URLSearchParams(draft.body), tokenOf(document));
    // Typed on in another tab meanwhile: that tab sends the rest.
    if (answer?.status === 200 && read(key)?.body === draft.body) noteStored(key, draft.values, (await answer.json()).seen);
  }
}
