"""How full a shell may be, at each limit and one step to either side.

The liquid here has 0.828 kg/L at 15 °C and 0.8 kg/L at 50 °C, so it expands by 0.001 per degree;
of a shell of 10 350 L it may fill 10 000 L at 15 °C where 100 % are allowed at 50 °C."""

from decimal import Decimal

import pytest

from tests.harness.filled_shells import STEP, finding, liquid, planned, small_portable
from waybill.rules.finding import Outcome


class TestPortableTanks:
    """ADR 4.2.1.9, by the provisions TP of the goods."""

    @pytest.mark.parametrize(
        ("provisions", "most_kg", "limit_l", "by"),
        [
            pytest.param(("TP1",), "8031.6", "9700", "portable", id="TP1: 97 %"),
            pytest.param(("TP2", "TP7"), "7866", "9500", "portable", id="TP2: 95 %"),
            pytest.param(("TP3",), "7866", "9500", "portable", id="TP3: 95 %, filled cool"),
            pytest.param(("TP4",), "7712.82", "9315", "portable", id="TP4: 90 % as filled"),
            pytest.param((), "7866", "9500", "portable_assumed", id="none: the lower"),
        ],
    )
    def test_the_limit_and_one_gram_more(
        self, provisions: tuple[str, ...], most_kg: str, limit_l: str, by: str
    ) -> None:
        held = small_portable(heated=False)
        changes = {"portable_tank_provisions": provisions}

        found = planned(liquid(most_kg, held, **changes))
        over = planned(liquid(Decimal(most_kg) + STEP, held, **changes))

        assert (found.reason, found.facts["limit_l"], found.facts["limit_by"]) == (
            "within_filling",
            limit_l,
            by,
        )
        assert over.reason == "over_filling"

    @pytest.mark.parametrize(
        "provisions", [("TP1", "TP2"), ("TP5",), ("TP99",)], ids=["two", "of gases", "not known"]
    )
    def test_provisions_that_ask(self, provisions: tuple[str, ...]) -> None:
        found = planned(liquid("100", small_portable(), portable_tank_provisions=provisions))

        assert found == finding(Outcome.UNKNOWN, "provision_asks", provisions=list(provisions))

    @pytest.mark.parametrize(("provisions", "by"), [(("TP1",), "hot"), (("TP4",), "portable")])
    def test_filled_hot(self, provisions: tuple[str, ...], by: str) -> None:
        found = planned(
            liquid(
                "4000",
                small_portable(heated=False),
                portable_tank_provisions=provisions,
                filling_temperature_c=Decimal(70),
            )
        )

        assert (found.facts["limit_l"], found.facts["limit_by"]) == (
            ("9832.5", by) if by == "hot" else ("9315", by)
        )

    def test_heating_caps_here_too(self) -> None:
        assert (
            planned(
                liquid(
                    "100",
                    small_portable(heated=None),
                    portable_tank_provisions=("TP1",),
                    filling_temperature_c=Decimal(50),
                )
            ).facts["limit_by"]
            == "hot"
        )
