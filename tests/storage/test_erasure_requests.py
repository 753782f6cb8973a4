"""Requests to erase: made on a person's behalf, decided by another, once."""

from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import seed_signing_key
from tests.harness.personal import REASON, asked, decide, name_driver, retire_driver, told
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, change_row, seed_yard
from waybill.clock import FixedClock
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    StateError,
)
from waybill.registry.kinds import RecordStatus
from waybill.registry.personal import (
    ErasureOutcome,
    ErasureRequest,
    RequestStatus,
    ValueState,
)
from waybill.registry.records import StatusChange
from waybill.services.personal.holdings import values_of_person
from waybill.services.personal.requests import (
    get_erasure_request,
    list_erasure_requests,
    request_erasure,
)
from waybill.services.registry import people
from waybill.storage.identity import UserRow
from waybill.storage.registry import PersonRow


@pytest.fixture
def accounts(session: Session, clock: FixedClock) -> Accounts:
    """An account of every role."""
    return seed_accounts(session, clock.now())


@pytest.fixture
def yard(session: Session, accounts: Accounts, clock: FixedClock) -> Yard:
    """A petrol trip's register."""
    seed_signing_key(session, clock)
    return seed_yard(session, accounts, clock.now())


@pytest.fixture
def refs(session: Session, yard: Yard, clock: FixedClock) -> dict[str, str]:
    """The commitments to the driver's values."""
    return name_driver(session, yard, VAULT, clock)


class TestRequest:
    """A person's organisation asks on the person's behalf, or an administrator."""

    @pytest.mark.usefixtures("refs")
    def test_a_request_is_kept_and_told(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)

        carrier = yard.actor("carrier")
        assert request == ErasureRequest(
            id=request.id,
            person_id=yard.driver_id,
            organisation_id=carrier.organisation_id,
            requested_at=clock.now(),
            requested_by=carrier.user_id,
            reason=REASON,
            status=RequestStatus.OPEN,
        )
        assert get_erasure_request(session, carrier, request.id) == request
        assert told(session, "erasure-requested") == [
            {"request": str(request.id), "person": str(yard.driver_id), "reason": REASON}
        ]

    def test_who_is_in_use_is_not_erased(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        with pytest.raises(StateError, match="still in use"):
            request_erasure(session, yard.actor("carrier"), yard.driver_id, REASON, clock=clock)

    def test_who_has_an_active_account_is_not_erased(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        retire_driver(session, yard, VAULT, clock)
        change_row(session, UserRow, yard.accounts.users["loader"].id, person_id=yard.driver_id)

        with pytest.raises(StateError, match="still in use"):
            request_erasure(session, yard.actor("carrier"), yard.driver_id, REASON, clock=clock)

    def test_one_request_a_person_is_open(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        asked(session, yard, clock)

        with pytest.raises(DuplicateError):
            request_erasure(
                session, yard.accounts.actor("admin"), yard.driver_id, REASON, clock=clock
            )

    def test_another_organisation_asks_nothing(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        retire_driver(session, yard, VAULT, clock)

        with pytest.raises(NotFoundError):
            request_erasure(
                session, yard.accounts.actor("other-carrier"), yard.driver_id, REASON, clock=clock
            )

    def test_a_request_needs_its_reason(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        retire_driver(session, yard, VAULT, clock)

        with pytest.raises(InvalidFieldError):
            request_erasure(session, yard.actor("carrier"), yard.driver_id, " ", clock=clock)

    def test_requests_are_seen_by_their_organisation_and_by_overseers(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)
        seen = {
            who: list_erasure_requests(session, yard.accounts.actor(who)).items
            for who in ("carrier", "other-carrier", "auditor", "admin")
        }

        assert seen == {
            "carrier": (request,),
            "other-carrier": (),
            "auditor": (request,),
            "admin": (request,),
        }
        with pytest.raises(NotFoundError):
            get_erasure_request(session, yard.accounts.actor("other-carrier"), request.id)


class TestDecision:
    """Another decides, once."""

    @pytest.mark.usefixtures("refs")
    def test_a_refused_request_changes_no_value(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)

        decided, outcome = decide(session, yard, request.id, clock, approved=False)

        assert (decided.status, decided.decision_reason) == (RequestStatus.REFUSED, "已核实")
        assert outcome == ErasureOutcome(erased=(), restricted=())
        states = {v.state for v in values_of_person(session, yard.driver_id)}
        assert states == {ValueState.STORED}

    def test_nobody_decides_an_own_request(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        retire_driver(session, yard, VAULT, clock)
        admin = yard.accounts.actor("admin")
        request = request_erasure(session, admin, yard.driver_id, REASON, clock=clock)

        with pytest.raises(ForbiddenError, match="does not decide"):
            decide(session, yard, request.id, clock, who="admin")

    def test_a_request_is_decided_once(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)
        decide(session, yard, request.id, clock)

        with pytest.raises(StateError, match="is decided"):
            decide(session, yard, request.id, clock, who="admin")

    def test_the_carrier_decides_nothing(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)

        with pytest.raises(ForbiddenError):
            decide(session, yard, request.id, clock, who="carrier")

    def test_an_unknown_request_is_not_found(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        with pytest.raises(NotFoundError):
            decide(session, yard, UUID(int=1), clock)

    def test_who_was_taken_back_is_not_erased(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)
        people.set_person_status(
            session,
            yard.actor("carrier"),
            yard.driver_id,
            StatusChange(status=RecordStatus.ACTIVE, reason="复职"),
            expected_version=session.get_one(PersonRow, yard.driver_id).version,
            vault=VAULT,
            clock=clock,
        )

        with pytest.raises(StateError, match="still in use"):
            decide(session, yard, request.id, clock)
