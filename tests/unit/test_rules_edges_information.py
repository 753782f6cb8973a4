"""Points and tunnels: what is shown of a load and stops nothing."""

from decimal import Decimal

import pytest

from tests.harness.mixed_loads import explosive, found, judge, load_of, nitrate, packages
from tests.harness.rule_facts import goods
from tests.harness.rule_trips import trip
from waybill.codec import JsonValue
from waybill.rules.facts import Answer, CarriageMode, GoodsFacts, PhysicalState
from waybill.rules.finding import Outcome

PASSED, UNKNOWN, NOT_APPLICABLE = Outcome.PASSED, Outcome.UNKNOWN, Outcome.NOT_APPLICABLE
NOT_SUBJECT = {"list_status": "not_subject", "not_subject_declared": Answer.YES}


def d(text: str) -> Decimal:
    return Decimal(text)


def counted(un_numbers: str, categories: str, points: str, total: str) -> dict[str, JsonValue]:
    """Return the facts of points that were counted; lists as words."""
    return {
        "un_numbers": list(un_numbers.split()),
        "categories": list(categories.split()),
        "points": list(points.split()),
        "total": total,
        "limit": "1000",
    }


class TestPoints:
    """ADR 1.1.3.6.3 and 1.1.3.6.4."""

    @pytest.mark.parametrize(
        ("lines", "reason", "facts"),
        [
            pytest.param(
                (nitrate(1, quantity_kg=d("1000")),),
                "within_limit",
                counted("1942", "3", "1000", "1000"),
                id="exactly 1000, a solid by mass",
            ),
            pytest.param(
                (nitrate(1, quantity_kg=d("1000.001")),),
                "above_limit",
                counted("1942", "3", "1000.001", "1000.001"),
                id="just over 1000",
            ),
            pytest.param(
                (packages(quantity_l=d("100")),),
                "within_limit",
                counted("1203", "2", "300", "300"),
                id="a liquid by volume",
            ),
            pytest.param(
                (
                    packages(
                        quantity_l=d("100"), physical_state=PhysicalState.SOLID, quantity_kg=d("70")
                    ),
                ),
                "within_limit",
                counted("1203", "2", "210", "210"),
                id="what is declared solid by mass",
            ),
            pytest.param(
                (explosive(net_explosive_mass_kg=d("10")),),
                "within_limit",
                counted("0081", "1", "200", "200"),
                id="explosives by net mass, note a",
            ),
            pytest.param(
                (packages(2, quantity_l=d("100")), nitrate(1, quantity_kg=d("50"))),
                "within_limit",
                counted("1942 1203", "3 2", "50 300", "350"),
                id="several, by position",
            ),
            pytest.param(
                (
                    packages(
                        entry_key="1072",
                        un_number="1072",
                        transport_category="3",
                        quantity_l=d("400"),
                        physical_state=PhysicalState.GAS,
                    ),
                ),
                "within_limit",
                counted("1072", "3", "400", "400"),
                id="a compressed gas by water capacity",
            ),
            pytest.param(
                (packages(empty_uncleaned=True, quantity_l=None),),
                "within_limit",
                counted("1203", "4", "0", "0"),
                id="empty packagings count nothing",
            ),
            pytest.param(
                (packages(transport_category="4", quantity_l=None),),
                "within_limit",
                counted("1203", "4", "0", "0"),
                id="category 4 counts nothing",
            ),
            pytest.param(
                (packages(transport_category="0", empty_uncleaned=True, quantity_l=None),),
                "never_within",
                {"un_numbers": ["1203"], "categories": ["0"]},
                id="empty packagings of category 0 are of category 0",
            ),
            pytest.param(
                (packages(quantity_l=d("9")), packages(2, transport_category="0")),
                "never_within",
                {"un_numbers": ["1203", "1203"], "categories": ["2", "0"]},
                id="category 0 among others",
            ),
            pytest.param(
                (packages(quantity_l=d("100")), packages(2, **NOT_SUBJECT)),
                "within_limit",
                counted("1203", "2", "300", "300"),
                id="goods that are not subject do not count",
            ),
        ],
    )
    def test_counted(
        self, lines: tuple[GoodsFacts, ...], reason: str, facts: dict[str, JsonValue]
    ) -> None:
        finding = judge("MIX-02.points", load_of(*lines))

        assert finding == found("MIX-02.points", PASSED, reason, facts)

    @pytest.mark.parametrize("category", ["", "-", "see SP671", "5", "01", "1a"])
    def test_a_column_that_is_no_category(self, category: str) -> None:
        finding = judge(
            "MIX-02.points", load_of(packages(), packages(2, transport_category=category))
        )

        assert finding == found(
            "MIX-02.points",
            UNKNOWN,
            "category_unknown",
            un_number="1203",
            position=2,
            list_category=category,
        )

    @pytest.mark.parametrize(
        "changes",
        [
            pytest.param({"quantity_l": None}, id="no volume"),
            pytest.param({"quantity_l": d("0")}, id="a volume of nothing"),
            pytest.param(
                {"entry_key": "0081", "un_number": "0081", "net_explosive_mass_kg": None},
                id="no net explosive mass",
            ),
            pytest.param(
                {
                    "entry_key": "3170-ii",
                    "un_number": "3170",
                    "quantity_kg": d("NaN"),
                    "physical_state": PhysicalState.SOLID,
                },
                id="a mass that is none",
            ),
            pytest.param(
                {"entry_key": "3082", "un_number": "3082", "physical_state": PhysicalState.ASK},
                id="neither solid nor liquid",
            ),
        ],
    )
    def test_a_quantity_that_is_not_declared(self, changes: dict[str, JsonValue]) -> None:
        line = packages(**changes)

        assert judge("MIX-02.points", load_of(line)) == found(
            "MIX-02.points", UNKNOWN, "quantity_unknown", un_number=line.un_number, position=1
        )

    @pytest.mark.parametrize(
        "lines",
        [
            pytest.param((goods(),), id="in a tank"),
            pytest.param((packages(), packages(2, mode=CarriageMode.BULK)), id="one in bulk"),
            pytest.param((packages(**NOT_SUBJECT),), id="nothing that is subject"),
        ],
    )
    def test_only_packages_have_points(self, lines: tuple[GoodsFacts, ...]) -> None:
        assert judge("MIX-02.points", load_of(*lines)) == found(
            "MIX-02.points", NOT_APPLICABLE, "not_in_packages"
        )


