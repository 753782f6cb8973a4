"""Explosives at their edges: which may stand together, and how much of them."""

from decimal import Decimal

import pytest

from tests.harness.mixed_loads import (
    drawn,
    explosive,
    found,
    judge,
    load_of,
    nitrate,
    packages,
    rigid,
    toxic,
)
from tests.harness.rule_facts import tractor, trailer
from waybill.codec import JsonValue
from waybill.registry.kinds import VehicleApproval
from waybill.rules.facts import GoodsFacts
from waybill.rules.finding import Outcome

PASSED, FAILED = Outcome.PASSED, Outcome.FAILED
UNKNOWN, NOT_APPLICABLE = Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
EX_II, EX_III, FL = VehicleApproval.EX_II, VehicleApproval.EX_III, VehicleApproval.FL


def pair(one: str, other: str, *positions: int) -> dict[str, JsonValue]:
    return {"un_numbers": [one, other], "positions": list(positions or (1, 2))}


class TestCompatibility:
    """ADR 7.5.2.2."""

    @pytest.mark.parametrize(
        ("one", "other", "outcome", "reason", "note"),
        [
            pytest.param(("1.1D", "0081"), ("1.1D", "0241"), PASSED, "compatible", "", id="D D"),
            pytest.param(("1.1D", "0081"), ("1.4S", "0323"), PASSED, "compatible", "", id="D S"),
            pytest.param(("1.1D", "0081"), ("1.1A", "0074"), FAILED, "incompatible", "", id="D A"),
            pytest.param(("1.1B", "0029"), ("1.1D", "0081"), UNKNOWN, "apart_only", "", id="B D"),
            pytest.param(("1.6N", "0486"), ("1.6N", "0486"), PASSED, "compatible", "", id="N N"),
            pytest.param(("1.6N", "0486"), ("1.6N", "0999"), PASSED, "by_note", "2", id="N other"),
            pytest.param(("1.6N", "0486"), ("1.1D", "0081"), PASSED, "by_note", "3", id="N D"),
            pytest.param(("1.1L", "0354"), ("1.2L", "0355"), FAILED, "incompatible", "", id="L"),
            pytest.param(("1.2L", "0380"), ("1.2L", "0380"), PASSED, "by_note", "4", id="L same"),
            pytest.param(
                ("1.1L", "0354"), ("1.1L", "0354"), UNKNOWN, "type_unsettled", "", id="L n.o.s."
            ),
            pytest.param(("1.2K", "0020"), ("1.1D", "0081"), UNKNOWN, "group_unknown", "", id="K"),
            pytest.param(("1", "0190"), ("1.1D", "0081"), UNKNOWN, "group_unknown", "", id="open"),
        ],
    )
    def test_two_groups(
        self,
        one: tuple[str, str],
        other: tuple[str, str],
        outcome: Outcome,
        reason: str,
        note: str,
    ) -> None:
        finding = judge("MIX-01.compatibility", load_of(explosive(1, *one), explosive(2, *other)))

        about = pair(one[1], other[1]) | {"codes": [one[0], other[0]]}
        about |= {"note": note} if note else {}
        assert finding == found("MIX-01.compatibility", outcome, reason, about)

    def test_other_goods_have_no_group(self) -> None:
        finding = judge("MIX-01.compatibility", load_of(explosive(), packages(2), toxic(3)))

        assert finding == found("MIX-01.compatibility", NOT_APPLICABLE, "no_two_explosives")

    def test_the_gravest_pair_is_named(self) -> None:
        lines = (explosive(), explosive(2, "1.1D", "0241"), explosive(3, "1.1A", "0074"))

        finding = judge("MIX-01.compatibility", load_of(*lines))

        about = pair("0081", "0074", 1, 3) | {"codes": ["1.1D", "1.1A"]}
        assert finding == found("MIX-01.compatibility", FAILED, "incompatible", about)


