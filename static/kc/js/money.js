// Amounts: grouped while typing, refused with a sentence, spelled underneath. Numbers are whole đồng;
// the rules and the words are those of the server's vietnam.money (tests/journeys/test_money_typed.py).
(() => {
  "use strict";
  const kc = (window.kc = window.kc || {});
  const LARGEST = 2n ** 53n;
  const SCALE = 80; // decimal places kept while adding, so that no fraction is lost
  const DONG_PER = { dong: 1n, trieu: 1000000n };
  const SUFFIX = {};
  const suffix = (factor, words) => words.split(" ").forEach((word) => (SUFFIX[word] = factor));
  suffix(1n, "dong đồng đ d vnđ vnd ₫");
  suffix(1000n, "nghìn ngàn nghin ngan k");
  suffix(1000000n, "triệu trieu tr trđ trd");
  suffix(1000000000n, "tỷ tỉ ty ti");
  const ENGLISH = document.documentElement.lang.startsWith("en");
  const [GROUP, POINT] = ENGLISH ? [",", "."] : [".", ","];
  const GROUPED = {
    ".": /^[1-9][0-9]{0,2}(?:\.[0-9]{3})+$/,
    ",": /^[1-9][0-9]{0,2}(?:,[0-9]{3})+$/,
    " ": /^[1-9][0-9]{0,2}(?: [0-9]{3})+$/,
  };

  class Refused extends Error {}

  // --- reading

  // "1,105" and "1.105": a thousand in one language, about one in the other.
  const lone = (text) => [",", "."].find((mark) => text.split(mark).length === 2 && GROUPED[mark].test(text));

  const asVietnamese = (text, factor) => {
    if (lone(text)) {
      if (factor > 1n) throw new Refused("unclear");
      return text.replace(",", ".");
    }
    return text.split(".").length === 2 && !text.includes(",") ? text.replace(".", ",") : text;
  };

  const number = (written, factor, pasted) => {
    const text = ENGLISH ? asVietnamese(written, factor) : written;
    const marks = [...text].filter((mark) => ".,".includes(mark));
    let decimal = "";
    if (new Set(marks).size === 2) {
      decimal = marks[marks.length - 1];
      if (marks.filter((mark) => mark === decimal).length > 1) throw new Refused("unclear");
    } else if (text.split(",").length === 2 && !marks.includes(".")) {
      // 1,234 in đồng, or from a spreadsheet that may be English: thousands or not?
      if ((factor === 1n || pasted) && GROUPED[","].test(text)) throw new Refused("unclear");
      decimal = ",";
    } else if (marks.length === 1 && !GROUPED["."].test(text)) {
      throw new Refused("unclear");
    }
    const at = decimal ? text.lastIndexOf(decimal) : text.length;
    const fraction = text.slice(at + 1);
    if (decimal && !/^\d+$/.test(fraction)) throw new Refused("unclear");
    const whole = text.slice(0, at);
    let digits = whole;
    for (const separator of [".", ",", " "]) {
      if (!whole.includes(separator)) continue;
      if (!GROUPED[separator].test(whole)) throw new Refused("unclear");
      digits = whole.split(separator).join("");
    }
    return BigInt(digits + fraction) * 10n ** BigInt(SCALE - fraction.length);
  };

  const read = (text, unit, pasted) => {
    const raw = text.normalize("NFKC").replace(/[\u200b-\u200d\ufeff]/g, "").replace(/\s+/g, " ").trim().toLowerCase();
    if (!raw) return null;
    if (raw.length > SCALE) throw new Refused("unreadable");
    if (/^[-−–(]\s*[0-9]/.test(raw)) throw new Refused("negative");
    let bare = raw.replace(/\s*(?:đồng|dong|vnđ|vnd|đ|₫)\.?$/, "");
    if (bare !== raw && /\d$/.test(bare)) bare += " đồng"; // đồng even in a column of triệu
    const parts = [...bare.matchAll(/([0-9][0-9., ]*)\s*(\p{L}*)/gu)];
    const joined = parts.map((part) => part[0]).join("").replace(/ /g, "");
    if (!parts.length || joined !== bare.replace(/ /g, "")) throw new Refused("unreadable");
    let last = LARGEST;
    let total = 0n;
    for (const [, digits, word] of parts) {
      const named = word ? SUFFIX[word] : 0n;
      if (named === undefined || (parts.length > 1 && !(named > 0n && named < last))) throw new Refused("unreadable");
      last = named;
      const factor = named || DONG_PER[unit];
      total += number(digits.trim(), factor, pasted) * factor;
    }
    const one = 10n ** BigInt(SCALE);
    if (total % one) throw new Refused("fraction");
    if (total / one > LARGEST) throw new Refused("large");
    return Number(total / one);
  };

  /** {value: whole đồng or null} or {error: sentence}. */
  const parse = (text, unit = "dong", pasted = false) => {
    try {
      return { value: read(text, unit, pasted) };
    } catch (refusal) {
      if (!(refusal instanceof Refused)) throw refusal;
      return { error: kc.text(`money.${refusal.message}`, { text: text.trim() }) };
    }
  };

  // --- showing

  const grouped = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, GROUP);

  /** As it is shown outside a field. */
  const show = (value, unit = "dong") => {
    if (value < 0) return `-${show(-value, unit)}`;
    if (unit !== "trieu") return grouped(String(value));
    const padded = String(value).padStart(7, "0");
    const rest = padded.slice(-6).replace(/0+$/, "");
    return grouped(padded.slice(0, -6)) + (rest ? POINT + rest : "");
  };

  // No English amount in a field may be another one on a Vietnamese page.
  const fieldForm = (shown, unit) => {
    if (!ENGLISH || unit !== "trieu" || !lone(shown)) return shown;
    return lone(shown) === "." ? `${shown}0` : shown.replace(",", "");
  };

  /** As it stands in a field. */
  const format = (value, unit = "dong") => fieldForm(show(value, unit), unit);

  // --- spelling

  const ONES = ["không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín"];
  const GROUPS = ["", " nghìn", " triệu"];

  const belowThousand = (n, leading) => {
    const [hundreds, tens, ones] = [Math.floor(n / 100), Math.floor(n / 10) % 10, n % 10];
    const words = hundreds || !leading ? [`${ONES[hundreds]} trăm`] : [];
    if (!tens) {
      if (ones) words.push(words.length ? `linh ${ONES[ones]}` : ONES[ones]);
      return words.join(" ");
    }
    words.push(tens === 1 ? "mười" : `${ONES[tens]} mươi`);
    if (ones === 5) words.push("lăm");
    else if (tens > 1 && ones === 1) words.push("mốt");
    else if (tens > 1 && ones === 4) words.push("tư");
    else if (ones) words.push(ONES[ones]);
    return words.join(" ");
  };

  const belowMilliard = (n, leading) => {
    const groups = [Math.floor(n / 1e6), Math.floor(n / 1000) % 1000, n % 1000];
    const words = [];
    groups.forEach((group, rank) => {
      const name = GROUPS[2 - rank];
      if (group) words.push(belowThousand(group, leading && !words.length) + name);
      else if ((words.length || !leading) && rank < 2 && groups[rank + 1] >= 100) words.push(`không${name}`);
    });
    return words.join(" ");
  };

  const spell = (n) => {
    const high = Math.floor(n / 1e9);
    if (!high) return belowMilliard(n, true);
    return `${spell(high)} tỷ ${belowMilliard(n % 1e9, false)}`.trimEnd();
  };

  const inWords = (n) => {
    if (ENGLISH) return `${show(n)} đồng`;
    const words = spell(n) || ONES[0];
    return `${words[0].toUpperCase()}${words.slice(1)} đồng`;
  };

  kc.money = { parse, format, show, inWords };

  // --- typing

  const unitOf = (input) => (input.dataset.money === "trieu" ? "trieu" : "dong");

  const wordsUnder = (input, value) => {
    const place = document.querySelector(`[data-money-words="${CSS.escape(input.id)}"]`);
    if (place) place.textContent = value === null || value === undefined ? "" : inWords(value);
  };

  // Digits regrouped with the caret after the same digit. Anything but plain digits (and one decimal mark
  // in triệu) stays as typed until the field is left: a wrong dot must never silently become other digits.
  const regroup = (input) => {
    const fractions = unitOf(input) === "trieu" ? `(?:[${POINT}]\\d{0,6})?` : "";
    const bare = input.value.replaceAll(GROUP, "");
    if (!new RegExp(`^\\d+${fractions}$`).test(bare)) return;
    const [whole, fraction] = bare.split(POINT);
    const all = grouped(whole.replace(/^0+(?=\d)/, "")) + (fraction === undefined ? "" : POINT + fraction);
    const shown = lone(all) === GROUP ? fieldForm(all, unitOf(input)) : all;
    const behind = input.value.slice(input.selectionStart).replaceAll(GROUP, "").length;
    let caret = shown.length;
    for (let seen = 0; caret > 0 && seen < behind; caret -= 1) if (shown[caret - 1] !== GROUP) seen += 1;
    input.value = shown;
    if (document.activeElement === input) input.setSelectionRange(caret, caret);
  };

  document.addEventListener("input", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-money]")) return;
    const typed = event.data || "";
    if (/\D/.test(typed) && typed !== POINT) input.dataset.asTyped = "1";
    if (/^\d*$/.test(input.value)) delete input.dataset.asTyped;
    if (!input.dataset.asTyped && event.inputType !== "insertFromPaste") regroup(input);
    const read = parse(input.value, unitOf(input));
    wordsUnder(input, read.value);
    if (!read.error || /[^\d., ]/.test(input.value)) kc.fieldError(input, read.error);
  });

  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches?.("[data-money]")) return;
    const read = parse(input.value, unitOf(input));
    kc.fieldError(input, read.error);
    if (read.error) return;
    delete input.dataset.asTyped;
    input.value = read.value === null ? "" : format(read.value, unitOf(input));
    wordsUnder(input, read.value);
  });

  document.querySelectorAll("[data-money-words]").forEach((place) => {
    const input = document.getElementById(place.dataset.moneyWords);
    if (input?.value) wordsUnder(input, parse(input.value, unitOf(input)).value);
  });
})();
