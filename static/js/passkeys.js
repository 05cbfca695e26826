// Forms that a passkey answers: data-passkey is "create" or "get". The options stand in the page, or
// are fetched from data-options-url. Forms shown only where passkeys exist begin hidden.
// webauthnJSON comes from django-allauth's own script.

async function optionsFor(form) {
  const url = form.dataset.optionsUrl;
  if (!url) return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} from ${url}`);
  return (await answer.json()).request_options;
}

// A key that replaces the password must be kept on the device and ask who is there.
function ask(options, alone) {
  const selection = options.publicKey.authenticatorSelection;
  selection.residentKey = alone ? "required" : "discouraged";
  selection.requireResidentKey = alone;
  if (alone) selection.userVerification = "required";
}

async function answer(form) {
  const options = await optionsFor(form);
  if (form.dataset.passkey === "create") {
    ask(options, form.elements.passwordless?.checked ?? false);
    return window.webauthnJSON.create(options);
  }
  return window.webauthnJSON.get(options);
}

async function send(form) {
  const fault = form.querySelector("[data-passkey-fault]");
  fault.hidden = true;
  try {
    form.elements.credential.value = JSON.stringify(await answer(form));
    form.submit();
  } catch {
    fault.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !window.PublicKeyCredential;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form);
  });
}
