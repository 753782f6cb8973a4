"""What a check asks so that somebody looks, and what was seen: parts of its one read."""

from uuid import UUID

import msgspec
from sqlalchemy import BindParameter, Select, SQLColumnExpression, select
from sqlalchemy.orm import InstrumentedAttribute

from waybill.registry.kinds import ItemStatus
from waybill.storage.base import Base
from waybill.storage.gather import Part
from waybill.storage.looking import CheckLookingRow, CheckLookRow, PresenceTagRow
from waybill.storage.looking_records import LookingRecord, LookRecord, PresenceTagRecord
from waybill.storage.waybills import LoadingCheckRow


def looking_parts(check_id: BindParameter[UUID]) -> list[Part[msgspec.Struct]]:
    """Return the parts that read what a check asks, what was seen, and the tags of its bay."""
    looking = select(*_columns(CheckLookingRow, LookingRecord)).where(
        CheckLookingRow.check_id == check_id
    )
    looks = (
        select(*_columns(CheckLookRow, LookRecord))
        .where(CheckLookRow.check_id == check_id)
        .order_by(CheckLookRow.id)
    )
    bay_id = select(LoadingCheckRow.bay_id).where(LoadingCheckRow.id == check_id)
    return [
        Part("looking", LookingRecord, looking),
        Part("look", LookRecord, looks),
        Part("tag", PresenceTagRecord, tags_at(bay_id.scalar_subquery())),
    ]


def tags_at(bay_id: SQLColumnExpression[UUID]) -> Select[*tuple[object, ...]]:
    """Return the read of the tags that hang at a bay, in the order in which they were made."""
    return (
        select(*_columns(PresenceTagRow, PresenceTagRecord))
        .where(PresenceTagRow.bay_id == bay_id, PresenceTagRow.status == ItemStatus.ACTIVE)
        .order_by(PresenceTagRow.id)
    )


def _columns(row: type[Base], record: type[msgspec.Struct]) -> list[InstrumentedAttribute[object]]:
    return [getattr(row, name) for name in record.__struct_fields__]
