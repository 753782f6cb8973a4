// Shows how far exports are, every two seconds while one is under way.
"use strict";

const EVERY_MS = 2000;

async function look() {
  const shown = document.getElementById("exports");
  if (!shown || !shown.hasAttribute("data-under-way")) return;
  try {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (answer.ok && !shown.contains(document.activeElement)) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("exports");
      if (fresh) shown.replaceWith(fresh);
    }
  } finally {
    setTimeout(look, EVERY_MS);
  }
}

setTimeout(look, EVERY_MS);
