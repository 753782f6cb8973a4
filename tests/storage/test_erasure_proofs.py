"""After erasure what was signed and logged stays; what is disclosed recomputes it."""

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness.accounts import Accounts, seed_accounts
from tests.harness.line import Line, seed_signing_key
from tests.harness.personal import asked, decide, name_driver
from tests.harness.registrations import VAULT
from tests.harness.trips import Yard, seed_yard
from waybill.clock import FixedClock
from waybill.codec import sha256
from waybill.errors import (
    ForbiddenError,
    NotFoundError,
    StateError,
)
from waybill.registry.personal import (
    DisclosedValue,
)
from waybill.rules.assess import replay
from waybill.sealing import verify_bytes
from waybill.services.personal.disclosing import disclose_value
from waybill.storage.log import EventRow
from waybill.storage.waybills import VerdictRow, WaybillRevisionRow


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


def leaf_hashes(session: Session) -> dict[UUID, str]:
    """Return what the log's tree commits to, of every event."""
    rows = session.execute(select(EventRow.id, EventRow.salt, EventRow.body).order_by(EventRow.id))
    return {row.id: sha256(row.salt + row.body).hex() for row in rows}


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
