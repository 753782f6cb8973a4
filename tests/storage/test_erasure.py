"""The right of deletion: values go, or wait under restriction; what was signed and logged stays."""

from datetime import date, timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.personal import ID_NUMBER, name_driver, retire_driver
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, change_row, seed_yard
from waybill.clock import FixedClock
from waybill.codec import sha256
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    StateError,
)
from waybill.registry.kinds import RecordStatus
from waybill.registry.personal import (
    DisclosedValue,
    ErasureOutcome,
    ErasureRequest,
    LegalPurpose,
    RequestStatus,
    Restriction,
    ValueState,
)
from waybill.registry.records import PersonChanges, StatusChange
from waybill.registry.retention import UseKind
from waybill.rules.assess import replay
from waybill.sealing import verify_bytes
from waybill.services.personal.disclosing import disclose_value
from waybill.services.personal.holdings import get_value, values_of_person
from waybill.services.personal.requests import (
    decide_erasure,
    get_erasure_request,
    list_erasure_requests,
    request_erasure,
)
from waybill.services.registry import people
from waybill.services.registry.disclosures import PersonalField, disclose_person
from waybill.storage.identity import UserRow
from waybill.storage.log import EventRow, PersonalValueRow
from waybill.storage.registry import PersonRow
from waybill.storage.waybills import VerdictRow, WaybillRevisionRow

REASON = "本人书面申请"


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


def asked(session: Session, yard: Yard, clock: FixedClock) -> ErasureRequest:
    """Retire the driver and ask for erasure, as the carrier."""
    retire_driver(session, yard, VAULT, clock)
    return request_erasure(session, yard.actor("carrier"), yard.driver_id, REASON, clock=clock)


def decide(
    session: Session,
    yard: Yard,
    request_id: UUID,
    clock: FixedClock,
    *,
    who: str = "senior-auditor",
    approved: bool = True,
) -> tuple[ErasureRequest, ErasureOutcome]:
    """Decide a request as an account, approving it."""
    actor = yard.accounts.actor(who)
    return decide_erasure(
        session, actor, request_id, approved=approved, reason="已核实", clock=clock
    )


def told(session: Session, kind: str) -> list[dict[str, object]]:
    """Return what the events of a kind say, oldest first."""
    rows = session.scalars(select(EventRow).where(EventRow.kind == kind).order_by(EventRow.id))
    return [msgspec.json.decode(row.body)["data"] for row in rows]


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
    def test_the_state_says_until_when(
        self, session: Session, yard: Yard, refs: dict[str, str]
    ) -> None:
        value = get_value(session, yard.actor("carrier"), refs["phone"])

        assert (value.state, value.restricted_until) == (ValueState.RESTRICTED, self.UNTIL)


class TestProofs:
    """After erasure every signature, verdict, replay and leaf is what it was."""

    def test_everything_that_was_proved_is_proved_still(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        line = Line(yard=yard, clock=clock)
        issued, check_id = line.cleared(session)
        line.release(session, check_id)
        signed_at = clock.now()
        leaves = leaf_hashes(session)
        clock.advance(timedelta(days=400))
        request = asked(session, yard, clock)

        _, outcome = decide(session, yard, request.id, clock)

        assert sorted(outcome.erased) == sorted(refs.values())
        session.expire_all()
        revision = session.get_one(WaybillRevisionRow, (issued.id, 1))
        assert refs["name"].encode() in revision.document
        verify_bytes(revision.document_jws, revision.document, line.keys.table, signed_at=signed_at)
        verdicts = session.scalars(select(VerdictRow).order_by(VerdictRow.id)).all()
        assert {v.phase.value for v in verdicts} >= {"issue", "before_loading", "after_loading"}
        for kept in verdicts:
            assert kept.digest == sha256(kept.facts + b"\x00" + kept.findings).hex()
            assert (
                replay(
                    kept.facts,
                    kept.findings,
                    phase=kept.phase,
                    at=kept.judged_at,
                    edition=kept.edition,
                )
                == ()
            )
        again = leaf_hashes(session)
        assert [again[event_id] for event_id in leaves] == list(leaves.values())


def leaf_hashes(session: Session) -> dict[UUID, str]:
    """Return what the log's tree commits to, of every event."""
    rows = session.execute(select(EventRow.id, EventRow.salt, EventRow.body).order_by(EventRow.id))
    return {row.id: sha256(row.salt + row.body).hex() for row in rows}


def test_a_disclosed_value_recomputes_the_commitment_in_the_document(
    session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
) -> None:
    issued = Line(yard=yard, clock=clock).issued(session)
    document = session.get_one(WaybillRevisionRow, (issued.id, 1)).document

    shown = disclose_value(
        session, yard.actor("carrier"), refs["phone"], "核对运单", vault=VAULT, clock=clock
    )

    assert shown == DisclosedValue(
        commitment=refs["phone"],
        field="phone",
        salt=shown.salt,
        value="13905171234",
        event_id=shown.event_id,
    )
    recomputed = sha256(bytes.fromhex(shown.salt) + b"phone\x0013905171234").hex()
    assert f'"phone":"{recomputed}"'.encode() in document


class TestDisclosure:
    """Who may not, and what is not there."""

    def test_another_carrier_knows_of_nothing(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        with pytest.raises(NotFoundError):
            disclose_value(
                session,
                yard.accounts.actor("other-carrier"),
                refs["phone"],
                "查",
                vault=VAULT,
                clock=clock,
            )

    def test_an_auditor_reads_no_value(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        with pytest.raises(ForbiddenError):
            disclose_value(
                session,
                yard.accounts.actor("auditor"),
                refs["phone"],
                "查",
                vault=VAULT,
                clock=clock,
            )

    def test_an_erased_value_says_so(
        self, session: Session, yard: Yard, refs: dict[str, str], clock: FixedClock
    ) -> None:
        request = asked(session, yard, clock)
        decide(session, yard, request.id, clock)

        with pytest.raises(StateError, match="was erased") as refused:
            disclose_value(
                session, yard.actor("carrier"), refs["phone"], "查", vault=VAULT, clock=clock
            )

        assert refused.value.next_step_en

    def test_a_commitment_that_nobody_made_is_not_found(
        self, session: Session, yard: Yard, clock: FixedClock
    ) -> None:
        with pytest.raises(NotFoundError):
            disclose_value(session, yard.actor("carrier"), "0" * 64, "查", vault=VAULT, clock=clock)
