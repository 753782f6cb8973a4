"""A scan, a decision, a release and an issue each read once and write once on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from tests.harness import looking
from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import NotFoundError
from waybill.qr_payload import QrKind
from waybill.services.dossier import Dossier
from waybill.services.looking.codes import tag_code
from waybill.services.looking.seeing import scan_presence_tag
from waybill.services.waybills.issuing import preview_issue
from waybill.storage.facts_query import OF_WAYBILL, OF_WAYBILL_LOCKED
from waybill.storage.records import CertificateRecord, OrganisationRecord, VehicleRecord
from waybill.storage.waybills import WaybillRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


# What follows a clearance takes the waybill's lock before it reads, so that it reads what a request
# that held the lock left behind; see `lock_waybill_of`.
LOCK_READ_WRITE: Final = ["SELECT", "WITH", "WITH"]


@contextmanager
def counted(session: Session) -> Iterator[list[str]]:
    """Collect what is sent to the database, without savepoints."""
    sent: list[str] = []

    def note(_: Connection, __: object, statement: str, *___: object) -> None:
        if "SAVEPOINT" not in statement:
            sent.append(statement)

    connection = session.connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def values(line: Line, waybill_id: UUID) -> dict[str, object]:
    """Return what the batch of a waybill is asked with."""
    return {
        "waybill_id": waybill_id,
        "actor_id": line.yard.actor("carrier").user_id,
        "supervisor_reference": "",
        "sequence_day": "20261122",
    }


class TestRoundTrips:
    """One read and one write; SQLite has no round trips and is not counted."""

    @pytest.fixture(autouse=True)
    def on_postgresql(self, dialect: str) -> None:
        """Skip SQLite."""
        if dialect == "sqlite":
            pytest.skip("it has no round trips")

    def test_a_scan(self, session: Session, line: Line) -> None:
        check_id = line.open(session, line.issued(session).qr_text).check_id
        assert check_id is not None

        with counted(session) as sent:
            line.scan(session, check_id, line.card(QrKind.TANK, "T-2022-0001"))

        assert [statement.split()[0] for statement in sent] == ["WITH", "WITH"]

    def test_an_opening(self, session: Session, line: Line) -> None:
        """Bay, waybill, and all that is asked beside it: three reads and one write."""
        text = line.issued(session).qr_text

        with counted(session) as sent:
            looking.opened(line, session, text)

        assert [statement.split()[0] for statement in sent] == ["SELECT"] * 3 + ["WITH"]

    def test_a_tag(self, session: Session, line: Line) -> None:
        made = looking.tag(line, session)
        check_id = looking.opened(line, session, line.issued(session).qr_text)
        text = tag_code(looking.KEY.tag, made.id)

        with counted(session) as sent:
            scan_presence_tag(
                session,
                line.yard.actor("loader"),
                check_id,
                text,
                looking=looking.KEY,
                clock=line.clock,
            )

        assert [statement.split()[0] for statement in sent] == ["SELECT", "WITH"]

    def test_an_issue(self, session: Session, line: Line) -> None:
        waybill_id = line.draft(session)

        with counted(session) as sent:
            line.issue(session, waybill_id)

        assert [statement.split()[0] for statement in sent] == ["WITH", "WITH"]

    def test_a_decision(self, session: Session, line: Line) -> None:
        check_id = line.open(session, line.issued(session).qr_text).check_id
        assert check_id is not None
        line.show_everything(session, check_id)

        with counted(session) as sent:
            decision = line.decide(session, check_id)

        assert decision.cleared
        assert [statement.split()[0] for statement in sent] == LOCK_READ_WRITE

    def test_a_release(self, session: Session, line: Line) -> None:
        _, check_id = line.cleared(session)
        line.answer_after_loading(session, check_id)

        with counted(session) as sent:
            release = line.submit(session, check_id)

        assert release.released
        assert [statement.split()[0] for statement in sent] == LOCK_READ_WRITE


def test_a_read_gathers_every_party_unit_and_certificate(session: Session, line: Line) -> None:
    waybill_id = line.draft(session)

    gathered = OF_WAYBILL.read(session, values(line, waybill_id))

    dossier = Dossier(gathered)
    plates = sorted(vehicle.plate for vehicle in gathered.all(VehicleRecord))
    organisations = {row.id for row in gathered.all(OrganisationRecord)}
    assert plates == ["苏H12345", "苏H1234挂"]
    assert organisations == {
        line.yard.accounts.organisations["plant"],
        line.yard.accounts.organisations["carrier"],
    }
    assert dossier.tank is not None
    assert {person.reference for person in dossier.people.values()} == {
        "8f3a9c27b1",
        "1b2c3d4e90",
    }
    # Four of each unit, the tank's, the driver's two, the escort's, the carrier's licence.
    assert len(gathered.all(CertificateRecord)) == 2 * 4 + 1 + 2 + 1 + 1


def test_a_read_of_a_waybill_that_is_not_there_finds_nothing(session: Session, line: Line) -> None:
    gathered = OF_WAYBILL.read(session, values(line, new_id()))

    with pytest.raises(NotFoundError):
        Dossier(gathered)


def test_a_preview_changes_nothing(session: Session, line: Line) -> None:
    waybill_id = line.draft(session)

    with counted(session) as sent:
        preview_issue(
            session, line.yard.actor("carrier"), waybill_id, keys=line.keys, clock=line.clock
        )

    assert [s for s in sent if "INSERT" in s or "UPDATE " in s.replace("FOR UPDATE", "")] == []


def test_a_locked_waybill_is_not_locked_again(
    committing_engine: Engine, dialect: str, clock: FixedClock
) -> None:
    if dialect == "sqlite":
        pytest.skip("SQLite locks the whole file")
    with Session(committing_engine, expire_on_commit=False) as session, session.begin():
        yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
        line = Line(yard=yard, clock=clock)
        waybill_id = line.draft(session)

    with Session(committing_engine) as holder, holder.begin():
        OF_WAYBILL_LOCKED.read(holder, values(line, waybill_id))
        with (
            Session(committing_engine) as other,
            pytest.raises(OperationalError, match="could not obtain lock"),
        ):
            other.scalar(
                select(WaybillRow.id)
                .where(WaybillRow.id == waybill_id)
                .with_for_update(nowait=True)
            )
