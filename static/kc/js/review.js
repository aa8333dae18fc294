// "@" in a remark: the colleagues listed under it, filtered by what follows; choosing one ticks their box.
(() => {
  "use strict";
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/gi, "d").toLowerCase();
  const WANTED = /(^|\s)@([^@\n]{0,40})$/u;

  document.querySelectorAll("[data-mentions]").forEach((area) => {
    const people = document.getElementById(area.dataset.mentions);
    if (!people) return;
    const boxes = [...people.querySelectorAll("input")];

    const before = () => area.value.slice(0, area.selectionStart);
    const show = () => {
      const wanted = WANTED.exec(before());
      if (wanted) people.open = true;
      boxes.forEach((box) => {
        box.closest("label").hidden = Boolean(wanted) && !fold(box.dataset.name).includes(fold(wanted[2].trim()));
      });
    };

    area.addEventListener("input", show);
    area.addEventListener("keydown", (event) => {
      if (event.key !== "Tab" || event.shiftKey || !WANTED.test(before())) return;
      const first = boxes.find((box) => !box.closest("label").hidden);
      if (!first) return;
      event.preventDefault();
      first.focus();
    });

    people.addEventListener("change", (event) => {
      const start = before();
      const wanted = WANTED.exec(start);
      if (!event.target.checked || !wanted) return;
      const kept = start.slice(0, wanted.index) + `${wanted[1]}@${event.target.dataset.name} `;
      area.value = kept + area.value.slice(start.length);
      area.focus();
      area.setSelectionRange(kept.length, kept.length);
      show();
    });
  });
})();

// Whoever came to write about a field can type at once.
if (location.hash === "#viet-nhan-xet") document.querySelector("#viet-nhan-xet textarea")?.focus();

// The appraisal sheet is kept while one works; its button stays for those without scripts.
(() => {
  "use strict";
  const kc = window.kc;
  const form = document.querySelector("[data-sheet]");
  if (!form) return;
  const status = document.querySelector("[data-sheet-status]");
  const WAIT_MS = 1200;
  let timer = 0;
  let running = Promise.resolve();

  const save = () => {
    clearTimeout(timer);
    timer = 0;
    running = running.then(() =>
      fetch(form.action, {
        method: "POST", body: new FormData(form), headers: { "X-Requested-With": "XMLHttpRequest" },
      })
        .then((answer) => answer.json())
        .then(({ saved_at: at, error }) => (status.textContent = error || kc.text("save.saved", { time: at })))
        .catch(() => (status.textContent = kc.text("page.failed"))),
    );
    return running;
  };

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_MS);
  });

  // A step confirmed right after the last tick waits for the sheet.
  document.addEventListener(
    "submit",
    (event) => {
      if (!timer || event.target === form) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      save().then(() => event.target.requestSubmit(event.submitter));
    },
    true,
  );
})();

// A paper opens beside the dossier in place, so that nothing being written on the page is lost.
(() => {
  "use strict";
  const desk = document.querySelector("[data-review]");
  const pane = document.getElementById("giay-to");
  const part = pane?.querySelector(".beside__part");
  if (!desk || !pane) return;

  const paperOf = (href) => new URL(href, location.href).searchParams.get("giay-to");
  let shown = paperOf(location.href);

  const show = (href, focus) => {
    if (paperOf(href) === shown) return Promise.resolve(); // a jump within the page
    shown = paperOf(href);
    if (!shown) {
      pane.hidden = true;
      part.replaceChildren();
      desk.classList.remove("with-paper");
      return Promise.resolve();
    }
    return fetch(href, { headers: { "HX-Request": "true" } })
      .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer)))
      .then((html) => {
        if (paperOf(href) !== shown) return; // another was asked for meanwhile
        part.innerHTML = html;
        pane.hidden = false;
        desk.classList.add("with-paper");
        if (focus) document.getElementById("beside-title")?.focus({ preventScroll: true });
      })
      .catch(() => location.assign(href));
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-beside], [data-beside-close]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    const back = link.matches("[data-beside-close]") && desk.querySelector(".beside-open");
    show(link.href, true).then(() => back && back.focus());
  });
  window.addEventListener("popstate", () => show(location.href, false));
})();
