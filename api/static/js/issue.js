// Looks goods up while one types, and keeps the draft and the summary as one goes.
"use strict";

const form = document.getElementById("waybill");
const query = document.getElementById("q");
const results = document.getElementById("results");
const kept = document.getElementById("kept");
const summary = document.getElementById("summary");
const LOOK_UP_MS = 250;
const KEEP_MS = 900;

let lookUp;
let asked = 0;
query.addEventListener("input", () => {
  clearTimeout(lookUp);
  lookUp = setTimeout(async () => {
    const turn = (asked += 1);
    const address = `${form.dataset.goods}?q=${encodeURIComponent(query.value)}`;
    const answer = await fetch(address, { headers: { Accept: "text/html" } });
    if (answer.ok && turn === asked) results.innerHTML = await answer.text();
  }, LOOK_UP_MS);
});

let waiting;
let running = Promise.resolve();

async function keep() {
  const body = new FormData(form);
  body.set("act", "keep");
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  if (!answer.ok) {
    kept.textContent = kept.dataset.open;
    return;
  }
  const told = await answer.json();
  form.elements.version.value = told.version;
  for (const other of document.querySelectorAll('form.after input[name="version"]')) other.value = told.version;
  summary.innerHTML = told.summary;
  kept.textContent = kept.dataset.kept;
}

if (form.dataset.keep) {
  form.addEventListener("input", (event) => {
    if (event.target === query) return;
    kept.textContent = kept.dataset.open;
    clearTimeout(waiting);
    waiting = setTimeout(() => { running = running.then(keep).catch(() => { kept.textContent = kept.dataset.open; }); }, KEEP_MS);
  });
  // A button must not overtake a save that is under way: the version would be the old one.
  let sending = false;
  form.addEventListener("submit", (event) => {
    if (sending) return;
    event.preventDefault();
    clearTimeout(waiting);
    const button = event.submitter;
    // Not before this event is over: a form that is being submitted takes no second submission.
    running.then(() => setTimeout(() => { sending = true; form.requestSubmit(button); }));
  });
}
