"""Signed notes (C2SP signed-note) and the cosignatures of witnesses (C2SP tlog-cosignature).

A note is text and, behind an empty line, lines of signatures. Only Ed25519 is spoken: as an
ordinary signature of the text, or as a witness's over the text and the time it saw it.
"""

import base64
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from waybill.codec import b64_decode, sha256
from waybill.transparency.errors import NoteError

MAX_NOTE_BYTES: Final = 1 << 16
MAX_SIGNATURES: Final = 64
KEY_ID_BYTES: Final = 4
PUBLIC_KEY_BYTES: Final = 32
SIGNATURE_BYTES: Final = 64
TIMESTAMP_BYTES: Final = 8
MAX_TIMESTAMP_S: Final = 253_402_300_799
"""The last second of the year 9999; far below 2^63 - 1, and what a datetime can say."""

_DASH: Final = "— "
_SIGNATURE_LINE: Final = re.compile(r"— (?P<name>[^ +]+) (?P<blob>[A-Za-z0-9+/]+={0,2})")
_KEY: Final = re.compile(r"(?P<name>[^ +]+)\+(?P<id>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")


class Algorithm(IntEnum):
    """How a key signs; the byte stands in its id."""

    ED25519 = 0x01
    COSIGNATURE = 0x04


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifierKey:
    """A public key with the name it signs under."""

    name: str
    algorithm: Algorithm
    public_key: bytes

    def __post_init__(self) -> None:
        refuse_bad_name(self.name)
        if len(self.public_key) != PUBLIC_KEY_BYTES:
            raise NoteError("a public key has 32 bytes")

    @property
    def key_id(self) -> bytes:
        """Four bytes that tell this key from others of its name."""
        kind = bytes([self.algorithm])
        return sha256(self.name.encode() + b"\n" + kind + self.public_key)[:KEY_ID_BYTES]

    def text(self) -> str:
        """Return the key as it is published, `name+id+key`."""
        material = base64.b64encode(bytes([self.algorithm]) + self.public_key).decode()
        return f"{self.name}+{self.key_id.hex()}+{material}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One line of signature: whose it says it is, and the bytes behind the key's id."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        """Return the line as it stands in a note, with its end."""
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSigner:
    """A private key with the name it signs under."""

    name: str
    private_key: Ed25519PrivateKey = field(repr=False)
    algorithm: Algorithm = Algorithm.ED25519

    @property
    def verifier(self) -> VerifierKey:
        """The public half."""
        return VerifierKey(
            name=self.name,
            algorithm=self.algorithm,
            public_key=self.private_key.public_key().public_bytes_raw(),
        )

    def sign(self, text: str) -> Signature:
        """Sign a note's text, which ends with a line's end."""
        _refuse_algorithm(self.algorithm, Algorithm.ED25519)
        blob = self.private_key.sign(text.encode())
        return Signature(name=self.name, key_id=self.verifier.key_id, blob=blob)

    def cosign(self, text: str, at: datetime) -> Signature:
        """Sign a checkpoint's text and the moment, to the second, at which it was the newest."""
        _refuse_algorithm(self.algorithm, Algorithm.COSIGNATURE)
        seconds = int(at.timestamp())
        blob = self.private_key.sign(_cosigned(text, seconds))
        stamp = seconds.to_bytes(TIMESTAMP_BYTES, "big")
        return Signature(name=self.name, key_id=self.verifier.key_id, blob=stamp + blob)


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A note taken apart; nothing about it is believed yet."""

    text: str
    signatures: tuple[Signature, ...]

    def to_bytes(self) -> bytes:
        """Return the note as it is sent and kept."""
        return (self.text + "\n" + "".join(line.line() for line in self.signatures)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """That a known key signed a note; `at` is the moment a cosignature names."""

    key: VerifierKey
    at: datetime | None


def parse_verifier_key(text: str) -> VerifierKey:
    """Read a public key as `VerifierKey.text` writes it.

    Raises:
        NoteError: malformed, of another kind than Ed25519, or its id is not its own.
    """
    found = _KEY.fullmatch(text)
    if found is None:
        raise NoteError("a verifier key reads name+id+key")
    material = _decode(found["key"])
    if not material or material[0] not in {member.value for member in Algorithm}:
        raise NoteError("a verifier key of an unknown kind")
    key = VerifierKey(name=found["name"], algorithm=Algorithm(material[0]), public_key=material[1:])
    if key.key_id.hex() != found["id"]:
        raise NoteError("the id of a verifier key is not that of its bytes")
    return key


def parse_note(data: bytes) -> Note:
    """Take a note apart without believing it.

    Raises:
        NoteError: it is not written as notes are, or is too long.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise NoteError("a note of more than 64 KiB")
    try:
        whole = data.decode()
    except UnicodeDecodeError as error:
        raise NoteError("a note is UTF-8") from error
    if any(character < " " and character != "\n" for character in whole):
        raise NoteError("a note holds no control characters")
    text, found, lines = whole.rpartition("\n\n")
    if not found or not lines.endswith("\n"):
        raise NoteError("a note ends with lines of signatures behind an empty line")
    signatures = tuple(_parse_line(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MAX_SIGNATURES:
        raise NoteError(f"more than {MAX_SIGNATURES} signatures")
    return Note(text=text + "\n", signatures=signatures)


def open_note(note: Note, keys: Iterable[VerifierKey]) -> tuple[Signed, ...]:
    """Return who of the keys signed a note, each once, in the order of the keys.

    Raises:
        NoteError: a signature in the name of a known key does not hold, or nobody known signed.
    """
    signed = [found for key in keys if (found := _signed_by(note, key)) is not None]
    if not signed:
        raise NoteError("no known key has signed the note")
    return tuple(signed)


def refuse_bad_name(name: str) -> None:
    """Refuse a name that no key and no log may have.

    Raises:
        NoteError: it is empty, or holds a space, a plus or a control character.
    """
    if not name or "+" in name or any(_is_space(character) for character in name):
        raise NoteError("a key's name is not empty and holds neither spaces nor a plus")


def _signed_by(note: Note, key: VerifierKey) -> Signed | None:
    """Return the newest signature of a key, each of which must hold; `None` if there is none."""
    mine = [s for s in note.signatures if (s.name, s.key_id) == (key.name, key.key_id)]
    seconds = [_verify(note.text, signature.blob, key) for signature in mine]
    if not seconds:
        return None
    newest = max(seconds)
    timed = key.algorithm is Algorithm.COSIGNATURE
    return Signed(key=key, at=datetime.fromtimestamp(newest, UTC) if timed else None)


def _verify(text: str, blob: bytes, key: VerifierKey) -> int:
    """Verify one signature, and return the POSIX seconds it names, 0 if it names none."""
    seconds, message, signature = 0, text.encode(), blob
    if key.algorithm is Algorithm.COSIGNATURE:
        seconds = int.from_bytes(blob[:TIMESTAMP_BYTES], "big")
        message, signature = _cosigned(text, seconds), blob[TIMESTAMP_BYTES:]
    if len(signature) != SIGNATURE_BYTES or seconds > MAX_TIMESTAMP_S:
        raise NoteError(f"the signature of {key.name} is malformed")
    try:
        Ed25519PublicKey.from_public_bytes(key.public_key).verify(signature, message)
    except InvalidSignature as error:
        raise NoteError(f"the signature of {key.name} does not hold") from error
    return seconds


def _cosigned(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()


def _parse_line(line: str) -> Signature:
    found = _SIGNATURE_LINE.fullmatch(line)
    if found is None:
        raise NoteError("a line of signature reads: dash, name, base64")
    refuse_bad_name(found["name"])
    blob = _decode(found["blob"])
    if len(blob) <= KEY_ID_BYTES:
        raise NoteError("a signature is longer than its key's id")
    return Signature(name=found["name"], key_id=blob[:KEY_ID_BYTES], blob=blob[KEY_ID_BYTES:])


def _decode(text: str) -> bytes:
    try:
        return b64_decode(text)
    except ValueError as error:
        raise NoteError("not base64, or with loose ends") from error


def _is_space(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) in {"Cc", "Zl", "Zp", "Zs"}


def _refuse_algorithm(found: Algorithm, expected: Algorithm) -> None:
    if found is not expected:
        raise NoteError(f"a key for {found.name} does not sign as {expected.name}")


def join_signatures(note: Note, further: Sequence[Signature]) -> Note:
    """Return a note with further signatures; of each key only its last stays, the log's first."""
    kept = {(line.name, line.key_id): line for line in (*note.signatures, *further)}
    return Note(text=note.text, signatures=tuple(kept.values()))
