"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from dataclasses import replace

import pytest

from tests.harness.rule_facts import goods, tank, waybill
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import TWO_COMPARTMENTS, cargo, cleaning, declared
from tests.harness.tank_papers import after, finding
from waybill.rules.finding import Outcome


class TestDeclaredCargo:
    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared("1203"),), "same_goods", id="same row"),
            pytest.param((declared("1203", entry_key="1203-ii"),), "same_number", id="number"),
            pytest.param((declared("1202"),), "not_cleaned", id="another"),
            pytest.param((declared(nothing=True),), "declared_empty", id="nothing"),
            pytest.param((declared("1203", compartment=5),), "same_goods", id="one shell"),
            pytest.param((declared("1203"), declared("1202")), "not_cleaned", id="the worst"),
            pytest.param((), "last_cargo_unknown", id="none"),
        ],
    )
    def test_it_counts_where_the_register_knows_nothing(
        self, cargoes: tuple[object, ...], reason: str
    ) -> None:
        facts = trip(tank=tank(last_cargoes=()), waybill=waybill(last_cargoes=cargoes))

        assert after(facts).reason == reason

    def test_it_says_that_it_was_typed(self) -> None:
        facts = trip(tank=tank(last_cargoes=()), waybill=waybill(last_cargoes=(declared("1203"),)))

        assert after(facts) == finding(
            "TNK-04.last_cargo",
            1,
            Outcome.PASSED,
            "same_goods",
            position=1,
            un_number="1203",
            compartment=0,
            provenance="typed",
            last_un_number="1203",
        )

    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared(nothing=True),), "cleaned", id="nothing"),
            pytest.param((declared("1202"),), "cleaning_unsettled", id="another"),
            pytest.param((declared("1203"),), "same_goods", id="the same"),
            pytest.param((), "last_cargo_unknown", id="none"),
        ],
    )
    def test_with_a_cleaning_certificate(self, cargoes: tuple[object, ...], reason: str) -> None:
        held = replace(cleaning(), last_cargoes=())

        found = after(trip(tank=held, waybill=waybill(last_cargoes=cargoes)))

        assert found.reason == reason

    def test_a_certificate_without_first_day_is_shown_without(self) -> None:
        held = replace(cleaning(valid_from=None), last_cargoes=())
        facts = trip(tank=held, waybill=waybill(last_cargoes=(declared(nothing=True),)))

        assert after(facts).facts == {
            "position": 1,
            "un_number": "1203",
            "compartment": 0,
            "provenance": "typed",
            "certificate_id": "cert-tank_cleaning",
            "valid_from": "",
        }

    @pytest.mark.parametrize(
        ("cargoes", "reason"),
        [
            pytest.param((declared("1202"),), "declaration_contradicts", id="another"),
            pytest.param(
                (declared("1203"), declared("1202")), "declaration_contradicts", id="one of two"
            ),
            pytest.param((declared("1203"),), "same_goods", id="the same"),
            pytest.param((declared(nothing=True),), "same_goods", id="nothing"),
        ],
    )
    def test_the_register_goes_first(self, cargoes: tuple[object, ...], reason: str) -> None:
        assert after(trip(waybill=waybill(last_cargoes=cargoes))).reason == reason

    def test_a_contradiction_is_not_cleaned_away(self) -> None:
        facts = trip(tank=cleaning(), waybill=waybill(last_cargoes=(declared("1202"),)))

        assert after(facts).reason == "declaration_contradicts"

    def test_nothing_does_not_undo_what_the_register_knows(self) -> None:
        facts = trip(
            tank=tank(last_cargoes=(cargo("1202"),)),
            waybill=waybill(last_cargoes=(declared(nothing=True),)),
        )

        assert after(facts).reason == "not_cleaned"

    def test_of_another_compartment_it_says_nothing(self) -> None:
        held = tank(compartments=TWO_COMPARTMENTS, last_cargoes=())
        other = (declared("1203", compartment=1),)

        found = after(
            trip(tank=held, goods=(goods(compartment=2),), waybill=waybill(last_cargoes=other))
        )

        assert (found.reason, found.facts["compartment"]) == ("last_cargo_unknown", 2)

    def test_of_its_own_compartment_it_says_what_was_in_it(self) -> None:
        held = tank(compartments=TWO_COMPARTMENTS, last_cargoes=())
        both = (declared("1203", compartment=2), declared("1202", compartment=1))

        found = after(
            trip(tank=held, goods=(goods(compartment=2),), waybill=waybill(last_cargoes=both))
        )

        assert (found.reason, found.facts["compartment"]) == ("same_goods", 2)
