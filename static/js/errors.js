// When a request of htmx fails, say so. An invalid form (422) is an answer like any other and is shown.
// What stands beside a form that tells its own state is data-quiet.

function report(event) {
  if ("quiet" in event.detail.elt.dataset) return;
  const notice = document.getElementById("failed-text").content.cloneNode(true);
  document.getElementById("messages").replaceChildren(notice);
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 422) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
});
document.addEventListener("htmx:sendError", report);
document.addEventListener("htmx:responseError", report);
