// The text of a code, read and verified on the phone itself: digits, envelope, claims, signature.
// Nothing of a code is ever sent anywhere; only the list of public keys is fetched.

export const MARKER = "/q#";
const MAX_TEXT_CHARS = 4096;
const MAX_CLAIMS_BYTES = 4096;
const MAX_DEPTH = 4;
const MAX_WHOLE = 1e9;
const MAX_UNIX_TIME_S = 253402300799;
const MAX_GOODS_LINES = 32;
const SIGNATURE_BYTES = 64;
const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const GROUP_DIGITS = 17;
const BYTES_BY_DIGITS = new Map([[3, 1], [5, 2], [8, 3], [10, 4], [13, 5], [15, 6], [17, 7]]);
const SKEW_S = 60;
const CARD_KINDS = ["vehicle", "trailer", "driver", "escort", "tank", "document", "supervisor"];
export const RELEASE = "release";

/** Why a code is refused; `claims` are given where they could be read, proved or not. */
export class CodeError extends Error {
  constructor(code, claims = null) {
    super(code);
    this.code = code;
    this.claims = claims;
  }
}

/** Return the verified claims of a code, or throw a CodeError. `keys` is a JSON Web Key Set. */
export async function verifyCode(digits, keys, nowSeconds) {
  const payload = await readCode(digits);
  const readable = claimsOrNull(payload.claims);
  try {
    const key = keys.keys.find((candidate) => candidate.kid === payload.kid);
    if (!key) throw new CodeError("unknown-key");
    await verifySignature(payload, key);
    const claims = checkedClaims(parseStrict(payload.claims));
    verifyTimes(claims, nowSeconds);
    return claims;
  } catch (error) {
    if (error instanceof CodeError) error.claims = readable;
    throw error;
  }
}

/** Return kid, claims as text and signature of a code; nothing of it is proved by that. */
export async function readCode(digits) {
  if (digits.length > MAX_TEXT_CHARS) throw new CodeError("too-long");
  const envelope = bytesOf(digits);
  if (envelope[0] !== 1) throw new CodeError("unknown-version");
  const kidEnd = 2 + (envelope.length > 1 ? envelope[1] : 0);
  if (envelope.length <= kidEnd + SIGNATURE_BYTES) throw new CodeError("truncated");
  const kid = String.fromCharCode(...envelope.subarray(2, kidEnd));
  if (!KEY_ID.test(kid)) throw new CodeError("malformed");
  return {
    kid,
    claims: await inflated(envelope.subarray(kidEnd, -SIGNATURE_BYTES)),
    signature: envelope.subarray(-SIGNATURE_BYTES),
  };
}

/** Return claims that were only read: what a refused code says, if it can be read at all. */
function claimsOrNull(bytes) {
  try {
    return checkedClaims(parseStrict(bytes));
  } catch {
    return null;
  }
}

