"""What ids in figures are called today: organisations, facilities, waybills, accounts."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.storage.identity import UserRow
from waybill.storage.registry import FacilityRow, OrganisationRow
from waybill.storage.waybills import WaybillRow


def names_of(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the names of those ids that are organisations or facilities."""
    wanted = set(ids)
    found: dict[UUID, str] = {}
    for row in (OrganisationRow, FacilityRow):
        rows = session.execute(select(row.id, row.name).where(row.id.in_(wanted)))
        found |= {each.id: each.name for each in rows}
    return found


def numbers_of(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the numbers of those ids that are issued waybills."""
    rows = session.execute(
        select(WaybillRow.id, WaybillRow.number).where(
            WaybillRow.id.in_(set(ids)), WaybillRow.number.is_not(None)
        )
    )
    return {row.id: row.number for row in rows}


def usernames_of(session: Session, ids: Iterable[UUID]) -> Mapping[UUID, str]:
    """Return the account names of those ids that are accounts."""
    rows = session.execute(select(UserRow.id, UserRow.username).where(UserRow.id.in_(set(ids))))
    return {row.id: row.username for row in rows}
