// Files on their way to the desk: how much is there, and a way to stop. Without this file one waits for the answer.
(() => {
  "use strict";

  const numbers = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const megabytes = (bytes) => numbers.format(bytes / 1e6);

  document.addEventListener("htmx:beforeSend", (event) => {
    const form = event.target;
    const box = form.matches("form") && [...form.querySelectorAll("[type=file]")].find((item) => item.files.length);
    const place = box && box.closest(".stack").querySelector("[data-sending]");
    if (!place) return;
    const { xhr } = event.detail;
    const line = place.querySelector(".sending"), bar = place.querySelector("progress");
    const told = place.querySelector(".so-far"), stop = place.querySelector("button");
    const heard = place.querySelector("[role=status]");

    function show({ loaded, total }) {
      const share = total ? loaded / total : 0;
      const words = { percent: Math.floor(100 * share), sent: megabytes(loaded), all: megabytes(total) };
      bar.value = share;
      told.textContent = place.dataset.soFar.replace(/{(\w+)}/g, (_gap, name) => words[name]);
    }

    heard.textContent = "";
    stop.hidden = false;
    show({ loaded: 0, total: [...box.files].reduce((sum, file) => sum + file.size, 0) });
    line.hidden = false;
    xhr.upload.addEventListener("progress", show);
    // From here on the desk may keep it: to cancel would be a promise that cannot be held.
    xhr.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      stop.hidden = true;
      told.textContent = "";
      heard.textContent = place.dataset.sent;
    });
    stop.onclick = () => xhr.abort();
    xhr.addEventListener("abort", () => {
      heard.textContent = place.dataset.stopped;
      box.focus();
    });
    xhr.addEventListener("loadend", () => {
      line.hidden = true;
      if (heard.textContent === place.dataset.sent) heard.textContent = "";
    });
  });
})();
