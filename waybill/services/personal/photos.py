"""Photographs of checks: erased when their time has come, or restricted until it has.

Somebody may be in a picture. What goes is the picture alone, and only once the event that names
its digest lies in the log: the row, the digest and every verdict and proof that rests on it stay.
While a case about the waybill is open, its photographs stay too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session, undefer

from waybill.clock import SHANGHAI, Clock, local_date
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import CaseStatus
from waybill.registry.personal import LegalPurpose, ValueState
from waybill.registry.retention import UseKind, first_held, months_later, retention_periods
from waybill.rules.evidence import Photo
from waybill.services.registry.validation import checked_reason
from waybill.storage.cases import CaseRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.log import LogEntryRow
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.session import overwrite_erased
from waybill.storage.waybills import LoadingCheckRow

PHOTO: Final = "photo"
BATCH: Final = 200
"""How many pictures are erased together, in one transaction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoCounts:
    """How many pictures are there: to be erased now, kept by their period, restricted."""

    due: int
    kept: int
    restricted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoErasure:
    """What became of a photograph that was to be erased; `until` is its last day, if it waits."""

    state: ValueState
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoStanding:
    """How one photograph stands; `until` is the last day of its restriction."""

    check_id: UUID
    waybill_id: UUID
    sha256: str
    shows: str
    recorded_at: datetime
    state: ValueState
    until: date | None
    erased_at: datetime | None


def erase_due_photos(session: Session, *, now: datetime, most: int = BATCH) -> int:
    """Erase pictures whose time has come, the oldest first; returns how many.

    Each check has its event. Whoever calls repeats it until nothing is left.
    """
    rows = session.execute(
        select(CheckPhotoRow.id, CheckPhotoRow.sha256, LoadingCheckRow)
        .join(LoadingCheckRow, LoadingCheckRow.id == CheckPhotoRow.check_id)
        .where(_due(local_date(now)))
        .order_by(CheckPhotoRow.recorded_at)
        .limit(most)
        .with_for_update(of=CheckPhotoRow)
    ).all()
    if rows:
        _empty(session, [row[0] for row in rows], now)
    for check in {row[2].id: row[2] for row in rows}.values():
        digests = [row[1] for row in rows if row[2] is check]
        _tell(
            session,
            EventKind.PERSONAL_VALUES_ERASED,
            check,
            digests,
            {"cause": "retention"},
            actor=None,
            now=now,
        )
    return len(rows)


def count_photos(session: Session, today: date) -> PhotoCounts:
    """Return how many pictures are stored, and what awaits them on a day."""
    stored = select(func.count()).select_from(CheckPhotoRow)
    total = session.scalar(stored.where(_STORED)) or 0
    restricted = session.scalar(stored.where(_STORED, CheckPhotoRow.restricted_until >= today)) or 0
    on_check = stored.join(LoadingCheckRow, LoadingCheckRow.id == CheckPhotoRow.check_id)
    due = session.scalar(on_check.where(_due(today))) or 0
    return PhotoCounts(due=due, kept=total - restricted - due, restricted=restricted)


def photo_standing(session: Session, actor: Actor, check_id: UUID, sha256: str) -> PhotoStanding:
    """Return how a photograph stands.

    Raises:
        ForbiddenError: the account does not decide about erasure.
        NotFoundError: there is no such photograph.
    """
    actor.require(Permission.DECIDE_ERASURE)
    row, check = _find(session, check_id, sha256)
    state = ValueState.STORED if row.restricted_until is None else ValueState.RESTRICTED
    return PhotoStanding(
        check_id=check_id,
        waybill_id=check.waybill_id,
        sha256=sha256,
        shows=row.shows,
        recorded_at=row.recorded_at,
        state=state if row.erased_at is None else ValueState.ERASED,
        until=row.restricted_until,
        erased_at=row.erased_at,
    )


def erase_photo(
    session: Session, actor: Actor, check_id: UUID, sha256: str, reason: str, *, clock: Clock
) -> PhotoErasure:
    """Erase one photograph at somebody's wish, or restrict it while the law still asks for it.

    Raises:
        ForbiddenError: the account does not decide about erasure.
        NotFoundError: there is no such photograph.
        StateError: it is erased already, or not yet in the log.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.DECIDE_ERASURE)
    row, check = _find(session, check_id, sha256, lock=True)
    stated, now = checked_reason(reason), clock.now()
    refuse_erased_photo(row)
    if session.scalar(select(~_IN_LOG).where(CheckPhotoRow.id == row.id)):
        raise StateError(
            "该照片的记录尚未写入留痕。",
            "The record of this photograph does not lie in the log yet.",
            state="pending",
            act="erase",
            next_step_zh="请稍后再试。",
            next_step_en="Try again in a moment.",
        )
    least = retention_periods()[UseKind.PHOTO].least_months
    until = row.restricted_until or months_later(local_date(row.recorded_at), least)
    if until < local_date(now):
        _empty(session, [row.id], now)
        outcome = PhotoErasure(state=ValueState.ERASED, until=None)
        kind = EventKind.PERSONAL_VALUES_ERASED
    else:
        row.restricted_until = until
        session.flush()
        outcome = PhotoErasure(state=ValueState.RESTRICTED, until=until)
        kind = EventKind.PERSONAL_VALUES_RESTRICTED
    cause: dict[str, JsonValue] = {"cause": "request", "reason": stated}
    _tell(session, kind, check, [sha256], cause, actor=actor, now=now, until=outcome.until)
    return outcome


def disclose_photo(
    session: Session,
    actor: Actor,
    check_id: UUID,
    sha256: str,
    *,
    reason: str,
    purpose: LegalPurpose,
    clock: Clock,
) -> Photo:
    """Show a restricted photograph for a legal purpose; who looked and why is an event.

    Raises:
        ForbiddenError: the account may not read what is restricted.
        NotFoundError: there is no such photograph.
        StateError: it is erased.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.READ_RESTRICTED)
    row, check = _find(session, check_id, sha256, lock=True, content=True)
    stated = checked_reason(reason)
    refuse_erased_photo(row)
    more: dict[str, JsonValue] = {"reason": stated, "purpose": purpose.value}
    kind = EventKind.PERSONAL_VALUE_DISCLOSED
    _tell(session, kind, check, [sha256], more, actor=actor, now=clock.now())
    return Photo(content=row.content, media_type=row.media_type, sha256=row.sha256)


