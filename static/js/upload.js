// Forms with data-upload show how far their files are. The answer is the page they lead to, as without scripts.

function send(form) {
  const request = new XMLHttpRequest();
  const progress = form.querySelector("progress");
  const button = form.querySelector("button");
  progress.hidden = false;
  button.disabled = true;
  request.upload.addEventListener("progress", (event) => {
    if (event.lengthComputable) progress.value = (100 * event.loaded) / event.total;
  });
  request.addEventListener("load", () => (request.status === 200 ? (location.href = request.responseURL) : refuse(form, request)));
  request.addEventListener("error", () => refuse(form, request));
  request.open("POST", form.action);
  request.send(new FormData(form));
}

function refuse(form, request) {
  form.querySelector("progress").hidden = true;
  form.querySelector("button").disabled = false;
  const answer = new DOMParser().parseFromString(request.responseText, "text/html");
  const notice = answer.getElementById("files-error") ?? document.getElementById("failed-text").content.firstElementChild.cloneNode(true);
  document.getElementById("files-error")?.remove();
  form.before(notice);
  notice.focus();
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-upload]")) return;
  event.preventDefault();
  send(event.target);
});