class TestTunnels:
    """ADR 8.6.4."""

    @pytest.mark.parametrize(
        ("lines", "closed"),
        [
            pytest.param((goods(),), "DE", id="D/E in a tank"),
            pytest.param((packages(),), "E", id="D/E in packages"),
            pytest.param((packages(mode=CarriageMode.BULK),), "DE", id="D/E in bulk"),
            pytest.param((packages(tunnel_restriction_code="-"),), "", id="none"),
            pytest.param((packages(), nitrate(2)), "E", id="E and E"),
            pytest.param(
                (packages(), packages(2, tunnel_restriction_code="C/D")), "DE", id="the strictest"
            ),
            pytest.param(
                (packages(2, tunnel_restriction_code="B/E", mode=CarriageMode.BULK),),
                "E",
                id="B/E in bulk",
            ),
            pytest.param(
                (packages(tunnel_restriction_code="B/D", mode=CarriageMode.BULK),),
                "DE",
                id="B/D in bulk",
            ),
            pytest.param(
                (explosive(net_explosive_mass_kg=d("1000")),), "CDE", id="exactly 1 000 kg"
            ),
            pytest.param(
                (explosive(net_explosive_mass_kg=d("1000.001")),), "BCDE", id="just over 1 000 kg"
            ),
            pytest.param(
                (
                    explosive(net_explosive_mass_kg=d("600")),
                    explosive(2, net_explosive_mass_kg=d("401")),
                ),
                "BCDE",
                id="the mass of the whole unit",
            ),
            pytest.param(
                (
                    explosive(net_explosive_mass_kg=d("1000")),
                    packages(2, net_explosive_mass_kg=d("5")),
                ),
                "CDE",
                id="other goods have no net explosive mass",
            ),
            pytest.param(
                (packages(tunnel_restriction_code=""), packages(2, tunnel_restriction_code="B")),
                "BCDE",
                id="all are closed whatever the other is",
            ),
            pytest.param(
                (packages(), packages(2, tunnel_restriction_code="B", **NOT_SUBJECT)),
                "E",
                id="not subject",
            ),
        ],
    )
    def test_closed(self, lines: tuple[GoodsFacts, ...], closed: str) -> None:
        subject = [line for line in lines if not line.list_status]
        about: dict[str, JsonValue] = {
            "un_numbers": [line.un_number for line in subject],
            "tunnel_codes": [line.tunnel_restriction_code for line in subject],
        }
        about |= {"closed": list(closed)} if closed else {}

        assert judge("MIX-02.tunnels", load_of(*lines)) == found(
            "MIX-02.tunnels", PASSED, "closed" if closed else "none_closed", about
        )

    @pytest.mark.parametrize(
        "line",
        [
            pytest.param(packages(2, tunnel_restriction_code=""), id="no code"),
            pytest.param(packages(2, tunnel_restriction_code="F"), id="no such code"),
            pytest.param(explosive(2, net_explosive_mass_kg=None), id="no net explosive mass"),
            pytest.param(explosive(2, net_explosive_mass_kg=d("-1")), id="a mass that is none"),
        ],
    )
    def test_what_cannot_be_said(self, line: GoodsFacts) -> None:
        about: dict[str, JsonValue] = {
            "un_numbers": ["1203", line.un_number],
            "tunnel_codes": ["D/E", line.tunnel_restriction_code],
        }

        assert judge("MIX-02.tunnels", load_of(packages(), line)) == found(
            "MIX-02.tunnels", UNKNOWN, "code_unknown", about
        )

    def test_without_goods_nothing_is_said(self) -> None:
        none = load_of()
        not_subject = load_of(packages(**NOT_SUBJECT))

        assert judge("MIX-02.tunnels", none) == found("MIX-02.tunnels", UNKNOWN, "no_goods")
        assert judge("MIX-02.points", none) == found("MIX-02.points", UNKNOWN, "no_goods")
        assert judge("MIX-02.tunnels", not_subject) == found(
            "MIX-02.tunnels", NOT_APPLICABLE, "none_subject"
        )

    def test_a_row_that_the_list_lacks_is_never_passed_over(self) -> None:
        with pytest.raises(LookupError):
            judge("MIX-02.points", trip(goods=(packages(entry_key="9999"),)))
