// Passkeys and security keys: the browser's part in adding one and in logging in with one.
// What it answers goes into the hidden field of the form, which is then sent as any other.

const isSupported = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);

async function optionsOf(form) {
  const inPage = form.querySelector("script[type='application/json']");
  if (inPage) return JSON.parse(inPage.textContent);
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`The server answers ${answer.status}.`);
  return answer.json();
}

async function add(form) {
  const { creation_options: { publicKey } } = await optionsOf(form);
  const alone = form.elements.passwordless.checked;
  // A passkey is kept by the device, which makes sure of its owner.
  publicKey.authenticatorSelection.residentKey = alone ? "required" : "discouraged";
  publicKey.authenticatorSelection.requireResidentKey = alone;
  if (alone) publicKey.authenticatorSelection.userVerification = "required";
  const options = PublicKeyCredential.parseCreationOptionsFromJSON(publicKey);
  return navigator.credentials.create({ publicKey: options });
}

async function use(form) {
  const { request_options: { publicKey } } = await optionsOf(form);
  const options = PublicKeyCredential.parseRequestOptionsFromJSON(publicKey);
  return navigator.credentials.get({ publicKey: options });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const part = (name) => form.querySelector(`[data-passkey-${name}]`);
  part("button").hidden = !isSupported;
  part("unsupported").hidden = isSupported;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    part("failed").hidden = true;
    part("button").disabled = true;
    try {
      const credential = await (form.dataset.passkey === "add" ? add(form) : use(form));
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
    } catch {
      part("failed").hidden = false;
      part("button").disabled = false;
    }
  });
}
