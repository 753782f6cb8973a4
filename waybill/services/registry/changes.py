"""How every record of the registry changes: locked, checked, with its event and its history."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeAlias, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from waybill.clock import Clock
from waybill.codec import JsonValue
from waybill.errors import (
    ConflictError,
    DuplicateError,
    NotFoundError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.access import Actor
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.measures import MeasureKind
from waybill.registry.records import StatusChange
from waybill.services.preclearance import Cause, rejudge_affected
from waybill.services.registry.validation import checked_reason
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.measures import MeasureRow
from waybill.storage.registry import (
    BayRow,
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    RegistryVersionRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.session import is_unique_violation
from waybill.units import plain_decimal

StatusRow: TypeAlias = OrganisationRow | FacilityRow | BayRow | VehicleRow | TankRow | PersonRow
RegistryRow: TypeAlias = StatusRow | CertificateRow
R = TypeVar("R", bound=RegistryRow)

_UNTOLD: Final = frozenset({"id", "created_at", "version", "id_number_index"})
"""Columns outside a snapshot: the frame of the record, and a search key for a personal value."""

_MOVES: Final[Mapping[RecordStatus, Mapping[RecordStatus, str]]] = {
    RecordStatus.ACTIVE: {RecordStatus.SUSPENDED: "suspended", RecordStatus.RETIRED: "retired"},
    RecordStatus.SUSPENDED: {RecordStatus.ACTIVE: "resumed", RecordStatus.RETIRED: "retired"},
    RecordStatus.RETIRED: {RecordStatus.ACTIVE: "resumed"},
}
"""From which status to which, and what the log calls it."""

_RETIRED_FOR_GOOD: Final = frozenset({SubjectKind.VEHICLE, SubjectKind.TANK})
"""Their number may have gone to another record since, so they do not come back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """How the log tells of a change: event kind, subject, and by what it is found.

    `taken` answers a writer whose unique value somebody else has.
    """

    kind: EventKind
    subject_kind: SubjectKind
    subjects: tuple[Subject, ...]
    taken: DuplicateError | None = None


def organisation_subject(organisation_id: UUID) -> Subject:
    """Return the subject under which everything of an organisation is found."""
    return Subject(SubjectKey.ORGANISATION, str(organisation_id))


def snapshot_of(row: RegistryRow) -> dict[str, JsonValue]:
    """Return what a row says, as JSON. Rows hold commitments only, so nothing personal is in it."""
    columns = row.__mapper__.column_attrs
    return {c.key: _as_json(getattr(row, c.key)) for c in columns if c.key not in _UNTOLD}


def _as_json(value: object) -> JsonValue:
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, Decimal):
        return str(plain_decimal(value))
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _as_json(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_as_json(member) for member in value]
    if value is None or isinstance(value, str | int):
        return value
    raise TypeError(f"a snapshot has no {type(value).__name__}")


