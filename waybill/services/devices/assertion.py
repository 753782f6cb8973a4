"""Which tablet is asking: by a statement that it signs anew with its own key.

The statement is good for `GOOD_FOR` to either side of the server's time, for whatever is asked.
Within it a copy would be good too; it travels only to this server, over TLS, and opens nothing
that needs a person.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, parse_json
from waybill.errors import DeviceAssertionError, DeviceRevokedError, DeviceUnknownError
from waybill.registry.devices import Device, DeviceStatus
from waybill.sealing import (
    ASSERTION_TYPE,
    DeviceJws,
    SealError,
    parse_device_jws,
    verify_device_jws,
)
from waybill.storage.devices import DeviceRow

AUDIENCE: Final = "waybill-device"
GOOD_FOR: Final = timedelta(seconds=120)
MAX_ASSERTION_CHARS: Final = 1024


def identify_device(session: Session, assertion: str | None, *, clock: Clock) -> Device:
    """Return the tablet that made an assertion, unless it was revoked.

    Raises:
        DeviceUnknownError: no such tablet was ever enrolled.
        DeviceAssertionError: there is none, its signature is another's, or it is not of now.
        DeviceRevokedError: the tablet was revoked; said only to the tablet itself.
    """
    if assertion is None:
        raise _refused()
    try:
        jws = parse_device_jws(assertion, typ=ASSERTION_TYPE, max_chars=MAX_ASSERTION_CHARS)
    except SealError as error:
        raise _refused() from error
    row = session.get(DeviceRow, jws.device_id)
    if row is None:
        raise DeviceUnknownError(
            next_step_zh="请安全管理员生成登记码，重新登记此平板。",
            next_step_en="Ask the supervisor for an enrolment code and enrol this tablet.",
        )
    _verify(jws, row, clock=clock)
    if row.status is DeviceStatus.REVOKED:
        raise DeviceRevokedError(
            next_step_zh="此平板不能再使用；如需继续，请用新的登记码重新登记。",
            next_step_en="It can do nothing any more; to go on, enrol it with a new code.",
        )
    return device_of(row)


def device_of(row: DeviceRow) -> Device:
    """Return which tablet a row is."""
    return Device(
        id=row.id,
        organisation_id=row.organisation_id,
        facility_id=row.facility_id,
        prefix=row.prefix,
        label=row.label,
    )


def _verify(jws: DeviceJws, row: DeviceRow, *, clock: Clock) -> None:
    try:
        verify_device_jws(jws, row.public_key)
        issued_at_s = _issued_at(parse_json(jws.payload, max_depth=1), row.id)
    except ValueError as error:
        raise _refused() from error
    if abs(clock.now().timestamp() - issued_at_s) > GOOD_FOR.total_seconds():
        raise DeviceAssertionError(
            "平板的时间与服务器相差过大。",
            "The tablet's clock is too far from the server's.",
            next_step_zh="平板先取服务器时间（/api/v1/tablet/time），按差值修正后再试。",
            next_step_en="Ask /api/v1/tablet/time, allow for the difference and try again.",
        )


def _issued_at(claims: JsonValue, device_id: UUID) -> int:
    if not isinstance(claims, Mapping):
        raise ValueError("claims are an object")  # noqa: TRY004  as wrong as any other content
    if (claims.get("aud"), claims.get("sub")) != (AUDIENCE, str(device_id)):
        raise ValueError("for somebody else")
    issued_at_s = claims.get("iat")
    if type(issued_at_s) is not int:
        raise ValueError("iat is a whole number of seconds")
    return issued_at_s


def _refused() -> DeviceAssertionError:
    return DeviceAssertionError(
        next_step_zh="请重新打开查验平板应用；仍不行时请重新登记此平板。",
        next_step_en="Open the tablet application again; if that does not help, enrol it anew.",
    )
