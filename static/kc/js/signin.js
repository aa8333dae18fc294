// The sign-in page: fills in a demonstration account, and fetches meanwhile what the portal will need.
(() => {
  "use strict";
  document.documentElement.className = "js";

  const files = document.currentScript.dataset.fetch.split(" ");
  const warmUp = () => files.forEach((file) => fetch(file, { priority: "low" }).catch(() => {}));
  window.addEventListener("load", () => setTimeout(warmUp, 200));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-demo-user]");
    if (!button) return;
    const form = document.querySelector(".signin__form");
    form.elements.username.value = button.dataset.demoUser;
    form.elements.password.value = button.dataset.demoPassword;
    form.querySelector("button").focus();
  });
})();
