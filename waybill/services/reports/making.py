"""Making a report: one section a transaction, all of one state of the log, then signed."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue, canonical_json, new_id, parse_json, sha256
from waybill.sealing import sign_bytes
from waybill.services.keys import KeyRing
from waybill.services.reports.definition import (
    DEFINITION,
    SECTIONS,
    Figure,
    Section,
    counted_by,
    key_text,
    mass_text,
    section_json,
)
from waybill.services.reports.periods import Period
from waybill.services.reports.stated import FORMAT, MAX_REPORT_BYTES, StatedFigure
from waybill.services.reports.tree import counted_tree, is_complete, tree_at
from waybill.services.statistics.counting import count
from waybill.services.statistics.naming import names_of
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.registry import OrganisationRow
from waybill.storage.reports import OrderStatus, ReportOrderRow, ReportRow
from waybill.storage.session import write_session

REPORT_TYPE: Final = "wb-report+jws"


def make_reports(
    sessions: sessionmaker[Session], keys: Callable[[], KeyRing], *, clock: Clock
) -> int:
    """Make every report that is asked for, and return how many were made.

    What fails is marked so, and stands in no other's way.
    """
    made = 0
    while True:
        with write_session(sessions) as session:
            order_id = _begin(session)
        if order_id is None:
            return made
        try:
            for section in SECTIONS:
                with write_session(sessions) as session:
                    _count(session, order_id, section)
            with write_session(sessions) as session:
                _finish(session, order_id, keys(), clock=clock)
            made += 1
        except Exception:
            with write_session(sessions) as session:
                session.get_one(ReportOrderRow, order_id).status = OrderStatus.FAILED
            raise


def _begin(session: Session) -> UUID | None:
    """Take the oldest order that is not finished, and fix the state of the log it speaks of."""
    row = session.scalar(
        select(ReportOrderRow)
        .where(ReportOrderRow.status.in_((OrderStatus.WAITING, OrderStatus.COUNTING)))
        .order_by(ReportOrderRow.id)
        .limit(1)
        .with_for_update()
    )
    if row is None:
        return None
    if row.size is None:
        row.size = counted_tree(session).size
    row.status = OrderStatus.COUNTING
    return row.id


def _count(session: Session, order_id: UUID, section: Section) -> None:
    row = session.get_one(ReportOrderRow, order_id, with_for_update=True)
    counted = _counted(row)
    if section.name in counted:
        return
    period = Period(from_on=row.from_on, until_on=row.until_on)
    found = count(
        session,
        from_at=period.from_at,
        to_at=period.to_at,
        by=section.by,
        where=section.where,
        size=row.size,
    )
    figures: list[Figure] = [
        (
            tuple(map(key_text, each.keys)),
            each.count,
            mass_text(each.planned_kg),
            mass_text(each.loaded_kg),
        )
        for each in found.rows
    ]
    row.sections = canonical_json({**counted, section.name: section_json(figures)})


def _counted(row: ReportOrderRow) -> Mapping[str, JsonValue]:
    found = parse_json(row.sections, max_bytes=MAX_REPORT_BYTES)
    if not isinstance(found, dict):
        raise TypeError("the sections of an order are an object")
    return found


def _finish(session: Session, order_id: UUID, keys: KeyRing, *, clock: Clock) -> None:
    order = session.get_one(ReportOrderRow, order_id, with_for_update=True)
    report_id, now = new_id(), clock.now()
    content = canonical_json(_content(session, order, report_id, clock=clock))
    digest = sha256(content).hex()
    key = keys.signer()
    event_id = record_event(
        session,
        Event(
            kind=EventKind.REPORT_MADE,
            at=now,
            actor=None,
            data={
                "report": str(report_id),
                "order": str(order.id),
                "from": order.from_on.isoformat(),
                "until": order.until_on.isoformat(),
                "size": order.size,
                "digest": digest,
            },
        ),
    )
    session.add(
        ReportRow(
            id=report_id,
            made_at=now,
            from_on=order.from_on,
            until_on=order.until_on,
            size=order.size or 0,
            content=content,
            digest=digest,
            document_jws=sign_bytes(content, key=key, typ=REPORT_TYPE),
            kid=key.kid,
            event_id=event_id,
        )
    )
    session.flush()
    order.status, order.report_id = OrderStatus.DONE, report_id


def _content(
    session: Session, order: ReportOrderRow, report_id: UUID, *, clock: Clock
) -> dict[str, JsonValue]:
    now, size = clock.now(), order.size or 0
    period = Period(from_on=order.from_on, until_on=order.until_on)
    ended = order.until_on < local_date(now)
    counted = _counted(order)
    sections: list[JsonValue] = [
        {**counted_by(section), "figures": counted[section.name]} for section in SECTIONS
    ]
    return {
        "format": FORMAT,
        "v": 1,
        "definition": DEFINITION,
        "id": str(report_id),
        "made_at": now.isoformat(timespec="seconds"),
        "made_for": session.get_one(OrganisationRow, order.organisation_id).name,
        "period": {"from": order.from_on.isoformat(), "until": order.until_on.isoformat()},
        "closed": ended and is_complete(session, size, period.to_at),
        "log": tree_at(session, size).as_json(),
        "sections": sections,
        "carriers": _carriers(session, counted),
    }


def _carriers(session: Session, counted: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Return what the carriers of a report are called today, by their ids."""
    figures = msgspec.convert(counted["carriers"], tuple[StatedFigure, ...])
    ids = {UUID(figure.keys[0]) for figure in figures if figure.keys[0]}
    return {str(identity): name for identity, name in sorted(names_of(session, ids).items())}


def sections_done(row: ReportOrderRow) -> int:
    """Return how many sections of an order are counted."""
    return len(_counted(row))
