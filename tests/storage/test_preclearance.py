"""Open waybills are judged again: when something changes, and as their loading draws near."""

from dataclasses import fields
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.rejudged import attention, codes, judged, rejudged
from tests.harness.trips import PLANNED, certificate_id, seed_yard
from waybill.clock import FixedClock
from waybill.registry.black_listing import BlackListingParticulars
from waybill.registry.kinds import CertificateKind, CertificateStatus, Provenance, SubjectKind
from waybill.registry.records import CertificateStatusChange, VehicleParticulars
from waybill.rules.finding import Phase
from waybill.services.affected import AHEAD_OF_LOADING, LATE, affected_waybills
from waybill.services.preclearance import NEW_DAY, due_waybills, rejudge_waybill
from waybill.services.registry import black_list
from waybill.services.registry.certificates import decide_certificate
from waybill.services.registry.vehicles import update_vehicle
from waybill.services.waybills.arrivals import find_pre_clearances
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.storage.log import EventRow
from waybill.storage.registry import PersonRow, VehicleRow
from waybill.storage.waybills import VerdictRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    return Line(
        yard=seed_yard(session, seed_accounts(session, clock.now()), clock.now()), clock=clock
    )


def change_licence(session: Session, line: Line, status: CertificateStatus) -> None:
    wanted = certificate_id(session, line.yard.driver_id, CertificateKind.DRIVER_QUALIFICATION)
    decide_certificate(
        session,
        wanted,
        CertificateStatusChange(status=status, reason="驾驶证核查"),
        actor=line.yard.actor("senior-auditor"),
        clock=line.clock,
    )


def test_a_suspended_certificate_judges_the_waybills_of_its_holder_again(
    session: Session, line: Line
) -> None:
    issued = line.issued(session)
    before = attention(session, issued.id)

    change_licence(session, line, CertificateStatus.SUSPENDED)

    assert judged(session, issued.id) == [
        ("issue", True, []),
        ("day_before", False, ["DRV-01.qualification"]),
    ]
    assert (before, attention(session, issued.id)) == (False, True)
    event = rejudged(session)[0]
    caused = session.scalars(
        select(EventRow.id).where(EventRow.kind == "certificate-changed")
    ).one()
    verdict = session.scalars(select(VerdictRow).where(VerdictRow.phase == Phase.DAY_BEFORE)).one()
    assert event == {
        "waybill": str(issued.id),
        "number": issued.number,
        "verdict": verdict.digest,
        "clears": False,
        "standing": sorted(set(codes(verdict))),
        "added": ["DRV-01.qualification"],
        "cause": {"kind": "certificate-changed", "event": str(caused)},
    }


def test_a_restored_certificate_ends_the_attention(session: Session, line: Line) -> None:
    issued = line.issued(session)
    change_licence(session, line, CertificateStatus.SUSPENDED)

    change_licence(session, line, CertificateStatus.VALID)

    assert [clears for _, clears, _ in judged(session, issued.id)] == [True, False, True]
    assert not attention(session, issued.id)


def test_a_change_that_says_nothing_new_keeps_nothing(session: Session, line: Line) -> None:
    issued = line.issued(session)
    row = session.get_one(VehicleRow, line.yard.vehicle_id)
    stated = {f.name: getattr(row, f.name) for f in fields(VehicleParticulars)}
    changed = {"tare_kg": Decimal(8801), "provenance": Provenance.DOCUMENT}

    update_vehicle(
        session,
        line.yard.actor("carrier"),
        line.yard.vehicle_id,
        VehicleParticulars(**stated | changed),
        expected_version=1,
        clock=line.clock,
    )

    assert judged(session, issued.id) == [("issue", True, [])]
    assert rejudged(session) == []


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("carrier", "CAR-01.black_list"),
        ("vehicle_id", "CAR-01.black_list"),
        ("trailer_id", "CAR-01.black_list"),
        ("tank_id", "CAR-01.black_list"),
        ("driver_id", "CAR-01.black_list"),
        ("escort_id", "CAR-01.black_list"),
    ],
)
def test_whoever_is_black_listed_is_found_on_the_waybill(
    session: Session, line: Line, place: str, code: str
) -> None:
    issued = line.issued(session)

    entered = enter(session, line, place)

    assert judged(session, issued.id)[1:] == [("day_before", False, [code])]
    black_list.lift_black_listing(
        session, line.yard.actor("senior-auditor"), entered, "误录", clock=line.clock
    )
    assert judged(session, issued.id)[2:] == [("day_before", True, [])]
    assert not attention(session, issued.id)


KINDS = {
    "carrier": SubjectKind.ORGANISATION,
    "vehicle_id": SubjectKind.VEHICLE,
    "trailer_id": SubjectKind.VEHICLE,
    "tank_id": SubjectKind.TANK,
    "driver_id": SubjectKind.PERSON,
    "escort_id": SubjectKind.PERSON,
}


def subject_of(line: Line, place: str) -> UUID:
    if place == "carrier":
        return line.yard.accounts.organisations["carrier"]
    found: UUID = getattr(line.yard, place)
    return found


