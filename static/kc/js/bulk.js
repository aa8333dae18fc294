// Ticked rows of a list: how many, how much money, and the bar with what may be done to them.
// <form data-bulk> holds checkboxes data-bulk-item (data-amount in VND), data-bulk-all and a data-bulk-bar.
(() => {
  "use strict";
  const kc = window.kc;
  let lastTouched = null;

  const items = (form) => [...form.querySelectorAll("[data-bulk-item]")];

  const shownSum = (total, unit) => {
    const whole = unit === "trieu" ? Math.round(total / 1e6) : total;
    return ` · ${whole.toLocaleString("vi-VN")} ${unit === "trieu" ? "tr.đ" : "đ"}`;
  };

  const refresh = (form) => {
    const boxes = items(form);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("[data-row]")?.classList.toggle("is-selected", box.checked));
    const bar = form.querySelector("[data-bulk-bar]");
    bar?.classList.toggle("is-open", chosen.length > 0);
    const count = form.querySelector("[data-bulk-count]");
    if (count && chosen.length) count.textContent = kc.text("bulk.selected", { count: chosen.length });
    const sum = form.querySelector("[data-bulk-sum]");
    if (sum) {
      const total = chosen.reduce((amount, box) => amount + Number(box.dataset.amount || 0), 0);
      sum.textContent = total ? shownSum(total, sum.dataset.bulkSum) : "";
    }
    const all = form.querySelector("[data-bulk-all]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
  };

  document.addEventListener("click", (event) => {
    const box = event.target.closest("[data-bulk-item]");
    const form = box?.closest("form[data-bulk]");
    if (!form) return;
    if (event.shiftKey && lastTouched && form.contains(lastTouched)) {
      const boxes = items(form);
      const [from, to] = [boxes.indexOf(lastTouched), boxes.indexOf(box)].sort((a, b) => a - b);
      boxes.slice(from, to + 1).forEach((each) => (each.checked = box.checked));
    }
    lastTouched = box;
    refresh(form);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-bulk]");
    if (!form) return;
    if (event.target.matches("[data-bulk-all]")) items(form).forEach((box) => (box.checked = event.target.checked));
    refresh(form);
  });

  const refreshAll = () => document.querySelectorAll("form[data-bulk]").forEach(refresh);
  document.addEventListener("htmx:afterSwap", refreshAll);
  window.addEventListener("pageshow", refreshAll);
})();
