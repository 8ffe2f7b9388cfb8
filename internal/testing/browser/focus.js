// Where the focus is, and what a person who tabs there would miss; null when it left the page.
(() => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const name = (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || e.name || "").replace(/\s+/g, " ").trim().slice(0, 50);
  const around = [e, ...(e.labels ?? []), e.parentElement, e.nextElementSibling].filter(Boolean);
  const ring = around.some((a) => {
    const s = getComputedStyle(a);
    return s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 1 && s.outlineColor !== "rgba(0, 0, 0, 0)";
  });
  const seen = around.slice(0, 1 + (e.labels?.length ?? 0)).some((a) => [...a.getClientRects()].some((r) => {
    const left = Math.max(r.left, 0), top = Math.max(r.top, 0); // of the part inside the window
    const width = Math.min(r.right, innerWidth) - left, height = Math.min(r.bottom, innerHeight) - top;
    if (width <= 0 || height <= 0) return false;
    return [[.5, .5], [.1, .5], [.9, .5], [.5, .1], [.5, .9]].some(([x, y]) => {
      const hit = document.elementFromPoint(left + width * x, top + height * y);
      return hit && (a.contains(hit) || hit.contains(a) && hit.closest("main, header, footer") === a.closest("main, header, footer") && !hit.matches(".savebar, .savebar *"));
    });
  }));
  return { name: `<${e.localName}> “${name}”`, ring, seen };
})()
