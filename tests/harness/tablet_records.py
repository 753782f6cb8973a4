"""Signed records of checks without network to accept and to refuse, for Python and TypeScript.

`python -m tests.harness.tablet_records` writes them anew, with a key that guards nothing, to
`tests/vectors/tablet/offline_records.json`. Signatures of ES256 are random, so the file is kept.
"""

import copy
import json
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from jwt import PyJWS

from tests.harness.tablet_trip import PERSON, WAYBILL
from waybill.codec import b64url_encode, canonical_json

FILE: Final = Path(__file__).parents[1] / "vectors/tablet/offline_records.json"
DEVICE: Final = "0198f000-0000-7000-8000-0000000000d1"
OTHER_DEVICE: Final = "0198f000-0000-7000-8000-0000000000d2"
TYPE: Final = "wb-off+jws"
SECRET: Final = 0x0F_F1_1E

RECORD: Final[dict[str, Any]] = {
    "v": 1,
    "number": "T7K2-000001",
    "device": DEVICE,
    "person": PERSON,
    "session": "0198f000-0000-7000-8000-0000000000e1",
    "bay_id": "0198f000-0000-7000-8000-0000000000f1",
    "made_at": "2026-11-27T02:31:00.000Z",
    "clock_offset_ms": -1200,
    "bundle": "1795320300000.AAAAAAAAAAAAAAAAAAAAAA",
    "looks": "2026-11-27.3.AAAAAAAAAAAAAAAAAAAAAA",
    "check_id": None,
    "waybill": {"id": WAYBILL, "revision": 2, "text": "http://localhost/q#1", "typed": False},
    "opened_at": "2026-11-27T02:10:00.000Z",
    "evidence": [
        {"type": "scan", "id": "0198f000-0000-7000-8000-000000000101",
         "at": "2026-11-27T02:11:00.000Z", "text": "http://localhost/q#2", "typed": False,
         "expected": "vehicle"},
        {"type": "plate", "id": "0198f000-0000-7000-8000-000000000102",
         "at": "2026-11-27T02:12:00.000Z", "unit": "tractor", "plate": "苏H12345",
         "plate_colour": "yellow", "how": "typed"},
        {"type": "presence", "id": "0198f000-0000-7000-8000-000000000103",
         "at": "2026-11-27T02:13:00.000Z", "role": "driver", "reference": "", "present": True},
        {"type": "answer", "id": "0198f000-0000-7000-8000-000000000104",
         "at": "2026-11-27T02:14:00.000Z", "question": "engine_off", "answer": "yes", "note": ""},
        {"type": "photo", "id": "0198f000-0000-7000-8000-000000000105",
         "at": "2026-11-27T02:15:00.000Z", "shows": "engine_off", "sha256": "ab" * 32},
        {"type": "presence_tag", "id": "0198f000-0000-7000-8000-000000000106",
         "at": "2026-11-27T02:16:00.000Z", "text": "WBP1.AAAA"},
        {"type": "control", "id": "0198f000-0000-7000-8000-000000000107",
         "at": "2026-11-27T02:17:00.000Z", "shown_at": "2026-11-27T02:16:50.000Z",
         "question": "un_number", "answer": "1203"},
        {"type": "consent", "id": "0198f000-0000-7000-8000-000000000108",
         "at": "2026-11-27T02:18:00.000Z", "by": PERSON,
         "session": "0198f000-0000-7000-8000-0000000000e1", "given": "yes"},
    ],
    "decision": "cleared",
    "decided_at": "2026-11-27T02:30:00.000Z",
    "reasons": [],
    "loading": None,
}  # fmt: skip


def changed(**members: Any) -> bytes:  # noqa: ANN401  JSON
    """Return the payload with other members; `...` leaves one out."""
    made = copy.deepcopy(RECORD) | members
    return canonical_json({name: value for name, value in made.items() if value is not ...})


def _key(number: int) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(number, ec.SECP256R1())


def _signed(payload: bytes, *, kid: str = DEVICE, typ: str = TYPE, secret: int = SECRET) -> str:
    headers = {"typ": typ, "kid": kid}
    return PyJWS().encode(payload, _key(secret), "ES256", headers, sort_headers=True)


