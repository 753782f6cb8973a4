"""The right of deletion: values go, or wait under restriction."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.personal import ID_NUMBER, REASON, asked, decide, name_driver, told
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, seed_yard
from waybill.clock import FixedClock
from waybill.errors import (
    ForbiddenError,
    InvalidFieldError,
    StateError,
)
from waybill.registry.kinds import RecordStatus
from waybill.registry.personal import (
    ErasureOutcome,
    LegalPurpose,
    Restriction,
    ValueState,
)
from waybill.registry.records import PersonChanges, StatusChange
from waybill.registry.retention import UseKind
from waybill.services.personal.disclosing import disclose_value
from waybill.services.personal.holdings import get_value, values_of_person
from waybill.services.personal.requests import (
    request_erasure,
)
from waybill.services.registry import people
from waybill.services.registry.disclosures import PersonalField, disclose_person
from waybill.storage.log import PersonalValueRow
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


class TestErasure:
    """Who never drove is erased at once, with all that could find the person again."""

    def test_value_salt_and_index_are_gone(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)

        _, outcome = decide(session, yard, request.id, clock)

        session.expire_all()
        rows = [session.get_one(PersonalValueRow, ref) for ref in refs.values()]
        assert {(row.sealed, row.value_index, row.erased_at) for row in rows} == {
            (None, "", clock.now())
        }
        assert sorted(outcome.erased) == sorted(refs.values())
        person = people.get_person(session, yard.actor("carrier"), yard.driver_id, vault=VAULT)
        assert (person.name_masked, person.id_number_masked, person.phone_masked) == (None,) * 3
        found = people.find_by_id_number(
            session, yard.actor("carrier"), ID_NUMBER, vault=VAULT, clock=clock
        )
        assert found.items == ()

    def test_erasure_is_told_by_commitments(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)

        decide(session, yard, request.id, clock)

        (erased,) = told(session, "personal-values-erased")
        assert (erased["cause"], erased["request"]) == ("request", str(request.id))
        assert erased["id"] == str(yard.driver_id)
        assert erased["values"] == sorted(
            ({"commitment": ref, "field": field} for field, ref in refs.items()),
            key=lambda said: said["field"],
        )
        assert told(session, "erasure-decided") == [
            {
                "request": str(request.id),
                "person": str(yard.driver_id),
                "approved": True,
                "reason": "已核实",
            }
        ]

    def test_the_person_can_be_registered_anew(
        self, session: Session, clock: FixedClock, yard: Yard
    ) -> None:
        carrier = yard.actor("carrier")
        first = people.create_person(session, carrier, build.person(), vault=VAULT, clock=clock)
        people.set_person_status(
            session,
            carrier,
            first.id,
            StatusChange(status=RecordStatus.RETIRED, reason="离职"),
            expected_version=1,
            vault=VAULT,
            clock=clock,
        )
        request = request_erasure(session, carrier, first.id, REASON, clock=clock)
        decide(session, yard, request.id, clock)

        again = people.create_person(session, carrier, build.person(), vault=VAULT, clock=clock)

        assert again.id != first.id

    def test_values_that_were_replaced_before_go_too(
        self, session: Session, clock: FixedClock, yard: Yard
    ) -> None:
        carrier = yard.actor("carrier")
        made = people.create_person(session, carrier, build.person(), vault=VAULT, clock=clock)
        people.update_person(
            session,
            carrier,
            made.id,
            PersonChanges(phone="13905179999"),
            expected_version=1,
            vault=VAULT,
            clock=clock,
        )
        people.set_person_status(
            session,
            carrier,
            made.id,
            StatusChange(status=RecordStatus.RETIRED, reason="离职"),
            expected_version=2,
            vault=VAULT,
            clock=clock,
        )
        request = request_erasure(session, carrier, made.id, REASON, clock=clock)

        _, outcome = decide(session, yard, request.id, clock)

        fields = sorted(v.field for v in values_of_person(session, made.id))
        assert (len(outcome.erased), fields) == (4, ["id_number", "name", "phone", "phone"])


class TestRestriction:
    """Who drove within the year is kept for the law alone, and erased when it asks no longer."""

    UNTIL = date(2027, 11, 25)
    """Twelve months after the last day on which the waybill held."""

    @pytest.fixture
    def restricted(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> ErasureOutcome:
        """What the decision did after a trip that was released."""
        line = Line(yard=yard, clock=clock)
        _, check_id = line.cleared(session)
        line.release(session, check_id)
        request = asked(session, yard, clock)
        assert len(refs) == 3
        return decide(session, yard, request.id, clock)[1]

    def test_nothing_is_erased_within_the_period_of_the_law(
        self, session: Session, refs: dict[str, str], restricted: ErasureOutcome
    ) -> None:
        expected = {
            Restriction(commitment=ref, field=field, until=self.UNTIL, period=UseKind.WAYBILL)
            for field, ref in refs.items()
        }

        assert (restricted.erased, set(restricted.restricted)) == ((), expected)
        (event,) = told(session, "personal-values-restricted")
        assert event["values"] == [
            {
                "commitment": held.commitment,
                "field": held.field,
                "until": self.UNTIL.isoformat(),
                "period": "waybill",
            }
            for held in restricted.restricted
        ]

    @pytest.mark.usefixtures("restricted")
    def test_the_carrier_sees_nothing_of_it(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        carrier = yard.actor("carrier")

        person = people.get_person(session, carrier, yard.driver_id, vault=VAULT)
        assert (person.name_masked, person.id_number_masked, person.phone_masked) == (None,) * 3
        with pytest.raises(StateError, match="under restriction"):
            disclose_person(
                session, carrier, yard.driver_id, PersonalField.NAME, "查", vault=VAULT, clock=clock
            )
        with pytest.raises(ForbiddenError):
            disclose_value(
                session,
                carrier,
                refs["name"],
                "查",
                purpose=LegalPurpose.COURT,
                vault=VAULT,
                clock=clock,
            )

    @pytest.mark.usefixtures("restricted")
    def test_it_is_read_for_a_legal_purpose_with_its_event(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        senior = yard.accounts.actor("senior-auditor")
        with pytest.raises(InvalidFieldError) as refused:
            disclose_value(session, senior, refs["name"], "法院调取", vault=VAULT, clock=clock)

        shown = disclose_value(
            session,
            senior,
            refs["name"],
            "法院调取",
            purpose=LegalPurpose.COURT,
            vault=VAULT,
            clock=clock,
        )

        assert refused.value.problems[0].code == "restricted-needs-purpose"
        assert shown.value == "张建国"
        assert told(session, "personal-value-disclosed") == [
            {
                "field": "name",
                "commitment": refs["name"],
                "reason": "法院调取",
                "restricted": True,
                "purpose": "court",
            }
        ]

    @pytest.mark.usefixtures("restricted")
    def test_the_person_is_not_used_again(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        with pytest.raises(StateError, match="not used again"):
            people.set_person_status(
                session,
                yard.actor("carrier"),
                yard.driver_id,
                StatusChange(status=RecordStatus.ACTIVE, reason="复职"),
                expected_version=session.get_one(PersonRow, yard.driver_id).version,
                vault=VAULT,
                clock=clock,
            )

    @pytest.mark.usefixtures("restricted")
    def test_the_state_says_until_when(
        self, session: Session, yard: Yard, refs: dict[str, str]
    ) -> None:
        value = get_value(session, yard.actor("carrier"), refs["phone"])

        assert (value.state, value.restricted_until) == (ValueState.RESTRICTED, self.UNTIL)
