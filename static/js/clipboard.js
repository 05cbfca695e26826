// Buttons that copy the value or text of another element, shown only where copying is possible.

const SHOWN_FOR = 2000;

async function copy(button) {
  const source = document.querySelector(button.dataset.copy);
  await navigator.clipboard.writeText(source.value ?? source.textContent.trim());
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  label.textContent = document.getElementById("copied-text").innerHTML;
  setTimeout(() => { label.textContent = before; }, SHOWN_FOR);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) copy(button);
});

function prepare(root) {
  if (!navigator.clipboard) return;
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = false;
}

document.addEventListener("htmx:load", (event) => prepare(event.target));
prepare(document);
