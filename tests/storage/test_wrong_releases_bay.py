"""Ways in which a load might wrongly clear or leave at the bay, tried on both databases."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import CARDS, Line
from tests.harness.traps import decided, shown, standing
from tests.harness.trips import change_row, seed_yard
from tests.harness.yard_rows import TRACTOR_PLATE
from waybill.clock import FixedClock, local_date
from waybill.errors import NotFoundError, StateError
from waybill.qr_payload import QrKind
from waybill.registry.kinds import (
    PersonRole,
    RecordStatus,
)
from waybill.rules.asking import asked_questions
from waybill.rules.evidence import (
    AnswerItem,
    LoadingItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.finding import Phase
from waybill.services.checks.queries import get_check
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.services.waybills.queries import get_waybill
from waybill.storage.base import Base
from waybill.storage.log import EventRow
from waybill.storage.registry import (
    BayRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
)
from waybill.storage.waybills import VerdictRow, WaybillRow


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


class TestBay:
    """Place, people and codes at the bay."""

    @pytest.mark.parametrize(
        ("row", "name"),
        [(FacilityRow, "facility"), (BayRow, "bay"), (OrganisationRow, "organisation")],
    )
    def test_a_place_closed_during_the_check_clears_nothing(
        self, session: Session, line: Line, row: type[Base], name: str
    ) -> None:
        check_id = shown(session, line)
        ids: Mapping[str, UUID] = {
            "facility": line.yard.facility_id,
            "bay": line.yard.bay_id,
            "organisation": line.yard.accounts.organisations["plant"],
        }
        change_row(session, row, ids[name], status=RecordStatus.SUSPENDED)

        assert decided(session, line, check_id) == [("DOC-01.loader", "place_closed")]

    def test_no_check_is_opened_at_a_suspended_facility(self, session: Session, line: Line) -> None:
        issued = line.issued(session)
        change_row(session, FacilityRow, line.yard.facility_id, status=RecordStatus.SUSPENDED)

        with pytest.raises(NotFoundError):
            line.open(session, issued.qr_text)

    def test_the_escort_cannot_supervise_under_a_second_record(
        self, session: Session, line: Line
    ) -> None:
        escort = session.get_one(PersonRow, line.yard.escort_id)
        change_row(
            session,
            PersonRow,
            line.yard.supervisor_id,
            id_number_index=escort.id_number_index,
            roles=[PersonRole.LOADING_SUPERVISOR.value],
        )

        assert decided(session, line, shown(session, line)) == [("SUP-01.named", "is_of_crew")]

    def test_an_absent_driver_is_refused(self, session: Session, line: Line) -> None:
        check_id = shown(session, line)
        now = line.clock.now()
        line.add(
            session, check_id, PresenceItem(role="driver", reference="", present=False, at=now)
        )

        assert decided(session, line, check_id) == [("DOC-02.driver", "absent")]

    def test_a_no_is_said_after_the_yes_that_it_takes_back_whichever_servers_clock_is_ahead(
        self, session: Session, line: Line
    ) -> None:
        check_id, now = shown(session, line), line.clock.now()
        leak = AnswerItem(question="no_leak", answer="yes", at=now + timedelta(seconds=2))
        line.add(session, check_id, leak)
        line.add(session, check_id, msgspec.structs.replace(leak, answer="no", at=now))
        loader = line.yard.actor("loader")
        items = get_check(session, loader, check_id, keys=line.keys, clock=line.clock).items

        assert items[-2].at < items[-1].at
        assert decided(session, line, check_id) == [("HAND-02.before", "answered_no")]

    def test_another_card_is_shown_after_the_right_one_whichever_servers_clock_is_ahead(
        self, session: Session, line: Line
    ) -> None:
        check_id = shown(session, line)
        right, other = (
            line.read(line.card(QrKind.VEHICLE, p)) for p in (TRACTOR_PLATE, "苏H99999")
        )
        assert right is not None
        assert other is not None
        ahead = line.clock.now() + timedelta(seconds=2)
        line.add(session, check_id, msgspec.structs.replace(right, at=ahead))
        line.add(session, check_id, other)

        assert decided(session, line, check_id) == [("DOC-02.tractor", "differs")]

    def test_a_typed_plate_does_not_cure_a_superseded_card(
        self, session: Session, line: Line
    ) -> None:
        check_id = shown(session, line)
        line.scan(session, check_id, line.card(QrKind.VEHICLE, TRACTOR_PLATE, version=9))
        line.add(session, check_id, typed_vehicle(line))

        assert decided(session, line, check_id) == [("DOC-02.tractor", "card_superseded")]

    def test_the_right_card_does(self, session: Session, line: Line) -> None:
        check_id = shown(session, line)
        line.scan(session, check_id, line.card(QrKind.VEHICLE, TRACTOR_PLATE, version=9))
        line.add(session, check_id, typed_vehicle(line))
        line.scan(session, check_id, line.card(QrKind.VEHICLE, TRACTOR_PLATE))

        assert decided(session, line, check_id) == []


def typed_vehicle(line: Line) -> ScanItem:
    return ScanItem(
        kind=ScanKind.VEHICLE,
        presentation=Presentation.TYPED,
        subject=TRACTOR_PLATE,
        at=line.clock.now(),
    )


class TestTime:
    """The signed dates, not the columns; loading after the clearance, not before."""

    def test_columns_cannot_stretch_what_was_signed(
        self, session: Session, line: Line, clock: FixedClock
    ) -> None:
        issued = line.issued(session)
        clock.advance(timedelta(days=2))
        line.drive_on(session)
        check_id = line.open(session, issued.qr_text).check_id
        assert check_id is not None
        line.show_everything(session, check_id)
        change_row(session, WaybillRow, issued.id, planned_loading_at=clock.now())

        assert decided(session, line, check_id) == [("DOC-01.dates", "other_day")]

    def test_an_evening_load_is_cleared_after_midnight_but_not_in_the_morning(
        self, session: Session, line: Line, clock: FixedClock
    ) -> None:
        evening = clock.now() + timedelta(hours=9, minutes=45)
        issued = line.issued(session, line.yard.draft(planned_loading_at=evening))
        clock.advance(timedelta(hours=10))
        line.drive_on(session)
        check_id = line.open(session, issued.qr_text).check_id
        assert check_id is not None
        in_time = line.show_everything(session, check_id).verdict
        clock.advance(timedelta(hours=4))
        line.drive_on(session)
        too_late = decided(session, line, check_id)

        assert standing(in_time) == []
        assert too_late == [("DOC-01.dates", "other_day")]

    def test_what_was_loaded_before_the_clearance_is_not_released(
        self, session: Session, line: Line, clock: FixedClock
    ) -> None:
        _, check_id = line.cleared(session)
        early = clock.now() - timedelta(minutes=1)
        record = line.loading()
        fields = {name: getattr(record, name) for name in record.__struct_fields__}

        release = line.release(session, check_id, LoadingItem(**(fields | {"started_at": early})))

        assert standing(release.verdict) == [("AFTER-01.times", "before_clearance")]

    def test_what_is_signed_is_judged_whatever_another_servers_clock_said_of_the_one_before(
        self, session: Session, line: Line, clock: FixedClock
    ) -> None:
        _, check_id = line.cleared(session)
        right, over = line.loading(), line.loading("28100")
        ahead = clock.now() + timedelta(seconds=2)
        refused = line.submit(session, check_id, msgspec.structs.replace(right, at=ahead))
        assert not refused.released

        release = line.release(session, check_id, over)

        assert standing(release.verdict) == [("AFTER-01.quantity", "over_planned")]

    def test_a_cancelled_waybill_is_not_released(self, session: Session, line: Line) -> None:
        issued, check_id = line.cleared(session)
        session.expire_all()
        carrier = line.yard.actor("carrier")
        cancel_waybill(
            session,
            carrier,
            issued.id,
            reason="货主取消了订单",
            expected_version=get_waybill(session, carrier, issued.id).summary.version,
            clock=line.clock,
        )

        with pytest.raises(StateError):
            line.release(session, check_id)


class TestRecord:
    """One event per act, and the verdict that it names is the one that is kept."""

    def test_each_act_writes_one_event(self, session: Session, line: Line) -> None:
        counts = [_events(session)]
        draft_id = line.draft(session)
        counts.append(_events(session))
        issued = line.issue(session, draft_id)
        counts.append(_events(session))
        check_id = line.open(session, issued.qr_text).check_id
        assert check_id is not None
        counts.append(_events(session))
        told = line.show_everything(session, check_id)
        counts.append(_events(session))
        line.decide(session, check_id)
        line.answer_after_loading(session, check_id)
        counts.append(_events(session))
        line.submit(session, check_id)
        counts.append(_events(session))

        before, after = (
            len(asked_questions(told.facts, phase, local_date(line.clock.now())))
            for phase in (Phase.BEFORE_LOADING, Phase.AFTER_LOADING)
        )
        shown_items = len(CARDS) + len(line.seen()) + before
        assert [b - a for a, b in pairwise(counts)] == [1, 1, 1, shown_items, 1 + after, 1]

    def test_the_event_names_the_bytes_that_are_kept(self, session: Session, line: Line) -> None:
        _, check_id = line.cleared(session)
        line.release(session, check_id)
        session.expire_all()

        rows = session.scalars(select(VerdictRow).order_by(VerdictRow.id)).all()
        named = [_data(session.get_one(EventRow, row.event_id))["verdict"] for row in rows]
        kept = [hashlib.sha256(row.facts + b"\x00" + row.findings).hexdigest() for row in rows]

        assert named == kept == [row.digest for row in rows]
        assert len(rows) == 3

    def test_figures_and_moments_are_spelled_alike_on_both_databases(
        self, session: Session, line: Line
    ) -> None:
        line.cleared(session)
        session.expire_all()

        row = session.scalars(select(VerdictRow).order_by(VerdictRow.id.desc())).first()
        assert row is not None
        facts = json.loads(row.facts)

        assert [facts["trailer"][name] for name in ("rated_load_kg", "tare_kg")] == [
            "28500",
            "11200",
        ]
        assert (facts["tank"]["capacity_l"], facts["goods"][0]["quantity_kg"]) == ("45000", "28000")
        assert [
            facts["waybill"][name] for name in ("planned_loading_at", "valid_from", "valid_until")
        ] == ["2026-11-22T07:00:00Z", "2026-11-22T06:05:00Z", "2026-11-25T07:00:00Z"]


def _events(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(EventRow)) or 0


def _data(row: EventRow) -> Mapping[str, object]:
    body: dict[str, Mapping[str, object]] = json.loads(row.body)
    return body["data"]