function bytesOf(digits) {
  if (digits === "") throw new CodeError("no-digits");
  if (!/^[0-9]+$/.test(digits)) throw new CodeError("not-ascii-digits");
  const bytes = [];
  for (let at = 0; at < digits.length; at += GROUP_DIGITS) {
    const group = digits.slice(at, at + GROUP_DIGITS);
    const length = BYTES_BY_DIGITS.get(group.length);
    if (length === undefined) throw new CodeError("bad-length");
    let number = BigInt(group);
    for (let n = 0; n < length; n += 1) {
      bytes.push(Number(number & 255n));
      number >>= 8n;
    }
    if (number !== 0n) throw new CodeError("group-out-of-range");
  }
  return Uint8Array.from(bytes);
}

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    let part;
    try {
      part = await reader.read();
    } catch {
      throw new CodeError("not-deflate");
    }
    if (part.done) break;
    length += part.value.length;
    if (length > MAX_CLAIMS_BYTES) {
      reader.cancel().catch(() => {});
      throw new CodeError("inflate-limit");
    }
    chunks.push(part.value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function verifySignature(payload, jwk) {
  const header = `{"alg":"ES256","kid":"${payload.kid}","typ":"wb+jwt"}`;
  const signed = `${base64url(new TextEncoder().encode(header))}.${base64url(payload.claims)}`;
  let genuine = false;
  try {
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const { kty, crv, x, y } = jwk;
    const key = await crypto.subtle.importKey("jwk", { kty, crv, x, y }, algorithm, false, [
      "verify",
    ]);
    genuine = await crypto.subtle.verify(
      { name: "ECDSA", hash: "SHA-256" },
      key,
      payload.signature,
      new TextEncoder().encode(signed),
    );
  } catch {
    throw new CodeError("bad-key");
  }
  if (!genuine) throw new CodeError("bad-signature");
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

/** Parse JSON and refuse what two readers could understand differently. */
function parseStrict(bytes) {
  let text;
  let value;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch {
    throw new CodeError("not-json");
  }
  const open = [];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]|[^\s"{}[\],:]+/g)) {
    const top = open.at(-1);
    if (token === "{" || token === "[") {
      open.push(token === "{" ? { names: new Set(), atName: true } : null);
      if (open.length > MAX_DEPTH) throw new CodeError("not-json");
    } else if (token === "}" || token === "]") {
      open.pop();
    } else if (token === ",") {
      if (top) top.atName = true;
    } else if (token[0] === '"') {
      const string = JSON.parse(token);
      if (/\p{Cs}/u.test(string)) throw new CodeError("not-json");
      if (!top?.atName) continue;
      if (top.names.has(string)) throw new CodeError("not-json");
      top.names.add(string);
      top.atName = false;
    } else if (/^-?[0-9].*[.eE]/.test(token)) {
      throw new CodeError("not-json");
    }
  }
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new CodeError("not-an-object");
  }
  return value;
}

const isText = (value) => typeof value === "string" && /^(?:[^\p{C}\p{Z}]| ){1,64}$/u.test(value);
const isTextOrNull = (value) => value === null || isText(value);
const isWhole = (value) => Number.isInteger(value) && value >= 0 && value <= MAX_WHOLE;
const isCount = (value) => isWhole(value) && value >= 1;
const isTime = (value) => Number.isInteger(value) && value >= 1 && value <= MAX_UNIX_TIME_S;

const SIGNED = { iss: isText, iat: isTime, nbf: isTime, exp: isTime };
const OF_CARD = { ...SIGNED, sub: isText, ver: isCount };
const OF_WAYBILL = {
  ...SIGNED, jti: isText, rev: isCount, veh: isText, trl: isTextOrNull, drv: isText,
  esc: isTextOrNull, tnk: isTextOrNull, ldr: isText, gds: areGoods,
};

const OF_RELEASE = {
  ...SIGNED, jti: isText, rev: isCount, num: isText, rel: isTime, veh: isText, trl: isTextOrNull,
  gds: areGoods,
};

function areGoods(lines) {
  return Array.isArray(lines) && lines.length > 0 && lines.length <= MAX_GOODS_LINES
    && lines.every(isGoodsLine);
}

function isGoodsLine(line) {
  if (!Array.isArray(line) || line.length < 4 || line.length > 5) return false;
  const [unNumber, group, quantity, unit, row] = line;
  return isText(unNumber) && /^[0-9]{4}$/.test(unNumber)
    && ["I", "II", "III", "", null].includes(group)
    && isWhole(quantity) && ["kg", "L"].includes(unit)
    && (line.length === 4 || isText(row));
}

function checkedClaims(members) {
  const checks = Object.entries(checksOf(members));
  for (const [name] of checks) {
    if (!Object.hasOwn(members, name)) throw new CodeError("missing-claim");
  }
  for (const [name, check] of checks) {
    if (!check(members[name])) throw new CodeError("bad-claim");
  }
  if (members.knd === RELEASE && members.iat < members.rel) throw new CodeError("bad-claim");
  return members;
}

/** Return what a code of its kind must say: a waybill, and nothing else, has no `knd`. */
function checksOf(members) {
  if (!Object.hasOwn(members, "knd")) return OF_WAYBILL;
  if (members.knd === RELEASE) return OF_RELEASE;
  if (!CARD_KINDS.includes(members.knd)) throw new CodeError("unknown-kind");
  return OF_CARD;
}

function verifyTimes(claims, nowSeconds) {
  if (claims.iat > nowSeconds + SKEW_S) throw new CodeError("issued-in-future");
  if (claims.nbf > nowSeconds + SKEW_S) throw new CodeError("not-yet-valid");
  if (claims.exp <= nowSeconds) throw new CodeError("expired");
}
