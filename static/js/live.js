// Lets `data-live` elements ask whether there are newer figures, every two seconds while the page is seen.
// An element is left alone while somebody works in it: an open table or a focused field would be lost.

const EVERY = 2000;

function isInUse(element) {
  return element.contains(document.activeElement) || element.querySelector("details[open]") !== null;
}

setInterval(() => {
  if (document.hidden) return;
  for (const element of document.querySelectorAll("[data-live]")) {
    if (!isInUse(element)) element.dispatchEvent(new CustomEvent("live"));
  }
}, EVERY);
