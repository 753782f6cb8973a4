// Verifies an event in the browser: content, entry, path to the checkpoint, signature (RFC 6962,
// C2SP signed-note and tlog-checkpoint). Whatever the page shows is not believed but compared.

const bytesOf = (text) => new TextEncoder().encode(text);
const joined = (...parts) => {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};
const sha256 = async (...parts) =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const unbase64 = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const equal = (one, other) => hex(one) === hex(other);

/** Why an event is not verified; the code names the words to show. */
class Refusal extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/** Return index, size, leaf, root of a verified event and whether the signature was checked. */
async function verify(eventId, shown) {
  const proof = await told(`/api/v1/events/${eventId}/proof`);
  const body = bytesOf(proof.body);
  const commitment = hex(await sha256(unbase64(proof.salt), body));
  const entry = `{"body":"${commitment}","id":"${eventId}","v":1}`;
  if (entry !== proof.entry) throw new Refusal("body");
  if (shown !== null && !sameJson(shown, proof.body)) throw new Refusal("shown");
  const leaf = await sha256(Uint8Array.of(0), bytesOf(entry));
  const { index } = proof.inclusion;
  const note = await fetched("/log/checkpoint").then((answer) => answer.text());
  const checkpoint = parseNote(note);
  const query = `index=${index}&size=${checkpoint.size}`;
  const path = await told(`/api/v1/log/proofs/inclusion?${query}`);
  const root = await rootOf(leaf, index, checkpoint.size, path.hashes.map(unbase64));
  if (!equal(root, checkpoint.root)) throw new Refusal("path");
  const signed = await checkSignature(checkpoint);
  return { index, size: checkpoint.size, leaf: hex(leaf), root: hex(root), signed };
}

async function fetched(address) {
  let answer;
  try {
    answer = await fetch(address, { headers: { Accept: "application/json" } });
  } catch {
    throw new Refusal("unreachable");
  }
  if (answer.status === 409) throw new Refusal("pending");
  if (answer.status === 404) throw new Refusal("path");
  if (!answer.ok) throw new Refusal("unreachable");
  return answer;
}

async function told(address) {
  const answer = await fetched(address);
  return answer.json();
}

/** Both texts have sorted keys, so equal values read equally. */
function sameJson(one, other) {
  return JSON.stringify(JSON.parse(one)) === JSON.stringify(JSON.parse(other));
}

/** Take a checkpoint apart: its text, size, root, and the lines of signatures. */
function parseNote(note) {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [, size, root] = text.split("\n");
  if (end < 0 || !/^(0|[1-9][0-9]{0,15})$/.test(size ?? "") || !root) throw new Refusal("path");
  const lines = note.slice(end + 2).split("\n").filter(Boolean);
  return { text, size: Number(size), root: unbase64(root), lines };
}

/** Walk from a leaf to the root (RFC 9162, section 2.1.3.2). */
async function rootOf(leaf, index, size, hashes) {
  if (index >= size) throw new Refusal("path");
  let [node, last, found] = [index, size - 1, leaf];
  for (const hash of hashes) {
    if (last === 0) throw new Refusal("path");
    if (node % 2 === 1 || node === last) {
      found = await sha256(Uint8Array.of(1), hash, found);
      while (node % 2 === 0 && node !== 0) [node, last] = [half(node), half(last)];
    } else {
      found = await sha256(Uint8Array.of(1), found, hash);
    }
    [node, last] = [half(node), half(last)];
  }
  if (last !== 0) throw new Refusal("path");
  return found;
}

const half = (number) => Math.floor(number / 2);

/** Return whether a key of the log signed; false where this browser cannot tell. */
async function checkSignature(checkpoint) {
  const keys = await fetched("/log/key").then((answer) => answer.text());
  for (const line of keys.split("\n").filter(Boolean)) {
    const [name, id] = line.split("+", 2);
    const material = line.slice(name.length + id.length + 2); // base64 has pluses of its own
    const prefix = `— ${name} `;
    for (const signature of checkpoint.lines.filter((found) => found.startsWith(prefix))) {
      const blob = unbase64(signature.slice(prefix.length));
      if (!equal(blob.subarray(0, 4), unhex(id))) continue;
      let key;
      try {
        const raw = unbase64(material).subarray(1);
        key = await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
      } catch (error) {
        if (error.name === "NotSupportedError") return false;
        throw new Refusal("signature");
      }
      const message = bytesOf(checkpoint.text);
      if (await crypto.subtle.verify("Ed25519", key, blob.subarray(4), message)) return true;
      throw new Refusal("signature");
    }
  }
  throw new Refusal("signature");
}

function prepare(section) {
  const part = (name) => section.querySelector(`[data-part="${name}"]`);
  const say = (code) => {
    const words = section.querySelector(`[data-words="${code}"]`);
    part("answer").replaceChildren(...[...words.cloneNode(true).childNodes]);
    section.dataset.state = code;
  };
  part("act").addEventListener("click", async () => {
    const eventId = section.dataset.proof;
    const shown = document.querySelector(`[data-shown-body="${eventId}"]`);
    part("details").hidden = true;
    say("working");
    try {
      if (!globalThis.crypto?.subtle) throw new Refusal("no_means");
      const found = await verify(eventId, shown?.textContent ?? null);
      for (const name of ["index", "size", "leaf", "root"]) part(name).textContent = found[name];
      part("details").hidden = false;
      say(found.signed ? "verified" : "unsigned");
    } catch (error) {
      say(error instanceof Refusal ? error.code : "path");
      if (!(error instanceof Refusal)) throw error;
    }
  });
}

for (const section of document.querySelectorAll("[data-proof]")) prepare(section);
