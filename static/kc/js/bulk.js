// Ticked rows of a list: how many, how much money, and the bar with what may be done to them.
// <form data-bulk> holds checkboxes data-bulk-item (data-amount in VND), data-bulk-all and a data-bulk-bar.
// data-bulk-preview="id": what the step would do is shown in that <dialog> first. data-bulk-moves="1" or "-1":
// ticked money goes into or out of the balances (data-balance) of the page, by source (data-kcqg, data-kcdp).
(() => {
  "use strict";
  const kc = window.kc;
  let lastTouched = null;

  const items = (form) => [...form.querySelectorAll("[data-bulk-item]")];
  const sumOf = (boxes, key) => boxes.reduce((amount, box) => amount + Number(box.dataset[key] || 0), 0);

  const shown = (amount, unit) =>
    (unit === "trieu" ? amount / 1e6 : amount).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 6 });

  const refresh = (form) => {
    const boxes = items(form);
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("[data-row]")?.classList.toggle("is-selected", box.checked));
    const bar = form.querySelector("[data-bulk-bar]");
    bar?.classList.toggle("is-open", chosen.length > 0);
    const count = form.querySelector("[data-bulk-count]");
    if (count) {
      count.dataset.hint ??= count.textContent;
      count.textContent = chosen.length ? kc.text("bulk.selected", { count: chosen.length }) : count.dataset.hint;
    }
    const sum = form.querySelector("[data-bulk-sum]");
    if (sum) {
      const [total, unit] = [sumOf(chosen, "amount"), sum.dataset.bulkSum];
      sum.textContent = total ? ` · ${shown(total, unit)} ${kc.text(`money.unit_${unit === "trieu" ? "trieu" : "dong"}`)}` : "";
    }
    const all = form.querySelector("[data-bulk-all]");
    if (all) {
      all.checked = boxes.length > 0 && chosen.length === boxes.length;
      all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
    }
    if (form.dataset.bulkMoves) balance();
  };

  // --- what the ticked rows would do to the money of a plan

  const ticked = (source) =>
    [...document.querySelectorAll("form[data-bulk-moves]")].reduce((sum, form) => {
      const chosen = items(form).filter((box) => box.checked);
      return sum + Number(form.dataset.bulkMoves) * sumOf(chosen, source);
    }, 0);

  const balance = () => {
    document.querySelectorAll("[data-balance]").forEach((place) => {
      const { balance: source, ceiling, committed, asked, unit } = place.dataset;
      const now = Number(asked) + ticked(source);
      const left = Number(ceiling) - Number(committed) - now;
      const put = (name, amount) =>
        place.querySelectorAll(`[data-is="${name}"]`).forEach((each) => (each.textContent = shown(amount, unit)));
      put("asked", now);
      put("left", left);
      put("over", -left);
      place.querySelectorAll("[data-when]").forEach((each) => (each.hidden = (each.dataset.when === "over") !== left < 0));
      const fill = place.querySelector(".meter rect");
      if (fill) {
        const used = Number(ceiling) ? ((Number(committed) + now) / Number(ceiling)) * 100 : 0;
        fill.setAttribute("width", Math.min(100, Math.max(0, used)));
        fill.setAttribute("class", `fill-${left < 0 ? "bad" : 10 * left > Number(ceiling) ? "good" : "warning"}`);
      }
    });
  };

  // --- before several files take a step: what would happen, in a dialog

  const preview = async (form, button) => {
    const dialog = document.getElementById(form.dataset.bulkPreview);
    const data = new FormData(form);
    data.set(button.name, button.value);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body: data, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
    dialog.innerHTML = await answer.text();
    dialog.showModal();
  };

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (!form.matches("form[data-bulk-preview]") || !event.submitter || event.submitter.hasAttribute("formaction")) return;
      event.preventDefault();
      preview(form, event.submitter).catch(() => kc.notify("error", kc.text("page.failed")));
    },
    true, // before the guard of all forms, which lets a prevented one go
  );

  // --- ticking

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
