"""Approval of tanks, volume caps and last cargo, at their edges and one step to either side."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.rule_facts import goods, tank, trailer
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import CHLORINE, SULPHURIC_ACID, container, portable
from tests.harness.tank_papers import ACID_II, EXPLOSIVE, MAYBE, TOXIC, caps, finding
from waybill.registry.kinds import TankKind, UnitBody
from waybill.rules.facts import (
    CarriageMode,
    TankFacts,
)
from waybill.rules.finding import Outcome


class TestTankCaps:
    @pytest.mark.parametrize(
        ("line", "capacity_l", "reason", "limit_l"),
        [
            pytest.param(SULPHURIC_ACID, "20000", "tank_within_cap", "20000", id="20 m³"),
            pytest.param(SULPHURIC_ACID, "20000.1", "tank_too_large", "20000", id="over 20 m³"),
            pytest.param(EXPLOSIVE, "20000", "tank_within_cap", "20000", id="explosive"),
            pytest.param(EXPLOSIVE, "20000.1", "tank_too_large", "20000", id="explosive, over"),
            pytest.param(TOXIC, "10000", "tank_within_cap", "10000", id="10 m³"),
            pytest.param(TOXIC, "10000.1", "tank_too_large", "10000", id="over 10 m³"),
            pytest.param(MAYBE, "10000", "tank_within_cap", "20000", id="perhaps toxic"),
            pytest.param(MAYBE, "10000.1", "highly_toxic_unknown", "10000", id="perhaps, over"),
            pytest.param(
                {**SULPHURIC_ACID, **TOXIC}, "10000.1", "tank_too_large", "10000", id="both"
            ),
            pytest.param(
                {**SULPHURIC_ACID, **MAYBE},
                "20000",
                "highly_toxic_unknown",
                "10000",
                id="corrosive, perhaps toxic",
            ),
            pytest.param(
                {**SULPHURIC_ACID, **MAYBE}, "20000.1", "tank_too_large", "20000", id="corrosive"
            ),
            pytest.param(ACID_II, "42000", "no_capped_goods", None, id="packing group II"),
            pytest.param({"packing_group": "I"}, "42000", "no_capped_goods", None, id="class 3, I"),
        ],
    )
    @pytest.mark.parametrize("kind", [TankKind.ATMOSPHERIC_TANK, TankKind.MOBILE_PRESSURE_VESSEL])
    def test_the_cap_itself_is_allowed(
        self,
        line: dict[str, object],
        capacity_l: str,
        reason: str,
        limit_l: str | None,
        kind: TankKind,
    ) -> None:
        held = tank(kind=kind, capacity_l=Decimal(capacity_l))

        found = caps(trip(tank=held, goods=(goods(**line),)))

        assert (found.reason, found.facts.get("limit_l")) == (reason, limit_l)

    @pytest.mark.parametrize("held", [container(), portable()])
    def test_tank_containers_are_excepted(self, held: TankFacts) -> None:
        facts = trip(tank=replace(held, capacity_l=Decimal(30000)), goods=(goods(**CHLORINE),))

        assert caps(facts) == finding(
            "TNK-03.volume",
            1,
            Outcome.NOT_APPLICABLE,
            "tank_excepted",
            position=1,
            un_number="1017",
            holder="HA-0001",
            capacity_l="30000",
        )

    def test_a_refusal_says_what_it_judged(self) -> None:
        assert caps(trip(goods=(goods(**TOXIC),))) == finding(
            "TNK-03.volume",
            1,
            Outcome.FAILED,
            "tank_too_large",
            position=1,
            un_number="1203",
            holder="HA-0001",
            capacity_l="42000",
            limit_l="10000",
        )

    def test_the_worst_line_decides(self) -> None:
        lines = (
            goods(quantity_kg=Decimal(100), **TOXIC),
            goods(position=2, mode=CarriageMode.PACKAGES, **TOXIC),
        )

        found = caps(trip(tank=tank(capacity_l=Decimal(10000)), goods=lines))

        assert (found.reason, found.facts["position"]) == ("vehicle_too_large", 2)


class TestVehicleCaps:
    @pytest.mark.parametrize(
        ("line", "body", "rated", "reason"),
        [
            pytest.param(TOXIC, UnitBody.VAN, "10000", "vehicle_within_cap", id="10 t"),
            pytest.param(TOXIC, UnitBody.VAN, "10000.1", "vehicle_too_large", id="over 10 t"),
            pytest.param(EXPLOSIVE, UnitBody.OPEN, "10000.1", "vehicle_too_large", id="explosive"),
            pytest.param(SULPHURIC_ACID, UnitBody.VAN, "10001", "vehicle_too_large", id="acid"),
            pytest.param(MAYBE, UnitBody.VAN, "10000", "vehicle_within_cap", id="perhaps toxic"),
            pytest.param(MAYBE, UnitBody.VAN, "10000.1", "toxicity_unknown", id="perhaps, over"),
            pytest.param(TOXIC, None, "10000", "vehicle_within_cap", id="small, body unknown"),
            pytest.param(TOXIC, None, "10000.1", "body_unknown", id="body unknown"),
            pytest.param(MAYBE, None, "10000.1", "body_unknown", id="perhaps, body unknown"),
            pytest.param(TOXIC, UnitBody.VAN, None, "rated_load_unknown", id="load unknown"),
            pytest.param(
                TOXIC, UnitBody.CONTAINER_CARRIER, None, "container_carrier", id="carrier"
            ),
            pytest.param(ACID_II, UnitBody.VAN, "29000", "no_capped_goods", id="group II"),
        ],
    )
    def test_the_cap_itself_is_allowed(
        self, line: dict[str, object], body: UnitBody | None, rated: str | None, reason: str
    ) -> None:
        unit = trailer(body=body, rated_load_kg=None if rated is None else Decimal(rated))
        facts = trip(trailer=unit, goods=(goods(mode=CarriageMode.PACKAGES, **line),))

        assert caps(facts).reason == reason

    def test_a_refusal_says_what_it_judged(self) -> None:
        facts = trip(
            trailer=trailer(body=UnitBody.VAN), goods=(goods(mode=CarriageMode.BULK, **TOXIC),)
        )

        assert caps(facts) == finding(
            "TNK-03.volume",
            1,
            Outcome.FAILED,
            "vehicle_too_large",
            position=1,
            un_number="1203",
            holder="苏H1234挂",
            rated_kg="29000",
            limit_kg="10000",
        )
