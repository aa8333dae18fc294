// The search box of the top bar as a combobox (ARIA 1.2); fetched when the box is first used. The server sends
// the drop-down ready-made: grouped options that are links. Without a chosen one, Enter opens the page of results.
(() => {
  "use strict";
  const kc = window.kc;
  const WAIT_MS = 150;
  const input = document.getElementById("search");
  const list = kc.element("div", { class: "combobox__list", role: "listbox", id: "search-list", hidden: "" });
  const status = kc.element("span", { class: "visually-hidden", role: "status" });
  let timer = 0;
  let running = null;
  let at = -1;

  const options = () => [...list.querySelectorAll("a[role=option]")];

  const close = () => {
    clearTimeout(timer);
    running?.abort();
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  };

  const point = (next) => {
    at = next;
    options().forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
    const chosen = options()[at];
    if (!chosen) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    input.setAttribute("aria-activedescendant", chosen.id);
    chosen.scrollIntoView({ block: "nearest" });
  };

  const address = (text) => {
    const asked = text ? [["q", text]] : kc.recent().map((path) => ["mo", path]);
    return asked.length ? `${input.form.action}?${new URLSearchParams(asked)}` : "";
  };

  const show = (markup) => {
    list.innerHTML = markup; // our own template, escaped there
    options().forEach((option, index) => (option.id = `search-option-${index}`));
    if (!list.firstElementChild || document.activeElement !== input) {
      close();
      return;
    }
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    const count = options().length;
    status.textContent = count ? kc.text("combobox.count", { count }) : kc.text("combobox.none");
    point(-1);
  };

  const ask = async () => {
    clearTimeout(timer);
    running?.abort();
    const url = address(input.value.trim());
    if (!url) {
      close();
      return;
    }
    running = new AbortController();
    try {
      const answer = await fetch(url, { signal: running.signal, headers: { "HX-Request": "true" } });
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch (failure) {
      if (failure.name !== "AbortError") close(); // Enter still opens the page, which then says what is wrong
    }
  };

  const key = (event) => {
    const count = options().length;
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !event.altKey) {
      event.preventDefault();
      if (list.hidden) ask();
      else if (count) point(at < 0 && event.key === "ArrowUp" ? count - 1 : (at + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
    } else if (event.key === "Enter" && options()[at]) {
      event.preventDefault();
      options()[at].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  };

  const aria = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id };
  Object.entries(aria).forEach(([name, value]) => input.setAttribute(name, value));
  list.setAttribute("aria-label", input.labels[0].textContent.trim());
  input.after(list, status);
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, WAIT_MS);
  });
  input.addEventListener("keydown", key);
  input.addEventListener("click", () => list.hidden && ask());
  input.addEventListener("focus", () => input.value || ask());
  input.addEventListener("blur", close);
  list.addEventListener("mousedown", (event) => event.preventDefault());
  if (document.activeElement === input) ask();
})();
