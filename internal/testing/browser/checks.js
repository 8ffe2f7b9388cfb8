// What axe does not see. The value is a list of faults in words.
(phrases) => {
  const faults = [];
  const own = document.documentElement.lang;
  const shown = (e) => e.checkVisibility({ visibilityProperty: true });
  const words = (e) => (e?.textContent ?? "").replace(/\s+/g, " ").trim();
  const where = (e) => {
    const mark = e.id ? "#" + e.id : e.className && typeof e.className === "string" ? "." + e.className.trim().replace(/\s+/g, ".") : "";
    return `<${e.localName}${mark}> “${words(e).slice(0, 50)}”`;
  };

  // Page: one h1, a title, every sentence found.
  if (document.querySelectorAll("h1").length !== 1) faults.push("not exactly one h1");
  if (!document.title.trim()) faults.push("no title");
  const raw = document.body.innerText.match(/.{0,30}(⟨|<no value>|%!|\{\{).{0,30}/);
  if (raw) faults.push(`a sentence is missing or unfinished: “${raw[0]}”`);

  // Tables.
  for (const table of document.querySelectorAll("table")) {
    if (!words(table.caption)) faults.push(`table without caption: ${where(table)}`);
    if (!table.querySelector("thead th") || !table.querySelector("tbody th")) faults.push(`table without row or column heads: ${where(table)}`);
    for (const th of table.querySelectorAll("th")) if (!["col", "row", "rowgroup"].includes(th.scope)) faults.push(`head without scope: ${where(th)}`);
    if (!table.closest(".source")) for (const td of table.querySelectorAll("td")) if (!words(td)) faults.push(`cell that says nothing, in row “${words(td.parentElement.cells[0])}” of “${words(table.caption).slice(0, 40)}”`);
  }

  // A status is a word and a shape, never a colour alone.
  for (const status of document.querySelectorAll("[data-s], .status")) {
    if (!shown(status)) continue;
    if (!words(status)) faults.push(`status without a word: ${where(status)}`);
    const drawn = [status, ...status.querySelectorAll("*")].some((e) => e.localName === "svg" || getComputedStyle(e, "::before").content !== "none");
    if (!drawn) faults.push(`status without a shape: ${where(status)}`);
  }

  // Every error is tied to its field, and every wrong field to an error.
  for (const error of document.querySelectorAll(".ds-validation-message")) {
    const tied = [...document.querySelectorAll("[aria-describedby]")].some((e) => e.getAttribute("aria-describedby").split(/\s+/).includes(error.id));
    if (!error.id || !tied) faults.push(`error not tied to a field: ${where(error)}`);
  }
  const listed = [...document.querySelectorAll(".ds-error-summary a")];
  for (const link of listed) { // several are told apart by the names of their fields
    const said = document.getElementById(`${link.hash.slice(1)}-error`);
    if (listed.length > 1 && said && words(said).endsWith(words(link))) faults.push(`the summary of errors names no field: “${words(link)}” of ${link.hash}`);
  }
  let before = null; // the field of the error above
  for (const link of listed) {
    const field = document.getElementById(link.hash.slice(1));
    if (before && field && before.compareDocumentPosition(field) & Node.DOCUMENT_POSITION_PRECEDING && !field.contains(before)) faults.push(`the summary of errors is not in the order of the fields: “${words(link)}”`);
    before = field ?? before;
  }
  for (const field of document.querySelectorAll("[aria-invalid=true]")) if (!field.getAttribute("aria-describedby")) faults.push(`wrong field without a reason: ${where(field)}`);

  // Words of the other language stand under lang.
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const lang = phrases[node.data.replace(/\s+/g, " ").trim().slice(0, 30)];
    const said = node.parentElement.closest("[lang]").lang;
    if (lang && lang !== said) faults.push(`${lang} words under lang=${said}: “${node.data.trim().slice(0, 60)}”`);
  }
  for (const link of document.querySelectorAll("a[hreflang]")) if (link.hreflang !== own && link.lang !== link.hreflang) faults.push(`language link without lang: ${where(link)}`);

  // Nothing is wider than the window (WCAG 1.4.10).
  const width = document.documentElement.clientWidth;
  if (document.scrollingElement.scrollWidth > width) {
    const right = (e) => {
      const range = document.createRange();
      range.selectNodeContents(e);
      return Math.max(e.getBoundingClientRect().right, range.getBoundingClientRect().right);
    };
    const wide = [...document.body.querySelectorAll("*")].filter((e) => shown(e) && right(e) > width + 1 && !e.closest(".scroll")).pop();
    faults.push(`scrolls sideways at ${innerWidth} px: ${document.scrollingElement.scrollWidth} px wide${wide ? ", " + where(wide) : ""}`);
  }

  // A button does not stand against the field above it.
  const fields = [...document.querySelectorAll("textarea, select, .ds-input")].filter(shown).map((e) => e.getBoundingClientRect());
  for (const button of document.querySelectorAll(".ds-button")) {
    const b = button.getBoundingClientRect();
    if (shown(button) && getComputedStyle(button).position === "static" && !button.closest(".savebar") && fields.some((f) => b.left < f.right && f.left < b.right && b.top - f.bottom > -b.height && b.top - f.bottom < 3)) faults.push(`button against the field above it: ${where(button)}`);
  }

  // Targets of 24 by 24 pixels, or so much room around them (WCAG 2.5.8). Links in a sentence are exempt.
  const box = (e) => {
    const r = (e.matches("input[type=radio], input[type=checkbox]") && e.labels?.[0] || e).getBoundingClientRect();
    return { e, left: r.left, right: r.right, top: r.top, bottom: r.bottom, x: (r.left + r.right) / 2, y: (r.top + r.bottom) / 2, small: r.width < 23.95 || r.height < 23.95 };
  };
  const inSentence = (e) => getComputedStyle(e).display === "inline" && words(e.parentElement).length > words(e).length;
  const clipped = (e) => { // scrolled out of sight in a box of its own
    const r = e.getBoundingClientRect();
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement) {
      const b = p.getBoundingClientRect();
      if (getComputedStyle(p).overflowY !== "visible" && (r.bottom <= b.top || r.top >= b.bottom)) return true;
    }
    return false;
  };
  const targets = [...document.querySelectorAll("a[href], button, summary, select, textarea, input:not([type=hidden])")]
    .filter((e) => shown(e) && !e.disabled && !clipped(e) && !e.closest("[aria-hidden=true]") && !e.matches(".ds-skip-link")).map(box);
  const near = (a, b) => {
    if (b.small) return Math.hypot(a.x - b.x, a.y - b.y) < 24;
    return Math.hypot(Math.max(b.left - a.x, 0, a.x - b.right), Math.max(b.top - a.y, 0, a.y - b.bottom)) < 12;
  };
  for (const t of targets) {
    if (!t.small || inSentence(t.e)) continue;
    const other = targets.find((o) => o.e !== t.e && !o.e.contains(t.e) && !t.e.contains(o.e) && near(t, o));
    if (other) faults.push(`target of ${Math.round(t.right - t.left)} × ${Math.round(t.bottom - t.top)} px: ${where(t.e)} beside ${where(other.e)}`);
  }
  return faults;
}
