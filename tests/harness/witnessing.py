"""Witnesses for tests, and how they are asked."""

from pathlib import Path
from typing import Final

from nacl.signing import VerifyKey

from tests.harness.signed_log import ORIGIN
from waybill.clock import Clock
from waybill.transparency.notes import VerifierKey, parse_note
from waybill.witness.configuration import Configuration, FollowedLog
from waybill.witness.cosigning import Witness, open_witness
from waybill.witness.key import make_key
from waybill.witness.store import Alarm, Evidence, Newest
from waybill.witness.web import Answer, ask

NAME: Final = "witness.example.org/w1"


def make_witness(folder: Path, clock: Clock, *logs: FollowedLog, name: str = NAME) -> Witness:
    """Return a witness over a folder; the second time with what it remembers from the first."""
    key = folder / "witness.key"
    if not key.exists():
        make_key(key, name)
    described = Configuration(key=key, store=folder / "witness.sqlite3", logs=logs)
    return open_witness(described, clock)


def submit(address: str, body: bytes) -> Answer:
    return ask(f"{address}/add-checkpoint", body=body, max_bytes=1 << 16)


def newest(witness: Witness, origin: str = ORIGIN) -> Newest:
    with witness.store.reading() as ledger:
        return ledger.newest(origin)


def alarms_of(witness: Witness, origin: str = ORIGIN) -> set[Alarm]:
    with witness.store.reading() as ledger:
        return set(ledger.alarms(origin))


def evidence_of(witness: Witness, origin: str = ORIGIN) -> list[Evidence]:
    with witness.store.reading() as ledger:
        return ledger.evidence(origin)


def verify_elsewhere(key: VerifierKey, text: str, line: bytes, at: int) -> None:
    """Verify a cosignature as C2SP tlog-cosignature has it, with a library that did not make it."""
    (signature,) = parse_note(text.encode() + b"\n" + line).signatures
    message = f"cosignature/v1\ntime {at}\n{text}".encode()
    assert (signature.name, signature.key_id) == (key.name, key.key_id)
    assert signature.blob[:8] == at.to_bytes(8, "big")
    VerifyKey(key.public_key).verify(message, signature.blob[8:])
