"""Ways round the tank that the rules close: a tank is not left out by other words for it."""

from decimal import Decimal

import pytest

from tests.harness.rule_facts import (
    AT,
    goods,
    substance,
    tank,
    tractor,
    trailer,
    waybill,
)
from tests.harness.rule_trips import (
    TANK_SCAN,
    packages_trip,
    scan,
    trip,
    without,
)
from waybill.registry.kinds import (
    TankKind,
    UnitBody,
)
from waybill.rules.assess import assess
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.rules.facts import CarriageMode, Facts
from waybill.rules.finding import Phase
from waybill.rules.register import current_edition

TYPED = Presentation.TYPED


def standing(facts: Facts, phase: Phase = Phase.BEFORE_LOADING) -> list[tuple[str, str]]:
    assessment = assess(facts, at=AT, phase=phase, edition=current_edition())
    return [(finding.code, finding.reason) for finding in assessment.standing]


def coded(*lines: tuple[str, str, int, str]) -> ScanItem:
    """Return the waybill's code with these goods."""
    return scan(ScanKind.WAYBILL, "waybill-1", revision=1, goods=lines)


class TestTankDodges:
    """No way of writing the goods leads round the tank's list."""

    def test_one_honest_line_does_not_open_the_tank_for_another(self) -> None:
        lines = (
            goods(quantity_kg=Decimal(1000)),
            goods(position=2, un_number="1230", mode=CarriageMode.PACKAGES),
        )

        assert ("GDS-01.mode", "beside_tank") in standing(trip(goods=lines))

    def test_bulk_is_no_way_round_either(self) -> None:
        line = goods(mode=CarriageMode.BULK, bulk_provisions=("VC1",))

        assert standing(trip(goods=(line,))) == [("GDS-01.mode", "beside_tank")]

    def test_packages_may_stand_beside_a_container_that_is_filled(self) -> None:
        lines = (
            goods(quantity_kg=Decimal(10000)),
            goods(position=2, quantity_kg=Decimal(1000), mode=CarriageMode.PACKAGES),
        )
        container = tank(
            kind=TankKind.TANK_CONTAINER,
            mounted_on_id=None,
            tare_kg=Decimal(4000),
            capacity_l=Decimal(15000),
        )
        code = coded(("1203", "II", 10000, "kg"), ("1203", "II", 1000, "kg"))

        carrying = trailer(body=UnitBody.CONTAINER_CARRIER)

        assert standing(trip(code, goods=lines, tank=container, trailer=carrying)) == []

    @pytest.mark.parametrize("mode", [CarriageMode.PACKAGES, CarriageMode.BULK])
    def test_a_tank_is_not_left_out_by_writing_packages(self, mode: CarriageMode) -> None:
        unnamed = waybill(tank_number=None)
        line = goods(mode=mode, bulk_provisions=("VC1",))
        evidence = without(TANK_SCAN)

        facts = trip(goods=(line,), tank=None, waybill=unnamed, evidence=evidence)

        assert ("GDS-01.mode", "on_tank_vehicle") in standing(facts)

    @pytest.mark.parametrize("kind", [TankKind.TANK_CONTAINER, TankKind.PORTABLE_TANK])
    def test_a_tank_vehicle_is_not_called_a_container(self, kind: TankKind) -> None:
        called = tank(kind=kind, portable_tank_instruction="T4", tare_kg=Decimal(1))

        assert ("GDS-01.mode", "on_tank_vehicle") in standing(trip(tank=called))

    @pytest.mark.parametrize(
        "body", [UnitBody.VAN, UnitBody.OPEN, UnitBody.CONTAINER_CARRIER, None]
    )
    def test_packages_go_on_any_other_body(self, body: UnitBody | None) -> None:
        unnamed = waybill(tank_number=None)

        facts = trip(
            goods=(goods(mode=CarriageMode.PACKAGES),),
            tank=None,
            waybill=unnamed,
            evidence=without(TANK_SCAN),
            trailer=trailer(body=body),
        )

        assert standing(facts) == []

    def test_the_body_of_the_vehicle_that_only_draws_does_not_matter(self) -> None:
        facts = trip(tractor=tractor(body=UnitBody.TANK), trailer=trailer(body=UnitBody.VAN))

        assert standing(facts) == []

    def test_a_vehicle_that_is_not_on_record_adds_nothing_here(self) -> None:
        facts = packages_trip(tractor=None)

        assert "GDS-01.mode" not in [code for code, _ in standing(facts)]

    def test_a_gas_goes_into_no_atmospheric_tank_whatever_its_list_says(self) -> None:
        line = goods(division="2.1", classification_code="2F", un_number="1978")
        listed = tank(approved_substances=(substance("1978"),))

        assert ("TNK-02.approved", "gas_in_atmospheric_tank") in standing(
            trip(goods=(line,), tank=listed)
        )

    def test_the_tare_of_a_container_counts_wherever_it_is_on_record(self) -> None:
        container = tank(kind=TankKind.TANK_CONTAINER, tare_kg=Decimal(4000))

        carrying = trailer(body=UnitBody.CONTAINER_CARRIER)

        assert standing(trip(tank=container, trailer=carrying)) == [
            ("TNK-03.mass", "over_rated_load")
        ]