def _item(number: int, **members: Any) -> dict[str, Any]:  # noqa: ANN401  JSON
    return {**RECORD["evidence"][number], **members}


def vectors() -> dict[str, Any]:
    """Return records with what must become of each."""
    good = _signed(changed())
    head, body, signature = good.split(".")
    foreign = [*RECORD["evidence"], {"type": "not_applicable", "id": "x", "question": "earthed"}]
    accept = {
        "a whole record": good,
        "nothing decided": _signed(changed(decision=None, decided_at=None)),
        "a clock that was never compared": _signed(changed(clock_offset_ms=None)),
        "begun online": _signed(changed(check_id="0198f000-0000-7000-8000-000000000c01")),
        "an item that the server does not know": _signed(changed(evidence=foreign)),
        "nobody signed on": _signed(changed(person=None, session=None)),
        "what nobody told it to look at": _signed(changed(looks=None)),
        "a typed number with its photo": _signed(
            changed(evidence=[_item(0, typed=True, photo_sha256="ab" * 32)])
        ),
        "a loading record": _signed(changed(loading={"lines": [], "seals": ["A1"]})),
    }
    refuse = {
        "no JWS": ("malformed", "hello"),
        "two parts": ("malformed", f"{head}.{body}"),
        "padding": ("malformed", f"{head}.{body}=.{signature}"),
        "another type": ("malformed", _signed(changed(), typ="wb-dev+jwt")),
        "an id in capitals": ("malformed", _signed(changed(), kid=DEVICE.upper())),
        "another key": ("bad-signature", _signed(changed(), secret=SECRET + 1)),
        "a payload put under a signature": (
            "bad-signature", f"{head}.{b64url_encode(changed(decision='refused'))}.{signature}",
        ),
        "another device's id": ("bad-record", _signed(changed(device=OTHER_DEVICE))),
        "another version": ("bad-record", _signed(changed(v=2))),
        "a member too many": ("bad-record", _signed(changed(more=1))),
        "a member missing": ("bad-record", _signed(changed(bay_id=...))),
        "a duplicate member": ("bad-record", _signed(b'{"v":1,' + changed()[1:])),
        "a float": ("bad-record", _signed(changed().replace(b"-1200", b"-1200.5"))),
        "not JSON": ("bad-record", _signed(b"hello")),
        "not an object": ("bad-record", _signed(b"[]")),
        "evidence that is no list": ("bad-record", _signed(changed(evidence={}))),
        "a number of another shape": ("bad-record", _signed(changed(number="T7K2-1"))),
        "a moment without a zone": ("bad-record", _signed(changed(made_at="2026-11-27T02:31:00"))),
        "a decision without its moment": ("bad-record", _signed(changed(decided_at=None))),
        "a moment without its decision": ("bad-record", _signed(changed(decision=None))),
        "a word that is no decision": ("bad-record", _signed(changed(decision="released"))),
        "an item twice": ("bad-record", _signed(changed(evidence=[_item(0), _item(0)]))),
        "an item without an id": ("bad-record", _signed(changed(evidence=[_item(0, id=None)]))),
        "a consent without its session": (
            "bad-record", _signed(changed(evidence=[_item(7, session=None)])),
        ),
        "a consent that is neither yes nor no": (
            "bad-record", _signed(changed(evidence=[_item(7, given="perhaps")])),
        ),
        "a photo without a digest": (
            "bad-record", _signed(changed(evidence=[_item(4, sha256="ab")])),
        ),
    }  # fmt: skip
    point = _key(SECRET).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        "about": "Records of checks without network. Written by tests/harness/tablet_records.py; "
        "the key guards nothing. docs/formats/offline-record.md is the format.",
        "device": DEVICE,
        "public_key": {
            "kty": "EC",
            "crv": "P-256",
            "x": b64url_encode(point[1:33]),
            "y": b64url_encode(point[33:]),
        },
        "payload": RECORD,
        "accept": [{"name": name, "record": text} for name, text in accept.items()],
        "refuse": [
            {"name": name, "code": code, "record": text} for name, (code, text) in refuse.items()
        ],
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(vectors(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
