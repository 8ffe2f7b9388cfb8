// What is being made is looked at again until it is there. Without this the page
// has a link that does.
"use strict";

const shown = document.getElementById("export");
const said = document.getElementById("export-said"); // of a list, which is not read out as a whole

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("export");
    if (answer.ok && fresh && fresh.textContent !== shown.textContent) {
      replace(fresh, page.getElementById("export-said"));
    }
    if (answer.ok && !fresh?.hasAttribute("data-look")) {
      return; // ready, failed or signed out
    }
  } catch {
    // no line just now: it is tried again
  }
  setTimeout(look, 3000);
}

// replace draws what changed, and leaves the focus on the link where it was.
function replace(fresh, words) {
  const held = shown.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  shown.replaceChildren(...fresh.childNodes);
  if (held) {
    shown.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
  }
  if (said && words && said.textContent !== words.textContent) {
    said.textContent = words.textContent;
  }
}

if (shown?.hasAttribute("data-look")) {
  setTimeout(look, 1000);
}
