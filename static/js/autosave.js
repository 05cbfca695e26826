// A form with data-autosave="address" saves itself: 800 ms after the last key, and on leaving a field. What
// cannot be sent stays on the device (drafts.js) and goes out later. The server tells this form's own saves
// from those of others by form_key and turn; when somebody else saved, it stops until people have compared.

import { person, post, tokenOf } from "./device.js";

const PAUSE = 800;
const RETRY = 10_000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = document.querySelector(`[data-save-state="${form.id}"]`);
    this.dirty = this.sending = this.stopped = false;
    form.elements.form_key.value = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    form.elements.turn.value = 0;
  }

  typed() {
    this.dirty = true;
    if (this.stopped) return;
    this.say("saving");
    this.wait(PAUSE);
  }

  wait(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), pause);
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    // The save of the page itself comes after all that are under way.
    this.form.elements.turn.value = Number(this.form.elements.turn.value) + 1;
  }

  resume() {
    this.stopped = false;
    if (this.dirty) this.wait(PAUSE);
  }

  async send(options = {}) {
    if (!this.dirty || this.sending || this.stopped) return;
    const { turn } = this.form.elements;
    turn.value = Number(turn.value) + 1;
    this.dirty = false;
    this.sending = true;
    clearTimeout(this.timer);
    const answer = await post(this.form.dataset.autosave, new URLSearchParams(new FormData(this.form)), tokenOf(this.form), options);
    this.sending = false;
    if (answer?.status === 200) this.stored(await answer.json());
    else await this.kept(answer);
  }

  stored({ seen, time, values }) {
    this.form.elements.seen.value = seen;
    for (const [name, value] of Object.entries(values)) if (this.form.elements[name]) this.form.elements[name].value = value;
    if (this.dirty) {
      this.wait(PAUSE);
      return;
    }
    this.say("saved", { time });
    this.form.dispatchEvent(new Event("draft:stored", { bubbles: true }));
  }

  // Not stored: the text is still on the device.
  async kept(answer) {
    this.dirty = true;
    const status = answer?.status;
    if (!answer) this.say("offline");
    else if (status === 409) await this.halt(answer);
    else if (status === 422) this.words((await answer.json()).detail);
    else if (status === 401) this.say("signedOut", {}, this.signIn());
    else if (status === 403) await this.renew();
    else this.say("failed");
    if (!this.stopped && ![401, 403, 422].includes(status)) this.wait(RETRY);
  }

  async halt(answer) {
    this.stopped = true;
    this.words((await answer.json()).detail, this.compare());
  }

  // Signed in again elsewhere: the token of this page is old. Whoever it was must be the same person.
  async renew() {
    const page = await fetch(location.href, { redirect: "manual" }).then((answer) => answer.text()).catch(() => "");
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const token = tokenOf(fresh);
    if (!token) return this.say("signedOut", {}, this.signIn());
    if (fresh.body.dataset.user !== person) return this.say("somebodyElse");
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return this.wait(0);
  }

  signIn() {
    const link = document.createElement("a");
    link.href = `/accounts/login/?next=${encodeURIComponent(location.pathname + location.search)}`;
    link.textContent = this.line.dataset.signIn;
    return link;
  }

  compare() {
    const button = document.createElement("button");
    button.setAttribute("form", this.form.id);
    button.name = "act";
    button.value = "save";
    button.textContent = this.line.dataset.compare;
    return button;
  }

  say(state, values = {}, act = null) {
    this.words(this.line.dataset[state].replace(/\{(\w+)\}/g, (_, name) => values[name]), act);
    this.line.dataset.state = state;
  }

  words(text, act = null) {
    this.line.dataset.state = "waiting";
    this.line.querySelector("[data-words]").textContent = text;
    this.line.querySelector("[data-act]")?.remove();
    if (!act) return;
    act.className = "link";
    act.dataset.act = "";
    this.line.append(act);
  }
}

const saves = [...document.querySelectorAll("form[data-autosave]")].map((form) => new Autosave(form));
const saveOf = (target) => saves.find((save) => save.form === target.closest?.("form[data-autosave]"));

document.addEventListener("input", (event) => saveOf(event.target)?.typed());
document.addEventListener("draft:restored", (event) => saveOf(event.target)?.typed());
document.addEventListener("focusout", (event) => saveOf(event.target)?.send());
document.addEventListener("submit", (event) => saveOf(event.target)?.stop());
window.addEventListener("online", () => saves.forEach((save) => save.send()));
document.addEventListener("visibilitychange", () => {
  for (const save of saves) save.send(document.hidden ? { keepalive: true } : {});
});
// Back from the next page by the browser's button: the form is as it was left.
window.addEventListener("pageshow", (event) => event.persisted && saves.forEach((save) => save.resume()));
