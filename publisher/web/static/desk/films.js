// A film of which this browser shows no picture says so: HEVC plays black in many, or only as sound.
(() => {
  "use strict";

  function look(video) {
    // Without a picture that it can decode, a browser plays the sound alone: the film is then no pixel wide.
    const unseen = video.error || (video.readyState > 0 && !video.videoWidth);
    const place = video.closest("a, .images") || video;
    // In the editor the preview beside it says so.
    if (!unseen || video.closest(".picture") || place.nextElementSibling?.matches("[data-unseen]")) return;
    const note = document.createElement("p");
    note.className = "issue warning";
    note.dataset.unseen = "";
    note.textContent = document.getElementById("unseen").textContent;
    place.after(note);
  }

  for (const name of ["error", "loadedmetadata"])
    document.addEventListener(name, (event) => event.target.matches?.("video") && look(event.target), true);
  document.querySelectorAll("video").forEach(look);
})();
