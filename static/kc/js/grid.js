// Tables of inputs that behave like a spreadsheet: paste from Excel, arrows, Ctrl+D, Ctrl+Z, totals.
// Underneath is a plain Django formset: [data-grid="prefix"] with [data-grid-row]s and a row template.
(() => {
  "use strict";
  const kc = window.kc;

  const all = (grid, selector) => [...grid.querySelectorAll(selector)];
  const rowsOf = (grid) => all(grid, "[data-grid-rows] [data-grid-row]").filter((row) => !row.matches(".is-removed"));
  const cellsOf = (row) => [...row.querySelectorAll(".cell")];
  const unitOf = (grid) => grid.dataset.gridUnit || "dong";
  const say = (grid, sentence) => {
    const place = grid.querySelector("[data-grid-status]");
    if (place) place.textContent = sentence;
  };
  const amount = (input) => (input ? kc.money.parse(input.value, input.dataset.money).value || 0 : 0);
  const undoing = new WeakMap(); // grid → steps, each a list of [input, value before] or a function

  const remember = (grid, step) => {
    if (!undoing.has(grid)) undoing.set(grid, []);
    undoing.get(grid).push(step);
  };

  const growsAlone = CSS.supports("field-sizing", "content");

  // --- totals and numbers

  const refresh = (grid) => {
    const rows = rowsOf(grid);
    rows.forEach((row, at) => {
      const place = row.querySelector("[data-grid-number]");
      if (place) place.textContent = String(at + 1);
      cellsOf(row).forEach((cell) => {
        if (!cell.dataset.money) cell.title = cell.value;
        if (growsAlone || cell.tagName !== "TEXTAREA") return;
        cell.style.height = "auto";
        cell.style.height = `${cell.scrollHeight}px`;
      });
    });
    all(grid, "[data-grid-total]").forEach((total) => {
      const sum = rows.reduce((added, row) => added + amount(row.cells[total.cellIndex].querySelector("[data-money]")), 0);
      total.textContent = kc.money.show(sum, unitOf(grid));
      total.dataset.gridTotal = String(sum);
    });
  };

  const put = (input, text, pasted = false) => {
    const isMoney = input.dataset.money;
    const read = isMoney ? kc.money.parse(text, input.dataset.money, pasted) : {};
    input.value = !isMoney || read.error ? text.trim() : read.value === null ? "" : kc.money.format(read.value, input.dataset.money);
    kc.fieldError(input, read.error);
    return !read.error;
  };

  const changed = (grid) => {
    refresh(grid);
    grid.dispatchEvent(new Event("input", { bubbles: true }));
  };

  // --- rows

  const addRow = (grid) => {
    const count = grid.querySelector("[name$=-TOTAL_FORMS]");
    const next = Number(count.value);
    if (next >= Number(grid.dataset.gridMax || 200)) {
      say(grid, kc.text("grid.full"));
      return null;
    }
    const html = grid.querySelector("[data-grid-template]").innerHTML;
    const holder = document.createElement("tbody");
    holder.innerHTML = html.replace(/__prefix__/g, String(next)).replace(/__number__/g, String(rowsOf(grid).length + 1));
    const row = holder.querySelector("[data-grid-row]");
    grid.querySelector("[data-grid-rows]").append(row);
    count.value = String(next + 1);
    refresh(grid);
    row.dispatchEvent(new CustomEvent("kc:row-added", { bubbles: true }));
    return row;
  };

  const removeRow = (grid, row) => {
    const number = rowsOf(grid).indexOf(row) + 1;
    const mark = row.querySelector("[name$=-DELETE]");
    const message = row.nextElementSibling?.querySelector(".grid__message") ? row.nextElementSibling : null;
    const set = (gone) => {
      row.classList.toggle("is-removed", gone);
      message?.classList.toggle("is-removed", gone);
      if (mark) mark.checked = gone;
    };
    set(true);
    remember(grid, () => set(false));
    const left = rowsOf(grid);
    (left[Math.min(number - 1, left.length - 1)]?.querySelector(".cell") || grid.querySelector("[data-grid-add]"))?.focus();
    changed(grid);
    say(grid, kc.text("grid.removed", { number }));
  };

  // --- paste and copy

  // Tab-separated text as Excel writes it: cells with tabs or line breaks inside stand in double quotes.
  const tsv = (text) => {
    const rows = [[""]];
    let quoted = false;
    const source = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
    for (let at = 0; at < source.length; at += 1) {
      const mark = source[at];
      const row = rows[rows.length - 1];
      const last = row.length - 1;
      if (quoted) {
        if (mark !== '"') row[last] += mark;
        else if (source[at + 1] === '"') row[last] += source[(at += 1)];
        else quoted = false;
      } else if (mark === '"' && row[last] === "") quoted = true;
      else if (mark === "\t") row.push("");
      else if (mark === "\n") rows.push([""]);
      else row[last] += mark;
    }
    return rows;
  };

  const paste = (grid, start, text) => {
    const table = tsv(text);
    const column = start ? cellsOf(start.closest("[data-grid-row]")).indexOf(start) : 0;
    const first = start ? rowsOf(grid).indexOf(start.closest("[data-grid-row]")) : 0;
    const before = [];
    let problems = 0;
    let pasted = 0;
    table.every((values, down) => {
      const row = rowsOf(grid)[first + down] || addRow(grid);
      if (!row) return false;
      const cells = cellsOf(row);
      values.forEach((value, right) => {
        const input = cells[column + right];
        if (!input) return;
        before.push([input, input.value]);
        if (!put(input, value, true)) problems += 1;
      });
      pasted += 1;
      return true;
    });
    remember(grid, before);
    changed(grid);
    const words = kc.text("grid.pasted", { count: pasted });
    say(grid, problems ? `${words} ${kc.text("grid.problems", { count: problems })}` : words);
  };

  const asTsv = (grid) =>
    rowsOf(grid).map((row) => cellsOf(row).map((cell) => cell.value.replace(/[\t\n]/g, " ")).join("\t")).join("\n");

  // --- keys

  const undo = (grid) => {
    const step = undoing.get(grid)?.pop();
    if (!step) return;
    if (typeof step === "function") step();
    else step.forEach(([input, value]) => put(input, value));
    changed(grid);
    say(grid, kc.text("grid.undone"));
  };

  const go = (grid, input, down, right) => {
    const rows = rowsOf(grid);
    const row = rows.indexOf(input.closest("[data-grid-row]"));
    const column = cellsOf(rows[row]).indexOf(input);
    let target = rows[row + down];
    if (!target && down > 0 && input.value) target = addRow(grid);
    const next = target && cellsOf(target)[column + right];
    if (!next) return false;
    next.focus();
    next.select?.();
    return true;
  };

  const fillDown = (grid, input) => {
    const rows = rowsOf(grid);
    const row = rows.indexOf(input.closest("[data-grid-row]"));
    if (row < 1) return;
    const above = cellsOf(rows[row - 1])[cellsOf(rows[row]).indexOf(input)];
    remember(grid, [[input, input.value]]);
    put(input, above.value);
    changed(grid);
  };

  document.addEventListener("keydown", (event) => {
    const input = event.target;
    const grid = input.matches?.(".cell") && input.closest("[data-grid]");
    if (!grid || event.isComposing) return;
    const control = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    const atStart = input.selectionStart === 0 && input.selectionEnd === 0;
    const atEnd = input.selectionStart === input.value.length;
    let done = true;
    if (control && key === "d") fillDown(grid, input);
    else if (control && key === "z" && !event.shiftKey) {
      if (input.dataset.before !== undefined && input.value !== input.dataset.before) {
        put(input, input.dataset.before);
        changed(grid);
      } else undo(grid);
    } else if (control || event.altKey) done = false;
    else if (event.key === "Enter") go(grid, input, event.shiftKey ? -1 : 1, 0);
    else if (event.key === "ArrowDown") done = go(grid, input, rowsOf(grid).at(-1) === input.closest("[data-grid-row]") ? 0.5 : 1, 0);
    else if (event.key === "ArrowUp") done = go(grid, input, -1, 0);
    else if (event.key === "ArrowLeft" && atStart) done = go(grid, input, 0, -1);
    else if (event.key === "ArrowRight" && atEnd) done = go(grid, input, 0, 1);
    else done = false;
    if (done) event.preventDefault();
  });

  document.addEventListener("focusin", (event) => {
    if (event.target.matches?.("[data-grid] .cell")) event.target.dataset.before = event.target.value;
  });

  document.addEventListener("change", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    if (!grid) return;
    const { before } = event.target.dataset;
    if (before !== undefined && before !== event.target.value) remember(grid, [[event.target, before]]);
    event.target.dataset.before = event.target.value;
    refresh(grid);
  });

  document.addEventListener("input", (event) => {
    const grid = event.target.closest?.("[data-grid]");
    if (grid && event.target !== grid) refresh(grid);
  });

  document.addEventListener("paste", (event) => {
    const grid = event.target.matches?.(".cell") && event.target.closest("[data-grid]");
    const text = event.clipboardData?.getData("text/plain") || "";
    if (!grid || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    if (/[\t\n]/.test(text.trim())) paste(grid, event.target, text);
    else document.execCommand("insertText", false, text.trim()); // one cell of Excel ends in a line break
  });

  // --- buttons

  const firstEmpty = (grid) => rowsOf(grid).find((row) => cellsOf(row).every((cell) => !cell.value)) || addRow(grid);

  const pasteButton = async (grid) => {
    const cell = firstEmpty(grid)?.querySelector(".cell");
    cell?.focus();
    try {
      paste(grid, cell, await navigator.clipboard.readText());
    } catch {
      say(grid, kc.text("grid.paste")); // the browser keeps the clipboard to itself: Ctrl+V always works
    }
  };

  // A check proposes amounts of the whole project; the difference goes to the largest rows of each column.
  const mend = (grid, amounts) => {
    const before = [];
    let anchor = null;
    const shift = (name, difference) => {
      const inputs = rowsOf(grid).map((row) => row.querySelector(`[name$="-${name}"]`)).filter(Boolean);
      const ordered = inputs.sort((a, b) => amount(b) - amount(a));
      if (difference > 0) {
        const own = anchor && anchor.querySelector(`[name$="-${name}"]`);
        ordered.unshift(own || ordered[0]);
      }
      for (const input of ordered) {
        if (!difference) break;
        const step = Math.max(difference, -amount(input));
        before.push([input, input.value]);
        if (!anchor) anchor = input.closest("[data-grid-row]");
        put(input, kc.money.format(amount(input) + step, input.dataset.money));
        difference -= step;
      }
    };
    const columns = Object.entries(amounts).map(([key, value]) => {
      const name = key.replace(/_vnd$/, "");
      const now = rowsOf(grid).reduce((sum, row) => sum + amount(row.querySelector(`[name$="-${name}"]`)), 0);
      return [name, value - now];
    });
    columns.sort((a, b) => a[1] - b[1]).forEach(([name, difference]) => name !== "total" && shift(name, difference));
    remember(grid, before);
    changed(grid);
    before[0]?.[0].focus();
  };

  document.addEventListener("click", (event) => {
    const hit = (selector) => event.target.closest(selector);
    const grid = hit("[data-grid]");
    const fix = hit("[data-fix]");
    if (fix) {
      const target = grid || document.querySelector("[data-grid]");
      if (target) mend(target, JSON.parse(fix.dataset.fix));
    } else if (!grid) return;
    else if (hit("[data-grid-add]")) addRow(grid)?.querySelector(".cell, .input")?.focus();
    else if (hit("[data-grid-remove]")) removeRow(grid, hit("[data-grid-row]"));
    else if (hit("[data-grid-paste]")) pasteButton(grid);
    else if (hit("[data-grid-copy]")) {
      navigator.clipboard?.writeText(asTsv(grid)).then(() => say(grid, kc.text("grid.copied")));
    }
  });

  // Rows to spare are for pages without scripts; here a row is added when it is needed.
  document.querySelectorAll("[data-grid-spare]").forEach((spare) => {
    const count = spare.closest("[data-grid]").querySelector("[name$=-TOTAL_FORMS]");
    count.value = String(Number(count.value) - spare.rows.length);
    spare.remove();
  });
  document.querySelectorAll("[data-grid]").forEach(refresh);
})();
