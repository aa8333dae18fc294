// Drafts keep themselves: <form data-autosave="…/nhap/"> is sent 1.5 s after the last change and when the
// page is left. The answer is {version, saved_at, verdicts_html}; 409 {current_version} opens a comparison,
// 422 {errors: [{id, message}]} stays at the fields. What could not be sent waits in this browser.
(() => {
  "use strict";
  const kc = window.kc;
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const WAIT_MS = 1500;
  const RETRY_MS = 15000;
  const KEY = `kc.draft.${document.body.dataset.user}.${location.pathname}`;
  const PERSONAL_NUMBER = /(^|\D)\d{12}(\D|$)/; // never kept in a browser's storage
  const NOT_DRAFT = new Set(["csrfmiddlewaretoken", "version", "section", "go"]);
  const status = document.querySelector("[data-save-status]");
  let dirty = false;
  let sending = false;
  let leaving = false;
  let partly = false; // some rows wait for the person and are in this browser alone
  let wrong = []; // the controls the last answer complained about
  let timer = 0;
  let signingOut = false; // nothing of this person may stay in the browser
  let said = null; // the notice that there is no line
  let savedAt = status?.dataset.savedAt || ""; // by the server's clock

  const show = (state, sentence) => {
    if (!status) return;
    status.dataset.state = state;
    status.replaceChildren(...(state === "saved" ? [kc.icon("check")] : []), sentence);
  };

  const unsaved = () => show("unsaved", kc.text("save.unsaved", { time: savedAt }));

  const entries = () => [...new FormData(form)].filter(([, value]) => typeof value === "string");
  const version = () => form.elements.version;

  // --- the copy in this browser

  const isPersonal = ([, value]) => PERSONAL_NUMBER.test(value.replace(/\s/g, ""));
  const keep = () => {
    const fields = entries().filter((entry) => !NOT_DRAFT.has(entry[0]) && !isPersonal(entry));
    kc.store.set(KEY, JSON.stringify({ version: version().value, fields }));
  };
  const forget = () => kc.store.removeAll(KEY);

  // --- sending

  const shownErrors = (answer) => {
    wrong.forEach((input) => kc.fieldError(input, ""));
    wrong = [];
    (answer.errors || []).forEach(({ id, message }) => {
      const input = document.getElementById(id);
      if (input) kc.fieldError(input, message);
      if (input) wrong.push(input);
    });
    return answer.error || answer.errors?.[0]?.message || "";
  };

  const saved = (answer) => {
    version().value = answer.version;
    document.querySelectorAll("input[name=version]").forEach((input) => (input.value = answer.version));
    said?.remove();
    savedAt = answer.saved_at;
    partly = answer.waiting > 0;
    shownErrors(answer);
    if (dirty) unsaved();
    else if (partly) show("partly", kc.text("save.partly", { time: savedAt, count: answer.waiting }));
    else show("saved", kc.text("save.saved", { time: savedAt }));
    const place = document.querySelector(form.dataset.autosaveVerdicts || "#verdicts");
    if (place && answer.verdicts_html !== undefined) place.outerHTML = answer.verdicts_html;
    if (partly) keep();
    else if (!dirty) forget();
  };

  const refused = (sentence, state = "refused") => {
    dirty = true;
    show(state, `${sentence} ${kc.text("save.last", { time: savedAt })}`);
  };

  const receive = async (response) => {
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    if (response.redirected || response.status === 401 || response.status === 403 || !isJson) {
      refused(kc.text("save.signed_out"));
      return;
    }
    const answer = await response.json();
    if (response.ok) saved(answer);
    else if (response.status === 409) await conflict(answer.current_version);
    else refused(kc.text("save.refused", { reason: shownErrors(answer) }));
  };

  const send = async () => {
    clearTimeout(timer);
    if (!dirty || sending || leaving) return;
    sending = true;
    dirty = false;
    show("waiting", kc.text("save.waiting"));
    keep();
    try {
      await receive(await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(entries()),
        headers: { "X-CSRFToken": kc.token(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      }));
    } catch {
      refused(kc.text("save.offline"), "offline");
      timer = setTimeout(send, RETRY_MS);
    }
    sending = false;
    if (dirty && status?.dataset.state === "unsaved") later();
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT_MS);
  };

  // --- somebody else was quicker: compare, then choose

  const drafted = (fields) => fields.filter(([name]) => !NOT_DRAFT.has(name));
  const differences = (mine, theirs, there) => kc.differences(form, drafted(mine), drafted(theirs), there);

  const conflict = async (current) => {
    refused(kc.text("save.conflict"), "conflict");
    const page = await (await fetch(location.href)).text();
    const there = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-autosave]");
    const rows = differences(entries(), there ? [...new FormData(there)] : [], there);
    const keepMine = () => {
      version().value = current;
      send();
    };
    if (there && !rows.length) setTimeout(keepMine); // both say the same
    else kc.compare(rows, keepMine, () => {
      forget();
      leaving = true;
      location.reload();
    });
  };

  // --- what an earlier visit could not send

  const put = (fields) => {
    const names = new Set(fields.map(([name]) => name));
    form.querySelectorAll("[data-grid]").forEach((grid) => {
      const wanted = Number(new Map(fields).get(`${grid.dataset.grid}-TOTAL_FORMS`) || 0);
      const count = form.elements[`${grid.dataset.grid}-TOTAL_FORMS`];
      for (let guard = 0; Number(count.value) < wanted && guard < 400; guard += 1) grid.querySelector("[data-grid-add]").click();
    });
    form.querySelectorAll("input[type=checkbox][name]").forEach((box) => (box.checked = names.has(box.name)));
    fields.forEach(([name, value]) => {
      const control = form.elements[name];
      if (!control || control.type === "checkbox" || NOT_DRAFT.has(name)) return;
      control.value = value;
    });
    form.querySelectorAll("[data-money]").forEach((input) => input.dispatchEvent(new Event("change", { bubbles: true })));
  };

  const restore = () => {
    let copy = null;
    try {
      copy = JSON.parse(kc.store.get(KEY) || "null");
    } catch {
      forget();
    }
    if (!copy) return;
    const rows = differences(copy.fields, entries());
    if (!rows.length) {
      forget();
      return;
    }
    const apply = () => {
      put(copy.fields);
      kc.notify("info", kc.text("save.restored"));
      dirty = true;
      later();
    };
    if (copy.version === version().value) apply();
    else kc.compare(rows, apply, forget);
  };

  // --- when

  const touched = (event) => {
    if (event.target.closest("[data-no-autosave]") || event.target.type === "file") return;
    dirty = true;
    if (["saved", "partly"].includes(status?.dataset.state)) unsaved();
    later();
  };
  form.addEventListener("kc:keep", () => {
    dirty = true;
    send();
  });
  form.addEventListener("input", touched);
  form.addEventListener("change", touched);
  // Without a line the browser would put its error page over the form: the page stays, and goes on when it can.
  form.addEventListener("submit", async (event) => {
    if (status?.dataset.state === "offline" || !navigator.onLine) {
      event.preventDefault();
      dirty = true;
      await send();
      if (["saved", "partly"].includes(status?.dataset.state)) form.requestSubmit(event.submitter);
      else if (status?.dataset.state === "offline") said = kc.notify("warning", kc.text("save.offline_kept"));
      return;
    }
    if (dirty) keep();
    kc.sent(KEY);
    leaving = true;
    clearTimeout(timer);
  });
  // A link to another page waits for what was just typed, so that the next page begins with it.
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[href]");
    const elsewhere = link && link.origin === location.origin && link.pathname !== location.pathname;
    if (!elsewhere || link.target || link.download || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.defaultPrevented || !(dirty || sending)) return;
    event.preventDefault();
    for (let tries = 0; tries < 60 && sending; tries += 1) await new Promise((next) => setTimeout(next, 50));
    await send();
    if (status?.dataset.state !== "conflict") location.assign(link.href);
  });
  document.addEventListener("submit", (event) => (signingOut = event.target.matches("[data-sign-out]")));
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && !signingOut && send());
  window.addEventListener("online", () => dirty && send());
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("beforeunload", (event) => {
    // A personal number is never kept here, so what waits with one would be lost.
    if (!leaving && (dirty || sending || (partly && entries().some(isPersonal)))) {
      if (!signingOut) keep();
      event.preventDefault();
      event.returnValue = "";
    }
  });
  restore();
})();
