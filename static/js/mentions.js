// @ and # in a note offer people and engagements. Arrows choose, Enter or Tab takes, Escape closes.

const PAUSE = 120;
const TYPED = /(?:^|[\s(（，。])([@#])([^@#\n]{0,40})$/u;
let waiting;
let asked = 0;

const listOf = (field) => field.closest(".mentions").querySelector("[role=listbox]");
const optionsOf = (list) => [...list.querySelectorAll("[role=option]")];
const isOpen = (list) => !list.hidden && list.children.length > 0;

function typedBefore(field) {
  return TYPED.exec(field.value.slice(0, field.selectionStart));
}

function mark(field, chosen) {
  for (const option of optionsOf(listOf(field))) option.setAttribute("aria-selected", String(option === chosen));
  field.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function close(field) {
  const list = listOf(field);
  list.hidden = true;
  list.replaceChildren();
  field.removeAttribute("aria-activedescendant");
}

function optionFor(item, index) {
  const option = document.createElement("li");
  option.id = `mention-${index}`;
  option.setAttribute("role", "option");
  option.dataset.insert = item.insert;
  const hint = Object.assign(document.createElement("span"), { className: "hint", textContent: item.hint });
  option.append(item.label, " ", hint);
  return option;
}

function show(field, items) {
  const list = listOf(field);
  list.replaceChildren(...items.map(optionFor));
  list.hidden = items.length === 0;
  field.setAttribute("aria-controls", list.id);
  if (items.length > 0) mark(field, list.firstElementChild);
  else field.removeAttribute("aria-activedescendant");
}

async function suggest(field) {
  const typed = typedBefore(field);
  if (!typed) return close(field);
  const turn = ++asked;
  const address = field.closest("[data-mentions-url]").dataset.mentionsUrl;
  const answer = await fetch(`${address}?${new URLSearchParams({ mark: typed[1], q: typed[2] })}`);
  // A later keystroke has asked again, or the sign-in has expired: this answer is of no use.
  if (turn !== asked || !answer.ok || answer.redirected) return undefined;
  return show(field, (await answer.json()).items);
}

function take(field, option) {
  const end = field.selectionStart;
  const typed = typedBefore(field);
  if (!typed) return close(field);
  const start = end - typed[2].length - 1;
  field.setRangeText(`${option.dataset.insert} `, start, end, "end");
  asked += 1;
  close(field);
  field.focus();
  return field.dispatchEvent(new Event("input", { bubbles: true }));
}

function step(field, by) {
  const options = optionsOf(listOf(field));
  const at = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
  mark(field, options[(at + by + options.length) % options.length]);
}

const keys = {
  ArrowDown: (field) => step(field, 1),
  ArrowUp: (field) => step(field, -1),
  Enter: (field) => take(field, listOf(field).querySelector("[aria-selected=true]")),
  Tab: (field) => take(field, listOf(field).querySelector("[aria-selected=true]")),
  Escape: close,
};

document.addEventListener("input", (event) => {
  const field = event.target;
  if (!field.matches("[data-mentions]") || event.isComposing) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => suggest(field), PAUSE);
});

// Before the dialog hears of Escape and the form of Enter.
document.addEventListener("keydown", (event) => {
  const field = event.target;
  if (!field.matches?.("[data-mentions]") || event.isComposing || !keys[event.key] || !isOpen(listOf(field))) return;
  event.preventDefault();
  event.stopPropagation();
  keys[event.key](field);
}, { capture: true });

document.addEventListener("mousedown", (event) => {
  const option = event.target.closest(".mentions [role=option]");
  if (!option) return;
  event.preventDefault();
  take(option.closest(".mentions").querySelector("[data-mentions]"), option);
});

document.addEventListener("focusout", (event) => {
  if (event.target.matches("[data-mentions]")) close(event.target);
});
