"""Surge in a half-full shell (ADR 4.3.2.2.4), at each edge and one step to either side."""

from decimal import Decimal

import pytest

from tests.harness.rule_facts import AT, goods, tank
from tests.harness.rule_trips import loaded_trip, loading, trip
from tests.harness.tank_loads import OXYGEN, PROPANE, vessel
from waybill.rules.evidence import LoadedLine
from waybill.rules.facts import CompartmentFacts, Facts, PhysicalState
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

UNDIVIDED = Decimal(30000)


def planned(facts: Facts) -> Finding:
    return get_rule("TNK-03.surge", 1).check(facts, AT)


def shell(
    volume_l: str,
    section_l: Decimal | None = UNDIVIDED,
    capacity_l: str = "30000",
    /,
    **line: object,
) -> Facts:
    """Return a plan for one compartment; 1 kg of the liquid takes up 1 L at 15 °C."""
    part = CompartmentFacts(number=1, capacity_l=Decimal(capacity_l), largest_section_l=section_l)
    water = {
        "density_kg_l": Decimal(1),
        "density_50_kg_l": Decimal("0.99"),
        "quantity_kg": Decimal(volume_l),
        **line,
    }
    return trip(tank=tank(compartments=(part,)), goods=(goods(**water),))


def finding(outcome: Outcome, reason: str, **facts: object) -> Finding:
    return Finding(
        code="TNK-03.surge",
        version=1,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts={"position": 1, "un_number": "1203", "compartment": 1, **facts},  # type: ignore[dict-item]
    )


class TestShare:
    @pytest.mark.parametrize(
        ("volume_l", "percent"),
        [
            pytest.param("0.1", "0", id="all but empty"),
            pytest.param("6000", "20", id="exactly 20 %"),
            pytest.param("24000", "80", id="exactly 80 %"),
            pytest.param("30000", "100", id="full"),
        ],
    )
    @pytest.mark.parametrize("section_l", [UNDIVIDED, None], ids=["undivided", "not on record"])
    def test_outside_the_band_nothing_surges(
        self, volume_l: str, percent: str, section_l: Decimal | None
    ) -> None:
        assert planned(shell(volume_l, section_l)) == finding(
            Outcome.PASSED, "outside_band", full_percent=percent, capacity_l="30000"
        )

    @pytest.mark.parametrize(
        ("volume_l", "percent"),
        [
            pytest.param("6003", "20.01", id="just over 20 %"),
            pytest.param("15000", "50", id="half full"),
            pytest.param("23997", "79.99", id="just under 80 %"),
        ],
    )
    def test_inside_the_band_an_undivided_shell_is_refused(
        self, volume_l: str, percent: str
    ) -> None:
        assert planned(shell(volume_l)) == finding(
            Outcome.FAILED,
            "would_surge",
            full_percent=percent,
            capacity_l="30000",
            section_l="30000",
        )

    def test_sections_that_are_not_on_record_are_unknown(self) -> None:
        assert planned(shell("15000", None)) == finding(
            Outcome.UNKNOWN, "sections_unknown", full_percent="50", capacity_l="30000"
        )

    @pytest.mark.parametrize(
        ("section_l", "reason"),
        [("7499.9", "small_sections"), ("7500", "small_sections"), ("7500.1", "would_surge")],
    )
    def test_a_section_of_7500_litres_is_small(self, section_l: str, reason: str) -> None:
        assert planned(shell("15000", Decimal(section_l))).reason == reason

    @pytest.mark.parametrize(
        ("capacity_l", "reason"), [("7500", "small_sections"), ("7500.1", "sections_unknown")]
    )
    def test_a_shell_of_7500_litres_is_a_small_section(self, capacity_l: str, reason: str) -> None:
        assert planned(shell("3700", None, capacity_l)).reason == reason

    def test_a_small_shell_says_its_size(self) -> None:
        assert planned(shell("3700", None, "7000")) == finding(
            Outcome.NOT_APPLICABLE, "small_sections", section_l="7000"
        )


