"""What a tank held before is known from its releases, and from loadings that ended early."""

from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.harness.accounts import seed_accounts
from tests.harness.line import Line
from tests.harness.trips import seed_yard
from waybill.clock import FixedClock
from waybill.rules.facts import CargoFacts, Facts
from waybill.rules.lifecycle import Aboard
from waybill.services.cargo_facts import last_cargoes_of
from waybill.services.checks.aborting import abort_check
from waybill.services.dossier import Dossier
from waybill.services.facts import facts_of
from waybill.services.waybills.cancelling import cancel_waybill
from waybill.storage.facts_query import OF_WAYBILL


@pytest.fixture
def line(session: Session, clock: FixedClock) -> Line:
    """A clean petrol trip, nothing of it done yet."""
    yard = seed_yard(session, seed_accounts(session, clock.now()), clock.now())
    return Line(yard=yard, clock=clock)


def dossier(session: Session, line: Line) -> Dossier:
    """Gather a new draft with the same tank."""
    asked = {
        "waybill_id": line.draft(session),
        "actor_id": line.yard.actor("carrier").user_id,
        "supervisor_reference": "",
        "sequence_day": "",
    }
    return Dossier(OF_WAYBILL.read(session, asked))


def facts(session: Session, line: Line) -> Facts:
    """Return the facts of a new draft with the same tank."""
    return facts_of(dossier(session, line), line.keys.table, at=line.clock.now())


def test_a_tank_that_was_never_released_has_no_known_cargo(session: Session, line: Line) -> None:
    known = facts(session, line).tank

    assert known is not None
    assert known.last_cargoes == ()


def test_what_was_released_last_is_what_the_tank_held(session: Session, line: Line) -> None:
    _, check_id = line.cleared(session)
    line.release(session, check_id)

    known = facts(session, line).tank

    assert known is not None
    assert known.last_cargoes == (
        CargoFacts(compartment=0, entry_key="1203", un_number="1203", loaded_at=line.clock.now()),
    )


@pytest.mark.parametrize("aboard", [Aboard.UNLOADED, Aboard.NOTHING])
def test_what_a_loading_left_that_was_broken_off_is_what_the_tank_held(
    session: Session, line: Line, aboard: Aboard
) -> None:
    _, check_id = line.cleared(session)
    loader = line.yard.actor("loader")
    abort_check(session, loader, check_id, reason="雷雨，停止作业", aboard=aboard, clock=line.clock)

    known = facts(session, line).tank

    assert known is not None
    assert [cargo.un_number for cargo in known.last_cargoes] == (
        [] if aboard is Aboard.NOTHING else ["1203"]
    )


def test_so_is_what_its_carrier_cancelled_while_it_was_loaded(session: Session, line: Line) -> None:
    issued, _ = line.cleared(session)
    cancel_waybill(
        session,
        line.yard.actor("carrier"),
        issued.id,
        reason="客户退单",
        expected_version=3,
        clock=line.clock,
    )

    known = facts(session, line).tank

    assert known is not None
    assert [cargo.un_number for cargo in known.last_cargoes] == ["1203"]


def test_each_compartment_keeps_its_newest_cargo(session: Session, line: Line) -> None:
    _, check_id = line.cleared(session)
    line.release(session, check_id)
    gathered = dossier(session, line)
    assert gathered.tank is not None
    gathered.tank.compartments.append(
        {"number": 2, "capacity_l": str(Decimal(1000)), "largest_section_l": None}
    )

    (cargo,) = last_cargoes_of(gathered)

    assert (cargo.compartment, cargo.entry_key) == (1, "1203")
