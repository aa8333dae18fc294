// A section of the project form after an autosave: the checks' words move to their fields and rows, the
// task list and the summary are renewed, the total is spelled. The server sends them as templates.
(() => {
  "use strict";
  const kc = window.kc;
  const form = document.getElementById("section-form");
  if (!form) return;

  // --- words of the checks

  const clear = () => {
    document.querySelectorAll("[data-verdicts-at]").forEach((place) => place.replaceChildren());
    document.querySelectorAll(".grid__message").forEach((cell) => {
      cell.querySelectorAll(".verdict").forEach((verdict) => verdict.remove());
      if (!cell.querySelector(".field__error")) cell.closest("tr").remove();
    });
    document.querySelectorAll("[data-marked]").forEach((control) => {
      control.removeAttribute("aria-invalid");
      delete control.dataset.marked;
    });
  };

  const messageUnder = (row) => {
    const next = row.nextElementSibling?.querySelector(".grid__message");
    if (next) return next;
    const cell = kc.element("td", { class: "grid__message", colspan: row.cells.length });
    row.after(kc.element("tr", {}, cell));
    return cell;
  };

  const place = (template) => {
    const anchor = template.dataset.at;
    const row = form.querySelector(`[name="${CSS.escape(anchor)}-description"]`)?.closest("tr");
    const target = row ? messageUnder(row) : form.querySelector(`[data-verdicts-at="${CSS.escape(anchor)}"]`);
    target?.append(template.content.cloneNode(true));
    template.dataset.controls.split(" ").filter(Boolean).forEach((id) => {
      const control = document.getElementById(id);
      if (!control) return;
      control.setAttribute("aria-invalid", "true");
      control.dataset.marked = "1";
    });
  };

  const renew = (template) => {
    const selector = template.dataset.replace;
    const old = document.querySelector(selector);
    const fresh = template.content.querySelector(selector);
    if (!old || !fresh || old.innerHTML === fresh.innerHTML) return;
    const { scrollLeft } = old;
    old.replaceWith(fresh);
    fresh.scrollLeft = scrollLeft;
  };

  const apply = () => {
    const templates = [...document.querySelectorAll("#verdicts template")];
    if (!templates.length) return;
    clear();
    templates.forEach((template) => {
      if (template.dataset.at) place(template);
      else renew(template);
      template.remove();
    });
  };

  const box = document.getElementById("verdicts");
  if (box) new MutationObserver(apply).observe(box.parentElement, { childList: true });

  // --- an establishment the register does not know: the person's word holds for the name it was given about

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-say-new]");
    if (!button) return;
    document.getElementById(button.dataset.sayNew).value = "1";
    button.closest("[data-grid-row]").querySelector("input[name$=-name]").focus();
    form.dispatchEvent(new Event("kc:keep"));
  });

  document.addEventListener("input", (event) => {
    const said = event.target.closest("[data-grid-row]")?.querySelector("[name$=-is_new]");
    if (said) said.value = "";
  });

  // --- how the place was read holds no longer once another is typed or chosen

  document.addEventListener("input", (event) => {
    if (event.target.name === "place_text") document.getElementById("place-now")?.replaceChildren();
  });

  // --- the total of the estimate, and its words

  const shown = document.querySelector("[data-total-of]");
  const total = () => {
    const grid = document.querySelector(`[data-grid="${shown.dataset.totalOf}"]`);
    const value = Number(grid?.querySelector("[data-grid-total]")?.dataset.gridTotal || 0);
    shown.value = kc.money.show(value, grid?.dataset.gridUnit || "dong");
    document.querySelector("[data-total-words]").textContent = value ? kc.money.inWords(value) : "";
  };
  if (shown) {
    document.addEventListener("input", total);
    document.addEventListener("change", total);
  }

  // --- a link to a control that a type-ahead stands in for

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".error-summary a, #verdicts a");
    const control = link && document.getElementById(link.hash.slice(1));
    if (!control) return;
    const visible = control.hidden ? document.getElementById(`${control.id}_text`) : control;
    if (!visible?.matches("input, select, textarea")) return;
    event.preventDefault();
    visible.focus();
  });
})();
