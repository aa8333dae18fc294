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
  const NOT_DRAFT = new Set(["csrfmiddlewaretoken", "version", "section", "unit", "go"]);
  const status = document.querySelector("[data-save-status]");
  let dirty = false;
  let sending = false;
  let leaving = false;
  let partly = false; // some rows wait for the person and are in this browser alone
  let wrong = []; // the controls the last answer complained about
  let timer = 0;
  let signingOut = false; // nothing of this person may stay in the browser
  let said = null; // the notice that there is no line
  let base = null; // what the server had when this page, or its last answer, came
  let sent = null;
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

  const pageUnit = () => form.elements.unit?.value || "";

  // Amounts that were typed on a page of another unit, as this page writes them; what cannot be read stays.
  const inPageUnit = (fields, unit) => {
    if (unit === pageUnit()) return fields;
    return fields.map(([name, value]) => {
      if (!kc.controlOf(form, null, name)?.matches("[data-money]")) return [name, value];
      const amount = kc.money.parse(value, unit).value;
      return [name, amount === null || amount === undefined ? value : kc.money.format(amount, pageUnit())];
    });
  };

  const isPersonal = ([, value]) => PERSONAL_NUMBER.test(value.replace(/\s/g, ""));
  const keep = () => {
    const kept = (list) => list.filter((entry) => !NOT_DRAFT.has(entry[0]) && !isPersonal(entry));
    kc.store.set(KEY, JSON.stringify({ version: version().value, unit: pageUnit(), fields: kept(entries()), base: kept(base) }));
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
    if (!answer.waiting) base = sent; // rows that wait are not the server's
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
    sent = entries();
    try {
      await receive(await fetch(form.dataset.autosave, {
        method: "POST",
        body: new URLSearchParams(sent),
        headers: { "X-CSRFToken": kc.token(), "X-Requested-With": "XMLHttpRequest", Accept: "application/json" },
        keepalive: document.visibilityState === "hidden",
      }));
    } catch {
      refused(kc.text(warnOfNumbers() ? "save.offline_but" : "save.offline"), "offline");
      timer = setTimeout(send, RETRY_MS);
    }
    sending = false;
    if (dirty && status?.dataset.state === "unsaved") later();
  };

  /** Says at its field what this browser does not keep; whether there is such a field. */
  const warnOfNumbers = () => {
    const unkept = entries().filter(isPersonal).map(([name]) => form.elements[name]);
    unkept.forEach((control) => kc.fieldError(control, kc.text("save.not_kept")));
    wrong.push(...unkept);
    return unkept.length > 0;
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, WAIT_MS);
  };

  // --- somebody else was quicker: compare, then choose

  const drafted = (fields) => fields.filter(([name]) => !NOT_DRAFT.has(name));
  const differences = (mine, theirs, there) => kc.differences(form, drafted(mine), drafted(theirs), there);

  // By part: what only one side has changed since ``base`` needs no question.
  const parts = (fields) => {
    const found = new Map();
    drafted(fields).forEach((field) => {
      const part = kc.partOf(form, field[0]);
      found.set(part, [...(found.get(part) || []), field]);
    });
    return found;
  };

  /** {fields: mine with what only the other has changed, asked: parts both have changed, taken: the others}. */
  const merged = (mine, theirs, basis) => {
    const [here, other, before] = [parts(mine), parts(theirs), parts(basis)];
    const same = (one, two, part) => JSON.stringify(one.get(part) || []) === JSON.stringify(two.get(part) || []);
    const all = [...new Set([...here.keys(), ...other.keys()])].filter((part) => !same(here, other, part));
    const taken = new Set(all.filter((part) => same(here, before, part)));
    const asked = new Set(all.filter((part) => !taken.has(part) && !same(other, before, part)));
    const fields = [...new Set([...here.keys(), ...other.keys()])].flatMap((part) => (taken.has(part) ? other : here).get(part) || []);
    return { fields, asked, taken };
  };

  const conflict = async (current) => {
    refused(kc.text("save.conflict"), "conflict");
    const page = await (await fetch(location.href)).text();
    const there = new DOMParser().parseFromString(page, "text/html").querySelector("form[data-autosave]");
    const theirs = there ? [...new FormData(there)] : [];
    const { fields, asked, taken } = merged(entries(), theirs, base);
    const of = (list) => list.filter(([name]) => asked.has(kc.partOf(form, name)));
    const rows = differences(of(entries()), of(theirs), there);
    const keepMine = () => {
      put(fields, taken);
      version().value = current;
      dirty = true;
      if (taken.size) kc.notify("info", kc.text("save.merged"));
      send();
    };
    if (there && !rows.length) setTimeout(keepMine); // nothing that both have changed
    else kc.compare(rows, keepMine, () => {
      forget();
      leaving = true;
      location.reload();
    });
  };

  // --- what an earlier visit could not send

  const put = (fields, parted = null) => {
    const names = new Set(fields.map(([name]) => name));
    const among = (name) => !parted || parted.has(kc.partOf(form, name));
    form.querySelectorAll("[data-grid]").forEach((grid) => {
      const wanted = Number(new Map(fields).get(`${grid.dataset.grid}-TOTAL_FORMS`) || 0);
      const count = form.elements[`${grid.dataset.grid}-TOTAL_FORMS`];
      for (let guard = 0; Number(count.value) < wanted && guard < 400; guard += 1) grid.querySelector("[data-grid-add]").click();
    });
    [...form.elements].filter((each) => each.name && among(each.name)).forEach((each) => {
      if (each.type === "checkbox") each.checked = names.has(each.name);
      else if (parted && each.type !== "radio" && each.closest("[data-grid-row]") && !names.has(each.name)) each.value = "";
    });
    fields.filter(([name]) => among(name)).forEach(([name, value]) => {
      const control = form.elements[name];
      if (!control || control.type === "checkbox" || NOT_DRAFT.has(name)) return;
      control.value = value;
    });
    form.querySelectorAll("[data-money]").forEach((input) => input.dispatchEvent(new Event("change", { bubbles: true })));
  };

  const waiting = () => {
    try {
      const copy = JSON.parse(kc.store.get(KEY) || "null");
      if (!copy) return null;
      const unit = copy.unit || new Map(copy.fields).get("unit") || pageUnit();
      return { version: copy.version, fields: inPageUnit(copy.fields, unit), base: inPageUnit(copy.base || [], unit) };
    } catch {
      forget();
      return null;
    }
  };

  const restore = (copy) => {
    // What was typed, with what has been saved since at other parts; only what both have changed is asked.
    const { fields, asked } = merged(copy.fields, entries(), copy.base);
    if (!differences(fields, entries()).length) {
      dirty = refusedHere; // then the copy is all there is
      if (!dirty) forget();
      return;
    }
    const apply = () => {
      put(fields);
      kc.notify("info", kc.text("save.restored"));
      dirty = true;
      later();
    };
    const of = (list) => list.filter(([name]) => asked.has(kc.partOf(form, name)));
    const rows = copy.version === version().value ? [] : differences(of(fields), of(entries()));
    if (rows.length) kc.compare(rows, apply, forget);
    else apply();
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
  const refusedHere = document.querySelector(".error-summary") !== null; // the page shows what the server has not
  const copy = waiting();
  base = refusedHere && copy ? copy.base : entries();
  if (copy) restore(copy);
})();
