"""Photographs: erased after their time and only once the log has them, restricted before it."""

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import Engine, event, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, undefer

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, seed_yard
from waybill.clock import FixedClock
from waybill.errors import ForbiddenError, NotFoundError, StateError
from waybill.registry.cases import CaseSubject
from waybill.registry.personal import LegalPurpose, ValueState
from waybill.rules.evidence import Photo
from waybill.services.cases.opening import contradict_case
from waybill.services.checks.photos import get_photo
from waybill.services.personal.photos import (
    PhotoErasure,
    disclose_photo,
    erase_due_photos,
    erase_photo,
)
from waybill.services.personal.retention import look_at_values, run_retention
from waybill.storage.log import EventRow, LogEntryRow, PersonalValueRow
from waybill.storage.personal import erase_value
from waybill.storage.plant_items import CheckPhotoRow
from waybill.storage.waybills import LoadingCheckRow

SHA = "0" * 64
PICTURE = b"JPEG"
A_MINUTE = timedelta(minutes=1)
LAST_DAY = datetime(2028, 11, 22, 15, 59, tzinfo=UTC)
"""The last minute, in Shanghai, of the two years that a photo of 22 November 2026 is kept."""


@pytest.fixture
def yard(session: Session, clock: FixedClock) -> Yard:
    """A plant and a carrier."""
    seed_signing_key(session, clock)
    return seed_yard(session, seed_accounts(session, clock.now()), clock.now())


@pytest.fixture
def check_id(session: Session, yard: Yard, clock: FixedClock) -> UUID:
    """A check with a photograph."""
    line = Line(yard=yard, clock=clock)
    _, made = line.cleared(session)
    photo = Photo(content=PICTURE, media_type="image/jpeg", sha256=SHA)
    line.photograph(session, made, "seals", photo)
    return made


@pytest.fixture
def in_log(session: Session, check_id: UUID) -> UUID:
    """The same, with the photograph's event in the log."""
    session.add(LogEntryRow(index=0, event_id=row(session).event_id))
    session.flush()
    return check_id


def row(session: Session) -> CheckPhotoRow:
    session.expire_all()
    return session.scalars(select(CheckPhotoRow).options(undefer(CheckPhotoRow.content))).one()


def told(session: Session, kind: str) -> list[dict[str, object]]:
    bodies = session.scalars(select(EventRow.body).where(EventRow.kind == kind))
    return [msgspec.json.decode(body)["data"] for body in bodies]


def photos(session: Session, now: datetime) -> tuple[int, int, int]:
    """Return how many photographs would be erased, are kept and are restricted."""
    report = look_at_values(session, now=now)
    return report.erased.get("photo", 0), report.kept.get("photo", 0), report.restricted


class TestRetention:
    def test_a_photo_goes_the_day_after_its_two_years(self, session: Session, in_log: UUID) -> None:
        kept = photos(session, LAST_DAY)
        due = photos(session, LAST_DAY + A_MINUTE)

        erased = erase_due_photos(session, now=LAST_DAY + A_MINUTE)
        run = run_retention(session, now=LAST_DAY + A_MINUTE, photos_erased=erased)

        left = row(session)
        (said,) = [e for e in told(session, "personal-values-erased") if e["holder"] == "check"]
        assert (kept, due, run.report.erased["photo"]) == ((0, 1, 0), (1, 0, 0), 1)
        assert (left.content, left.sha256, left.check_id) == (b"", SHA, in_log)
        assert said["values"] == [{"field": "photo", "sha256": SHA}]
        assert photos(session, LAST_DAY + timedelta(days=1)) == (0, 0, 0)

    @pytest.mark.usefixtures("check_id")
    def test_what_is_not_in_the_log_yet_stays(self, session: Session) -> None:
        assert erase_due_photos(session, now=LAST_DAY + timedelta(days=1000)) == 0

    def test_an_open_case_holds_the_photos_of_its_waybill(
        self, session: Session, yard: Yard, in_log: UUID, clock: FixedClock
    ) -> None:
        waybill = session.get_one(LoadingCheckRow, in_log).waybill_id
        contradict_case(
            session,
            "看照片",
            about=(CaseSubject.WAYBILL, waybill),
            organisation_id=yard.accounts.organisations["plant"],
            event_ids=[],
            vault=VAULT,
            clock=clock,
        )

        assert photos(session, LAST_DAY + timedelta(days=1)) == (0, 1, 0)


