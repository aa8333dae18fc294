// Two people changed the same section, or an earlier visit left words here: what differs, as people read it.
// Fields are [name, value] as FormData gives them; nothing is shown by its technical name.
(() => {
  "use strict";
  const kc = window.kc;
  const MANAGEMENT = /-(TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS$/;
  const ROW = /^(.+)-(\d+)-(\w+)$/;

  const named = (place, name) => place?.querySelector(`[name="${CSS.escape(name)}"]`);

  // The control of this name: on this page, on the other's, or in the template of its rows.
  const controlOf = (form, there, name) => {
    const [, grid, , column] = ROW.exec(name) || [];
    const template = grid && form.querySelector(`[data-grid="${grid}"] [data-grid-template]`);
    return named(form, name) || named(there, name) || named(template?.content, `${grid}-__prefix__-${column}`);
  };

  kc.controlOf = controlOf;

  // What is decided as one: a whole grid, a place's words with the id behind them, else a single field.
  kc.partOf = (form, name) => {
    const [, grid] = /^([^-]+)-(?:\d+-|[A-Z]+_FORMS$)/.exec(name) || [];
    if (grid) return grid;
    const control = named(form, name);
    const chooser = control?.type === "hidden" && form.querySelector(`[data-combobox-value="${CSS.escape(control.id)}"]`);
    return chooser ? chooser.name : name;
  };

  const isPicked = (control) => ["radio", "checkbox"].includes(control?.type);
  const textOf = (label) => {
    const words = label?.cloneNode(true);
    words?.querySelectorAll(".field__optional").forEach((mark) => mark.remove());
    return (words?.textContent || "").replace(/\s+/g, " ").trim();
  };

  const ownLabel = (control) => {
    const group = isPicked(control) && !control.ariaLabel && control.closest("fieldset")?.querySelector("legend");
    const standIn = document.getElementById(`${control.id}_text`); // a type-ahead has taken the label
    const scope = control.getRootNode();
    const label = scope.querySelector(`label[for="${CSS.escape(control.id)}"]`) || control.closest("label") || standIn?.labels?.[0];
    return (control.type === "radio" && textOf(group)) || control.getAttribute("aria-label") || textOf(label);
  };

  const labelOf = (control, name) => {
    const number = String(Number((ROW.exec(name) || [])[2] || 0) + 1);
    const legend = control.closest("[data-grid-row]")?.querySelector("legend");
    const words = [textOf(legend), ownLabel(control)].filter(Boolean).join(" – ");
    return words.replace(/__number__/g, number);
  };

  const valueOf = (control, value, there) => {
    if (!value) return "";
    if (control.matches("select")) {
      const option = [...control.options].find((each) => each.value === value);
      return option ? option.text : value;
    }
    if (control.type === "checkbox") return kc.text("save.yes");
    if (control.type !== "radio") return value;
    const chosen = [...(control.form || there).querySelectorAll(`[name="${CSS.escape(control.name)}"]`)].find((each) => each.value === value);
    return textOf(chosen?.labels?.[0]) || value;
  };

  // A row counts once something is written in it; a tick alone is how blank rows begin.
  const writtenRows = (form, there, fields) => {
    const written = fields.filter(([name, value]) => value.trim() && ROW.test(name) && !isPicked(controlOf(form, there, name)));
    return new Set(written.map(([name]) => name.slice(0, name.lastIndexOf("-"))));
  };

  // The text box through which a hidden id was chosen. The same words on both sides may mean two places.
  const chooserOf = (form, control) => form.querySelector(`[data-combobox-value="${CSS.escape(control.id)}"]`);
  const sameWords = (chooser, here, other) => {
    const words = here.get(chooser.name) ?? "";
    const differ = words !== (other.get(chooser.name) ?? "");
    return differ ? [] : [[labelOf(chooser, chooser.name), words, `${words} (${kc.text("save.another")})`]];
  };

  /** [label, mine, theirs] of what differs, rows that only one side has included; ``there`` is the other's form. */
  kc.differences = (form, mine, theirs, there = null) => {
    const [here, other] = [new Map(mine), new Map(theirs)];
    const rows = writtenRows(form, there, [...mine, ...theirs]);
    return [...new Set([...here.keys(), ...other.keys()])].flatMap((name) => {
      const [a, b] = [here.get(name) ?? "", other.get(name) ?? ""];
      const control = MANAGEMENT.test(name) ? null : controlOf(form, there, name);
      const blank = ROW.test(name) && !rows.has(name.slice(0, name.lastIndexOf("-")));
      if (!control || blank || a.trim() === b.trim()) return [];
      if (control.type === "hidden") {
        const chooser = a && b ? chooserOf(form, control) : null;
        return chooser ? sameWords(chooser, here, other) : [];
      }
      return [[labelOf(control, name), valueOf(control, a, there), valueOf(control, b, there)]];
    });
  };

  /** Shows the rows and asks which side to keep. */
  kc.compare = (rows, keepMine, takeTheirs) => {
    const head = [kc.text("save.field"), kc.text("save.mine"), kc.text("save.theirs")];
    const line = (row) => kc.element("tr", {}, ...row.map((cell) => kc.element("td", { class: "pre-line" }, cell || "–")));
    const table = kc.element("table", { class: "table" },
      kc.element("thead", {}, kc.element("tr", {}, ...head.map((word) => kc.element("th", { scope: "col" }, word)))),
      kc.element("tbody", {}, ...rows.map(line)));
    const mine = kc.element("button", { class: "button", type: "button" }, kc.text("save.keep_mine"));
    const theirs = kc.element("button", { class: "button button--primary", type: "button" }, kc.text("save.take_theirs"));
    const title = kc.element("h2", { id: "compare-title" }, kc.text("save.compare"));
    const dialog = kc.element("dialog", { class: "dialog dialog--wide", "aria-labelledby": "compare-title", id: "compare" },
      kc.element("div", { class: "card__head" }, title),
      kc.element("div", { class: "card__body stack" }, kc.element("p", {}, kc.text("save.compare_help")), kc.element("div", { class: "table-wrap" }, table)),
      kc.element("div", { class: "card__foot" }, mine, theirs));
    const answer = (action) => () => {
      dialog.close();
      dialog.remove();
      action();
    };
    mine.addEventListener("click", answer(keepMine));
    theirs.addEventListener("click", answer(takeTheirs));
    document.getElementById("compare")?.remove();
    document.body.append(dialog);
    dialog.showModal();
  };
})();
