// Keeps the field ready for a hardware scanner, and tells its typing from a person's.
"use strict";

const FASTEST_HAND_MS = 35; // Mean time between keys; a scanner that types needs a few milliseconds.

for (const form of document.querySelectorAll("form[data-scan]")) {
  const field = form.elements.text;
  let first = 0;
  let last = 0;
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") return;
    if (!field.value) first = event.timeStamp;
    last = event.timeStamp;
  });
  field.addEventListener("paste", () => { first = last = 0; });
  form.addEventListener("submit", () => {
    const keys = field.value.length;
    const scanned = keys >= 8 && last > first && (last - first) / keys < FASTEST_HAND_MS;
    form.elements.how.value = scanned ? "scanned" : "typed";
  });
}

for (const form of document.querySelectorAll("form[data-picture]")) {
  form.classList.add("sends-itself");
  form.elements.picture.addEventListener("change", () => {
    const [file] = form.elements.picture.files;
    if (!file) return;
    form.querySelector(".chosen").textContent = file.name;
    form.requestSubmit();
  });
}

// The browser heeds `autofocus` only some time after the page is there; a scanner may be quicker.
const ready = document.querySelector("form[data-scan] input[name='text'][autofocus]");
if (ready && document.activeElement === document.body) ready.focus();

// Typing anywhere but in another field belongs to the scanner.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("form[data-scan] input[name='text']");
  const there = document.activeElement;
  const busy = there && there.matches("input, select, textarea, button, a, summary");
  if (field && !busy && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) field.focus();
});
