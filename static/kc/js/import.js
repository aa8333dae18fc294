// The preview of an uploaded list: says that corrections wait to be kept, and guards them against leaving.
(() => {
  "use strict";
  const form = document.querySelector("[data-import-grid]");
  if (!form) return;
  let changed = form.hasAttribute("data-import-changed");

  const note = () => {
    changed = true;
    form.querySelector("[data-import-unsaved]").hidden = false;
  };

  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("submit", () => (changed = false));
  window.addEventListener("beforeunload", (event) => {
    if (!changed) return;
    event.preventDefault();
    event.returnValue = "";
  });

  // A row that was just opened: the first thing somebody wants is to type.
  document.addEventListener("htmx:afterSettle", (event) => event.target.querySelector?.(".import-fields .input")?.focus());
})();
