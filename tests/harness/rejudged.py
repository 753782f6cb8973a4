"""What was kept of waybills that were judged again."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.codec import parse_json
from waybill.rules.assess import replay
from waybill.storage.log import EventRow
from waybill.storage.waybills import VerdictRow, WaybillRow


def judged(session: Session, waybill_id: UUID) -> list[tuple[str, bool, list[str]]]:
    """Return phase, whether it clears, and what stands of each verdict, oldest first.

    Of what stands those codes are left out that stood in the first.
    """
    rows = session.scalars(
        select(VerdictRow).where(VerdictRow.waybill_id == waybill_id).order_by(VerdictRow.id)
    ).all()
    assert all(
        replay(row.facts, row.findings, phase=row.phase, at=row.judged_at, edition=row.edition)
        == ()
        for row in rows
    )
    first = codes(rows[0])
    return [
        (row.phase.value, row.clears, [code for code in codes(row) if code not in first])
        for row in rows
    ]


def codes(row: VerdictRow) -> list[str]:
    """Return the codes of the findings that stand in a verdict."""
    found = parse_json(row.findings)
    assert isinstance(found, list)
    return [
        str(f["code"])
        for f in found
        if isinstance(f, dict) and f["outcome"] in {"failed", "unknown"}
    ]


def rejudged(session: Session) -> list[dict[str, object]]:
    """Return the data of every event about it, oldest first."""
    rows = session.scalars(
        select(EventRow).where(EventRow.kind == "waybill-rejudged").order_by(EventRow.id)
    )
    found = [parse_json(row.body) for row in rows]
    return [body["data"] for body in found if isinstance(body, dict)]


def attention(session: Session, waybill_id: UUID) -> bool:
    """Whether a waybill needs attention."""
    return (
        session.scalar(select(WaybillRow.attention_since).where(WaybillRow.id == waybill_id))
        is not None
    )
