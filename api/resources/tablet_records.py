"""What tablets send of their work without network: records of checks, photos named in them."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from api.auth import public
from api.blueprint import Blueprint
from api.looking import looking_key
from api.runtime import runtime
from api.schemas.tablet_records import (
    AnsweredRecord,
    AnsweredRecordSchema,
    SentRecord,
    SentRecordSchema,
    answered,
)
from api.signing import key_ring
from api.transactions import transaction
from scanners.presenting import present
from waybill.errors import DeviceUnknownError, FieldProblem, InvalidFieldError
from waybill.rules.evidence import ScanItem, ScanKind
from waybill.sealing import KeyTable
from waybill.services.offline.accepting import Taking, take_record
from waybill.services.offline.format import RecordError, read_envelope, read_record
from waybill.storage.devices import DeviceRow

blueprint = Blueprint(
    "tablet_records",
    __name__,
    url_prefix="/api/v1/tablet",
    description="Work without network (离线作业)",
)


@blueprint.post("/records")
@public("a record is signed by its tablet's key, and a revoked tablet's is kept as evidence too")
@blueprint.arguments(SentRecordSchema)
@blueprint.response(HTTPStatus.CREATED, AnsweredRecordSchema)
@blueprint.alt_response(
    HTTPStatus.OK, schema=AnsweredRecordSchema, description="It was sent before."
)
def take(sent: SentRecord) -> tuple[AnsweredRecord, HTTPStatus]:
    """Take the record of a check without network; judged again, once however often it is sent.

    A record that the server does not confirm changes no waybill: it is an answer, not an error.
    """
    keys = key_ring()
    taking = Taking(
        read=_Eyes(keys.table.distrusting(runtime().clock.now())),
        keys=keys,
        looking=looking_key(),
        vault=runtime().vault,
        settings=runtime().settings,
        clock=runtime().clock,
    )
    with transaction() as session:
        try:
            envelope = read_envelope(sent.text)
            device = session.get(DeviceRow, envelope.device_id)
            if device is None:
                raise _unknown()
            record = read_record(envelope, device.public_key)
        except RecordError as error:
            raise InvalidFieldError([_PROBLEMS[error.code]]) from error
        taken = take_record(session, device, envelope, record, taking=taking)
    return answered(taken.record), HTTPStatus.CREATED if taken.first else HTTPStatus.OK


class _Eyes:
    """The scanners, for a service that knows none."""

    def __init__(self, keys: KeyTable) -> None:
        self._keys = keys

    def __call__(
        self, text: str, *, at: datetime, typed: bool, expected: ScanKind | None
    ) -> tuple[ScanItem | None, str]:
        shown = present(text, self._keys, at=at, typed=typed, expected=expected)
        return shown.item, shown.problem


def _problem(code: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer="/record", code=code, message_zh=zh, message_en=en)


_PROBLEMS: Final = {
    "malformed": _problem(
        "malformed", "这不是离线记录。", "This is no record of a check without network."
    ),
    "bad-signature": _problem(
        "bad-signature", "签名不是该平板所作。", "The tablet's key did not sign this."
    ),
    "bad-record": _problem(
        "bad-record", "离线记录的内容不符合格式。", "The record's content is not in the format."
    ),
}


def _unknown() -> DeviceUnknownError:
    return DeviceUnknownError(
        "没有登记过这台平板。",
        "No such tablet was ever enrolled.",
        next_step_zh="请主管重新登记平板。",
        next_step_en="Have the supervisor enrol the tablet.",
    )
