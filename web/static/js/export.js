// A document that is being made is looked at again until it is there. Without
// this the page has a link that does.
"use strict";

const shown = document.getElementById("export");

async function look() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" }, redirect: "error" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById("export");
    if (answer.ok && fresh && fresh.textContent !== shown.textContent) {
      shown.replaceChildren(...fresh.childNodes);
    }
    if (answer.ok && !fresh?.hasAttribute("data-look")) {
      return; // ready, failed or signed out
    }
  } catch {
    // no line just now: it is tried again
  }
  setTimeout(look, 3000);
}

if (shown?.hasAttribute("data-look")) {
  setTimeout(look, 1000);
}
