"""Records of checks without network, as they come in and as they are answered."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import Choice, Identity, StrictBoolean, StrictField, fault
from api.schemas import Form
from api.schemas.answers import Said
from waybill.registry.offline import KeptRecord, RecordState
from waybill.services.offline.format import MAX_RECORD_CHARS
from waybill.services.offline.words import say_record


class CompactText(StrictField[str]):
    """A compact JWS: three parts of base64url."""

    openapi = MappingProxyType(
        {
            "type": "string",
            "maxLength": MAX_RECORD_CHARS,
            "pattern": r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{86}$",
        }
    )

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str) or len(value) > MAX_RECORD_CHARS:
            raise fault("not-text", "应为签名文本。", "Write it as a signed text.")
        return value


@dataclass(frozen=True, slots=True)
class SentRecord:
    """A record as it was sent."""

    text: str


class SentRecordSchema(Form):
    """A record that a tablet signed."""

    record = CompactText(
        required=True,
        metadata={"description": "Compact JWS (ES256, typ wb-off+jws) by the tablet's key."},
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SentRecord:
        """Return the value object."""
        return SentRecord(data["record"])


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerVerdict:
    """How the server judged."""

    cleared: bool
    standing: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredRecord:
    """What a tablet is told of its record; the same however often it is sent."""

    number: str
    state: RecordState
    check_id: UUID | None
    case_id: UUID | None
    server_verdict: ServerVerdict
    problems: tuple[str, ...]
    message_zh: str
    message_en: str


def answered(record: KeptRecord) -> AnsweredRecord:
    """Return what a tablet is told."""
    said = say_record(record)
    return AnsweredRecord(
        number=record.number,
        state=record.state,
        check_id=record.check_id,
        case_id=record.case_id,
        server_verdict=ServerVerdict(cleared=bool(record.cleared), standing=record.standing),
        problems=tuple(problem.value for problem in record.problems),
        message_zh=said.zh,
        message_en=said.en,
    )


class ServerVerdictSchema(Form):
    """How the server judged."""

    cleared = StrictBoolean(required=True, description="Whether the waybill is cleared by it.")
    standing = fields.List(
        fields.String(), required=True, metadata={"description": "Codes of what stands against it."}
    )


class AnsweredRecordSchema(Form):
    """What became of a record."""

    number = Said(required=True)
    state = Choice(RecordState, required=True)
    check_id = Identity(required=True, allow_none=True)
    case_id = Identity(required=True, allow_none=True)
    server_verdict = fields.Nested(ServerVerdictSchema, required=True)
    problems = fields.List(
        fields.String(),
        required=True,
        metadata={"description": "Stable words for why it was not simply believed."},
    )
    message_zh = Said(required=True)
    message_en = Said(required=True)
