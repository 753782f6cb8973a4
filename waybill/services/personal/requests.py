"""Requests to erase a person's values: asked for on the person's behalf, decided by another."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import DuplicateError, ForbiddenError, NotFoundError, StateError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import RecordStatus
from waybill.registry.personal import (
    ErasureOutcome,
    ErasureRequest,
    HeldValue,
    RequestStatus,
)
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.personal.erasing import erase_or_restrict
from waybill.services.personal.holdings import values_of_person
from waybill.services.registry.listing import FIRST_PAGE, visible_to
from waybill.services.registry.people import find_row
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow
from waybill.storage.personal_rows import ErasureRequestRow
from waybill.storage.registry import PersonRow


def request_erasure(
    session: Session, actor: Actor, person_id: UUID, reason: str, *, clock: Clock
) -> ErasureRequest:
    """Ask to erase all values of a person: for its organisation, or an administrator for anybody.

    Raises:
        NotFoundError: the caller sees no such person.
        InvalidFieldError: no readable reason.
        StateError: the person is not retired, or has an active account.
        DuplicateError: a request for this person is open.
    """
    actor.require(Permission.REQUEST_ERASURE)
    person = find_row(session, actor, person_id)
    stated = checked_reason(reason)
    _refuse_in_use(session, person)
    row = ErasureRequestRow(
        person_id=person.id,
        organisation_id=person.organisation_id,
        requested_at=clock.now(),
        requested_by=actor.user_id,
        reason=stated,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DuplicateError(
            "该人员已有待决定的删除申请。",
            "A request to erase this person's data is open.",
            pointer="/person_id",
            next_step_zh="等待决定，或在申请页面查看。",
            next_step_en="Wait for its decision, or look at it among the requests.",
        ) from error
    _tell(session, EventKind.ERASURE_REQUESTED, row, actor, {"reason": stated}, clock=clock)
    return _request(row)


def decide_erasure(
    session: Session, actor: Actor, request_id: UUID, *, approved: bool, reason: str, clock: Clock
) -> tuple[ErasureRequest, ErasureOutcome]:
    """Approve or refuse a request of somebody else's; what is approved is done at once.

    Raises:
        NotFoundError: there is no such request.
        ForbiddenError: the caller has made the request: two people decide.
        StateError: it is decided already, or the person is in use again.
        InvalidFieldError: no readable reason.
    """
    actor.require(Permission.DECIDE_ERASURE)
    row = session.scalar(
        select(ErasureRequestRow).where(ErasureRequestRow.id == request_id).with_for_update()
    )
    if row is None:
        raise NotFoundError("erasure request", request_id)
    _refuse_closed(row)
    if row.requested_by == actor.user_id:
        raise ForbiddenError(
            "申请人不能决定自己提出的申请。",
            "Whoever made a request does not decide it.",
            next_step_zh="请由另一名有权人员决定。",
            next_step_en="Another account with this right decides it.",
        )
    stated = checked_reason(reason)
    now = clock.now()
    row.status = RequestStatus.APPROVED if approved else RequestStatus.REFUSED
    row.decided_at, row.decided_by, row.decision_reason = now, actor.user_id, stated
    session.flush()
    data: dict[str, JsonValue] = {"approved": approved, "reason": stated}
    _tell(session, EventKind.ERASURE_DECIDED, row, actor, data, clock=clock)
    outcome = ErasureOutcome(erased=(), restricted=())
    if approved:
        _refuse_in_use(session, session.get_one(PersonRow, row.person_id, with_for_update=True))
        values = values_of_person(session, row.person_id)
        outcome = erase_or_restrict(session, values, actor=actor, request_id=row.id, now=now)
    return _request(row), outcome


def get_erasure_request(session: Session, actor: Actor, request_id: UUID) -> ErasureRequest:
    """Return a request of one's organisation, or any for those who oversee.

    Raises:
        NotFoundError: there is none that the caller may see.
    """
    actor.require(Permission.READ_ERASURE)
    row = session.scalar(
        select(ErasureRequestRow).where(
            ErasureRequestRow.id == request_id,
            visible_to(actor, ErasureRequestRow.organisation_id),
        )
    )
    if row is None:
        raise NotFoundError("erasure request", request_id)
    return _request(row)


def list_erasure_requests(
    session: Session,
    actor: Actor,
    *,
    status: RequestStatus | None = None,
    person_id: UUID | None = None,
    page: PageRequest = FIRST_PAGE,
) -> Page[ErasureRequest]:
    """Return a page of the requests that the caller may see, newest first."""
    actor.require(Permission.READ_ERASURE)
    statement = select(ErasureRequestRow).where(
        visible_to(actor, ErasureRequestRow.organisation_id)
    )
    if status is not None:
        statement = statement.where(ErasureRequestRow.status == status)
    if person_id is not None:
        statement = statement.where(ErasureRequestRow.person_id == person_id)
    if page.after is not None:
        statement = statement.where(ErasureRequestRow.id < page.after)
    newest_first = statement.order_by(ErasureRequestRow.id.desc()).limit(page.limit + 1)
    rows = session.scalars(newest_first).all()
    return page_of(rows, page, item=_request, key=lambda row: row.id)


def list_person_values(session: Session, actor: Actor, person_id: UUID) -> list[HeldValue]:
    """Return what is known of every value of a person that the caller sees, opening none.

    Raises:
        NotFoundError: the caller sees no such person.
    """
    find_row(session, actor, person_id)
    return values_of_person(session, person_id)


def _refuse_in_use(session: Session, person: PersonRow) -> None:
    account = session.scalar(
        select(UserRow.id).where(UserRow.person_id == person.id, UserRow.active).limit(1)
    )
    if person.status is RecordStatus.RETIRED and account is None:
        return
    raise StateError(
        "该人员仍在使用：须先注销登记，并停用其账号。",
        "This person is still in use: retire the record and close the account first.",
        state=person.status.value,
        act="erase",
        next_step_zh="在人员页面注销后再申请删除。",
        next_step_en="Retire the person on its page, then ask again.",
    )


def _refuse_closed(row: ErasureRequestRow) -> None:
    if row.status is not RequestStatus.OPEN:
        raise StateError(
            "该申请已有决定。",
            "This request is decided.",
            state=row.status.value,
            act="decide",
            next_step_zh="如有新的情况，请重新申请。",
            next_step_en="If something has changed, make a new request.",
        )


def _tell(
    session: Session,
    kind: EventKind,
    row: ErasureRequestRow,
    actor: Actor,
    more: dict[str, JsonValue],
    *,
    clock: Clock,
) -> None:
    data = {"request": str(row.id), "person": str(row.person_id)} | more
    subjects = (
        Subject(SubjectKey.PERSON, str(row.person_id)),
        Subject(SubjectKey.ORGANISATION, str(row.organisation_id)),
    )
    event = Event(kind=kind, at=clock.now(), actor=actor, data=data, subjects=subjects)
    record_event(session, event)


def _request(row: ErasureRequestRow) -> ErasureRequest:
    return ErasureRequest(
        id=row.id,
        person_id=row.person_id,
        organisation_id=row.organisation_id,
        requested_at=row.requested_at,
        requested_by=row.requested_by,
        reason=row.reason,
        status=row.status,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        decision_reason=row.decision_reason,
    )
