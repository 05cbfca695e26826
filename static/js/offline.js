// Loads the page again once the portal answers. A browser on a train often does not notice that it is back: ask, too.

const EVERY = 5000;
const { asks } = document.getElementById("main").dataset;

async function tryAgain() {
  const answer = await fetch(asks, { cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
}

window.addEventListener("online", tryAgain);
setInterval(tryAgain, EVERY);
