"""The record of a check that a tablet made without network: its strict reading, pure.

`docs/formats/offline-record.md` is the format. Every moment in it is the tablet's own time;
`waybill.services.offline.timing` says what it is worth.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

import msgspec
from msgspec import Meta

from waybill.codec import JsonValue, parse_json
from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import ScanKind
from waybill.sealing import DeviceJws, parse_device_jws, verify_device_jws
from waybill.sealing.errors import SealError

RECORD_TYPE: Final = "wb-off+jws"
MAX_RECORD_CHARS: Final = 600_000
"""Base64url of a check with 300 items; photos travel apart."""
MAX_PAYLOAD_BYTES: Final = 450_000
MAX_DEPTH: Final = 8
NUMBER: Final = re.compile(r"([A-Z0-9]{4})-([0-9]{6})")

Code = Annotated[str, Meta(max_length=120)]
Text = Annotated[str, Meta(max_length=4096)]
Digest = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Moment = Annotated[datetime, Meta(tz=True)]
MAX_OFFSET_MS: Final = 10**13
YEARS: Final = range(1900, 2200)
"""In which a clock may stand; one whose battery was empty begins anew in 1970."""


class RecordError(ValueError):
    """A text is no record. `code` is for ever: `malformed`, `bad-signature`, `bad-record`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class _Item(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every item has: its id, by which it is known wherever it was sent before, and when.

    `person` and `own_session` are who gave it, where that is not who decided, and the bay session.
    """

    id: UUID
    at: Moment
    shown_at: Moment | None = None
    person: UUID | None = None
    own_session: UUID | None = None


class RecordedScan(_Item, frozen=True, kw_only=True, tag="scan"):
    """A code or number, as it was shown.

    `photo_sha256` is the record's photo of a code that could not be read, whose number was typed.
    """

    text: Text
    typed: bool = False
    expected: ScanKind | None = None
    photo_sha256: Digest | None = None


class RecordedPlate(_Item, frozen=True, kw_only=True, tag="plate"):
    """A plate on the vehicle itself."""

    unit: Literal["tractor", "trailer"]
    plate: Annotated[str, Meta(max_length=32)]
    plate_colour: PlateColour
    how: Literal["typed", "photo"] = "typed"


class RecordedPresence(_Item, frozen=True, kw_only=True, tag="presence"):
    """Whether somebody was here."""

    role: Literal["driver", "escort", "supervisor"]
    present: bool
    reference: Annotated[str, Meta(pattern="^([des]_[0-9a-f]{10})?$")] = ""


class RecordedAnswer(_Item, frozen=True, kw_only=True, tag="answer"):
    """The answer to a question; what is neither yes nor no is kept and proves nothing."""

    question: Code
    answer: Annotated[str, Meta(max_length=20)]
    note: Annotated[str, Meta(max_length=300)] = ""


class RecordedPhoto(_Item, frozen=True, kw_only=True, tag="photo"):
    """A photo that is sent apart, known by the digest of its bytes."""

    shows: Code
    sha256: Digest


class RecordedConsent(_Item, frozen=True, kw_only=True, tag="consent"):
    """Whether the supervisor agrees, by own badge and PIN: the account and its bay session."""

    by: UUID
    session: UUID
    given: Literal["yes", "no"]


class RecordedTag(_Item, frozen=True, kw_only=True, tag="presence_tag"):
    """A presence tag that was scanned, as its code reads."""

    text: Text


class RecordedControl(_Item, frozen=True, kw_only=True, tag="control"):
    """The answer to a control question; nobody has said yet whether it is right."""

    question: Code
    answer: Annotated[str, Meta(max_length=20)]


RecordedLook: TypeAlias = RecordedTag | RecordedControl
"""What shows that somebody looked: no rule knows of it, and it contradicts no record."""
RecordedSight: TypeAlias = (
    RecordedScan | RecordedPlate | RecordedPresence | RecordedAnswer | RecordedPhoto
)
RecordedEvidence: TypeAlias = RecordedSight | RecordedConsent
RecordedItem: TypeAlias = RecordedEvidence | RecordedLook
KNOWN_ITEMS: Final = frozenset(
    {"scan", "plate", "presence", "consent", "answer", "photo", "presence_tag", "control"}
)


class RecordedWaybill(msgspec.Struct, frozen=True, kw_only=True):
    """Which waybill was shown; `id` and `revision` are the tablet's reading of `text`."""

    text: Text
    typed: bool = False
    id: UUID | None = None
    revision: int | None = None


Decision: TypeAlias = Literal["cleared", "refused", "not_proven"]


class OfflineRecord(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One check as a tablet kept it.

    `clock_offset_ms` is the tablet's clock minus the server's as last compared, `None` where it
    never was. `evidence` is what the server judges; what it does not know it keeps in the signed
    bytes and does not judge. `looks` is the seal under which the bundle said what to look at.
    `loading` is kept as it is: a release comes from the server.
    """

    v: Literal[1]
    number: Annotated[str, Meta(pattern="^[A-Z0-9]{4}-[0-9]{6}$")]
    device: UUID
    bay_id: UUID
    made_at: Moment
    opened_at: Moment
    waybill: RecordedWaybill
    person: UUID | None = None
    session: UUID | None = None
    clock_offset_ms: Annotated[int, Meta(ge=-MAX_OFFSET_MS, le=MAX_OFFSET_MS)] | None = None
    bundle: Code | None = None
    looks: Code | None = None
    check_id: UUID | None = None
    evidence: tuple[RecordedItem, ...] = ()
    decision: Decision | None = None
    decided_at: Moment | None = None
    reasons: Annotated[tuple[Code, ...], Meta(max_length=100)] = ()
    loading: Mapping[str, object] | None = None

    def __post_init__(self) -> None:
        if (self.decision is None) != (self.decided_at is None):
            raise ValueError("a decision has its moment, and nothing else has")
        if len({item.id for item in self.evidence}) != len(self.evidence):
            raise ValueError("two items have the same id")
        moments = (self.made_at, self.opened_at, *(item.at for item in self.evidence))
        told = (*moments, *(item.shown_at for item in self.evidence), self.decided_at)
        if any(moment is not None and moment.year not in YEARS for moment in told):
            raise ValueError("no clock stands in such a year")

    @property
    def prefix(self) -> str:
        """Whose number it is."""
        return self.number.partition("-")[0]


def read_envelope(text: str) -> DeviceJws:
    """Take a record apart, to learn which device must have signed it.

    Raises:
        RecordError: `malformed`.
    """
    try:
        return parse_device_jws(text, typ=RECORD_TYPE, max_chars=MAX_RECORD_CHARS)
    except SealError as error:
        raise RecordError("malformed") from error


def read_record(envelope: DeviceJws, public_key: bytes) -> OfflineRecord:
    """Verify the signature, then read the content: one meaning, no floats, no unknown member.

    Raises:
        RecordError: `bad-signature`, or `bad-record` with what is wrong.
    """
    try:
        verify_device_jws(envelope, public_key)
    except SealError as error:
        raise RecordError("bad-signature") from error
    try:
        content = parse_json(
            envelope.payload, max_bytes=MAX_PAYLOAD_BYTES, max_depth=MAX_DEPTH, allow_floats=False
        )
        record = msgspec.convert(_known(content), OfflineRecord)
    except ValueError as error:
        raise RecordError("bad-record", str(error)) from error
    if record.device != envelope.device_id:
        raise RecordError("bad-record", "another device signed it")
    return record


def _known(content: JsonValue) -> JsonValue:
    """Return the content with the items that this server knows; each still needs to be an item."""
    if not isinstance(content, dict) or not isinstance(content.get("evidence", []), list):
        return content
    items = content.get("evidence", [])
    known = [each for each in items if not _is_foreign(each)]
    return content | {"evidence": known}


def _is_foreign(item: JsonValue) -> bool:
    return (
        isinstance(item, dict)
        and isinstance(item.get("type"), str)
        and (item["type"] not in KNOWN_ITEMS)
    )
