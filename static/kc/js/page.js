// What every page needs: texts, notices, dialogs, menus, the reader's display choices, guarded forms.
// All modules share the name "kc"; they are deferred scripts and run in the order base.html lists them.
(() => {
  "use strict";
  const kc = (window.kc = window.kc || {});
  const root = document.documentElement;

  // --- texts, token, storage

  const texts = JSON.parse(document.getElementById("interface-texts")?.textContent || "{}");

  kc.text = (key, values = {}) =>
    ((values.count === 1 && texts[`${key}_one`]) || texts[key] || key).replace(/\{(\w+)\}/g, (_all, name) => (name in values ? values[name] : ""));

  kc.token = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  // Storage may be switched off in the browser; the portal then forgets, and works.
  kc.store = {
    get: (key) => {
      try {
        return localStorage.getItem(key);
      } catch {
        return null;
      }
    },
    set: (key, value) => {
      try {
        localStorage.setItem(key, value);
      } catch {
        /* full or refused */
      }
    },
    keys: (prefix) => {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
      } catch {
        return [];
      }
    },
    removeAll: (prefix, keep = () => false) =>
      kc.store.keys(prefix).filter((key) => !keep(key)).forEach((key) => localStorage.removeItem(key)),
  };

  kc.element = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  };

  kc.icon = (name) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `#i-${name}`);
    svg.append(use);
    return svg;
  };

  // --- notices

  const LEVEL_ICONS = { success: "check", info: "info", warning: "warning", error: "warning" };
  const NOTICE_MS = 8000;
  const UNDO_MS = 30000; // as long as the server takes the step back

  const fade = (notice) => {
    const wait = notice.querySelector("[data-undo]") ? UNDO_MS : NOTICE_MS;
    if (["success", "info"].includes(notice.dataset.notice)) setTimeout(() => notice.remove(), wait);
  };

  kc.notify = (level, ...message) => {
    const close = kc.element("button", {
      class: "icon-button", type: "button", "data-notice-close": "", "aria-label": kc.text("page.close"),
    });
    close.append(kc.icon("cross"));
    const notice = kc.element(
      "div", { class: `notice notice--${level}`, "data-notice": level },
      kc.icon(LEVEL_ICONS[level] || "info"), kc.element("p", {}, ...message), close,
    );
    document.getElementById("notices")?.append(notice);
    fade(notice);
    return notice;
  };

  document.querySelectorAll("[data-notice]").forEach(fade);

  // --- nothing moves while the pointer is down: leaving a wrong field by a press on "save" must still save

  let pressed = false;
  let waiting = [];
  const lifted = () => {
    pressed = false;
    setTimeout(() => {
      const steps = waiting;
      waiting = [];
      steps.forEach((step) => step());
    }, 0); // after the click
  };
  document.addEventListener("pointerdown", () => (pressed = true), true);
  ["pointerup", "pointercancel"].forEach((kind) => document.addEventListener(kind, lifted, true));

  // --- a message at a control, in the words the server would use

  kc.fieldError = (input, message) => {
    if (pressed) waiting.push(() => showError(input, message));
    else showError(input, message);
  };

  const showError = (input, message) => {
    const place = document.getElementById(`${input.id}_error`);
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
    if (!place) {
      input.title = message || "";
      return;
    }
    place.replaceChildren();
    if (!message) return;
    const described = (input.getAttribute("aria-describedby") || "").split(" ").filter(Boolean);
    if (!described.includes(place.id)) input.setAttribute("aria-describedby", [...described, place.id].join(" "));
    place.append(kc.element("p", { class: "field__error" }, kc.icon("warning"), kc.element("span", {}, message)));
  };

  // --- clicks: dialogs, notices, display

  const display = (kind, value) => {
    root.dataset[kind] = value;
    document.querySelectorAll(`[data-display="${kind}"]`).forEach((button) => {
      button.setAttribute("aria-pressed", String(button.value === value));
    });
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    let found;
    if ((found = hit("[data-dialog-open]"))) {
      const dialog = document.getElementById(found.dataset.dialogOpen);
      if (dialog && !dialog.open) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if ((found = hit("[data-dialog-close]"))) {
      found.closest("dialog")?.close();
    } else if (event.target.nodeName === "DIALOG") {
      event.target.close(); // a press on the backdrop
    } else if ((found = hit("[data-toggles]"))) {
      const open = found.getAttribute("aria-expanded") !== "true";
      found.setAttribute("aria-expanded", String(open));
      document.getElementById(found.dataset.toggles)?.classList.toggle("is-open", open);
    } else if ((found = hit("[data-notice-close]"))) {
      found.closest("[data-notice]")?.remove();
    } else if ((found = hit("[data-display]"))) {
      kc.store.set(`kc.${found.dataset.display}`, found.value);
      display(found.dataset.display, found.value);
    }
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  document.addEventListener("change", (event) => {
    if (event.target.type === "file") nameFiles(event.target);
    const { toggleClass, toggleTarget } = event.target.dataset;
    if (toggleClass) {
      document.getElementById(toggleTarget)?.classList.toggle(toggleClass, event.target.checked);
    }
    if (event.target.matches("[data-autosubmit]")) event.target.form.requestSubmit();
  });

  // The browser's own "no file chosen" speaks the browser's language; these words speak the page's.
  const nameFiles = (input) => {
    const place = document.querySelector(`[data-file-name="${CSS.escape(input.id)}"]`);
    if (!place) return;
    place.dataset.none ??= place.textContent;
    place.textContent = [...input.files].map((file) => file.name).join(", ") || place.dataset.none;
  };

  ["contrast", "text"].forEach((kind) => display(kind, root.dataset[kind] || "normal"));

  // --- forms: one press, one request

  const BUSY_MS = 10000;

  const release = (form) => {
    delete form.dataset.busy;
    form.querySelectorAll("[data-label]").forEach((button) => {
      button.removeAttribute("aria-disabled");
      button.replaceChildren(...button.keptNodes);
      delete button.dataset.label;
    });
  };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-sign-out]")) ["kc.draft.", "kc.recent."].forEach((kept) => kc.store.removeAll(kept));
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-upload]")) return;
    if (form.dataset.busy) {
      event.preventDefault();
      return;
    }
    if (!navigator.onLine) {
      event.preventDefault();
      kc.notify("warning", kc.text("page.offline"));
      return;
    }
    form.dataset.busy = "1";
    const button = event.submitter;
    if (button?.matches(".button")) {
      button.keptNodes = [...button.childNodes];
      button.dataset.label = "kept";
      button.setAttribute("aria-disabled", "true");
      // After the browser has read the form: the button's own value must go along.
      const saying = form.matches("[data-submit-once]") ? "save.waiting" : "page.busy";
      setTimeout(() => button.replaceChildren(kc.text(saying)), 0);
    }
    setTimeout(() => release(form), BUSY_MS); // a download leaves the page where it is
  });

  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(release));

  // --- htmx

  // Rows without any hx- attribute go at once: its own farewell to every cell of a list costs as much as
  // drawing the next one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.shouldSwap) event.detail.target.querySelectorAll("[data-plain]").forEach((rows) => rows.remove());
  });
  document.addEventListener("htmx:responseError", () => kc.notify("error", kc.text("page.failed")));
  document.addEventListener("htmx:sendError", () => kc.notify("error", kc.text("page.failed")));

  // --- on arrival

  document.querySelector("[data-error-summary]")?.focus();
  const chip = document.querySelector(".chips [aria-current]");
  const chips = chip?.closest(".chips"); // scrolled alone: the page begins at its heading
  if (chips) chips.scrollLeft = Math.max(0, chip.offsetLeft + chip.offsetWidth - chips.offsetLeft - chips.clientWidth);
  const step = document.querySelector("[data-tasklist] [aria-current]");
  if (step && step.parentElement.scrollWidth > step.parentElement.clientWidth) {
    step.parentElement.scrollLeft = step.offsetLeft - step.parentElement.offsetLeft - 16;
  }
  const user = document.body.dataset.user;
  if (user) {
    kc.store.removeAll("kc.draft.", (key) => key.startsWith(`kc.draft.${user}.`));
    kc.store.removeAll("kc.recent.", (key) => key === `kc.recent.${user}`);
  }

  // --- drafts that this browser keeps until the server has them (autosave.js writes them)

  const DRAFTS = `kc.draft.${user}.`;
  const SENT = "kc.sent";

  // A form that goes to the server by its button: the copy is of no more use once another page answers.
  kc.sent = (key) => kc.store.set(SENT, key);
  const sent = kc.store.get(SENT);
  kc.store.removeAll(SENT);
  const from = sent && sent.slice(DRAFTS.length);
  if (from && from !== location.pathname && document.referrer === location.origin + from) kc.store.removeAll(sent);

  if (user && location.pathname === "/") {
    kc.store.keys(DRAFTS).forEach((key) => {
      const path = key.slice(DRAFTS.length);
      const link = kc.element("a", { href: path }, kc.text("save.unsent_open"));
      kc.notify("warning", kc.text("save.unsent", { code: path.split("/")[2] }), " ", link);
    });
  }

  // --- what was opened last: addresses only, no names; the search box asks what they are called

  const MOST_RECENT = 8;
  kc.recent = () => (kc.store.get(`kc.recent.${user}`) || "").split(" ").filter(Boolean);
  const opened = document.getElementById("main")?.dataset.recent;
  if (user && opened) {
    const paths = [opened, ...kc.recent().filter((path) => path !== opened)].slice(0, MOST_RECENT);
    kc.store.set(`kc.recent.${user}`, paths.join(" "));
  }

  // --- a word's meaning, at the word: by pointer, by key and by finger; Escape puts it away

  const LEAVE_MS = 250; // to get from the word to its meaning
  let word = null;
  let leaving = 0;
  let toldAt = 0;
  const meaning = () => document.getElementById(word?.getAttribute("aria-describedby"));
  const untell = () => {
    clearTimeout(leaving);
    if (meaning()) meaning().hidden = true;
    word = null;
  };
  const tell = (link) => {
    clearTimeout(leaving);
    if (word === link) return;
    untell();
    word = link;
    toldAt = Date.now();
    const note = meaning();
    if (!note) return;
    note.hidden = false;
    note.style.left = 0; // where nothing narrows it, to be measured
    const at = link.getBoundingClientRect();
    const above = at.top - note.offsetHeight - 4; // below a column's name stand the cells to type in
    note.style.left = `${Math.max(8, Math.min(at.left, innerWidth - note.offsetWidth - 8))}px`;
    note.style.top = `${above > 0 ? above : at.bottom + 4}px`;
  };
  const over = (event) => {
    const link = event.target.closest?.("[data-term]");
    if (link) tell(link);
    else if (word && meaning()?.contains(event.target)) clearTimeout(leaving);
    else if (word && event.type === "focusin") untell();
    else if (word && document.activeElement !== word) {
      clearTimeout(leaving);
      leaving = setTimeout(untell, LEAVE_MS);
    }
  };
  document.addEventListener("pointerover", over);
  document.addEventListener("focusin", over);
  document.addEventListener("scroll", untell, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => event.key === "Escape" && untell());
  document.addEventListener("click", (event) => {
    // A first touch tells; the second follows the link.
    if (event.pointerType === "touch" && event.target.closest("[data-term]") && Date.now() - toldAt < 700) event.preventDefault();
  });

  // --- the bell, while the page stays open and is looked at

  const RING_MS = 60000;
  const ring = async () => {
    const bell = document.getElementById("bell");
    if (!bell || document.visibilityState === "hidden") return;
    const answer = await fetch(bell.dataset.bell, { redirect: "error" }).catch(() => null);
    if (!answer?.ok) return;
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("bell");
    if (!now || now.outerHTML === bell.outerHTML) return;
    bell.setAttribute("aria-label", now.getAttribute("aria-label")); // what has the focus keeps it
    bell.replaceChildren(...now.childNodes);
  };
  setInterval(ring, RING_MS);

  // --- scripts that a page needs only once somebody uses the control

  const fetchScript = (control) => {
    if (!control?.dataset?.script) return;
    document.head.append(kc.element("script", { src: control.dataset.script }));
    delete control.dataset.script;
  };
  document.addEventListener("focusin", (event) => fetchScript(event.target));
  fetchScript(document.activeElement);
})();
