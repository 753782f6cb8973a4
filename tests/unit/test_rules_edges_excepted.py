"""Excepted quantities at each limit and one step to either side."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.mixed_loads import (
    excepted,
    found,
    judge,
    limited,
    load_of,
    packages,
)
from waybill.codec import JsonValue
from waybill.rules.facts import CarriageMode, GoodsFacts, PhysicalState
from waybill.rules.finding import Outcome
from waybill.rules.regimes import relieving_regimes

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
LIQUID, SOLID = PhysicalState.LIQUID, PhysicalState.SOLID
GAS, ASK = PhysicalState.GAS, PhysicalState.ASK


def d(text: str) -> Decimal:
    return Decimal(text)


def line_facts(code: str, **more: JsonValue) -> dict[str, JsonValue]:
    return {"un_number": "1203", "position": 1, "list_code": code, **more}


class TestExceptedOnTheVehicle:
    """Order 29/2019, article 21: at most 1 000 packages."""

    def test_none_declared(self) -> None:
        finding = judge("MIX-02.excepted", load_of(packages(), limited(2)))

        assert finding == found("MIX-02.excepted", Outcome.NOT_APPLICABLE, "none_declared")

    @pytest.mark.parametrize(
        ("counts", "total", "outcome", "reason"),
        [
            pytest.param((1000,), "1000", Outcome.PASSED, "within_limits", id="exactly 1 000"),
            pytest.param((1001,), "1001", Outcome.FAILED, "vehicle_exceeded", id="1 001"),
            pytest.param((500, 500), "1000", Outcome.PASSED, "within_limits", id="two lines"),
            pytest.param((500, 501), "1001", Outcome.FAILED, "vehicle_exceeded", id="one more"),
            pytest.param((1001, None), "1001", Outcome.FAILED, "vehicle_exceeded", id="and none"),
            pytest.param((1001, -9), "1001", Outcome.FAILED, "vehicle_exceeded", id="and less"),
        ],
    )
    def test_packages(
        self, counts: tuple[int | None, ...], total: str, outcome: Outcome, reason: str
    ) -> None:
        lines = [excepted(place, packages=count) for place, count in enumerate(counts, 1)]

        assert judge("MIX-02.excepted", load_of(*lines)) == found(
            "MIX-02.excepted",
            outcome,
            reason,
            un_numbers=["1203"],
            packages=total,
            limit_packages="1000",
        )

    def test_packages_of_other_lines_do_not_count(self) -> None:
        lines = excepted(packages=1000), packages(2, packages=9), limited(3)

        assert judge("MIX-02.excepted", load_of(*lines)).facts["packages"] == "1000"


def solid(**changes: object) -> GoodsFacts:
    """Return 36 kg of a solid in excepted quantities."""
    return replace(
        excepted(),
        **{
            "physical_state": SOLID,
            "inner_l": None,
            "package_net_l": None,
            "quantity_l": None,
            "inner_kg": d("0.03"),
            "package_net_kg": d("0.5"),
            **changes,
        },  # type: ignore[arg-type]
    )


class TestMassOfAVolume:
    """Little said of the litres does not make 20 t an excepted quantity: 14 kg/L at most."""

    @pytest.mark.parametrize(
        ("line", "outcome", "reason"),
        [
            pytest.param(
                excepted(quantity_l=d("1"), quantity_kg=d("14")),
                PASSED,
                "within_limits",
                id="14 kg/L",
            ),
            pytest.param(
                excepted(quantity_l=d("1"), quantity_kg=d("14.001")),
                UNKNOWN,
                "quantities_contradict",
                id="more",
            ),
            pytest.param(
                excepted(quantity_l=d("1"), quantity_kg=d("0")),
                UNKNOWN,
                "quantities_contradict",
                id="no mass",
            ),
            pytest.param(
                excepted(quantity_l=d("0.5"), quantity_kg=d("20000"), physical_state=GAS),
                UNKNOWN,
                "quantities_contradict",
                id="a gas",
            ),
            pytest.param(
                solid(quantity_l=d("0.5"), quantity_kg=d("36")),
                PASSED,
                "within_limits",
                id="a solid",
            ),
        ],
    )
    def test_mass_and_volume(self, line: GoodsFacts, outcome: Outcome, reason: str) -> None:
        finding = judge("MIX-02.excepted", load_of(line))

        assert (finding.outcome, finding.reason) == (outcome, reason)
        assert bool(relieving_regimes(load_of(line))) == (outcome is PASSED)

    def test_what_is_too_heavy_is_named(self) -> None:
        line = excepted(quantity_l=d("1"), quantity_kg=d("14.001"))

        assert judge("MIX-02.excepted", load_of(line)) == found(
            "MIX-02.excepted", UNKNOWN, "quantities_contradict", **line_facts("E2")
        )


class TestExceptedLine:
    """ADR 3.5.1.2."""

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(excepted(), id="30 ml and 500 ml of E2, 50 l in 100 packages"),
            pytest.param(solid(), id="30 g and 500 g"),
            pytest.param(solid(quantity_kg=d("50")), id="as much as the packages hold"),
            pytest.param(excepted(physical_state=GAS), id="a gas by volume"),
            pytest.param(
                excepted(excepted_quantity="E1", package_net_l=d("1")), id="a litre of E1"
            ),
            pytest.param(
                excepted(
                    excepted_quantity="E5",
                    inner_l=d("0.001"),
                    package_net_l=d("0.3"),
                    quantity_l=d("30"),
                ),
                id="1 ml and 300 ml of E5",
            ),
        ],
    )
    def test_within(self, line: GoodsFacts) -> None:
        assert judge("MIX-02.excepted", load_of(line)) == found(
            "MIX-02.excepted",
            Outcome.PASSED,
            "within_limits",
            un_numbers=["1203"],
            packages="100",
            limit_packages="1000",
        )

    @pytest.mark.parametrize(
        ("line", "outcome", "reason", "more"),
        [
            pytest.param(
                excepted(inner_l=d("0.0301")),
                Outcome.FAILED,
                "inner_exceeded",
                {"declared": "0.0301 L", "limit": "0.03 L"},
                id="just over 30 ml",
            ),
            pytest.param(
                solid(inner_kg=d("0.0301")),
                Outcome.FAILED,
                "inner_exceeded",
                {"declared": "0.0301 kg", "limit": "0.03 kg"},
                id="just over 30 g",
            ),
            pytest.param(
                excepted(package_net_l=d("0.5001")),
                Outcome.FAILED,
                "package_exceeded",
                {"declared": "0.5001 L", "limit": "0.5 L"},
                id="just over 500 ml",
            ),
            pytest.param(
                solid(package_net_kg=d("0.5001")),
                Outcome.FAILED,
                "package_exceeded",
                {"declared": "0.5001 kg", "limit": "0.5 kg"},
                id="just over 500 g",
            ),
            pytest.param(
                excepted(mode=CarriageMode.TANK), Outcome.FAILED, "not_in_packages", {}, id="tank"
            ),
            pytest.param(
                excepted(empty_uncleaned=True), Outcome.FAILED, "empty_uncleaned", {}, id="empty"
            ),
            pytest.param(
                excepted(excepted_quantity="E0"), Outcome.FAILED, "not_allowed", {}, id="E0"
            ),
            pytest.param(
                excepted(excepted_quantity=""), Outcome.FAILED, "not_allowed", {}, id="no code"
            ),
            pytest.param(
                excepted(excepted_quantity="see SP340"),
                Outcome.UNKNOWN,
                "asks_provision",
                {},
                id="a special provision decides",
            ),
            pytest.param(
                excepted(excepted_quantity="E6"), Outcome.UNKNOWN, "asks_provision", {}, id="E6"
            ),
            pytest.param(
                excepted(physical_state=ASK), Outcome.UNKNOWN, "state_unknown", {}, id="no state"
            ),
            pytest.param(
                excepted(inner_l=None, inner_kg=d("0.01")),
                Outcome.UNKNOWN,
                "quantities_not_declared",
                {"undeclared": ["inner"]},
                id="of a liquid the mass does not count",
            ),
            pytest.param(
                solid(package_net_kg=None, package_net_l=d("0.1")),
                Outcome.UNKNOWN,
                "quantities_not_declared",
                {"undeclared": ["package"]},
                id="of a solid the volume does not count",
            ),
            pytest.param(
                excepted(packages=None),
                Outcome.UNKNOWN,
                "quantities_not_declared",
                {"undeclared": ["packages"]},
                id="no packages",
            ),
            pytest.param(
                excepted(quantity_l=None),
                Outcome.UNKNOWN,
                "quantities_not_declared",
                {"undeclared": ["quantity"]},
                id="no volume of all",
            ),
            pytest.param(
                excepted(quantity_l=d("50.001")),
                Outcome.UNKNOWN,
                "quantities_contradict",
                {},
                id="more than its packages hold",
            ),
            pytest.param(
                solid(quantity_kg=d("50.001")),
                Outcome.UNKNOWN,
                "quantities_contradict",
                {},
                id="more than its packages hold, solid",
            ),
        ],
    )
    def test_beyond(
        self, line: GoodsFacts, outcome: Outcome, reason: str, more: dict[str, JsonValue]
    ) -> None:
        assert judge("MIX-02.excepted", load_of(line)) == found(
            "MIX-02.excepted", outcome, reason, **line_facts(line.excepted_quantity, **more)
        )
