// Looks goods up while one types, folds what a line does not ask, and keeps the draft as one goes.
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

// A group is folded once its mode or regime is not the one chosen, unless something stands in it.
function isUsed(group) {
  const fields = [...group.querySelectorAll("input:not([type=hidden]), select")];
  return fields.some((field) => field.type === "checkbox" ? field.checked : field.tagName === "INPUT" && field.value.trim());
}

form.addEventListener("change", (event) => {
  const named = event.target.name || "";
  const wanted = named.endsWith("-mode") ? "modes" : named.endsWith("-regime") ? "regimes" : "";
  if (!wanted) return;
  for (const group of event.target.closest("fieldset").querySelectorAll(`[data-${wanted}]`)) {
    group.open = group.dataset[wanted].split(" ").includes(event.target.value) || isUsed(group);
  }
});

const cargoes = document.getElementById("cargoes");
let tankShown = form.elements.tank_id.value;
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
  history.replaceState(null, "", told.address + location.hash);
  const tank = body.get("tank_id");
  if (tank !== tankShown) {
    cargoes.innerHTML = told.cargoes;
    tankShown = tank;
  }
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
