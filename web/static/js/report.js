// Keeps a draft of the half-year while it is typed. The page works without it:
// then the two buttons store what is on the page.
"use strict";

(() => {
  const form = document.getElementById("report");
  const saved = document.getElementById("saved");
  if (!form || !form.dataset.draft) return;

  const rows = [...form.querySelectorAll(".row")];
  const waiting = new Map(); // row → number of its last change
  let uploads = 0, change = 0, timer = 0, busy = false, leaving = false, tries = 0;

  const say = (text, state) => {
    if (saved.textContent.trim() !== text) saved.textContent = text;
    saved.dataset.state = state;
  };
  const statusOf = (row) => row.querySelector(".choice input:checked")?.value;
  const part = (row, name) => form.elements[`row.${row.dataset.code}.${name}`];

  // How many of the rows that are owed have an answer.
  const progress = form.querySelector("progress"), progressText = document.getElementById("progress-text");
  const next = document.getElementById("next");
  const owed = rows.filter((row) => "owed" in row.dataset);
  const empty = () => owed.filter((row) => !statusOf(row) && !part(row, "same")?.checked);
  const count = () => {
    const left = empty().length, n = owed.length - left;
    progress.value = n;
    progressText.textContent = form.dataset.progress.replace("{count}", n);
    if (next) next.hidden = left === 0;
  };

  // The next row without an answer, below the one that has the focus or is in sight; then the first one again.
  function toNext() {
    const focused = rows.find((row) => row.contains(last));
    const from = focused && inSight(focused) ? rows.indexOf(focused) + 1 : rows.findIndex(inSight);
    const left = empty(), row = left.find((row) => rows.indexOf(row) >= from) ?? left[0];
    if (!row) return false;
    row.scrollIntoView();
    row.querySelector(".choice input").focus(); // scrolls on where the row is taller than what is in sight
    return true;
  }
  next?.addEventListener("click", (event) => { if (toNext()) event.preventDefault(); });
  const inSight = (row) => row.getBoundingClientRect().bottom > 0 && row.getBoundingClientRect().top < innerHeight;
  let last = null; // what had the focus in a row
  form.addEventListener("focusin", (event) => { if (event.target.closest(".row")) last = event.target; });

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
    const typed = new Map();
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string" || name.includes(".pick_")) continue;
      for (const row of sent.keys()) if (name.startsWith(`row.${row.dataset.code}.`)) { body.append(name, value); typed.set(name, value); }
    }
    busy = true;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.ok || answer.status === 409) stored(sent, typed, await answer.json());
      if (!answer.ok) refused(answer);
    } catch {
      say(form.dataset.offline, "wrong");
      schedule(Math.min(60000, 5000 * 2 ** tries++));
    } finally {
      busy = false;
    }
  }

  // A row that was joined with what somebody else changed shows that, unless the
  // writer has gone on in that very field: then the next saving compares anew.
  function stored(sent, typed, answer) {
    tries = 0;
    for (const [code, row] of Object.entries(answer.rows ?? {})) {
      const name = (field) => `row.${code}.${field}`;
      const joined = Object.entries(row.joined ?? {});
      if (joined.some(([field]) => read(name(field)) !== (typed.get(name(field)) ?? ""))) continue;
      for (const [field, value] of joined) write(name(field), value);
      form.elements[name("version")].value = row.version;
      form.elements[name("base")].value = row.base;
    }
    const taken = answer.conflicts ?? [];
    for (const [row, number] of sent) if (waiting.get(row) === number && !taken.includes(row.dataset.code)) waiting.delete(row);
    if (taken.length > 0) return;
    if (waiting.size === 0) say(form.dataset.saved.replace("{time}", answer.saved_at), "stored");
    else schedule(2500);
  }
  function read(name) {
    const field = form.elements[name];
    return field?.type === "checkbox" ? (field.checked ? field.value : "") : field?.value ?? "";
  }
  function write(name, value) {
    const field = form.elements[name];
    if (field?.type === "checkbox") field.checked = value !== "";
    else if (field) field.value = value;
  }

  function refused(answer) {
    if (answer.status === 409) return say(form.dataset.conflict, "wrong");
    const out = answer.status === 401 || answer.status === 403 || answer.type === "opaqueredirect";
    say(out ? form.dataset.signedOut : form.dataset.offline, "wrong");
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
    part(row, "outside").checked = Boolean(before?.querySelector("[data-field=outside]"));
  }

  form.addEventListener("input", (event) => {
    const row = event.target.closest(".row");
    if (!row || event.target.type === "file" || event.target.name.endsWith(".confidential") || event.target.name.includes(".pick_")) return;
    const same = part(row, "same");
    if (event.target === same) {
      if (same.checked) copyPrevious(row);
    } else if (same && !/\.(link_\w+|correction|reason)$/.test(event.target.name)) {
      same.checked = false;
    }
    count();
    changed(row);
  });

  // Ctrl + Enter leads on from anywhere in a row, and from the last one to the button that records. 1 to 7 choose
  // the status of the row that has the focus, outside a text field; 0 is the same as last time.
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest(".row");
    if (row && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!toNext()) form.querySelector("[name=do][value=report]").focus();
      return;
    }
    const typing = event.target.matches("textarea, select, input:not([type=radio], [type=checkbox])");
    if (!row || typing || event.ctrlKey || event.altKey || event.metaKey || !/^[0-7]$/.test(event.key)) return;
    const choice = event.key === "0" ? part(row, "same") : row.querySelectorAll(".choice input")[Number(event.key) - 1];
    if (!choice) return;
    event.preventDefault();
    if (event.key !== "0") choice.focus();
    if (!choice.checked || event.key === "0") choice.click();
  });

  // Files go to the server as soon as they are chosen, dropped on a row or pasted in it.
  async function attach(row, files) {
    const code = row.dataset.code, body = new FormData();
    body.append("idempotency_key", key());
    body.append("do", "attach");
    for (const name of ["version", "base"]) body.append(`row.${code}.${name}`, part(row, name).value);
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name.startsWith(`row.${code}.`) && !/\.(version|base|pick_\w+)$/.test(name)) body.append(name, value);
    }
    for (const file of files) body.append(`row.${code}.file`, file);
    row.querySelector(".row-evidence").open = true;
    const note = row.querySelector(".sent");
    note.textContent = form.dataset.sending;
    uploads++;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, headers: { Accept: "application/json" }, redirect: "manual" });
      const said = await answer.json();
      note.textContent = answer.ok ? "" : said.detail ?? form.dataset.conflict;
      if (answer.ok) {
        show(row, said.rows[code]);
        part(row, "file").value = "";
      }
    } catch {
      note.textContent = form.dataset.offline;
    } finally {
      uploads--;
    }
  }
  function show(row, answer) {
    const list = row.querySelector(".chosen");
    list.replaceChildren(...(answer.chosen ?? []).map((c) => {
      const li = document.createElement("li"), name = document.createElement("span"), note = document.createElement("span"), take = document.createElement("button");
      name.textContent = c.name;
      note.textContent = c.note ?? "";
      note.className = "muted";
      take.textContent = form.dataset.detach;
      take.setAttribute("aria-label", `${form.dataset.detach}: ${c.name}`);
      Object.assign(take, { type: "submit", name: "do", value: c.detach, className: "plain-button", formNoValidate: true });
      li.append(name, " ", note, " ", take);
      return li;
    }));
    list.hidden = list.children.length === 0;
    part(row, "version").value = answer.version;
    part(row, "base").value = answer.base;
  }
  form.addEventListener("change", (event) => {
    if (event.target.type === "file" && event.target.files.length > 0) attach(event.target.closest(".row"), event.target.files);
  });
  for (const type of ["dragover", "drop", "paste"]) {
    form.addEventListener(type, (event) => {
      const row = event.target.closest(".row"), carried = event.dataTransfer ?? event.clipboardData;
      if (!row || !carried || ![...carried.types].includes("Files") || [...carried.types].includes("text/plain")) return;
      event.preventDefault();
      if (type !== "dragover" && carried.files.length > 0) attach(row, carried.files);
    });
  }

  form.addEventListener("submit", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; count(); });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && (waiting.size > 0 || uploads > 0)) event.preventDefault();
  });
})();
