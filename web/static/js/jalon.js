// What every page may use; nothing needs it.
"use strict";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// The menu of a phone closes with Escape, as people expect.
const menu = document.querySelector("details.menu");
menu?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && menu.open) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// Long work says that it is under way, and is not asked for twice.
for (const form of document.querySelectorAll("form[data-busy]")) {
  form.addEventListener("submit", () => {
    const button = form.querySelector("button[type=submit]");
    const said = document.createElement("span");
    said.setAttribute("role", "status");
    said.textContent = form.dataset.busy;
    button.setAttribute("aria-busy", "true");
    button.after(said);
    setTimeout(() => { button.disabled = true; });
    window.addEventListener("pageshow", () => {
      button.disabled = false;
      button.removeAttribute("aria-busy");
      said.remove();
    }, { once: true });
  });
}

// A double click sends a form once: what counts or is shown once, such as a
// code, would be refused the second time, and only that answer be seen.
const sent = new WeakMap();
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.timeStamp - sent.get(event.target) < 2000) event.preventDefault();
  else sent.set(event.target, event.timeStamp);
});

// In a meeting the arrow keys lead from row to row, unless somebody types.
document.addEventListener("keydown", (event) => {
  const rel = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  if (rel && !event.altKey && !event.ctrlKey && !event.metaKey && !event.target.closest("input, textarea, select")) {
    document.querySelector(`[data-keys] a[rel=${rel}]`)?.click();
  }
});
