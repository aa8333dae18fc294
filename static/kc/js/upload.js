// Files with progress: drag and drop, size and kind checked before sending, one request a file.
// <form data-upload data-max-mb> with [data-dropzone] around its file input and [data-upload-list].
(() => {
  "use strict";
  const kc = window.kc;
  const MB = 1024 * 1024;

  const problem = (form, input, file) => {
    const limit = Number(form.dataset.maxMb || 20);
    if (file.size > limit * MB) return kc.text("file.too_large", { limit });
    const kinds = (input.accept || "").split(",").map((kind) => kind.trim().toLowerCase()).filter(Boolean);
    const fits = kinds.some((kind) => (kind.startsWith(".") ? file.name.toLowerCase().endsWith(kind) : file.type === kind));
    return kinds.length && !fits ? kc.text("file.wrong_kind", { kinds: kinds.join(", ") }) : "";
  };

  const line = (file) => {
    const state = kc.element("span", { class: "small muted" }, kc.text("file.sending"));
    const bar = kc.element("progress", { max: "100", value: "0", "aria-label": file.name });
    const item = kc.element("li", { class: "files__item" }, kc.element("span", {}, file.name), state, bar);
    item.prepend(kc.icon("attach"));
    const fail = (message) => {
      bar.remove();
      state.remove();
      item.append(kc.element("p", { class: "field__error" }, kc.icon("warning"), kc.element("span", {}, message)));
    };
    const done = () => {
      bar.remove();
      state.textContent = kc.text("file.done");
      item.firstChild.replaceWith(kc.icon("check"));
    };
    return { item, bar, fail, done };
  };

  const answer = (request) => {
    try {
      return JSON.parse(request.responseText);
    } catch {
      return {};
    }
  };

  const send = (form, input, file, row) =>
    new Promise((resolve) => {
      const body = new FormData(form);
      body.delete(input.name);
      body.append(input.name, file);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("X-CSRFToken", kc.token());
      request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
      request.setRequestHeader("Accept", "application/json");
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) row.bar.value = (event.loaded / event.total) * 100;
      });
      request.addEventListener("load", () => {
        const ok = request.status >= 200 && request.status < 300;
        if (ok) row.done();
        else row.fail(answer(request).error || kc.text("file.failed"));
        resolve(ok && { next: answer(request).next });
      });
      request.addEventListener("error", () => {
        row.fail(kc.text("file.failed"));
        resolve(false);
      });
      request.send(body);
    });

  const finished = (form, next) => {
    if (next) {
      location.assign(next); // the server says what follows
      return;
    }
    form.dispatchEvent(new CustomEvent("kc:uploaded", { bubbles: true }));
    const target = form.dataset.uploadRefresh && document.querySelector(form.dataset.uploadRefresh);
    if (!target) location.reload();
    else if (window.htmx) window.htmx.trigger(target, "refresh");
  };

  const start = async (form, input, files) => {
    const list = form.querySelector("[data-upload-list]");
    const results = [];
    for (const file of files) {
      const row = line(file);
      list.append(row.item);
      const found = problem(form, input, file);
      if (found) row.fail(found);
      // One after the other: the server numbers a dossier's changes.
      results.push(!found && (await send(form, input, file, row)));
    }
    input.value = "";
    if (results.length && results.every(Boolean)) finished(form, results[0].next);
    else if (results.some(Boolean)) form.dispatchEvent(new CustomEvent("kc:uploaded", { bubbles: true }));
  };

  const inputOf = (form) => form.querySelector("input[type=file]");

  // --- a picture taken here and now: small enough for a weak line, without the place where it was taken

  const LONGEST_SIDE = 2200; // an A4 page at 190 dots an inch: small print stays readable
  const JPEG_QUALITY = 0.82;

  const photoName = () => {
    const two = (number) => String(number).padStart(2, "0");
    const now = new Date();
    const day = `${two(now.getDate())}-${two(now.getMonth() + 1)}-${now.getFullYear()}`;
    return `${kc.text("file.photo")} ${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".")}.jpg`;
  };

  const smaller = async (photo) => {
    const picture = await createImageBitmap(photo);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
    if (!made) throw new Error("no picture");
    return new File([made], photoName(), { type: "image/jpeg" });
  };

  // What the browser cannot read goes as it is: the server says what is wrong with it.
  const photographed = (files) => Promise.all([...files].map((file) => smaller(file).catch(() => file)));

  document.addEventListener("change", async (event) => {
    const input = event.target;
    const form = input.closest("form[data-upload]");
    if (!form || input.type !== "file") return;
    const files = input.matches("[data-camera]") ? await photographed(input.files) : [...input.files];
    start(form, inputOf(form), files);
    if (input.matches("[data-camera]")) input.value = ""; // the same paper may be taken again
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-upload]")) return;
    event.preventDefault();
    start(event.target, inputOf(event.target), [...inputOf(event.target).files]);
  });

  ["dragenter", "dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const zone = event.target.closest?.("[data-dropzone]");
    if (!zone) return;
    event.preventDefault();
    zone.classList.toggle("is-over", kind === "dragenter" || kind === "dragover");
    const form = zone.closest("form[data-upload]");
    const input = zone.querySelector("input[type=file]");
    if (kind !== "drop" || !event.dataTransfer.files.length) return;
    if (form) start(form, input, [...event.dataTransfer.files]);
    else input.files = event.dataTransfer.files; // a file inside a larger form goes with that form
  }));

  // On a slow line somebody may have chosen files before this script arrived.
  document.querySelectorAll("form[data-upload] input[type=file]").forEach((input) => {
    if (input.files.length) input.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();