class TestExemption:
    @pytest.mark.parametrize(
        ("viscosity", "reason"),
        [("2679.9", "would_surge"), ("2680", "exempt_goods"), ("2680.1", "exempt_goods")],
    )
    def test_viscous_liquids(self, viscosity: str, reason: str) -> None:
        assert planned(shell("15000", viscosity_mm2_s=Decimal(viscosity))).reason == reason

    def test_no_liquefied_gas_is_viscous(self) -> None:
        gas = {"division": "2.1", "classification_code": "2F", "viscosity_mm2_s": Decimal(9999)}

        assert planned(shell("15000", **gas)).reason == "would_surge"

    def test_an_unknown_viscosity_exempts_nothing(self) -> None:
        assert planned(shell("15000", viscosity_mm2_s=None)).reason == "would_surge"

    @pytest.mark.parametrize("un_number", ["1963", "1966"])
    def test_helium_and_hydrogen(self, un_number: str) -> None:
        found = planned(shell("15000", un_number=un_number, viscosity_mm2_s=None))

        assert (found.outcome, found.reason) == (Outcome.NOT_APPLICABLE, "exempt_goods")

    @pytest.mark.parametrize(
        ("changes", "reason"),
        [
            pytest.param(
                {"physical_state": PhysicalState.SOLID, "tank_code": "SGAV"},
                "does_not_surge",
                id="solid",
            ),
            pytest.param(
                {"physical_state": PhysicalState.SOLID},
                "would_surge",
                id="a liquid said to be solid",
            ),
            pytest.param({"empty_uncleaned": True}, "would_surge", id="a load said to be empty"),
            pytest.param({"physical_state": PhysicalState.ASK}, "would_surge", id="not known"),
            pytest.param(
                {"division": "2.2", "classification_code": "1A"}, "does_not_surge", id="compressed"
            ),
            pytest.param(
                {"division": "2.1", "classification_code": "2F"}, "would_surge", id="liquefied"
            ),
            pytest.param(
                {"division": "2.1", "classification_code": "?"}, "would_surge", id="any gas"
            ),
            pytest.param(
                {
                    "division": "2.2",
                    "classification_code": "2A",
                    "physical_state": PhysicalState.SOLID,
                },
                "would_surge",
                id="a gas said to be solid",
            ),
        ],
    )
    def test_what_is_not_liquid_does_not_surge(
        self, changes: dict[str, object], reason: str
    ) -> None:
        assert planned(shell("15000", **changes)).reason == reason

    @pytest.mark.parametrize(
        ("quantity_kg", "outcome", "reason"),
        [
            pytest.param("2100", Outcome.NOT_APPLICABLE, "residue", id="5 %"),
            pytest.param("2100.1", Outcome.UNKNOWN, "density_unknown", id="more than that"),
        ],
    )
    def test_a_residue_is_not_asked_about(
        self, quantity_kg: str, outcome: Outcome, reason: str
    ) -> None:
        line = goods(quantity_kg=Decimal(quantity_kg), empty_uncleaned=True, density_kg_l=None)

        found = planned(trip(goods=(line,)))

        assert (found.outcome, found.reason) == (outcome, reason)

    def test_refrigerated_oxygen_surges(self) -> None:
        line = goods(**{**OXYGEN, "quantity_kg": Decimal(17100)})

        found = planned(trip(tank=vessel(capacity_l=Decimal(30000)), goods=(line,)))

        assert (found.reason, found.facts["full_percent"]) == ("sections_unknown", "50")

    def test_a_gas_without_density_is_unknown(self) -> None:
        line = goods(**{**PROPANE, "density_kg_l": None})

        assert planned(trip(tank=vessel(), goods=(line,))).reason == "density_unknown"


class TestLoaded:
    def test_what_was_loaded_is_judged_not_the_plan(self) -> None:
        part = LoadedLine(position=1, quantity_kg=Decimal(15000))
        plan = shell("24000")
        facts = loaded_trip(loading(lines=(part,)), goods=plan.goods, tank=plan.tank)

        found = get_rule("AFTER-01.surge", 1).check(facts, AT)

        assert found == Finding(
            code="AFTER-01.surge",
            version=1,
            severity=Severity.STOP,
            outcome=Outcome.FAILED,
            reason="would_surge",
            facts={
                "position": 1,
                "un_number": "1203",
                "compartment": 1,
                "full_percent": "50",
                "capacity_l": "30000",
                "section_l": "30000",
            },
        )

    def test_the_worst_compartment_decides(self) -> None:
        parts = tuple(
            CompartmentFacts(number=n, capacity_l=UNDIVIDED, largest_section_l=section_l)
            for n, section_l in ((1, Decimal(7500)), (2, UNDIVIDED))
        )
        lines = tuple(
            goods(
                position=n,
                compartment=n,
                density_kg_l=Decimal(1),
                density_50_kg_l=Decimal("0.99"),
                quantity_kg=Decimal(15000),
            )
            for n in (1, 2)
        )

        found = planned(trip(tank=tank(compartments=parts), goods=lines))

        assert (found.reason, found.facts["position"]) == ("would_surge", 2)