def refuse_erased_photo(row: CheckPhotoRow) -> None:
    """Refuse what needs a picture that is no longer there.

    Raises:
        StateError: it was erased.
    """
    if row.erased_at is not None:
        raise StateError(
            f"该照片已于 {local_date(row.erased_at)} 按保存期限删除，只留下摘要。",
            f"This photograph was erased on {local_date(row.erased_at)}; its digest is left.",
            state=ValueState.ERASED.value,
            act="show",
            next_step_zh="判定、签名和留痕证明不受影响。",
            next_step_en="Verdicts, signatures and proofs hold without it.",
        )


def refuse_restricted_photo(row: CheckPhotoRow) -> None:
    """Refuse to show a restricted photograph in the ordinary way.

    Raises:
        StateError: it is under restriction; says until when.
    """
    if row.restricted_until is not None:
        raise StateError(
            f"该照片已限制处理，保存至 {row.restricted_until}，期满删除。",
            f"This photograph is under restriction; it is kept until {row.restricted_until}"
            " and then erased.",
            state=ValueState.RESTRICTED.value,
            act="show",
            next_step_zh="确有法定事由的，由主管部门高级审计员查阅。",
            next_step_en="For a legal purpose a senior auditor of the authority may see it.",
        )


_STORED: Final[ColumnElement[bool]] = CheckPhotoRow.erased_at.is_(None)
_IN_LOG: Final = exists().where(LogEntryRow.event_id == CheckPhotoRow.event_id)
_OPEN_CASE: Final = exists().where(
    CaseRow.about_id == LoadingCheckRow.waybill_id, CaseRow.status != CaseStatus.CLOSED
)


def _due(today: date) -> ColumnElement[bool]:
    period = retention_periods()[UseKind.PHOTO]
    least, kept = (
        datetime.combine(first_held(today, months), time.min, SHANGHAI)
        for months in (period.least_months, period.keep_months)
    )
    over = or_(
        CheckPhotoRow.restricted_until < today,
        and_(CheckPhotoRow.restricted_until.is_(None), CheckPhotoRow.recorded_at < kept),
    )
    return and_(_STORED, CheckPhotoRow.recorded_at < least, over, _IN_LOG, ~_OPEN_CASE)


def _find(
    session: Session, check_id: UUID, sha256: str, *, lock: bool = False, content: bool = False
) -> tuple[CheckPhotoRow, LoadingCheckRow]:
    wanted = (
        select(CheckPhotoRow, LoadingCheckRow)
        .join(LoadingCheckRow, LoadingCheckRow.id == CheckPhotoRow.check_id)
        .where(CheckPhotoRow.check_id == check_id, CheckPhotoRow.sha256 == sha256)
        .order_by(CheckPhotoRow.id)
        .limit(1)
    )
    if lock:
        wanted = wanted.with_for_update(of=CheckPhotoRow)
    if content:
        wanted = wanted.options(undefer(CheckPhotoRow.content))
    found = session.execute(wanted).one_or_none()
    if found is None:
        raise NotFoundError("photo", sha256)
    return found[0], found[1]


def _empty(session: Session, photo_ids: list[UUID], now: datetime) -> None:
    overwrite_erased(session)
    session.execute(
        update(CheckPhotoRow)
        .where(CheckPhotoRow.id.in_(photo_ids))
        .values(content=b"", erased_at=now)
    )


def _tell(
    session: Session,
    kind: EventKind,
    check: LoadingCheckRow,
    digests: list[str],
    more: Mapping[str, JsonValue],
    *,
    actor: Actor | None,
    now: datetime,
    until: date | None = None,
) -> None:
    waits = {} if until is None else {"until": until.isoformat(), "period": UseKind.PHOTO.value}
    values: list[JsonValue] = [{"field": PHOTO, "sha256": digest, **waits} for digest in digests]
    data: dict[str, JsonValue] = {
        **more,
        "holder": SubjectKey.CHECK.value,
        "id": str(check.id),
        "values": values,
    }
    subjects = (
        Subject(SubjectKey.WAYBILL, str(check.waybill_id)),
        Subject(SubjectKey.CHECK, str(check.id)),
        Subject(SubjectKey.FACILITY, str(check.facility_id)),
    )
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data, subjects=subjects))
