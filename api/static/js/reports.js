// While a report is being made, fetches the page again and shows what has changed since.
const PAUSE_MS = 3000;
const PARTS = ["orders", "made"];

async function look() {
  const answer = await fetch("/reports", { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of PARTS) {
    document.getElementById(part).replaceChildren(...page.getElementById(part).childNodes);
  }
}

async function follow() {
  if (!document.querySelector("#orders progress")) return;
  await look().catch(() => undefined);
  setTimeout(follow, PAUSE_MS);
}

setTimeout(follow, PAUSE_MS);
