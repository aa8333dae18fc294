// Type-ahead without diacritics (ARIA 1.2 combobox). data-combobox="/tim/…" asks the server for
// {"results": [{id, text, note}]}; data-combobox="options" searches the options of a <select>.
(() => {
  "use strict";
  const kc = window.kc;
  const WAIT_MS = 150;
  let serial = 0;

  const fold = (text) =>
    text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d").replace(/\s+/g, " ").trim();

  const matches = (option, words) => words.every((word) => option.folded.includes(word));

  // --- where the answers come from

  const fromServer = (input) => {
    let running = null;
    return async (text) => {
      running?.abort();
      if (!text.trim()) return [];
      running = new AbortController();
      const url = input.dataset.combobox;
      const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(text)}`, {
        signal: running.signal,
        headers: { Accept: "application/json" },
      });
      if (!answer.ok) throw new Error(String(answer.status));
      return (await answer.json()).results;
    };
  };

  const fromSelect = (select) => {
    const options = [...select.options].map((option) => {
      const text = option.value ? option.text : "";
      return { id: option.value, text, folded: fold(text), tight: fold(text).replace(/ /g, "") };
    });
    return async (text) => {
      const folded = fold(text);
      if (!folded) return options.filter((option) => option.id);
      const words = folded.split(" ");
      return options.filter((o) => o.id && (matches(o, words) || o.tight.includes(folded.replace(/ /g, ""))));
    };
  };

  // --- one box

  class Box {
    constructor(input, search, accept) {
      serial += 1;
      Object.assign(this, { input, search, accept, items: [], at: -1, chosen: input.value, timer: 0, stale: false });
      this.list = kc.element("ul", { class: "combobox__list", role: "listbox", id: `combobox-${serial}`, hidden: "" });
      this.list.setAttribute("aria-label", input.labels?.[0]?.textContent.trim() || "");
      this.status = kc.element("span", { class: "visually-hidden", role: "status" });
      const aria = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
      Object.entries(aria).forEach(([name, value]) => input.setAttribute(name, value));
      input.after(this.list, this.status);
      input.addEventListener("input", (event) => event.isTrusted && this.later());
      input.addEventListener("keydown", (event) => this.key(event));
      input.addEventListener("blur", () => this.leave());
      input.addEventListener("click", () => this.list.hidden && this.open());
      this.list.addEventListener("mousedown", (event) => event.preventDefault());
      this.list.addEventListener("click", (event) => {
        const option = event.target.closest("[role=option]");
        if (option) this.take(Number(option.dataset.at));
      });
    }

    later() {
      this.stale = true; // what the list shows answers an earlier text
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.open(), WAIT_MS);
    }

    async open() {
      // An untouched choice among known options shows them all, so that one can look around.
      const text = this.input.dataset.local && this.input.value === this.chosen ? "" : this.input.value;
      try {
        this.items = await this.search(text);
        this.stale = false;
      } catch (failure) {
        if (failure.name !== "AbortError") this.say(kc.text("combobox.failed"));
        return;
      }
      if (document.activeElement !== this.input) return;
      if (!this.items.length) {
        if (this.input.value.trim()) this.say(kc.text("combobox.none"));
        else this.close();
        return;
      }
      this.list.replaceChildren(...this.items.map((item, at) => {
        const option = kc.element("li", { class: "combobox__option", role: "option", id: `${this.list.id}-${at}`, "data-at": at, "aria-selected": "false" }, item.text);
        if (item.note && item.note !== item.text) option.append(kc.element("small", {}, item.note));
        return option;
      }));
      this.show();
      this.status.textContent = kc.text("combobox.count", { count: this.items.length });
      this.point(-1);
    }

    // Keys pressed meanwhile wait for the same answer, in their order.
    refresh() {
      clearTimeout(this.timer);
      this.refreshing ||= this.open().finally(() => (this.refreshing = null));
      return this.refreshing;
    }

    say(sentence) {
      this.items = [];
      this.list.replaceChildren(kc.element("li", { class: "combobox__status", role: "option", "aria-disabled": "true", "aria-selected": "false" }, sentence));
      this.show();
      this.status.textContent = sentence;
    }

    show() {
      this.list.hidden = false;
      this.input.setAttribute("aria-expanded", "true");
    }

    close() {
      clearTimeout(this.timer);
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }

    point(at) {
      this.at = at;
      [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === at)));
      if (at < 0) {
        this.input.removeAttribute("aria-activedescendant");
        return;
      }
      this.input.setAttribute("aria-activedescendant", this.list.children[at].id);
      this.list.children[at].scrollIntoView({ block: "nearest" });
    }

    take(at) {
      const item = this.items[at];
      this.input.value = this.chosen = item.text;
      this.accept(item);
      this.close();
      this.input.dispatchEvent(new CustomEvent("kc:chosen", { bubbles: true, detail: item }));
    }

    async key(event) {
      const isOpen = !this.list.hidden;
      if (isOpen && this.stale && ["ArrowDown", "ArrowUp", "Enter"].includes(event.key)) {
        event.preventDefault();
        await this.refresh();
      }
      const count = this.items.length;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (!isOpen) this.open();
        else if (count) this.point((this.at + (event.key === "ArrowDown" ? 1 : -1) + count) % count);
      } else if (event.key === "Enter" && isOpen && count) {
        event.preventDefault();
        this.take(Math.max(this.at, 0));
      } else if (event.key === "Escape" && (isOpen || this.input.value !== this.chosen)) {
        event.preventDefault();
        event.stopPropagation();
        this.input.value = this.chosen;
        this.close();
      }
    }

    leave() {
      this.close();
      if (this.input.value === this.chosen) return;
      this.chosen = this.input.value;
      this.accept(null); // free text: what was chosen before no longer holds
    }
  }

  // --- what a choice changes

  const announce = (control) => {
    control.dispatchEvent(new Event("input", { bubbles: true }));
    control.dispatchEvent(new Event("change", { bubbles: true }));
  };

  const overText = (input) => {
    const hidden = document.getElementById(input.dataset.comboboxValue || "");
    new Box(input, fromServer(input), (item) => {
      if (hidden) hidden.value = item ? item.id : "";
      // data-combobox-fill="tax_code=id_of_field": further answers go into further fields.
      (input.dataset.comboboxFill || "").split(" ").filter(Boolean).forEach((pair) => {
        const [key, id] = pair.split("=");
        const other = document.getElementById(id);
        if (other && item) other.value = item[key] ?? "";
      });
      announce(input);
    });
  };

  const overSelect = (select) => {
    const shown = select.selectedOptions[0]?.value ? select.selectedOptions[0].text : "";
    const input = kc.element("input", { class: "input", type: "text", id: `${select.id}_text`, "data-local": "1", placeholder: select.getAttribute("placeholder") || "" });
    input.value = shown;
    ["aria-describedby", "aria-invalid"].forEach((name) => select.hasAttribute(name) && input.setAttribute(name, select.getAttribute(name)));
    select.labels.forEach((label) => label.setAttribute("for", input.id));
    select.hidden = true;
    select.after(input);
    new Box(input, fromSelect(select), (item) => {
      select.value = item ? item.id : "";
      if (!item && input.value.trim()) input.value = "";
      announce(select);
    });
  };

  const equip = () => document.querySelectorAll("[data-combobox]:not([data-equipped])").forEach((control) => {
    if (control.closest("template")) return;
    control.dataset.equipped = "1";
    if (control.tagName === "SELECT") overSelect(control);
    else overText(control);
  });

  document.addEventListener("htmx:afterSwap", equip);
  document.addEventListener("kc:row-added", equip);
  equip();
})();