class TestExplosiveMass:
    """ADR 7.5.5.2.1 and 7.5.5.2.2."""

    @pytest.mark.parametrize(
        ("code", "un_number", "approval", "limit_kg"),
        [
            pytest.param("1.1A", "0074", EX_II, "6.25", id="1.1A EX/II"),
            pytest.param("1.1A", "0074", EX_III, "18.75", id="1.1A EX/III"),
            pytest.param("1.1D", "0081", EX_II, "1000", id="1.1 EX/II"),
            pytest.param("1.1D", "0081", EX_III, "16000", id="1.1 EX/III"),
            pytest.param("1.2D", "0035", EX_II, "3000", id="1.2 EX/II"),
            pytest.param("1.3G", "0335", EX_II, "5000", id="1.3 EX/II"),
            pytest.param("1.4G", "0336", EX_II, "15000", id="1.4 EX/II"),
            pytest.param("1.4G", "0336", EX_III, "16000", id="1.4 EX/III"),
        ],
    )
    def test_limits(
        self, code: str, un_number: str, approval: VehicleApproval, limit_kg: str
    ) -> None:
        limit = Decimal(limit_kg)
        step = Decimal("0.001")
        about = {
            "un_numbers": [un_number],
            "approvals": [approval.value],
            "limit_kg": limit_kg,
        }

        findings = [
            judge(
                "MIX-01.explosive_mass",
                load_of(
                    explosive(1, code, un_number, net_explosive_mass_kg=mass_kg),
                    tractor=rigid(approval=approval),
                ),
            )
            for mass_kg in (limit - step, limit, limit + step)
        ]

        rule = "MIX-01.explosive_mass"
        below = str(limit - step)
        assert findings == [
            found(rule, PASSED, "within_limit", **about, net_explosive_mass_kg=below),
            found(rule, PASSED, "within_limit", **about, net_explosive_mass_kg=limit_kg),
            found(
                rule,
                FAILED,
                "over_limit",
                **about,
                net_explosive_mass_kg=str(limit + step),
                over_kg="0.001",
            ),
        ]

    @pytest.mark.parametrize(
        ("first", "second", "limit_kg"),
        [
            pytest.param(EX_III, EX_III, "16000", id="both EX/III"),
            pytest.param(EX_III, EX_II, "1000", id="the trailer is weaker"),
            pytest.param(EX_II, EX_III, "1000", id="the vehicle is weaker"),
            pytest.param(EX_II, EX_II, "1000", id="both EX/II"),
        ],
    )
    def test_the_weaker_of_two_units_counts(
        self, first: VehicleApproval, second: VehicleApproval, limit_kg: str
    ) -> None:
        facts = drawn(
            explosive(), tractor=tractor(approval=first), trailer=trailer(approval=second)
        )

        assert judge("MIX-01.explosive_mass", facts) == found(
            "MIX-01.explosive_mass",
            PASSED,
            "within_limit",
            un_numbers=["0081"],
            approvals=sorted({first.value, second.value}),
            net_explosive_mass_kg="100",
            limit_kg=limit_kg,
        )

    @pytest.mark.parametrize(
        ("first", "second", "outcome", "reason", "approvals"),
        [
            pytest.param(EX_III, FL, FAILED, "not_approved", ["EX/III", "FL"], id="trailer"),
            pytest.param(FL, EX_III, FAILED, "not_approved", ["EX/III", "FL"], id="vehicle"),
            pytest.param(None, EX_III, UNKNOWN, "unit_not_registered", None, id="no vehicle"),
            pytest.param(EX_III, None, UNKNOWN, "unit_not_registered", None, id="no trailer"),
        ],
    )
    def test_a_unit_without_approval(
        self,
        first: VehicleApproval | None,
        second: VehicleApproval | None,
        outcome: Outcome,
        reason: str,
        approvals: list[str] | None,
    ) -> None:
        facts = drawn(
            explosive(),
            tractor=tractor(approval=first) if first else None,
            trailer=trailer(approval=second) if second else None,
        )

        about = {"un_numbers": ["0081"]} | ({"approvals": approvals} if approvals else {})
        assert judge("MIX-01.explosive_mass", facts) == found(
            "MIX-01.explosive_mass", outcome, reason, **about
        )

    def test_a_trailer_that_the_waybill_does_not_name_is_not_asked(self) -> None:
        facts = load_of(explosive(), trailer=trailer(approval=FL))

        assert judge("MIX-01.explosive_mass", facts).reason == "within_limit"

    @pytest.mark.parametrize(
        ("lines", "total_kg", "limit_kg"),
        [
            pytest.param(
                (explosive(), explosive(2, "1.3G", "0335")), "200", "1000", id="1.1 beside 1.3"
            ),
            pytest.param(
                (explosive(), explosive(2, "1.1A", "0074", net_explosive_mass_kg=Decimal(1))),
                "101",
                "6.25",
                id="1.1A lowers the limit",
            ),
            pytest.param(
                (explosive(), explosive(2, "1.4S", "0323", net_explosive_mass_kg=None)),
                "100",
                "1000",
                id="group S does not count",
            ),
            pytest.param((explosive(), nitrate()), "1100", "1000", id="note d: the nitrate too"),
            pytest.param(
                (explosive(), nitrate(), nitrate(3, un_number="1477")),
                "2100",
                "1000",
                id="note d: also where the name is not settled",
            ),
            pytest.param(
                (explosive(), explosive(2, "1.1D", "0082"), nitrate(3)),
                "1200",
                "1000",
                id="note d: a nitrate counts once",
            ),
            pytest.param(
                (explosive(1, "1.1D", "0004"), nitrate()), "100", "1000", id="no note d: not"
            ),
            pytest.param(
                (explosive(1, "1.6N", "0486"), explosive(2, "1.6N", "0486")),
                "200",
                "5000",
                id="the same articles of 1.6N",
            ),
            pytest.param(
                (explosive(1, "1.6N", "0486"), explosive(2, "1.6N", "0999")),
                "200",
                "1000",
                id="different articles of 1.6N count as 1.1",
            ),
        ],
    )
    def test_a_load_of_several(
        self, lines: tuple[GoodsFacts, ...], total_kg: str, limit_kg: str
    ) -> None:
        finding = judge("MIX-01.explosive_mass", load_of(*lines, tractor=rigid(approval=EX_II)))

        over = Decimal(total_kg) > Decimal(limit_kg)
        numbers = dict.fromkeys(line.un_number for line in lines if line.division[0] == "1")
        about: dict[str, JsonValue] = {
            "un_numbers": list(numbers),
            "approvals": ["EX/II"],
            "net_explosive_mass_kg": total_kg,
            "limit_kg": limit_kg,
        }
        if over:
            about |= {"over_kg": str(Decimal(total_kg) - Decimal(limit_kg))}
        assert finding == found(
            "MIX-01.explosive_mass",
            FAILED if over else PASSED,
            "over_limit" if over else "within_limit",
            **about,
        )

    @pytest.mark.parametrize("approval", [EX_III, FL])
    def test_group_s_alone_has_no_limit_on_any_vehicle(self, approval: VehicleApproval) -> None:
        facts = load_of(explosive(1, "1.4S", "0323"), tractor=rigid(approval=approval))

        assert judge("MIX-01.explosive_mass", facts) == found(
            "MIX-01.explosive_mass", PASSED, "no_limit", un_numbers=["0323"]
        )

    @pytest.mark.parametrize("mass", [None, Decimal(0), Decimal(-1), Decimal("NaN")])
    def test_a_mass_that_is_none_is_unknown(self, mass: Decimal | None) -> None:
        facts = load_of(explosive(), explosive(2, "1.1D", "0082", net_explosive_mass_kg=mass))

        assert judge("MIX-01.explosive_mass", facts) == found(
            "MIX-01.explosive_mass",
            UNKNOWN,
            "mass_not_declared",
            un_numbers=["0081", "0082"],
            approvals=["EX/III"],
            net_explosive_mass_kg="100",
            limit_kg="16000",
            undeclared_un_numbers=["0082"],
        )

    def test_what_is_declared_may_be_too_much_already(self) -> None:
        much = explosive(net_explosive_mass_kg=Decimal(16001))
        facts = load_of(much, explosive(2, "1.1D", "0082", net_explosive_mass_kg=None))

        assert judge("MIX-01.explosive_mass", facts).reason == "over_limit"

    def test_an_open_division_beside_a_known_one_is_unknown(self) -> None:
        facts = load_of(explosive(), explosive(2, "1", "0190"), packages(3))

        assert judge("MIX-01.explosive_mass", facts) == found(
            "MIX-01.explosive_mass", UNKNOWN, "code_unknown", un_numbers=["0190"]
        )
