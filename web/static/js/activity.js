// Keeps a part of an activity report while it is typed. Without it the button does.
"use strict";

(() => {
  const form = document.querySelector("form[data-saves]"), saved = document.getElementById("saved");
  if (!form?.dataset.saves || !saved) return;
  let timer = 0, busy = false, dirty = false;
  async function save() {
    if (busy) { dirty = true; return; }
    busy = true;
    dirty = false;
    try {
      const answer = await fetch(form.dataset.saves, { method: "POST", body: new URLSearchParams(new FormData(form)), headers: { Accept: "application/json" }, redirect: "manual" });
      if (!answer.ok) throw new Error();
      const told = await answer.json();
      form.elements.version.value = told.version;
      saved.textContent = told.said;
    } catch {
      saved.textContent = form.dataset.failed;
    }
    busy = false;
    if (dirty) save();
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 2500); });
  form.addEventListener("submit", () => clearTimeout(timer));
})();
