// Passkeys need a script: the browser asks its key, and the answer goes along with an ordinary form. Without this file, or in
// a browser without passkeys, the buttons stay hidden and every other way is on the page.

const toBytes = (text) => {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
};

const toText = (buffer) => {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
};

const described = (keys) => (keys ?? []).map((key) => ({ ...key, id: toBytes(key.id) }));

/* A new passkey: what the server verifies, and by which ways the key can be reached later. */
async function make(asked) {
  const user = { ...asked.user, id: toBytes(asked.user.id) };
  const challenge = toBytes(asked.challenge);
  const excludeCredentials = described(asked.excludeCredentials);
  const made = await navigator.credentials.create({ publicKey: { ...asked, user, challenge, excludeCredentials } });
  const { clientDataJSON, attestationObject } = made.response;
  const response = {
    clientDataJSON: toText(clientDataJSON),
    attestationObject: toText(attestationObject),
    transports: made.response.getTransports?.() ?? [],
  };
  return { id: made.id, rawId: toText(made.rawId), type: made.type, response };
}

/* A passkey that is shown. */
async function show(asked) {
  const challenge = toBytes(asked.challenge);
  const allowCredentials = described(asked.allowCredentials);
  const shown = await navigator.credentials.get({ publicKey: { ...asked, challenge, allowCredentials } });
  const { clientDataJSON, authenticatorData, signature, userHandle } = shown.response;
  const response = {
    clientDataJSON: toText(clientDataJSON),
    authenticatorData: toText(authenticatorData),
    signature: toText(signature),
    userHandle: userHandle ? toText(userHandle) : null,
  };
  return { id: shown.id, rawId: toText(shown.rawId), type: shown.type, response };
}

for (const part of document.querySelectorAll("[data-passkey]")) {
  const form = part.matches("form") ? part : part.querySelector("form");
  if (!form || !window.PublicKeyCredential) continue;
  part.hidden = false;
  document.querySelectorAll("[data-no-passkey]").forEach((words) => (words.hidden = true));
  const ask = part.dataset.passkey === "make" ? make : show;
  const wrong = part.querySelector("[data-passkey-wrong]");
  form.addEventListener("submit", async (event) => {
    if (form.elements.credential.value || !form.reportValidity()) return;
    event.preventDefault();
    event.stopPropagation();
    wrong.hidden = true;
    try {
      form.elements.credential.value = JSON.stringify(await ask(JSON.parse(part.dataset.options)));
      form.requestSubmit();
    } catch {
      // Stopped by its person, or no key that fits: the browser has said which.
      form.elements.credential.value = "";
      wrong.hidden = false;
    }
  });
}
