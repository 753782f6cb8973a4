"""Retention: what is no longer used and whose periods have ended is erased, with a report."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, cast

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from waybill.clock import Clock, local_date
from waybill.codec import JsonValue
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import RecordStatus, SubjectKind
from waybill.registry.personal import HeldValue, RetentionReport, RetentionRun, ValueState
from waybill.registry.retention import Use, UseKind, retention_of
from waybill.services.paging import Page, PageRequest, page_of
from waybill.services.personal.erasing import erase_values
from waybill.services.personal.holdings import HELD_VALUES, held_value
from waybill.services.personal.matter_texts import (
    MatterText,
    count_texts,
    erase_texts,
    texts_of_closed_matters,
)
from waybill.services.personal.photos import PHOTO, PhotoCounts, count_photos
from waybill.services.personal.uses import uses_of
from waybill.services.registry.listing import FIRST_PAGE
from waybill.storage.events import Event, EventKind, record_event
from waybill.storage.identity import UserRow
from waybill.storage.log import PersonalValueRow
from waybill.storage.personal_rows import PersonalHoldingRow, RetentionRunRow
from waybill.storage.registry import PersonRow

BATCH: Final = 500
"""How many values are looked at together."""


@dataclass(slots=True)
class _Tally:
    """What has been counted so far."""

    erased: Counter[str] = field(default_factory=Counter)
    kept: Counter[str] = field(default_factory=Counter)
    restricted: int = 0
    due: list[HeldValue] = field(default_factory=list)
    due_texts: list[MatterText] = field(default_factory=list)


def preview_retention(session: Session, actor: Actor, *, clock: Clock) -> RetentionReport:
    """Return what retention would do now, and do none of it.

    Raises:
        ForbiddenError: the account does not watch over retention.
    """
    actor.require(Permission.READ_RETENTION)
    return look_at_values(session, now=clock.now())


def look_at_values(session: Session, *, now: datetime) -> RetentionReport:
    """Return what retention would do at a moment; nothing is changed."""
    today = local_date(now)
    photos = count_photos(session, today)
    return _with_photos(_report(session, _look(session, today, lock=False)), photos, photos.due)


def run_retention(session: Session, *, now: datetime, photos_erased: int = 0) -> RetentionRun:
    """Erase every value whose periods have ended, and keep the report of it; it is an event.

    Erasing is told by an event of its own for each holder, and for each case or measure whose
    texts go. Photographs were erased by the caller before, some hundred a transaction.
    """
    tally = _look(session, local_date(now), lock=True)
    photos = count_photos(session, local_date(now))
    report = _with_photos(_report(session, tally), photos, photos_erased)
    erase_values(session, tally.due, actor=None, cause={"cause": "retention"}, now=now)
    erase_texts(session, tally.due_texts, now=now)
    event_id = record_event(
        session,
        Event(kind=EventKind.RETENTION_RAN, at=now, actor=None, data=_as_json(report)),
    )
    row = RetentionRunRow(ran_at=now, report=_as_json(report), event_id=event_id)
    session.add(row)
    session.flush()
    return _run(row)


def ran_on(session: Session, day: date) -> bool:
    """Return whether retention has run on this day (Asia/Shanghai) or later."""
    last = session.scalar(select(func.max(RetentionRunRow.ran_at)))
    return last is not None and local_date(last) >= day


def list_retention_runs(
    session: Session, actor: Actor, *, page: PageRequest = FIRST_PAGE
) -> Page[RetentionRun]:
    """Return a page of the reports, newest first.

    Raises:
        ForbiddenError: the account does not watch over retention.
    """
    actor.require(Permission.READ_RETENTION)
    statement = select(RetentionRunRow)
    if page.after is not None:
        statement = statement.where(RetentionRunRow.id < page.after)
    newest_first = statement.order_by(RetentionRunRow.id.desc()).limit(page.limit + 1)
    return page_of(session.scalars(newest_first).all(), page, item=_run, key=lambda row: row.id)


def _look(session: Session, today: date, *, lock: bool) -> _Tally:
    tally = _Tally()
    for values in _no_longer_used(session):
        _sort(session, values, tally, today)
    for text in texts_of_closed_matters(session, lock=lock):
        _sort_text(text, tally, today)
    return tally


def _no_longer_used(session: Session) -> Iterator[list[HeldValue]]:
    """Give stored values that are no longer in use, some hundred at a time, in order of key."""
    after = ""
    while True:
        rows = session.execute(
            HELD_VALUES.outerjoin(PersonRow, PersonRow.id == PersonalHoldingRow.holder_id)
            .outerjoin(UserRow, UserRow.id == PersonalHoldingRow.holder_id)
            .where(_STORED, _UNUSED, PersonalHoldingRow.commitment > after)
            .order_by(PersonalHoldingRow.commitment)
            .limit(BATCH)
        ).all()
        if not rows:
            return
        yield [held_value(row) for row in rows]
        after = rows[-1][0].commitment


_STORED: Final[ColumnElement[bool]] = PersonalValueRow.sealed.is_not(None)
_UNUSED: Final = or_(
    PersonalHoldingRow.replaced_at.is_not(None),
    PersonalHoldingRow.restricted_at.is_not(None),
    and_(
        PersonalHoldingRow.holder_kind == SubjectKind.PERSON,
        PersonRow.status == RecordStatus.RETIRED,
    ),
    and_(PersonalHoldingRow.holder_kind == SubjectKind.USER, UserRow.active.is_(False)),
)


def _sort(session: Session, values: Sequence[HeldValue], tally: _Tally, today: date) -> None:
    """Say of each value whether its time has come, and if not, what holds it."""
    for value in values:
        if value.state is ValueState.RESTRICTED:
            if value.restricted_until is not None and value.restricted_until < today:
                tally.due.append(value)
                tally.erased[value.field] += 1
            else:
                tally.restricted += 1
            continue
        uses = uses_of(session, value)
        if uses is None:
            continue
        retention = retention_of(uses, asked=False)
        if retention is not None and retention.until >= today:
            tally.kept[retention.period.code.value] += 1
        else:
            tally.due.append(value)
            tally.erased[value.field] += 1


def _sort_text(text: MatterText, tally: _Tally, today: date) -> None:
    uses = (Use(kind=UseKind.CASE, last_on=text.over_on),)
    retention = retention_of(uses, asked=False)
    if retention is not None and retention.until >= today:
        tally.kept[retention.period.code.value] += 1
    else:
        tally.due_texts.append(text)
        tally.erased[text.field] += 1


def _report(session: Session, tally: _Tally) -> RetentionReport:
    looked_at = sum(tally.erased.values()) + sum(tally.kept.values()) + tally.restricted
    held = (
        select(func.count())
        .select_from(PersonalHoldingRow)
        .join(PersonalValueRow, PersonalValueRow.commitment == PersonalHoldingRow.commitment)
    )
    attached = (session.scalar(held.where(_STORED)) or 0) + count_texts(session)
    stored = session.scalar(select(func.count()).select_from(PersonalValueRow).where(_STORED)) or 0
    return RetentionReport(
        erased=dict(sorted(tally.erased.items())),
        kept=dict(sorted(tally.kept.items())),
        in_use=attached - looked_at,
        restricted=tally.restricted,
        unattached=stored - attached,
    )


def _with_photos(report: RetentionReport, photos: PhotoCounts, erased: int) -> RetentionReport:
    """Count photographs too, where there are any."""
    return replace(
        report,
        erased=dict(report.erased) | ({PHOTO: erased} if erased else {}),
        kept=dict(report.kept) | ({UseKind.PHOTO.value: photos.kept} if photos.kept else {}),
        restricted=report.restricted + photos.restricted,
    )


def _as_json(report: RetentionReport) -> dict[str, JsonValue]:
    return {
        "erased": dict(report.erased),
        "kept": dict(report.kept),
        "in_use": report.in_use,
        "restricted": report.restricted,
        "unattached": report.unattached,
    }


def _run(row: RetentionRunRow) -> RetentionRun:
    said = cast("dict[str, dict[str, int]]", row.report)
    counts = cast("dict[str, int]", row.report)
    report = RetentionReport(
        erased=said["erased"],
        kept=said["kept"],
        in_use=counts["in_use"],
        restricted=counts["restricted"],
        unattached=counts["unattached"],
    )
    return RetentionRun(id=row.id, ran_at=row.ran_at, report=report, event_id=row.event_id)