def test_what_was_erased_lies_in_no_free_page(
    dialect: str, committing_engine: Engine, clock: FixedClock
) -> None:
    if dialect == "postgresql":
        pytest.skip("its vacuum overwrites, when it comes")
    # As most builds of SQLite begin; the one of these tests may overwrite by itself.
    event.listen(
        committing_engine, "connect", lambda made, _: made.execute("PRAGMA secure_delete = OFF")
    )
    with Session(committing_engine) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        seed_signing_key(session, clock)
        line = Line(yard=yard, clock=clock)
        _, made = line.cleared(session)
        photo = Photo(content=PICTURE * 5000, media_type="image/jpeg", sha256=SHA)
        line.photograph(session, made, "seals", photo)
        session.add(LogEntryRow(index=0, event_id=row(session).event_id))
        commitment = VAULT.protect(session, "name", "张" * 2000, clock.now())
        sealed = session.get_one(PersonalValueRow, commitment).sealed or b""
    kept = (PICTURE * 2, sealed[-32:])
    before = _bytes_of(committing_engine)

    with Session(committing_engine) as session, session.begin():
        erase_due_photos(session, now=LAST_DAY + A_MINUTE)
    without_photo = _bytes_of(committing_engine)
    with Session(committing_engine) as session, session.begin():
        erase_value(session, commitment, LAST_DAY)

    assert [
        [each in found for each in kept]
        for found in (before, without_photo, _bytes_of(committing_engine))
    ] == [[True, True], [False, True], [False, False]]


def _bytes_of(engine: Engine) -> bytes:
    """Return the whole file of a database, with all that waited in its journal."""
    path = Path(str(engine.url.database))
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


class TestOnRequest:
    def test_within_the_legal_year_it_is_restricted_and_then_erased(
        self, session: Session, yard: Yard, in_log: UUID, clock: FixedClock
    ) -> None:
        senior = yard.accounts.actor("senior-auditor")

        done = erase_photo(session, senior, in_log, SHA, "照片中有路人", clock=clock)

        seen = disclose_photo(
            session,
            senior,
            in_log,
            SHA,
            reason="法院调取",
            purpose=LegalPurpose.COURT,
            clock=clock,
        )
        (looked,) = told(session, "personal-value-disclosed")
        (said,) = told(session, "personal-values-restricted")
        waits = {"until": "2027-11-22", "period": "photo"}
        assert said["values"] == [{"field": "photo", "sha256": SHA, **waits}]
        assert done == PhotoErasure(state=ValueState.RESTRICTED, until=date(2027, 11, 22))
        with pytest.raises(StateError, match="under restriction"):
            get_photo(session, yard.actor("loader"), in_log, SHA)
        assert (seen.content, looked["purpose"]) == (PICTURE, "court")
        assert photos(session, datetime(2027, 11, 22, tzinfo=UTC)) == (0, 0, 1)
        assert photos(session, datetime(2027, 11, 23, tzinfo=UTC)) == (1, 0, 0)

    def test_after_the_legal_year_it_is_erased_at_once(
        self, session: Session, yard: Yard, in_log: UUID, clock: FixedClock
    ) -> None:
        clock.advance(timedelta(days=366))
        senior = yard.accounts.actor("senior-auditor")

        done = erase_photo(session, senior, in_log, SHA, "照片中有路人", clock=clock)

        assert done == PhotoErasure(state=ValueState.ERASED, until=None)
        session.expire_all()
        with pytest.raises(StateError, match="erased on"):
            get_photo(session, yard.actor("loader"), in_log, SHA)
        with pytest.raises(StateError, match="erased on"):
            erase_photo(session, senior, in_log, SHA, "再次", clock=clock)

    def test_only_who_decides_about_erasure_does(
        self, session: Session, yard: Yard, check_id: UUID, clock: FixedClock
    ) -> None:
        senior = yard.accounts.actor("senior-auditor")

        with pytest.raises(ForbiddenError):
            erase_photo(session, yard.actor("loader"), check_id, SHA, "不想要", clock=clock)
        with pytest.raises(NotFoundError):
            erase_photo(session, senior, check_id, "1" * 64, "没有", clock=clock)
        with pytest.raises(StateError, match="log yet"):
            erase_photo(session, senior, check_id, SHA, "太早", clock=clock)


@pytest.mark.usefixtures("check_id")
def test_the_database_lets_nothing_else_change(session: Session) -> None:
    changes: list[dict[str, object]] = [
        {"shows": "another"},
        {"content": b"other"},
        {"content": b""},
        {"erased_at": LAST_DAY},
        {"content": b"", "sha256": "1" * 64, "erased_at": LAST_DAY},
    ]

    for change in changes:
        with pytest.raises(DBAPIError, match="append-only"), session.begin_nested():
            session.execute(update(CheckPhotoRow).values(change))
