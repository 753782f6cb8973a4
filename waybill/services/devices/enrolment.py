"""Enrolling a tablet: a supervisor makes a one-time code, the tablet sends it with its public key.

A code has 31^8 possibilities, lives for a quarter of an hour, is good once, and is kept as a keyed
hash: a copy of the database does not tell it. Guesses are counted per address before the code is
looked up, in a transaction of their own (`begin_enrolment`), so that a refusal does not undo them.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import (
    DuplicateError,
    FieldProblem,
    InvalidFieldError,
    NotFoundError,
    StateError,
)
from waybill.registry.access import Actor, Permission
from waybill.registry.devices import Device, Enrolment, FormerDevice, NewDevice
from waybill.registry.kinds import RecordStatus
from waybill.services.devices.assertion import device_of
from waybill.services.devices.telling import device_subjects, tell
from waybill.services.identity import Purpose, count_device_code, derive_key, forgive_one
from waybill.services.registry.facilities import own_facility
from waybill.services.registry.validation import FieldCheck
from waybill.settings import Settings
from waybill.storage.devices import DeviceEnrolmentRow, DeviceRow
from waybill.storage.events import Event, EventKind
from waybill.storage.registry import BayRow, FacilityRow

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Digits and letters that no glove mistakes for another: no 0 and O, no 1, I and L."""
CODE_LENGTH: Final = 8
ENROLMENT_LIFETIME: Final = timedelta(minutes=15)
LABEL_LENGTH: Final = 60
PREFIX_LENGTHS: Final = (3, 3, 3, 3, 4, 4, 5, 6)
"""How many characters follow the `T` of a prefix, try after try: longer as they become scarce."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """A tablet that has just been enrolled, and the place it belongs to with its bays."""

    device: Device
    facility_name: str
    bays: tuple[tuple[UUID, str], ...]
    server_time: datetime


def make_enrolment(
    session: Session,
    actor: Actor,
    facility_id: UUID,
    label: str,
    *,
    settings: Settings,
    clock: Clock,
    lifetime: timedelta = ENROLMENT_LIFETIME,
) -> Enrolment:
    """Make a one-time code for a tablet of a facility of one's own.

    `lifetime` is what it says above; only the demonstration's printed codes live longer.

    Raises:
        ForbiddenError: the account may not keep tablets.
        NotFoundError: the caller's organisation has no such facility.
        InvalidFieldError: the label cannot be accepted.
        StateError: the facility is not in use.
    """
    actor.require(Permission.WRITE_DEVICES)
    facility = session.scalar(own_facility(actor, facility_id))
    if facility is None:
        raise NotFoundError("facility", facility_id)
    check = FieldCheck()
    settled = check.line("/label", label, longest=LABEL_LENGTH)
    check.settle()
    _require_active(facility)
    now = clock.now()
    _forget_unused(session, facility_id, now)
    text = _random(CODE_LENGTH)
    row = DeviceEnrolmentRow(
        facility_id=facility_id,
        label=settled,
        code_hash=_code_hash(text, settings),
        made_at=now,
        made_by=actor.user_id,
        expires_at=now + lifetime,
    )
    session.add(row)
    session.flush()
    data = {"enrolment": str(row.id), "facility": str(facility_id), "label": settled}
    tell(session, EventKind.DEVICE_CODE_MADE, actor, data, facility, at=now)
    return Enrolment(
        id=row.id,
        facility_id=facility_id,
        label=settled,
        expires_at=row.expires_at,
        code=f"{text[:4]}-{text[4:]}",
    )


def begin_enrolment(session: Session, address: str, *, settings: Settings, clock: Clock) -> UUID:
    """Count a code before it is looked at; the caller commits it and hands it to `enrol_device`.

    Raises:
        ThrottledError: too many wrong codes from this address.
    """
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    return count_device_code(session, address, key=key, now=clock.now())


def enrol_device(
    session: Session, counted: UUID, new: NewDevice, *, settings: Settings, clock: Clock
) -> Enrolled:
    """Enrol a tablet with its code, which is spent by it.

    One that was enrolled in a part of the past that a restored backup does not know says which it
    was: with its key it is the same again, and its numbers go on. What it did before counts from
    its new enrolment, so records from before it are kept as evidence and cleared by nobody.

    Raises:
        InvalidFieldError: the code is unknown, spent or expired; which, is not said.
        DuplicateError: a tablet of this key, id or prefix is enrolled already.
        StateError: the facility is no longer in use.
    """
    now = clock.now()
    # The lock lets a second tablet with the same code wait, and then see that it is spent.
    enrolment = session.scalar(
        select(DeviceEnrolmentRow)
        .where(
            DeviceEnrolmentRow.code_hash == _code_hash(_normal(new.code), settings),
            DeviceEnrolmentRow.used_at.is_(None),
            DeviceEnrolmentRow.expires_at > now,
        )
        .with_for_update()
    )
    if enrolment is None:
        raise _wrong_code(now)
    facility = session.get_one(FacilityRow, enrolment.facility_id)
    _require_active(facility)
    if session.scalar(select(exists().where(DeviceRow.public_key == new.public_key))):
        raise DuplicateError(
            "此平板的密钥已登记过。",
            "A tablet of this key is enrolled already.",
            pointer="/public_key",
            next_step_zh="在平板上清除应用数据后重新登记。",
            next_step_en="Clear the application's data on the tablet and enrol it again.",
        )
    _refuse_taken(session, new.former)
    row = DeviceRow(
        id=new.former.device_id if new.former else new_id(),
        organisation_id=facility.organisation_id,
        facility_id=facility.id,
        label=enrolment.label,
        prefix=new.former.prefix if new.former else _free_prefix(session),
        public_key=new.public_key,
        enrolled_at=now,
        enrolled_by=enrolment.made_by,
        last_seen_at=now,
        app_version=new.app_version,
    )
    session.add(row)
    session.flush()
    enrolment.used_at, enrolment.device_id = now, row.id
    forgive_one(session, counted)
    data: dict[str, JsonValue] = {
        "device": str(row.id),
        "enrolment": str(enrolment.id),
        "enrolled_by": str(row.enrolled_by),
        "label": row.label,
        "prefix": row.prefix,
        "app_version": row.app_version,
        **({"again": True} if new.former else {}),
    }
    subjects = device_subjects(row.id)
    tell(session, EventKind.DEVICE_ENROLLED, None, data, facility, at=now, also=subjects)
    return _enrolled(session, row, facility, now)


def _refuse_taken(session: Session, former: FormerDevice | None) -> None:
    if former is None:
        return
    taken = or_(DeviceRow.id == former.device_id, DeviceRow.prefix == former.prefix)
    if session.scalar(select(exists().where(taken))):
        raise DuplicateError(
            "此平板原来的标识或编号前缀已由一台已登记的平板使用。",
            "A tablet that is enrolled has the identity or the prefix that this one had.",
            pointer="/former",
            next_step_zh="平板上未上传的内容仍保存着：请联系管理员，不要清除数据。",
            next_step_en="What it has not sent is kept: call the administrator, clear nothing.",
        )


def _enrolled(session: Session, row: DeviceRow, facility: FacilityRow, now: datetime) -> Enrolled:
    bays = session.execute(
        select(BayRow.id, BayRow.name)
        .where(BayRow.facility_id == facility.id, BayRow.status == RecordStatus.ACTIVE)
        .order_by(BayRow.name)
    )
    return Enrolled(
        device=device_of(row),
        facility_name=facility.name,
        bays=tuple((bay.id, bay.name) for bay in bays),
        server_time=now,
    )


def _require_active(facility: FacilityRow) -> None:
    if facility.status is not RecordStatus.ACTIVE:
        raise StateError(
            "该装货地点已停用或注销。",
            "The facility is not in use.",
            state=facility.status.value,
            act="enrol-device",
            next_step_zh="请先恢复该装货地点。",
            next_step_en="Resume the facility first.",
        )


def _forget_unused(session: Session, facility_id: UUID, now: datetime) -> None:
    session.execute(
        delete(DeviceEnrolmentRow).where(
            DeviceEnrolmentRow.facility_id == facility_id,
            DeviceEnrolmentRow.used_at.is_(None),
            DeviceEnrolmentRow.expires_at <= now,
        ),
        execution_options={"synchronize_session": False},
    )


def _free_prefix(session: Session) -> str:
    for length in PREFIX_LENGTHS:
        prefix = f"T{_random(length)}"
        if not session.scalar(select(exists().where(DeviceRow.prefix == prefix))):
            return prefix
    raise RuntimeError("no prefix is free")


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def _normal(code: str) -> str:
    """Return a code as it was made, however it was typed."""
    return "".join(code.split()).replace("-", "").upper()


def _code_hash(text: str, settings: Settings) -> bytes:
    key = derive_key(settings.secret_key, Purpose.DEVICE_CODE)
    return hmac.digest(key, text.encode(), "sha256")


def _wrong_code(now: datetime) -> InvalidFieldError:
    error = InvalidFieldError(
        [
            FieldProblem(
                pointer="/code",
                code="enrolment-code",
                message_zh="登记码不正确、已使用或已过期。",
                message_en="The code is not right, was used already or has expired.",
            )
        ]
    )
    error.next_step_zh = "请核对登记码；必要时请安全管理员重新生成。"
    error.next_step_en = "Compare the code; if need be ask the supervisor for a new one."
    error.trace = Event(kind=EventKind.DEVICE_ENROLMENT_REFUSED, at=now, actor=None)
    return error
