"""What a bay sees of the waybills it expects: many at once, in two reads."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.registry.access import Actor
from waybill.rules.assess import AHEAD
from waybill.services.waybills.queries import (
    StoredVerdict,
    WaybillSummary,
    stored_verdict,
    summarise,
    visible_to,
)
from waybill.storage.waybills import VerdictRow, WaybillRow


def find_summaries(
    session: Session, actor: Actor, waybill_ids: Collection[UUID]
) -> dict[UUID, WaybillSummary]:
    """Return those of the waybills that the account may see, by id."""
    rows = session.scalars(
        select(WaybillRow).where(WaybillRow.id.in_(waybill_ids), visible_to(actor))
    ).all()
    return {summary.id: summary for summary in summarise(session, list(rows))}


def find_pre_clearances(
    session: Session, actor: Actor, waybill_ids: Collection[UUID]
) -> dict[UUID, StoredVerdict]:
    """Return how each waybill that the account may see was last judged before the bay, by id.

    At issue, or again since: what the newest says holds.
    """
    rows = session.scalars(
        select(VerdictRow)
        .join(WaybillRow, WaybillRow.id == VerdictRow.waybill_id)
        .where(
            VerdictRow.waybill_id.in_(waybill_ids),
            VerdictRow.phase.in_(AHEAD),
            visible_to(actor),
        )
        .order_by(VerdictRow.id)
    )
    return {row.waybill_id: stored_verdict(row) for row in rows}
