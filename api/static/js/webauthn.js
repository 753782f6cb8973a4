// Lets a security key fill the form that asks for it, where the browser can.
"use strict";

const able = window.isSecureContext && window.PublicKeyCredential
  && PublicKeyCredential.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON;

async function answer(act, options) {
  if (act === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return navigator.credentials.create({ publicKey });
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return navigator.credentials.get({ publicKey });
}

for (const form of document.querySelectorAll("form[data-webauthn]")) {
  if (!able) continue;
  form.hidden = false;
  const without = form.nextElementSibling;
  if (without && without.hasAttribute("data-no-webauthn")) without.hidden = true;
  const message = form.querySelector("[data-message]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    message.hidden = true;
    try {
      const given = await answer(form.dataset.webauthn, JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(given.toJSON());
      form.submit();
    } catch {
      message.textContent = form.dataset.failed;
      message.hidden = false;
    }
  });
}
