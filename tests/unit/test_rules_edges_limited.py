"""Limited quantities at each limit and one step to either side."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.harness.mixed_loads import excepted, found, judge, limited, load_of, packages
from waybill.codec import JsonValue
from waybill.rules.facts import CarriageMode, PhysicalState
from waybill.rules.finding import Outcome

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
TANK, BULK = CarriageMode.TANK, CarriageMode.BULK
LIQUID, SOLID = PhysicalState.LIQUID, PhysicalState.SOLID
GAS, ASK = PhysicalState.GAS, PhysicalState.ASK
FULL = limited(
    packages=300,
    quantity_kg=Decimal(7000),
    gross_mass_kg=Decimal(8000),
    package_gross_kg=Decimal(30),
)


def d(text: str) -> Decimal:
    return Decimal(text)


def line_facts(code: str, **more: JsonValue) -> dict[str, JsonValue]:
    return {"un_number": "1203", "position": 1, "list_code": code, **more}


class TestLimitedOnTheVehicle:
    """Order 29/2019, article 21: at most 8 000 kg gross."""

    def test_none_declared(self) -> None:
        finding = judge("MIX-02.limited", load_of(packages(), excepted(2)))

        assert finding == found("MIX-02.limited", NOT_APPLICABLE, "none_declared")

    def test_exactly_8000_kg(self) -> None:
        assert judge("MIX-02.limited", load_of(FULL)) == found(
            "MIX-02.limited",
            PASSED,
            "within_limits",
            un_numbers=["1203"],
            gross_kg="8000",
            limit_kg="8000",
        )

    def test_a_gram_more(self) -> None:
        over = replace(FULL, gross_mass_kg=d("8000.001"))

        assert judge("MIX-02.limited", load_of(over)) == found(
            "MIX-02.limited",
            FAILED,
            "vehicle_exceeded",
            un_numbers=["1203"],
            gross_kg="8000.001",
            limit_kg="8000",
            over_kg="0.001",
        )

    def test_all_lines_are_added_up(self) -> None:
        second = limited(2, un_number="1263")

        assert judge("MIX-02.limited", load_of(second, FULL)) == found(
            "MIX-02.limited",
            FAILED,
            "vehicle_exceeded",
            un_numbers=["1203", "1263"],
            gross_kg="9000",
            limit_kg="8000",
            over_kg="1000",
        )

    def test_ordinary_and_excepted_lines_do_not_count(self) -> None:
        beside = packages(2, gross_mass_kg=d("9000")), excepted(3, gross_mass_kg=d("9000"))

        assert judge("MIX-02.limited", load_of(FULL, *beside)).facts["gross_kg"] == "8000"

    def test_what_is_not_declared_hides_no_excess(self) -> None:
        over = replace(FULL, gross_mass_kg=d("8000.001"))

        assert judge("MIX-02.limited", load_of(over, limited(2, gross_mass_kg=None))) == found(
            "MIX-02.limited",
            FAILED,
            "vehicle_exceeded",
            un_numbers=["1203"],
            gross_kg="8000.001",
            limit_kg="8000",
            over_kg="0.001",
        )


class TestLimitedLine:
    """ADR 3.4: what one packaging may hold and weigh."""

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"inner_l": d("1.000")}, id="exactly the inner limit"),
            pytest.param({"package_gross_kg": d("30")}, id="exactly 30 kg"),
            pytest.param(
                {"package_gross_kg": d("20"), "shrink_wrapped": True, "packages": 50},
                id="exactly 20 kg on a tray",
            ),
            pytest.param({"gross_mass_kg": d("800")}, id="as heavy as what it holds"),
            pytest.param({"limited_quantity": "500 ml", "inner_l": d("0.5")}, id="exactly 500 ml"),
            pytest.param(
                {"limited_quantity": "1 kg", "inner_l": None, "inner_kg": d("1")},
                id="exactly 1 kg, the volume is not asked",
            ),
            pytest.param(
                {"limited_quantity": "1 L or 1 kg", "inner_kg": d("9"), "physical_state": LIQUID},
                id="of a liquid the volume",
            ),
            pytest.param(
                {
                    "limited_quantity": "1 L or 1 kg",
                    "inner_l": d("9"),
                    "inner_kg": d("1"),
                    "physical_state": SOLID,
                },
                id="of a solid the mass",
            ),
            pytest.param({"physical_state": ASK}, id="one unit in the list: no state is asked"),
            pytest.param(
                {
                    "packages": 1,
                    "package_gross_kg": d("30"),
                    "quantity_kg": d("20"),
                    "gross_mass_kg": d("30"),
                },
                id="one package",
            ),
        ],
    )
    def test_within(self, changes: dict[str, JsonValue]) -> None:
        line = replace(limited(), **changes)  # type: ignore[arg-type]

        assert judge("MIX-02.limited", load_of(line)) == found(
            "MIX-02.limited",
            PASSED,
            "within_limits",
            un_numbers=["1203"],
            gross_kg=f"{line.gross_mass_kg:f}",
            limit_kg="8000",
        )

    @pytest.mark.parametrize(
        ("changes", "outcome", "reason", "more"),
        [
            pytest.param(
                {"inner_l": d("1.001")},
                FAILED,
                "inner_exceeded",
                {"declared": "1.001 L", "limit": "1 L"},
                id="just over the inner limit",
            ),
            pytest.param(
                {"limited_quantity": "500 g", "inner_kg": d("0.501")},
                FAILED,
                "inner_exceeded",
                {"declared": "0.501 kg", "limit": "0.5 kg"},
                id="just over 500 g",
            ),
            pytest.param(
                {"package_gross_kg": d("30.001")},
                FAILED,
                "package_exceeded",
                {"declared": "30.001 kg", "limit": "30 kg"},
                id="just over 30 kg",
            ),
            pytest.param(
                {"package_gross_kg": d("20.001"), "shrink_wrapped": True, "packages": 50},
                FAILED,
                "package_exceeded",
                {"declared": "20.001 kg", "limit": "20 kg"},
                id="just over 20 kg on a tray",
            ),
            pytest.param(
                {"inner_l": d("2"), "package_gross_kg": d("99")},
                FAILED,
                "inner_exceeded",
                {"declared": "2 L", "limit": "1 L"},
                id="both: the inner packaging is named",
            ),
            pytest.param(
                {"inner_l": None, "package_gross_kg": d("31")},
                FAILED,
                "package_exceeded",
                {"declared": "31 kg", "limit": "30 kg"},
                id="what is exceeded weighs more than what is not declared",
            ),
            pytest.param({"mode": TANK}, FAILED, "not_in_packages", {}, id="in a tank"),
            pytest.param({"mode": BULK}, FAILED, "not_in_packages", {}, id="in bulk"),
            pytest.param({"empty_uncleaned": True}, FAILED, "empty_uncleaned", {}, id="empty"),
            pytest.param({"limited_quantity": "0"}, FAILED, "not_allowed", {}, id="not allowed"),
            pytest.param({"limited_quantity": ""}, FAILED, "not_allowed", {}, id="no code"),
            pytest.param(
                {"limited_quantity": "see SP251"},
                UNKNOWN,
                "asks_provision",
                {},
                id="a special provision decides",
            ),
            pytest.param(
                {"limited_quantity": "plenty"},
                UNKNOWN,
                "asks_provision",
                {},
                id="a code that cannot be read",
            ),
            pytest.param(
                {"limited_quantity": "1 L or 1 kg", "physical_state": ASK},
                UNKNOWN,
                "state_unknown",
                {},
                id="two units and no state",
            ),
            pytest.param(
                {"limited_quantity": "1 L or 1 kg", "physical_state": GAS},
                UNKNOWN,
                "state_unknown",
                {},
                id="two units and a gas",
            ),
            pytest.param(
                {"gross_mass_kg": d("799.999")},
                UNKNOWN,
                "quantities_contradict",
                {},
                id="lighter than what it holds",
            ),
            pytest.param(
                {"gross_mass_kg": d("1000.001")},
                UNKNOWN,
                "quantities_contradict",
                {},
                id="heavier than its packages",
            ),
            pytest.param(
                {"quantity_kg": d("NaN")},
                UNKNOWN,
                "quantities_contradict",
                {},
                id="a quantity that is none",
            ),
        ],
    )
    def test_beyond(
        self,
        changes: dict[str, JsonValue],
        outcome: Outcome,
        reason: str,
        more: dict[str, JsonValue],
    ) -> None:
        line = replace(limited(), **changes)  # type: ignore[arg-type]

        assert judge("MIX-02.limited", load_of(line)) == found(
            "MIX-02.limited", outcome, reason, **line_facts(line.limited_quantity, **more)
        )

    @pytest.mark.parametrize(
        ("changes", "undeclared"),
        [
            pytest.param(
                {"inner_l": None, "inner_kg": d("0.5")}, ["inner"], id="the other unit is declared"
            ),
            pytest.param({"package_gross_kg": None}, ["package"], id="no gross mass of a package"),
            pytest.param(
                {"packages": None, "package_gross_kg": None},
                ["package", "packages"],
                id="no packages",
            ),
            pytest.param({"packages": 0}, ["packages"], id="not one package"),
            pytest.param({"gross_mass_kg": None}, ["gross_mass"], id="no gross mass"),
            pytest.param({"gross_mass_kg": d("0")}, ["gross_mass"], id="a gross mass of nothing"),
            pytest.param({"inner_l": d("-1")}, ["inner"], id="less than nothing"),
            pytest.param({"inner_l": d("Infinity")}, ["inner"], id="no figure"),
        ],
    )
    def test_not_declared(self, changes: dict[str, JsonValue], undeclared: list[JsonValue]) -> None:
        line = replace(limited(), **changes)  # type: ignore[arg-type]

        assert judge("MIX-02.limited", load_of(line)) == found(
            "MIX-02.limited",
            UNKNOWN,
            "quantities_not_declared",
            line_facts(line.limited_quantity, undeclared=undeclared),
        )

    def test_of_several_lines_the_gravest_is_named(self) -> None:
        lines = limited(), limited(2, inner_l=None), limited(3, inner_l=d("2"))

        finding = judge("MIX-02.limited", load_of(*lines))

        assert (finding.reason, finding.facts["position"]) == ("inner_exceeded", 3)