def differing(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Return the names of the fields that differ, sorted."""
    names = before.keys() | after.keys()
    return tuple(sorted(name for name in names if before.get(name) != after.get(name)))


def take_for_change(
    session: Session,
    statement: Select[R],
    subject: tuple[SubjectKind, UUID],
    *,
    expected_version: int,
) -> R:
    """Load and lock the row that `statement` names, in the version its writer saw.

    The row stays locked until the caller's transaction ends.

    Raises:
        NotFoundError: the statement finds no row: there is none, or it is not the writer's.
        PreconditionFailedError: it was changed since; names the fields.
    """
    kind, identity = subject
    row = session.scalar(statement.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError(kind.value, identity)
    if row.version != expected_version:
        raise PreconditionFailedError(
            f"当前版本为 {row.version}，您看到的是 {expected_version}。",
            f"It is at version {row.version}; you saw {expected_version}.",
            current_version=row.version,
            changed=_changed_since(session, row, expected_version),
        )
    return row


def _changed_since(session: Session, row: RegistryRow, version: int) -> tuple[str, ...]:
    seen = session.get(RegistryVersionRow, (row.id, version))
    return () if seen is None else differing(seen.snapshot, snapshot_of(row))


def record_new(
    session: Session, row: RegistryRow, trace: Trace, *, actor: Actor, clock: Clock
) -> None:
    """Add a row with its first version and its event.

    Raises:
        DuplicateError: another record has its unique value, also one written this moment.
    """
    session.add(row)
    _flush(session, trace)
    _tell(session, row, trace, actor=actor, clock=clock, act="registered")


def record_changed(
    session: Session,
    row: RegistryRow,
    trace: Trace,
    *,
    actor: Actor | None,
    clock: Clock,
    act: str = "changed",
    reason: str = "",
) -> None:
    """Write a changed row with its next version and its event; without a change, nothing.

    Raises:
        DuplicateError: another record has its unique value.
        ConflictError: somebody else wrote the row although it was locked.
    """
    # A query in between may have written the change already; then only its event is missing.
    if not session.is_modified(row) and _is_told(session, row):
        return
    _flush(session, trace)
    _tell(session, row, trace, actor=actor, clock=clock, act=act, reason=reason)


def _is_told(session: Session, row: RegistryRow) -> bool:
    return session.get(RegistryVersionRow, (row.id, row.version)) is not None


def change_status(
    session: Session,
    row: StatusRow,
    trace: Trace,
    change: StatusChange,
    *,
    actor: Actor,
    clock: Clock,
) -> None:
    """Suspend, resume or retire a record that was loaded for change.

    Raises:
        InvalidFieldError: no readable reason.
        StateError: the record's status does not lead there, or the authority has suspended it.
    """
    reason = checked_reason(change.reason)
    refuse_held(session, row.id)
    act = _MOVES[row.status].get(change.status)
    final = row.status is RecordStatus.RETIRED and trace.subject_kind in _RETIRED_FOR_GOOD
    if act is None or final:
        raise StateError(
            f"当前状态“{row.status.value}”不能变为“{change.status.value}”。",
            f"What is {row.status.value} cannot become {change.status.value}.",
            state=row.status.value,
            act=change.status.value,
        )
    row.status = change.status
    record_changed(session, row, trace, actor=actor, clock=clock, act=act, reason=reason)


def refuse_held(session: Session, record_id: UUID) -> None:
    """Refuse to change the status of what the authority has suspended: that is lifted there.

    Raises:
        StateError: a suspension of the authority is in effect; says its decision.
    """
    decision = session.scalar(
        select(MeasureRow.decision_number).where(
            MeasureRow.subject_id == record_id,
            MeasureRow.kind == MeasureKind.SUSPENSION,
            MeasureRow.in_effect,
        )
    )
    if decision is not None:
        raise StateError(
            f"主管部门已暂停其使用（{decision}）。",
            f"The authority has suspended it ({decision}).",
            state="suspended-by-authority",
            act="change-status",
            next_step_zh="请向作出决定的主管部门申诉或申请解除。",
            next_step_en="Appeal to the authority that decided, or ask it to lift the suspension.",
        )


def _flush(session: Session, trace: Trace) -> None:
    """Write what is pending; after a refusal the caller has to roll back."""
    try:
        session.flush()
    except StaleDataError as error:
        raise ConflictError from error
    except IntegrityError as error:
        if trace.taken is None or not is_unique_violation(error):
            raise
        raise trace.taken from error


def _tell(
    session: Session,
    row: RegistryRow,
    trace: Trace,
    *,
    actor: Actor | None,
    clock: Clock,
    act: str,
    reason: str = "",
) -> None:
    at = clock.now()
    snapshot = snapshot_of(row)
    before = session.get(RegistryVersionRow, (row.id, row.version - 1))
    data: dict[str, JsonValue] = {
        "subject": trace.subject_kind.value,
        "id": str(row.id),
        "version": row.version,
        "act": act,
        "changed": list(differing(before.snapshot, snapshot)) if before else [],
        "record": snapshot,
    }
    if reason:
        data["reason"] = reason
    event_id = record_event(
        session, Event(kind=trace.kind, at=at, actor=actor, data=data, subjects=trace.subjects)
    )
    session.add(
        RegistryVersionRow(
            subject_id=row.id,
            version=row.version,
            subject_kind=trace.subject_kind,
            recorded_at=at,
            snapshot=snapshot,
            event_id=event_id,
        )
    )
    session.flush()
    kind, about = (
        (row.subject_kind, row.subject_id)
        if isinstance(row, CertificateRow)
        else (
            trace.subject_kind,
            row.id,
        )
    )
    rejudge_affected(
        session,
        kind,
        about,
        cause=Cause(kind=trace.kind.value, event_id=event_id),
        clock=clock,
    )
