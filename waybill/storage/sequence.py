"""Counting a carrier's waybills of a day: no two get one number, and no number is lost to a race.

The row of the day is locked until the caller's transaction ends; a refused issue rolls the count
back. On PostgreSQL the count is taken inside the read that gathers the facts.
"""

from typing import Final

import msgspec
from sqlalchemy import CTE, String, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from waybill.registry.kinds import CertificateKind
from waybill.storage.gather import Part
from waybill.storage.registry import CertificateRow
from waybill.storage.waybills import NumberSequenceRow

DAY: Final = bindparam("sequence_day", type_=String())
TAIL_LENGTH: Final = 6
NO_LICENCE: Final = "0" * TAIL_LENGTH


class SequenceRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A number taken: `scope` is `yyyyMMdd:` and the last six digits of the licence."""

    scope: str
    taken: int

    @property
    def licence_tail(self) -> str:
        """The licence digits for which the count holds."""
        return self.scope[-TAIL_LENGTH:]


def sequence_part(waybill: CTE) -> Part[SequenceRecord]:
    """Return the part that takes the next number of the carrier's day (PostgreSQL only)."""
    tail = (
        select(func.right(literal(NO_LICENCE) + CertificateRow.number, TAIL_LENGTH))
        .where(
            CertificateRow.subject_id == waybill.c.carrier_id,
            CertificateRow.kind == CertificateKind.CARRIER_LICENCE,
        )
        .order_by(CertificateRow.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    scope = select(
        DAY + literal(":") + func.coalesce(tail, literal(NO_LICENCE)), literal(1)
    ).select_from(waybill)
    row = NumberSequenceRow
    taken = (
        postgresql.insert(row)
        .from_select(["scope", "next_value"], scope)
        .on_conflict_do_update(index_elements=["scope"], set_={"next_value": row.next_value + 1})
        .returning(row.scope, row.next_value)
        .cte("taken")
    )
    statement = select(taken.c.scope, taken.c.next_value.label("taken"))
    return Part("sequence", SequenceRecord, statement, takes=True)


def take_next(session: Session, day: str, licence: str | None) -> SequenceRecord:
    """Take the next number of a licence's day in a statement of its own (SQLite)."""
    tail = f"{licence or '':0>{TAIL_LENGTH}}"[-TAIL_LENGTH:]
    scope = f"{day}:{tail}"
    return SequenceRecord(scope=scope, taken=take_number(session, scope))


def take_number(session: Session, scope: str) -> int:
    """Take the next number of a scope, from 1, in a statement of its own."""
    row = NumberSequenceRow
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    taken: int = session.execute(
        dialect.insert(row)
        .values(scope=scope, next_value=1)
        .on_conflict_do_update(index_elements=["scope"], set_={"next_value": row.next_value + 1})
        .returning(row.next_value)
    ).scalar_one()
    return taken
