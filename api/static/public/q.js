// The public page: what a scanned code says, and whether it is genuine. See codes.js.

import { CodeError, RELEASE, verifyCode } from "./codes.js";

const KEYS_ADDRESS = "/.well-known/jwks.json";
const page = document.querySelector("[data-code-page]");
const part = (name) => page.querySelector(`[data-part="${name}"]`);
const words = (code) => {
  const found = document.querySelector(`[data-words="${CSS.escape(code)}"]`);
  return found ? found.textContent : document.querySelector('[data-words="malformed"]').textContent;
};

/** Return the judgement of a code: `state` verified, failed or unknown, `code` why, `claims`. */
async function judged(digits) {
  if (digits === "") return { state: "empty" };
  if (!globalThis.crypto?.subtle || typeof DecompressionStream === "undefined") {
    return { state: "unknown", code: "no-means", claims: null };
  }
  let keys;
  try {
    const answer = await fetch(KEYS_ADDRESS);
    if (!answer.ok) throw new Error(String(answer.status));
    keys = await answer.json();
    if (!Array.isArray(keys.keys)) throw new Error("no keys");
  } catch {
    keys = null;
  }
  try {
    const claims = await verifyCode(digits, keys ?? { keys: [] }, Math.floor(Date.now() / 1000));
    return { state: "verified", code: "verified", claims };
  } catch (error) {
    if (!(error instanceof CodeError)) throw error;
    if (keys === null && error.code === "unknown-key") {
      return { state: "unknown", code: "no-keys", claims: error.claims };
    }
    return { state: "failed", code: error.code, claims: error.claims };
  }
}

function show(judgement) {
  page.dataset.state = judgement.state;
  for (const element of page.querySelectorAll("[data-for]")) {
    element.hidden = element.dataset.for !== judgement.state;
  }
  const { claims } = judgement;
  const genuine = judgement.state === "verified";
  const release = claims?.knd === RELEASE;
  const code = release && genuine ? "released-verified" : judgement.code;
  part("reason").textContent = code ? words(code) : "";
  part("word").textContent = part("word").dataset[release ? "released" : "verified"];
  part("content").hidden = !claims;
  part("caution").hidden = !claims || genuine;
  if (!claims) return;
  const card = Object.hasOwn(claims, "knd") && !release;
  part("waybill").hidden = card;
  part("card").hidden = !card;
  part("release").hidden = !release;
  if (release) showRelease(claims);
  if (card) showCard(claims);
  else showWaybill(claims, genuine);
  part("validity").textContent = `${time(claims.nbf)} – ${time(claims.exp)}`;
}

function showWaybill(claims, genuine) {
  const signedIn = genuine && page.dataset.waybillBase ? dashed(claims.jti) : "";
  const lines = claims.gds.map((line) => goodsLine(line, signedIn));
  part("goods").replaceChildren(...lines);
  const plates = [claims.veh, claims.trl].filter(Boolean).map(plate);
  part("plates").replaceChildren(...plates);
  part("tank-row").hidden = !claims.tnk;
  part("tank").textContent = claims.tnk ?? "";
  part("revision").textContent = String(claims.rev);
  const link = part("waybill-link");
  if (link) {
    link.hidden = signedIn === "";
    link.href = page.dataset.waybillBase + signedIn;
  }
}

function showRelease(claims) {
  part("number").textContent = claims.num;
  part("released-at").textContent = time(claims.rel);
}

function showCard(claims) {
  part("card-kind").textContent = words(`kind-${claims.knd}`);
  part("card-subject").textContent = claims.sub;
  part("card-version").textContent = String(claims.ver);
}

function goodsLine([unNumber, group, quantity, unit], waybillId) {
  const item = document.createElement("li");
  const number = child(item, "strong", `UN ${unNumber}`);
  number.className = "un";
  const amount = `${quantity.toLocaleString("en-US")} ${unit}`;
  child(item, "span", group ? `${words("packing-group")} ${group} · ${amount}` : amount);
  const link = child(item, "a", words("emergency-card"));
  link.className = "button";
  link.href = `/emergency/${unNumber}${waybillId ? `?waybill=${waybillId}` : ""}`;
  return item;
}

function plate(text) {
  const element = document.createElement("span");
  element.className = "plate";
  element.textContent = `${text.slice(0, 2)}·${text.slice(2)}`;
  return element;
}

function child(parent, tag, text) {
  const element = document.createElement(tag);
  element.textContent = text;
  parent.append(element);
  return element;
}

function dashed(hex) {
  return /^[0-9a-f]{32}$/.test(hex)
    ? hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
    : "";
}

function time(seconds) {
  const options = {
    timeZone: "Asia/Shanghai", hourCycle: "h23", year: "numeric", month: "2-digit",
    day: "2-digit", hour: "2-digit", minute: "2-digit",
  };
  const parts = new Intl.DateTimeFormat("en-CA", options).formatToParts(new Date(seconds * 1000));
  const value = (type) => parts.find((found) => found.type === type).value;
  return `${value("year")}-${value("month")}-${value("day")} ${value("hour")}:${value("minute")}`;
}

/** Keep the code when the language is changed: a fragment goes on with the redirect, unsent. */
function keepCode() {
  for (const form of document.querySelectorAll("form[data-keeps-code]")) {
    form.action = form.action.split("#")[0] + location.hash;
  }
}

/** Return what stands behind `#` as it was scanned: browsers escape what is not ASCII. */
function fragment() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return location.hash.slice(1);
  }
}

let latest = 0;
async function read() {
  latest += 1;
  const mine = latest;
  keepCode();
  const judgement = await judged(fragment());
  if (mine === latest) show(judgement);
}

addEventListener("hashchange", read);
read();