def enter(session: Session, line: Line, place: str) -> UUID:
    particulars = BlackListingParticulars(
        subject_kind=KINDS[place],
        subject_id=subject_of(line, place),
        decision_number="淮交罚 2026-118",
        reason="伪造运单",
        valid_from=date(2026, 11, 1),
        valid_until=None,
    )
    return black_list.enter_black_listing(
        session, line.yard.actor("senior-auditor"), particulars, clock=line.clock
    ).id


@pytest.mark.parametrize("place", KINDS)
def test_a_waybill_is_affected_by_each_of_its_records(
    session: Session, line: Line, place: str
) -> None:
    issued = line.issued(session)

    found = affected_waybills(session, KINDS[place], subject_of(line, place), now=line.clock.now())

    assert list(found) == [issued.id]


@pytest.mark.parametrize(
    ("kind", "place"),
    [(SubjectKind.PERSON, "supervisor_id"), (SubjectKind.FACILITY, "facility_id")],
)
def test_what_only_the_bay_looks_at_affects_nothing(
    session: Session, line: Line, kind: SubjectKind, place: str
) -> None:
    line.issued(session)

    found = affected_waybills(session, kind, getattr(line.yard, place), now=line.clock.now())

    assert list(found) == []


def test_another_record_of_the_same_driver_affects_the_waybill(
    session: Session, line: Line
) -> None:
    issued = line.issued(session)
    own = session.get_one(PersonRow, line.yard.driver_id)
    other = PersonRow(
        organisation_id=line.yard.accounts.organisations["other-carrier"],
        created_at=line.clock.now(),
        reference="0000000001",
        roles=list(own.roles),
        name_ref=own.name_ref,
        id_number_ref=own.id_number_ref,
        id_number_index=own.id_number_index,
        provenance=own.provenance,
    )
    session.add(other)
    session.flush()

    found = affected_waybills(session, SubjectKind.PERSON, other.id, now=line.clock.now())

    assert list(found) == [issued.id]


def test_what_is_cleared_cancelled_or_a_draft_is_judged_no_more(
    session: Session, line: Line
) -> None:
    draft_id = line.draft(session)
    cancelled = line.issued(session)
    cancel_waybill(
        session,
        line.yard.actor("carrier"),
        cancelled.id,
        reason="客户取消订单",
        expected_version=cancelled.version,
        clock=line.clock,
    )
    cleared, _ = line.cleared(session)

    enter(session, line, "driver_id")

    kept = [
        rejudge_waybill(session, waybill_id, line.keys.table, clock=line.clock, cause=NEW_DAY)
        for waybill_id in (draft_id, cancelled.id, cleared.id)
    ]
    assert kept == [None, None, None]
    assert rejudged(session) == []


@pytest.mark.parametrize(
    ("moment", "due"),
    [
        pytest.param(PLANNED - AHEAD_OF_LOADING - timedelta(seconds=1), False, id="too far ahead"),
        pytest.param(PLANNED - AHEAD_OF_LOADING, True, id="three days ahead"),
        pytest.param(PLANNED + LATE - timedelta(seconds=1), True, id="not come yet"),
        pytest.param(PLANNED + LATE, False, id="a day late"),
    ],
)
def test_a_waybill_is_due_while_its_loading_is_near(
    session: Session, line: Line, clock: FixedClock, moment: datetime, *, due: bool
) -> None:
    clock.advance(timedelta(days=-10))
    issued = line.issued(session)

    found = due_waybills(session, now=moment)

    assert list(found) == ([issued.id] if due else [])


def test_a_waybill_is_due_once_a_day(session: Session, line: Line, clock: FixedClock) -> None:
    issued = line.issued(session, line.yard.draft(planned_loading_at=PLANNED + timedelta(days=2)))
    table = line.keys.table
    on_the_day = list(due_waybills(session, now=clock.now()))

    clock.advance(timedelta(days=1))
    next_day = list(due_waybills(session, now=clock.now()))
    kept = rejudge_waybill(session, issued.id, table, clock=clock, cause=NEW_DAY)
    again = rejudge_waybill(session, issued.id, table, clock=clock, cause=NEW_DAY)

    assert (on_the_day, next_day) == ([], [issued.id])
    assert (kept is not None, again) == (True, None)
    assert list(due_waybills(session, now=clock.now())) == []
    assert judged(session, issued.id) == [("issue", True, []), ("day_before", True, [])]
    assert rejudged(session)[0]["cause"] == {"kind": "new-day"}
    assert not attention(session, issued.id)


def test_the_version_that_the_carrier_saw_stays(session: Session, line: Line) -> None:
    issued = line.issued(session)

    enter(session, line, "driver_id")

    assert cancel_waybill(
        session,
        line.yard.actor("carrier"),
        issued.id,
        reason="驾驶人被列入黑名单",
        expected_version=issued.version,
        clock=line.clock,
    ) == (issued.version + 1)


def test_the_bay_is_shown_what_was_said_last(session: Session, line: Line) -> None:
    issued = line.issued(session)
    enter(session, line, "tank_id")

    found = find_pre_clearances(session, line.yard.actor("loader"), [issued.id])

    assert [(v.phase, v.clears) for v in found.values()] == [(Phase.DAY_BEFORE, False)]
