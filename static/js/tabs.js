// On a narrow screen the current tab may lie outside the row: bring it into sight, and nothing else.

for (const tab of document.querySelectorAll(".tabs [aria-current], .kinds [aria-current], .queue [aria-current]")) {
  const row = tab.closest(".tabs, .kinds, .queue");
  row.scrollLeft = tab.offsetLeft - row.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}
