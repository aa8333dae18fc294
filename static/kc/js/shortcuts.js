// Keys for those who work here all day. Never while typing; single keys can be switched off (WCAG 2.1.4).
// Any link, button or field with data-shortcut="g v" answers to those keys; rows are [data-row].
(() => {
  "use strict";
  const kc = window.kc;
  const OFF = "kc.shortcuts";
  const PAUSE_MS = 1200;
  let first = "";
  let timer = 0;

  const isOn = () => kc.store.get(OFF) !== "off";
  const isTyping = (target) => target.isContentEditable || target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select");

  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
  const linkOf = (row) => row?.querySelector("[data-row-link], a[href]");
  const currentRow = () => document.activeElement?.closest("[data-row]");

  const move = (step) => {
    const all = rows();
    if (!all.length) return false;
    const index = all.indexOf(currentRow());
    const next = index < 0 ? 0 : Math.min(Math.max(index + step, 0), all.length - 1);
    linkOf(all[next])?.focus();
    return true;
  };

  const press = (keys) => {
    const target = document.querySelector(`[data-shortcut="${CSS.escape(keys)}"]`);
    if (!target) return false;
    if (target.matches("input, textarea")) {
      target.focus();
      target.select();
    } else {
      target.click();
    }
    return true;
  };

  const act = (key) => {
    if (key === "j") return move(1);
    if (key === "k") return move(-1);
    if (key === "x") {
      const box = currentRow()?.querySelector("input[type=checkbox]");
      box?.click();
      return Boolean(box);
    }
    if (key === "?") {
      const help = document.getElementById("shortcuts");
      if (help && !help.open) help.showModal();
      return Boolean(help);
    }
    return press(key);
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (!isOn() || isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (key === "enter") return; // the focused link opens by itself
    clearTimeout(timer);
    if (first && press(`${first} ${key}`)) {
      first = "";
      event.preventDefault();
      return;
    }
    first = document.querySelector(`[data-shortcut^="${CSS.escape(key)} "]`) ? key : "";
    timer = setTimeout(() => (first = ""), PAUSE_MS);
    if (!first && act(key)) event.preventDefault();
  });

  const choice = document.querySelector("[data-shortcuts-switch]");
  if (choice) {
    choice.checked = isOn();
    choice.addEventListener("change", () => kc.store.set(OFF, choice.checked ? "on" : "off"));
  }
})();
