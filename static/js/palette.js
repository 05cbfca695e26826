// Ctrl K or ⌘ K opens the palette. The cursor stays in its field; arrows move the chosen option.

const palette = document.getElementById("palette");
const field = palette?.querySelector("input");
const list = document.getElementById("palette-options");
// For which words the options were asked, and for which they stand there: who types fast and presses Enter
// means what they typed last, so Enter waits for it.
let asked = "";
let shown;
let enters = false;
const options = () => [...list.querySelectorAll("a[role=option]")];

function open() {
  if (document.querySelector("dialog[open]")) return;
  palette.showModal();
  field.select();
  htmx.trigger(field, "palette:open");
}

function choose(option) {
  for (const other of options()) other.setAttribute("aria-selected", String(other === option));
  field.setAttribute("aria-expanded", String(Boolean(option)));
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = options();
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(all[(at + by + all.length) % all.length]);
}

function show() {
  shown = asked;
  const first = options()[0];
  choose(first);
  if (enters && field.value === shown) first?.click();
  enters = enters && field.value !== shown;
}

function press(event) {
  // Enter and the arrows also belong to the composition of a Chinese word.
  if (event.isComposing) return;
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const chosen = list.querySelector("[aria-selected=true]");
  if (by) step(by);
  else if (event.key === "Enter" && field.value !== shown) enters = true;
  else if (event.key === "Enter" && chosen?.href) chosen.click();
  else return;
  event.preventDefault();
}

if (palette) {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    if (palette.open) palette.close();
    else open();
  });
  document.addEventListener("click", (event) => {
    if (event.target === palette) palette.close();
    if (!event.target.closest("[data-palette-open]")) return;
    event.preventDefault();
    open();
  });
  field.addEventListener("keydown", press);
  field.addEventListener("input", () => {
    enters = false;
    choose(undefined);
  });
  field.addEventListener("htmx:beforeRequest", () => (asked = field.value));
  list.addEventListener("htmx:afterSwap", show);
  palette.addEventListener("close", () => choose(undefined));
  for (const key of document.querySelectorAll("[data-palette-key]")) {
    if (navigator.platform.startsWith("Mac")) key.textContent = "⌘ K";
    key.hidden = false;
  }
}
