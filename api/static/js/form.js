// Takes the reader to what is wrong, and warns before unsaved work is left.
"use strict";

const problems = document.getElementById("problems");
if (problems) problems.focus();

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  let touched = false;
  form.addEventListener("input", () => { touched = true; });
  form.addEventListener("submit", () => { touched = false; });
  window.addEventListener("beforeunload", (event) => {
    if (touched) event.preventDefault();
  });
}
