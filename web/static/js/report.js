// Keeps a draft of the half-year while it is typed. The page works without it:
// then the two buttons store what is on the page.
"use strict";

(() => {
  const form = document.getElementById("report");
  const saved = document.getElementById("saved");
  if (!form || !form.dataset.draft) return;

  const rows = [...form.querySelectorAll(".row")];
  const waiting = new Map(); // row → number of its last change
  let change = 0, timer = 0, busy = false, leaving = false, tries = 0;

  const say = (text, state) => {
    if (saved.textContent.trim() !== text) saved.textContent = text;
    saved.dataset.state = state;
  };
  const statusOf = (row) => row.querySelector(".choice input:checked")?.value;
  const part = (row, name) => form.elements[`row.${row.dataset.code}.${name}`];

  // How many rows have an answer. Rows that are closed do not count.
  const progress = form.querySelector("progress"), progressText = document.getElementById("progress-text");
  const owed = rows.filter((row) => !row.closest(".closed"));
  const count = () => {
    const n = owed.filter((row) => statusOf(row) || part(row, "same")?.checked).length;
    progress.value = n;
    progressText.textContent = form.dataset.progress.replace("{count}", n);
  };

  // Saving: a few seconds after the last change, only the rows that changed.
  const schedule = (milliseconds) => {
    clearTimeout(timer);
    timer = setTimeout(save, milliseconds);
  };
  const changed = (row) => {
    waiting.set(row, ++change);
    if (saved.dataset.state !== "wrong") say(form.dataset.unsaved, "waiting");
    schedule(2500);
  };
  const key = () => (self.crypto?.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);

  async function save() {
    if (busy || leaving || waiting.size === 0) return;
    const sent = new Map(waiting);
    const body = new URLSearchParams({ idempotency_key: key() });
    for (const [name, value] of new FormData(form)) {
      for (const row of sent.keys()) if (name.startsWith(`row.${row.dataset.code}.`)) body.append(name, value);
    }
    busy = true;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.ok) stored(sent, await answer.json());
      else refused(answer);
    } catch {
      say(form.dataset.offline, "wrong");
      schedule(Math.min(60000, 5000 * 2 ** tries++));
    } finally {
      busy = false;
    }
  }

  function stored(sent, answer) {
    tries = 0;
    for (const [code, version] of Object.entries(answer.rows ?? {})) {
      const field = form.elements[`row.${code}.version`];
      if (field) field.value = version;
    }
    for (const [row, number] of sent) if (waiting.get(row) === number) waiting.delete(row);
    if (waiting.size === 0) say(form.dataset.saved.replace("{time}", answer.saved_at), "stored");
    else schedule(2500);
  }

  function refused(answer) {
    if (answer.status === 409) return say(form.dataset.conflict, "wrong");
    if (answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect") return say(form.dataset.signedOut, "wrong");
    say(form.dataset.offline, "wrong");
    schedule(Math.min(60000, 5000 * 2 ** tries++));
  }

  // "Same as last time" copies what stands beside the row.
  function copyPrevious(row) {
    const before = row.querySelector("[data-previous]");
    const status = before?.dataset.previous ?? row.querySelector(".previous .status")?.dataset.s;
    const radio = row.querySelector(`.choice input[value="${status}"]`);
    if (radio) radio.checked = true;
    for (const name of ["achieved", "obstacles", "next_steps", "support_asked", "support_of", "support_by", "reason"]) {
      part(row, name).value = before?.querySelector(`[data-field="${name}"]`)?.textContent ?? "";
    }
  }

  form.addEventListener("input", (event) => {
    const row = event.target.closest(".row");
    if (!row) return;
    const same = part(row, "same");
    if (event.target === same) {
      if (same.checked) copyPrevious(row);
    } else if (same) {
      same.checked = false;
    }
    count();
    changed(row);
  });

  // 1 to 7 choose the status of the row that has the focus, outside a text field.
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    const typing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!row || typing || event.ctrlKey || event.altKey || event.metaKey || !/^[1-7]$/.test(event.key)) return;
    const radio = row.querySelectorAll(".choice input")[Number(event.key) - 1];
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  });

  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; count(); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && waiting.size > 0) event.preventDefault();
  });
})();
