// When a request of htmx fails, say so. An invalid form (422) is an answer like any other and is shown.
// What stands beside a form that tells its own state is data-quiet. No form is sent while offline: the browser's
// own error page would take the place of what was typed.

function say(id) {
  const place = document.getElementById("messages");
  place.replaceChildren(document.getElementById(id).content.cloneNode(true));
  const back = new URLSearchParams({ next: location.pathname + location.search });
  for (const link of place.querySelectorAll("[data-come-back]")) link.search = back;
  place.scrollIntoView({ block: "nearest" });
}

function report(event) {
  if ("quiet" in event.detail.elt.dataset) return;
  say(event.detail.xhr?.status === 401 ? "signed-out-text" : "failed-text");
}

window.addEventListener("submit", (event) => {
  if (navigator.onLine || event.target.method === "dialog") return; // a dialog that closes sends nothing
  event.preventDefault();
  event.stopImmediatePropagation();
  say("offline-text");
}, { capture: true });

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", report);
document.addEventListener("htmx:responseError", report);
