"""What can be known of personal values without opening them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from uuid import UUID

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.errors import NotFoundError
from waybill.registry.access import Actor
from waybill.registry.kinds import SubjectKind
from waybill.registry.personal import HeldValue, Holder, ValueState
from waybill.storage.events import Subject, SubjectKey
from waybill.storage.identity import UserRow
from waybill.storage.log import PersonalValueRow
from waybill.storage.personal_rows import PersonalHoldingRow

_COMMITMENT: Final = re.compile("[0-9a-f]{64}")

HELD_VALUES: Select[PersonalHoldingRow, PersonalValueRow] = select(
    PersonalHoldingRow, PersonalValueRow
).join(PersonalValueRow, PersonalValueRow.commitment == PersonalHoldingRow.commitment)


def get_value(session: Session, actor: Actor, commitment: str) -> HeldValue:
    """Return whose value a commitment stands for and how it stands.

    Raises:
        NotFoundError: no value is known by it, or it is another organisation's.
    """
    row = session.execute(
        HELD_VALUES.where(PersonalHoldingRow.commitment == commitment)
    ).one_or_none()
    value = None if row is None else held_value(row)
    if value is None or not _may_know(actor, value.holder):
        raise NotFoundError("personal value", commitment)
    return value


def known_values(session: Session, actor: Actor, commitments: Sequence[str]) -> list[HeldValue]:
    """Return what is known of those commitments whose holder the account may know of."""
    rows = session.execute(
        HELD_VALUES.where(PersonalHoldingRow.commitment.in_(commitments)).order_by(
            PersonalValueRow.field, PersonalHoldingRow.commitment
        )
    )
    return [value for value in map(held_value, rows) if _may_know(actor, value.holder)]


def values_of_person(session: Session, person_id: UUID) -> list[HeldValue]:
    """Return every value of a person, also replaced ones and the names of its accounts."""
    accounts = select(UserRow.id).where(UserRow.person_id == person_id)
    own = (PersonalHoldingRow.holder_id == person_id) | PersonalHoldingRow.holder_id.in_(accounts)
    rows = session.execute(
        HELD_VALUES.where(own).order_by(PersonalValueRow.field, PersonalValueRow.recorded_at)
    )
    return [held_value(row) for row in rows]


def commitments_in(body: JsonValue) -> tuple[str, ...]:
    """Return every text in an event's body that may be a commitment, each once."""
    return tuple(dict.fromkeys(_commitments(body)))


def _commitments(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        if _COMMITMENT.fullmatch(value):
            yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _commitments(member)
    elif isinstance(value, Sequence):
        for member in value:
            yield from _commitments(member)


def held_value(row: Row[PersonalHoldingRow, PersonalValueRow]) -> HeldValue:
    """Return a row of `HELD_VALUES` as a value object."""
    holding, stored = row
    state = ValueState.STORED
    if stored.sealed is None:
        state = ValueState.ERASED
    elif holding.restricted_at is not None:
        state = ValueState.RESTRICTED
    return HeldValue(
        commitment=holding.commitment,
        field=stored.field,
        holder=Holder(
            kind=holding.holder_kind,
            id=holding.holder_id,
            organisation_id=holding.organisation_id,
        ),
        recorded_at=stored.recorded_at,
        state=state,
        replaced_at=holding.replaced_at,
        restricted_until=holding.restricted_until,
        erased_at=stored.erased_at,
    )


def holder_subjects(holder: Holder) -> tuple[Subject, Subject]:
    """Return by what events about a holder's values are found."""
    kind = SubjectKey.PERSON if holder.kind is SubjectKind.PERSON else SubjectKey.USER
    return (
        Subject(kind, str(holder.id)),
        Subject(SubjectKey.ORGANISATION, str(holder.organisation_id)),
    )


def _may_know(actor: Actor, holder: Holder) -> bool:
    return actor.oversees or actor.organisation_id == holder.organisation_id
