// "/" goes to the search, j and k walk through a list, n begins a note. What a page marks with data-key="x" answers to x
// before these do: a field takes the cursor, anything else is pressed. Single keys can be turned off in the menu,
// because people who dictate or tremble trigger them by accident.

const KEY = "shortcuts";
const isOn = () => localStorage.getItem(KEY) !== "off";

function isTyping(target) {
  return target.isContentEditable || target.closest("input, textarea, select, dialog") !== null;
}

function step(by) {
  const links = [...document.querySelectorAll("[data-rows] > *")].map((row) => row.querySelector("a[href]")).filter(Boolean);
  const at = links.indexOf(document.activeElement);
  const next = at < 0 ? links[by > 0 ? 0 : links.length - 1] : links[at + by];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

const actions = {
  "/": () => document.querySelector("[data-search]")?.focus(),
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("[data-capture]")?.click(),
};

function press(target) {
  const folded = target.closest("details");
  if (folded) folded.open = true;
  if (target.matches("input, textarea, select")) target.focus();
  else target.click();
}

// In such a field Escape gives the keys back to the page, and Ctrl Enter sends.
function leave(event) {
  const field = event.target.closest("form:has([data-key]) :is(input, textarea, select)");
  if (!field || event.isComposing) return;
  if (event.key === "Escape") field.blur();
  if (event.key === "Enter" && event.ctrlKey) field.form.requestSubmit();
}

document.addEventListener("keydown", (event) => {
  leave(event);
  if (!isOn() || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const action = marked ? () => press(marked) : actions[event.key];
  if (!action) return;
  event.preventDefault();
  action();
});

for (const box of document.querySelectorAll("[data-shortcuts]")) {
  box.checked = isOn();
  box.closest("[data-shortcuts-row]").hidden = false;
  box.addEventListener("change", () => localStorage.setItem(KEY, box.checked ? "on" : "off"));
}
