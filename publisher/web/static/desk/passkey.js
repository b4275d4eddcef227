// Passkeys: hands what the desk asks to the device, and sends the device's answer as an ordinary form.
(() => {
  "use strict";
  const form = document.querySelector("form[data-passkey]");
  if (!form || !window.isSecureContext || !window.webauthnJSON?.supported()) return;
  form.hidden = false;
  document.querySelector("[data-no-passkey]")?.setAttribute("hidden", "");

  async function question() {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.from, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`the desk answered ${answer.status}`);
    return answer.json();
  }

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    const failed = form.querySelector("[data-failed]");
    button.disabled = true;
    failed.hidden = true;
    try {
      const credential = await window.webauthnJSON[form.dataset.passkey](await question());
      form.elements.credential.value = JSON.stringify(credential);
      form.submit(); // without another submit event
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
})();
