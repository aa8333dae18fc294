// Dates typed day first – 1/3/27, 01-03-2027, 010327, 2027-03-01 – and a calendar beside the field.
(() => {
  "use strict";
  const kc = window.kc;
  const two = (n) => String(n).padStart(2, "0");
  const shown = (day) => `${two(day.getDate())}/${two(day.getMonth() + 1)}/${String(day.getFullYear()).padStart(4, "0")}`;

  const parts = (text) => {
    let found = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text);
    if (found) return [found[3], found[2], found[1]];
    found = /^(\d{1,2})\s*[/.\-\s]\s*(\d{1,2})\s*[/.\-\s]\s*(\d{4}|\d{2})$/.exec(text) || /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text);
    return found ? found.slice(1, 4) : null;
  };

  /** A Date, or null when the text is no date of the calendar. Two digits: 00–69 are 2000–2069. */
  const read = (text) => {
    const found = parts(text.trim());
    if (!found) return null;
    const [day, month] = found.map(Number);
    let year = Number(found[2]);
    if (found[2].length === 2) year += year < 70 ? 2000 : 1900;
    const made = new Date(year, month - 1, day);
    return made.getMonth() === month - 1 && made.getDate() === day ? made : null;
  };

  kc.dates = { read, shown };

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-date]")) return;
    const day = input.value.trim() ? read(input.value) : undefined;
    kc.fieldError(input, day === null ? kc.text("date.invalid") : "");
    if (day) input.value = shown(day);
  });

  // --- the calendar

  let open = null; // {panel, input, day}

  const close = (refocus) => {
    if (!open) return;
    open.panel.remove();
    open.button.setAttribute("aria-expanded", "false");
    if (refocus) open.button.focus();
    open = null;
  };

  const choose = (day) => {
    const { input } = open;
    input.value = shown(day);
    close(false);
    input.focus();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const week = (monday, month, chosen) => {
    const row = kc.element("tr");
    for (let offset = 0; offset < 7; offset += 1) {
      const day = new Date(monday.getFullYear(), monday.getMonth(), monday.getDate() + offset);
      const cell = kc.element("td");
      if (day.getMonth() === month) {
        const button = kc.element("button", { type: "button", "aria-label": shown(day), tabindex: "-1" }, String(day.getDate()));
        if (shown(day) === shown(new Date())) button.setAttribute("aria-current", "date");
        if (chosen && shown(day) === shown(chosen)) button.setAttribute("aria-pressed", "true");
        button.addEventListener("click", () => choose(day));
        cell.append(button);
      }
      row.append(cell);
    }
    return row;
  };

  const turn = (label, icon, months) => {
    const button = kc.element("button", { class: "icon-button", type: "button", "aria-label": label });
    button.append(kc.icon(icon));
    button.addEventListener("click", () => draw(new Date(open.day.getFullYear(), open.day.getMonth() + months, 1)));
    return button;
  };

  const draw = (day, focus = false) => {
    open.day = day;
    const [year, month] = [day.getFullYear(), day.getMonth()];
    const head = kc.element("div", { class: "calendar__head" },
      turn(kc.text("date.previous"), "previous", -1),
      kc.element("span", { "aria-live": "polite" }, kc.text("date.month", { month: month + 1, year })),
      turn(kc.text("date.next"), "next", 1));
    const names = kc.text("date.weekdays").split(" ").map((name) => kc.element("th", { scope: "col" }, name));
    const body = kc.element("tbody");
    const firstWeekday = (new Date(year, month, 1).getDay() + 6) % 7; // the week begins on Monday
    for (let at = 1 - firstWeekday; at <= new Date(year, month + 1, 0).getDate(); at += 7) {
      body.append(week(new Date(year, month, at), month, read(open.input.value)));
    }
    open.panel.replaceChildren(head, kc.element("table", {}, kc.element("thead", {}, kc.element("tr", {}, ...names)), body));
    const current = open.panel.querySelector(`td button[aria-label="${shown(day)}"]`);
    current?.setAttribute("tabindex", "0");
    if (focus) current?.focus();
  };

  const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

  const keys = (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close(true);
    } else if (event.target.matches("td button") && (STEPS[event.key] || event.key.startsWith("Page"))) {
      event.preventDefault();
      const day = read(event.target.getAttribute("aria-label"));
      const months = { PageUp: -1, PageDown: 1 }[event.key] || 0;
      draw(new Date(day.getFullYear(), day.getMonth() + months, day.getDate() + (STEPS[event.key] || 0)), true);
    }
  };

  const show = (input, button) => {
    close(false);
    const panel = kc.element("div", { class: "calendar", role: "dialog", "aria-label": kc.text("date.calendar") });
    panel.addEventListener("keydown", keys);
    button.after(panel);
    button.setAttribute("aria-expanded", "true");
    open = { panel, input, button, day: null };
    draw(read(input.value) || new Date(), true);
  };

  const equip = (scope) => scope.querySelectorAll("[data-date]:not([data-equipped])").forEach((input) => {
    input.dataset.equipped = "1";
    if (!input.parentElement.matches(".date-field")) return;
    const button = kc.element("button", { class: "icon-button", type: "button", "aria-label": kc.text("date.open"), "aria-expanded": "false" });
    button.append(kc.icon("calendar"));
    button.addEventListener("click", () => (open?.input === input ? close(true) : show(input, button)));
    input.after(button);
  });

  document.addEventListener("click", (event) => {
    if (open && event.target.isConnected && !event.target.closest(".date-field")) close(false);
  });
  document.addEventListener("htmx:afterSwap", () => equip(document));
  document.addEventListener("kc:row-added", () => equip(document));
  equip(document);
})();
