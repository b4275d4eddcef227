// Keys, focus and small comforts. Everything on the desk works without this file.
(() => {
  "use strict";

  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // --- Keys: an element says with data-key which one presses it. The nearest one counts: post, document, page.

  const OFF = "desk-keys-off";
  const keysAreOff = () => localStorage.getItem(OFF) === "1";
  let current = ""; // the id of the post that was last in focus; it outlives a swap

  const isTyping = (element) =>
    element.closest("textarea, select, [contenteditable]") ||
    (element.matches("input") && !["checkbox", "radio", "button", "submit"].includes(element.type));

  const currentPost = () => document.activeElement.closest("[data-post]") || document.getElementById(current);

  function reach(key) {
    const post = currentPost();
    const places = [post, post && post.closest("[data-document]"), document];
    for (const place of places.filter(Boolean)) {
      const found = all(`[data-key="${CSS.escape(key)}"]`, place).find((item) => item.offsetParent && !item.disabled);
      // Without a post in focus only what belongs to the page itself answers, never the first post by chance.
      if (found && (place !== document || !found.closest("[data-document], [data-post]"))) return found;
    }
    return null;
  }

  function step(by) {
    const posts = all("[data-post]");
    if (!posts.length) return;
    const at = posts.indexOf(currentPost());
    const next = posts[at < 0 ? 0 : Math.min(Math.max(at + by, 0), posts.length - 1)];
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function press(target) {
    const menu = target.matches("summary") ? target.parentElement : null;
    target.click();
    if (menu?.open) $("input:not([type=hidden]), textarea", menu)?.focus();
  }

  function openHelp() {
    const help = $("#keys");
    if (help && !help.open) help.showModal();
  }

  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key === "Escape") {
      const open = target.closest("details[open][data-menu]") || $("details[open][data-menu]");
      if (open) {
        open.open = false;
        $("summary", open).focus();
      } else if (!target.closest("dialog")) {
        dismiss();
      }
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && target.closest("[data-editor]")) {
      event.preventDefault();
      $("[data-save]", target.closest("form")).click();
      return;
    }
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat && !"jk".includes(event.key)) return;
    if (keysAreOff() || isTyping(target) || target.closest("dialog")) return;
    if (event.key === "j" || event.key === "k") {
      event.preventDefault();
      step(event.key === "j" ? 1 : -1);
    } else if (event.key === "?") {
      event.preventDefault();
      openHelp();
    } else if (event.key.length === 1 && event.key !== " ") {
      const found = reach(event.key);
      if (found) {
        event.preventDefault();
        press(found);
      }
    }
  });

  document.addEventListener("focusin", (event) => {
    const post = event.target.closest("[data-post]");
    if (post) current = post.id;
  });

  // --- Clicks on what only this file can do.

  function dismiss() {
    $("#status")?.replaceChildren();
  }

  function labelSwitch() {
    for (const button of all("[data-keys-switch]")) button.textContent = keysAreOff() ? button.dataset.off : button.dataset.on;
  }

  // A quotable line goes where one was typing last; without this file it goes to the end of the last part.

  let typing = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-editor] textarea[name=text]")) typing = event.target;
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-insert]");
    if (!button) return;
    const form = button.closest("form");
    const field = form.contains(typing) ? typing : $("textarea[name=text]", form);
    if (!field) return;
    event.preventDefault();
    field.focus();
    // A paragraph of its own, unless it goes into a line that is being written: never glued to a link or a word.
    const before = field.value.slice(0, field.selectionStart), after = field.value.slice(field.selectionEnd);
    const gap = !before || /\s$/.test(before) ? "" : before.includes("\n") && !after ? "\n\n" : " ";
    const line = gap + button.dataset.insert + (after && !/^\s/.test(after) ? " " : "");
    field.setRangeText(line, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // A file that is too large is said before it is sent.

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("[type=file][data-most]")) return;
    const large = [...box.files].some((file) => file.size > box.dataset.most * 1e6);
    box.setCustomValidity(large ? box.dataset.tooLarge : "");
    box.reportValidity();
  });

  // What must stay in sight of a picture: moving a slider, or a click on the picture, chooses it.

  function aim(picture, sides) {
    const box = $("[name^=aim-]", picture);
    if (!box) return;
    for (const [side, value] of Object.entries(sides)) $(`[name^=${side}-]`, picture).value = value;
    box.checked = true;
    $("details.aim", picture).open = true;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches(".aim [type=range]")) $("[name^=aim-]", event.target.closest(".picture")).checked = true;
  });

  document.addEventListener("click", (event) => {
    if (!event.target.matches(".editing .picture img")) return;
    const place = event.target.getBoundingClientRect();
    const left = Math.round(100 * (event.clientX - place.left) / place.width);
    const up = Math.round(100 * (place.bottom - event.clientY) / place.height);
    aim(event.target.closest(".picture"), { left, up });
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button, a");
    for (const menu of all("details[open][data-menu]")) if (!menu.contains(event.target)) menu.open = false;
    if (!button) return;
    if (button.matches('a[data-key="?"]')) {
      event.preventDefault();
      openHelp();
    } else if (button.matches("[data-dismiss]")) dismiss();
    else if (button.matches("[data-close]")) button.closest("dialog").close();
    else if (button.matches("[data-keys-switch]")) {
      localStorage.setItem(OFF, keysAreOff() ? "0" : "1");
      labelSwitch();
    } else if (button.matches("[data-copy]")) {
      const field = $(button.dataset.copy);
      field.select();
      await navigator.clipboard?.writeText(field.value);
      button.textContent = button.dataset.done;
    }
  });

  // A page that asks a network or a feed says so while one waits.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("[data-busy]")) event.submitter?.classList.add("htmx-request");
  });
  addEventListener("pageshow", () => all("[data-busy] .htmx-request").forEach((item) => item.classList.remove("htmx-request")));

  // --- Swaps: what one looks at stays where it is, the focus stays where it was.

  let anchor = null;
  const lookedAt = () => $("[data-document]:hover") || document.activeElement.closest("[data-document]");

  document.addEventListener("htmx:beforeSwap", (event) => {
    const element = event.target.id === "changes" && lookedAt();
    anchor = element ? { element, top: element.getBoundingClientRect().top } : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (anchor?.element.isConnected) scrollBy(0, anchor.element.getBoundingClientRect().top - anchor.top);
    anchor = null;
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const post = document.getElementById(current);
    const lost = document.activeElement === document.body || document.activeElement === post;
    // Only where the person acted: what arrives by itself never moves the focus.
    if (!post || !lost || event.detail.target.id !== current) return;
    const field = $("[role=alert]", post) || $("[data-first]", post) || $("[data-editor] textarea", post);
    (field || post).focus({ preventScroll: true });
    (field || post).scrollIntoView({ block: "nearest" });
  });

  // "It is going out now" is over once the page tells how it went.
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.target.id === "news" && !$("#status form, #status .bad")) dismiss();
  });

  // After a new sign-in in another tab the old form's token no longer fits; the cookie has the new one.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
    if (token && event.detail.verb !== "get") event.detail.parameters.csrfmiddlewaretoken = token[1];
  });

  // A page in the background is not looked at: it gives no sign of life.
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (document.hidden && event.target.matches("[data-here]")) event.preventDefault();
  });

  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.matches("#changes, #thread, [data-here]")) return; // the next look comes by itself
    const line = document.createElement("div");
    line.className = "toast bad";
    line.textContent = $("#unreachable").textContent;
    $("#status").replaceChildren(line);
  });

  // --- Ages grow while a page stays open; the wording comes from the server.

  function age(time) {
    const seconds = (Date.now() - Date.parse(time.dateTime)) / 1000;
    const distance = Math.abs(seconds);
    if (distance >= 7 * 86400) return time.textContent;
    const words = document.body.dataset;
    if (distance < 60) return words.now;
    const [unit, size] = distance < 3600 ? ["minutes", 60] : distance < 86400 ? ["hours", 3600] : ["days", 86400];
    const wording = seconds > 0 ? words[unit] : words["in" + unit[0].toUpperCase() + unit.slice(1)];
    return wording.replace("%s", Math.floor(distance / size));
  }

  setInterval(() => {
    for (const time of all("time[data-age]")) {
      const text = age(time);
      if (text !== time.textContent) time.textContent = text;
    }
  }, 30000);

  // What a rule sends by itself counts down to the second.

  setInterval(() => {
    for (const time of all("time[data-countdown]")) {
      const left = Math.max(0, Math.ceil((Date.parse(time.dateTime) - Date.now()) / 1000));
      const [hours, minutes, seconds] = [left / 3600, (left / 60) % 60, left % 60].map(Math.floor);
      const two = (number) => String(number).padStart(2, "0");
      time.textContent = hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
    }
  }, 1000);

  for (const button of all("[data-copy]")) button.hidden = false;

  // What was well received goes by itself, unless it can be undone or somebody is on it; what went wrong stays.

  let since = Date.now();
  new MutationObserver(() => (since = Date.now())).observe($("#status") || document.createElement("i"), { childList: true });
  setInterval(() => {
    const line = $("#status .toast");
    if (line && Date.now() - since > 12000 && !line.matches(".bad, :hover, :focus-within") && !$("form, a", line)) dismiss();
  }, 1000);

  // A form that came back is taken up at its first mistake; on a phone the section one is in must be in sight.

  $('[aria-invalid="true"]')?.focus();
  const sections = $(".sections"), here = $(".sections [aria-current]");
  if (here) sections.scrollLeft = here.offsetLeft - sections.offsetLeft - 16;

  // --- A password can be looked at while one chooses it.

  for (const field of all("input[data-show]")) {
    const show = document.createElement("label");
    show.className = "check";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.addEventListener("change", () => (field.type = box.checked ? "text" : "password"));
    show.append(box, " " + field.dataset.show);
    field.after(show);
  }

  labelSwitch();
})();
