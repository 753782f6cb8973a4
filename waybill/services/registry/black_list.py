"""The black list (黑名单): decisions of the authority that bar somebody, and their lifting."""

from collections.abc import Sequence
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.black_listing import BlackListing, BlackListingParticulars
from waybill.registry.kinds import SubjectKind
from waybill.services.paging import Page, PageRequest
from waybill.services.preclearance import Cause, rejudge_affected
from waybill.services.registry.certificate_fields import DATES_REVERSED
from waybill.services.registry.listing import FIRST_PAGE, fetch_page
from waybill.services.registry.subjects import find_subject, get_subject
from waybill.services.registry.validation import Complaint, FieldCheck, checked_reason
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.registry import BlackListingRow

BARRABLE: Final = frozenset(
    {SubjectKind.ORGANISATION, SubjectKind.VEHICLE, SubjectKind.TANK, SubjectKind.PERSON}
)
_NUMBER_LENGTH: Final = 60
_REASON_LENGTH: Final = 500

NOT_BARRABLE: Final = Complaint(
    "subject-kind",
    "只有单位、车辆、罐体和人员可列入黑名单。",
    "Only organisations, vehicles, tanks and people can be on the black list.",
)
NO_SUCH_SUBJECT: Final = Complaint("no-such-subject", "没有该对象。", "There is no such subject.")


def enter_black_listing(
    session: Session, actor: Actor, particulars: BlackListingParticulars, *, clock: Clock
) -> BlackListing:
    """Enter a decision; from its first day on no rule lets its subject pass.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
    """
    actor.require(Permission.WRITE_BLACK_LIST)
    stated = _settle(session, particulars)
    known = get_subject(session, stated.subject_kind, stated.subject_id)
    at = clock.now()
    data: dict[str, JsonValue] = {
        "subject": stated.subject_kind.value,
        "id": str(stated.subject_id),
        "decision_number": stated.decision_number,
        "reason": stated.reason,
        "valid_from": str(stated.valid_from),
        "valid_until": None if stated.valid_until is None else str(stated.valid_until),
    }
    event_id = record_event(
        session,
        Event(kind=EventKind.BLACK_LISTED, at=at, actor=actor, data=data, subjects=known.subjects),
    )
    row = BlackListingRow(
        recorded_at=at,
        subject_kind=stated.subject_kind,
        subject_id=stated.subject_id,
        decision_number=stated.decision_number,
        reason=stated.reason,
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
        event_id=event_id,
    )
    session.add(row)
    session.flush()
    cause = Cause(kind=EventKind.BLACK_LISTED.value, event_id=event_id)
    rejudge_affected(session, row.subject_kind, row.subject_id, cause=cause, clock=clock)
    return _listing(row)


def lift_black_listing(
    session: Session, actor: Actor, black_listing_id: UUID, reason: str, *, clock: Clock
) -> BlackListing:
    """End an entry before its last day; it stays readable.

    Raises:
        NotFoundError: there is no such entry.
        StateError: it was lifted already.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.WRITE_BLACK_LIST)
    row = session.scalar(
        select(BlackListingRow)
        .where(BlackListingRow.id == black_listing_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFoundError("black-listing", black_listing_id)
    if row.lifted_at is not None:
        raise StateError(
            "该黑名单记录已解除。", "This entry was lifted already.", state="lifted", act="lift"
        )
    stated = checked_reason(reason)
    row.lifted_at = clock.now()
    session.flush()
    known = get_subject(session, row.subject_kind, row.subject_id)
    data: dict[str, JsonValue] = {
        "subject": row.subject_kind.value,
        "id": str(row.subject_id),
        "decision_number": row.decision_number,
        "reason": stated,
    }
    event_id = record_event(
        session,
        Event(
            kind=EventKind.BLACK_LISTING_LIFTED,
            at=row.lifted_at,
            actor=actor,
            data=data,
            subjects=known.subjects,
        ),
    )
    cause = Cause(kind=EventKind.BLACK_LISTING_LIFTED.value, event_id=event_id)
    rejudge_affected(session, row.subject_kind, row.subject_id, cause=cause, clock=clock)
    return _listing(row)


def get_black_listing(session: Session, actor: Actor, black_listing_id: UUID) -> BlackListing:
    """Return an entry.

    Raises:
        NotFoundError: there is no such entry.
    """
    actor.require(Permission.READ_BLACK_LIST)
    row = session.get(BlackListingRow, black_listing_id)
    if row is None:
        raise NotFoundError("black-listing", black_listing_id)
    return _listing(row)


def list_black_listings(
    session: Session,
    actor: Actor,
    *,
    subject_id: UUID | None = None,
    in_force_on: date | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[BlackListing]:
    """Return a page of entries: about one subject, or only those that bar on a day."""
    actor.require(Permission.READ_BLACK_LIST)
    statement = select(BlackListingRow)
    if subject_id is not None:
        statement = statement.where(BlackListingRow.subject_id == subject_id)
    if in_force_on is not None:
        last = BlackListingRow.valid_until
        statement = statement.where(
            BlackListingRow.valid_from <= in_force_on,
            or_(last.is_(None), last >= in_force_on),
            BlackListingRow.lifted_at.is_(None),
        )
    return fetch_page(session, statement, BlackListingRow.id, page, _listings)


def _settle(session: Session, stated: BlackListingParticulars) -> BlackListingParticulars:
    check = FieldCheck()
    barrable = stated.subject_kind in BARRABLE
    check.expect("/subject_kind", NOT_BARRABLE, holds=barrable)
    if barrable:
        known = find_subject(session, stated.subject_kind, stated.subject_id)
        check.expect("/subject_id", NO_SUCH_SUBJECT, holds=known is not None)
    ordered = stated.valid_until is None or stated.valid_from <= stated.valid_until
    check.expect("/valid_until", DATES_REVERSED, holds=ordered)
    settled = BlackListingParticulars(
        subject_kind=stated.subject_kind,
        subject_id=stated.subject_id,
        decision_number=check.line(
            "/decision_number", stated.decision_number, longest=_NUMBER_LENGTH
        ),
        reason=check.line("/reason", stated.reason, longest=_REASON_LENGTH),
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
    )
    check.settle()
    return settled


def _listings(rows: Sequence[BlackListingRow]) -> list[BlackListing]:
    return [_listing(row) for row in rows]


def _listing(row: BlackListingRow) -> BlackListing:
    return BlackListing(
        id=row.id,
        recorded_at=row.recorded_at,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        decision_number=row.decision_number,
        reason=row.reason,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        lifted_at=row.lifted_at,
    )
