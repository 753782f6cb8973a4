"""MIX-02.points and MIX-02.tunnels: what is shown of a load and decides nothing."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.goods.catalogue import load
from waybill.goods.transport_category import (
    POINTS_LIMIT,
    QuantityUnit,
    State,
    points,
    quantity_unit,
    total_points,
)
from waybill.goods.tunnels import closed_tunnel_categories, most_restrictive
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
)
from waybill.rules.classification import is_explosive, subject_lines
from waybill.rules.facts import CarriageMode, Facts, GoodsFacts, PhysicalState
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.mass import mass_text
from waybill.rules.rule import Judgement, Rule, not_applicable, passed, unknown
from waybill.rules.small_quantities import is_given

_CATEGORIES: Final = frozenset("01234")
_NEVER: Final = "0"
_EMPTIES: Final = "4"
_WHATEVER_QUANTITY: Final = frozenset({_NEVER, _EMPTIES})
"""Categories that any quantity is above the limit of, or none."""
_NOTHING: Final = Decimal(0)
_STATES: Final[dict[PhysicalState, State]] = {
    PhysicalState.LIQUID: "liquid",
    PhysicalState.SOLID: "solid",
}


def check_points(facts: Facts, _at: datetime) -> Finding:
    """Show transport categories and points of a load in packages (ADR 1.1.3.6).

    For information alone: in China no check is waived for a load below the limit. Limited and
    excepted quantities are counted as ordinary goods. Empty, uncleaned packagings are of category
    4 unless their goods were of category 0. Of gases that are counted by water capacity the
    declared volume is taken for it.

    Source: ADR 2025, 1.1.3.6.3 and 1.1.3.6.4.
    """
    if not facts.goods:
        return POINTS.finding(*unknown("no_goods"))
    lines = subject_lines(facts)
    if not lines or any(line.mode is not CarriageMode.PACKAGES for line in lines):
        return POINTS.finding(*not_applicable("not_in_packages"))
    return POINTS.finding(*_count(lines))


def _count(lines: tuple[GoodsFacts, ...]) -> Judgement:
    categories: list[JsonValue] = []
    counted: list[Decimal | None] = []
    for line in lines:
        category, about_line = find_category(line), _about(line)
        if category is None:
            return unknown("category_unknown", **about_line, list_category=line.transport_category)
        quantity = _NOTHING if category in _WHATEVER_QUANTITY else find_quantity(line)
        if quantity is None:
            return unknown("quantity_unknown", **about_line)
        categories.append(category)
        counted.append(
            points(category, quantity, un_number=line.un_number, edition=line.list_edition)
        )
    about: dict[str, JsonValue] = {
        "un_numbers": [line.un_number for line in lines],
        "categories": categories,
    }
    total = total_points(counted)
    if total is None:
        return passed("never_within", **about)
    about |= {
        "points": [mass_text(part) for part in counted if part is not None],
        "total": mass_text(total),
        "limit": mass_text(POINTS_LIMIT),
    }
    return passed("above_limit" if total > POINTS_LIMIT else "within_limit", **about)


def find_category(line: GoodsFacts) -> str | None:
    """Return the transport category of a line, `None` where the list's column is no category."""
    if line.transport_category not in _CATEGORIES:
        return None
    if line.empty_uncleaned and line.transport_category != _NEVER:
        return _EMPTIES
    return line.transport_category


def find_quantity(line: GoodsFacts) -> Decimal | None:
    """Return a line's quantity in the unit in which it counts, `None` where it is not declared."""
    entry = load(line.list_edition).get(line.entry_key)
    unit = quantity_unit(entry, state=_STATES.get(line.physical_state))
    if unit is None:
        return None
    declared: dict[QuantityUnit, Decimal | None] = {
        "kg": line.quantity_kg,
        "l": line.quantity_l,
        "kg_nem": line.net_explosive_mass_kg,
        "l_water": line.quantity_l,
    }
    quantity = declared[unit]
    return quantity if is_given(quantity) else None


def check_tunnels(facts: Facts, _at: datetime) -> Finding:
    """Show through which categories of tunnels the load may not pass: the most restrictive.

    For information: how tunnels in China are signed is not known here. All lines are counted as
    ordinary goods, empty packagings too.

    Source: ADR 2025, 8.6.3 and 8.6.4.
    """
    if not facts.goods:
        return TUNNELS.finding(*unknown("no_goods"))
    lines = subject_lines(facts)
    if not lines:
        return TUNNELS.finding(*not_applicable("none_subject"))
    net_explosive_mass_kg = find_net_explosive_mass_kg(lines)
    closed = most_restrictive(
        closed_tunnel_categories(
            line.tunnel_restriction_code,
            in_tank=line.mode is CarriageMode.TANK,
            in_bulk=line.mode is CarriageMode.BULK,
            net_explosive_mass_kg=net_explosive_mass_kg,
            edition=line.list_edition,
        )
        for line in lines
    )
    codes: list[JsonValue] = [line.tunnel_restriction_code for line in lines]
    about: dict[str, JsonValue] = {
        "un_numbers": [line.un_number for line in lines],
        "tunnel_codes": codes,
    }
    if closed is None:
        return TUNNELS.finding(*unknown("code_unknown", **about))
    if not closed:
        return TUNNELS.finding(*passed("none_closed", **about))
    return TUNNELS.finding(*passed("closed", **about, closed=list(closed)))


def find_net_explosive_mass_kg(lines: tuple[GoodsFacts, ...]) -> Decimal | None:
    """Return the net explosive mass of all lines, `None` where an explosive has none declared."""
    masses = [line.net_explosive_mass_kg for line in lines if is_explosive(line)]
    declared = [mass for mass in masses if is_given(mass)]
    return sum(declared, _NOTHING) if len(declared) == len(masses) else None


def _about(line: GoodsFacts) -> dict[str, JsonValue]:
    return {"un_number": line.un_number, "position": line.position}


POINTS: Final = Rule(
    code="MIX-02.points",
    version=1,
    title_zh="运输类别与分值（仅供参考）",
    title_en="Transport categories and points, for information",
    basis=(adr("1.1.3.6"),),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="That China waives nothing below 1000 points is believed of JT/T 617.1.",
    reasons={
        "within_limit": Outcome.PASSED,
        "above_limit": Outcome.PASSED,
        "never_within": Outcome.PASSED,
        "not_in_packages": Outcome.NOT_APPLICABLE,
        "category_unknown": Outcome.UNKNOWN,
        "quantity_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    check=check_points,
    severity=Severity.INFO,
    reads=(
        "goods.transport_category",
        "goods.entry_key",
        "goods.list_edition",
        "goods.un_number",
        "goods.mode",
        "goods.quantity_kg",
        "goods.quantity_l",
        "goods.net_explosive_mass_kg",
        "goods.physical_state",
        "goods.empty_uncleaned",
    ),
)
TUNNELS: Final = Rule(
    code="MIX-02.tunnels",
    version=1,
    title_zh="隧道限制（仅供参考）",
    title_en="Tunnels closed to the load, for information",
    basis=(jtt_617("3"), adr("8.6.4")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="How tunnel restriction codes are applied in China was not read.",
    reasons={
        "closed": Outcome.PASSED,
        "none_closed": Outcome.PASSED,
        "none_subject": Outcome.NOT_APPLICABLE,
        "code_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    },
    check=check_tunnels,
    severity=Severity.INFO,
    reads=(
        "goods.tunnel_restriction_code",
        "goods.mode",
        "goods.net_explosive_mass_kg",
        "goods.division",
    ),
)
RULES: Final = (POINTS, TUNNELS)
