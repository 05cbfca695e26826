// Words selected in a note can become a record: the kinds stand beside the selection.

const source = document.querySelector("[data-turn-source]");
const bar = document.querySelector("[data-turn]");
const GAP = 8;

function selected() {
  const selection = document.getSelection();
  if (!selection || selection.isCollapsed || !source.contains(selection.anchorNode) || !source.contains(selection.focusNode)) return null;
  return selection.toString().trim() ? selection : null;
}

function place(selection) {
  const box = selection.getRangeAt(0).getBoundingClientRect();
  const widest = document.documentElement.clientWidth - bar.offsetWidth - GAP;
  bar.style.left = `${Math.max(GAP, Math.min(box.left, widest))}px`;
  bar.style.top = `${box.bottom + GAP}px`;
}

function update() {
  const selection = selected();
  if (!selection) {
    if (!bar.contains(document.activeElement)) bar.hidden = true;
    return;
  }
  bar.elements.text.value = selection.toString().trim();
  bar.hidden = false;
  place(selection);
}

if (source && bar) {
  document.addEventListener("selectionchange", update);
  document.addEventListener("scroll", update, { passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") bar.hidden = true;
  });
}
