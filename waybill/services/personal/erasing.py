"""Erasing values, or restricting them where the law still asks for them; each is an event.

What was signed, judged and logged names a value by its commitment only, so all of it stays valid.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry.access import Actor
from waybill.registry.personal import (
    ErasureOutcome,
    HeldValue,
    Restriction,
    ValueState,
)
from waybill.registry.retention import Retention, retention_of
from waybill.services.personal.holdings import holder_subjects
from waybill.services.personal.uses import uses_of
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.personal import erase_value
from waybill.storage.personal_rows import PersonalHoldingRow
from waybill.storage.registry import PersonRow

FORGOTTEN: Final = "forgotten:"
"""Stands, with the person's id, where the keyed hash of an identity number stood."""


def erase_or_restrict(
    session: Session,
    values: Sequence[HeldValue],
    *,
    actor: Actor,
    request_id: UUID,
    now: datetime,
) -> ErasureOutcome:
    """Erase what the law no longer asks for and restrict the rest until it no longer does.

    Values that are erased or restricted already stay as they are. The caller has made sure that
    none is still in use.

    Raises:
        ValueError: a value is still in use.
    """
    today = local_date(now)
    free: list[HeldValue] = []
    held: list[tuple[HeldValue, Retention]] = []
    for value in values:
        if value.state is not ValueState.STORED:
            continue
        uses = uses_of(session, value)
        if uses is None:
            raise ValueError(f"{value.commitment} is still in use")
        retention = retention_of(uses, asked=True)
        if retention is None or retention.until < today:
            free.append(value)
        else:
            held.append((value, retention))
    cause: dict[str, JsonValue] = {"cause": "request", "request": str(request_id)}
    erase_values(session, free, actor=actor, cause=cause, now=now)
    restricted = _restrict(session, held, actor=actor, cause=cause, now=now)
    return ErasureOutcome(erased=tuple(v.commitment for v in free), restricted=restricted)


def erase_values(
    session: Session,
    values: Sequence[HeldValue],
    *,
    actor: Actor | None,
    cause: dict[str, JsonValue],
    now: datetime,
) -> None:
    """Destroy values with their salts and the keyed hashes that find them; one event a holder."""
    for value in values:
        erase_value(session, value.commitment, now)
        _forget_index(session, value)
    _tell(session, EventKind.PERSONAL_VALUES_ERASED, values, {}, actor=actor, cause=cause, now=now)


def _restrict(
    session: Session,
    held: Sequence[tuple[HeldValue, Retention]],
    *,
    actor: Actor,
    cause: dict[str, JsonValue],
    now: datetime,
) -> tuple[Restriction, ...]:
    for value, retention in held:
        session.execute(
            update(PersonalHoldingRow)
            .where(PersonalHoldingRow.commitment == value.commitment)
            .values(restricted_at=now, restricted_until=retention.until)
        )
        _forget_index(session, value)
    more: dict[str, dict[str, JsonValue]] = {
        value.commitment: {
            "until": retention.until.isoformat(),
            "period": retention.period.code.value,
        }
        for value, retention in held
    }
    values = [value for value, _ in held]
    kind = EventKind.PERSONAL_VALUES_RESTRICTED
    _tell(session, kind, values, more, actor=actor, cause=cause, now=now)
    return tuple(
        Restriction(
            commitment=value.commitment,
            field=value.field,
            until=retention.until,
            period=retention.period.code,
        )
        for value, retention in held
    )


def _forget_index(session: Session, value: HeldValue) -> None:
    """Take away the keyed hash by which the register finds a person, if this is its value."""
    holder_id = value.holder.id
    session.execute(
        update(PersonRow)
        .where(PersonRow.id == holder_id, PersonRow.id_number_ref == value.commitment)
        .values(id_number_index=f"{FORGOTTEN}{holder_id}")
    )


def _tell(
    session: Session,
    kind: EventKind,
    values: Sequence[HeldValue],
    more: dict[str, dict[str, JsonValue]],
    *,
    actor: Actor | None,
    cause: dict[str, JsonValue],
    now: datetime,
) -> None:
    for holder in dict.fromkeys(value.holder for value in values):
        told: list[JsonValue] = [
            {"commitment": value.commitment, "field": value.field} | more.get(value.commitment, {})
            for value in values
            if value.holder == holder
        ]
        data = cause | {"holder": holder.kind.value, "id": str(holder.id), "values": told}
        subjects = holder_subjects(holder)
        record_event(session, Event(kind=kind, at=now, actor=actor, data=data, subjects=subjects))
