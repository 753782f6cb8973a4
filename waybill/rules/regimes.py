"""MIX-02: small quantities, what relieves them, and when the relief is lost.

Goods within the limits of limited or excepted quantities go as ordinary goods, so that rules with
`relieved_by` are not asked. That is decided once for the whole unit: the goods of one trip are
relieved together or not at all. The findings inform and never stop: where a limit is exceeded or
something was not declared, the ordinary rules are asked, and those stop.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    order_29,
)
from waybill.rules.facts import Facts, GoodsFacts, Regime
from waybill.rules.figures import figure
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.mass import mass_text
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    worst,
)
from waybill.rules.small_quantities import (
    LINE_REASONS,
    is_given,
    judge_excepted_line,
    judge_limited_line,
)


def relieving_regimes(facts: Facts) -> frozenset[Regime]:
    """Return the regimes under which the whole load goes as ordinary goods; empty: none does.

    Every goods line must be declared under a regime of small quantities and keep its limits, and
    so must all lines of that regime together. A limit that is exceeded, a quantity that is not
    declared or one ordinary line among them leaves no relief. Figures that cannot be looked up
    relieve nobody.
    """
    regimes = frozenset(line.regime for line in facts.goods)
    if not regimes or Regime.ORDINARY in regimes:
        return frozenset()
    try:
        judged = worst(_JUDGES[regime](facts) for regime in sorted(regimes))
    except LookupError:
        return frozenset()
    return regimes if judged.outcome is Outcome.PASSED else frozenset()


def check_limited(facts: Facts, _at: datetime) -> Finding:
    """Say whether the limited quantities (有限数量) on the unit keep their limits.

    Each line keeps those of its list entry, and the gross mass of all of them on one vehicle is
    at most the law's figure, which itself is allowed. That a line is declared under the regime is
    the consignor's declaration. Exceeded or not declared, the relief is lost and the ordinary
    rules apply; this rule itself stops nothing. Limited quantities beside explosives are for
    `MIX-01.limited_with_explosives` to stop.

    Source: Order 29/2019, articles 17, 19 and 21; ADR 2025, 3.4.
    """
    return LIMITED.finding(*_judge_limited(facts))


def _judge_limited(facts: Facts) -> Judgement:
    lines = _lines_under(facts, Regime.LIMITED)
    if not lines:
        return not_applicable("none_declared")
    limit_kg = figure(facts, "limited_vehicle_gross_kg")
    masses = (line.gross_mass_kg for line in lines)
    total_kg = sum((mass for mass in masses if is_given(mass)), Decimal(0))
    about = _totals(lines, gross_kg=total_kg, limit_kg=limit_kg)
    if total_kg > limit_kg:
        over_kg = mass_text(total_kg - limit_kg)
        return failed("vehicle_exceeded", **about, over_kg=over_kg)
    return _judge_lines(lines, judge_limited_line, about)


def check_excepted(facts: Facts, _at: datetime) -> Finding:
    """Say whether the excepted quantities (例外数量) on the unit keep their limits.

    Each line keeps those of its list entry, and the packages of all of them on one vehicle are at
    most as many as the law's figure, which itself is allowed. Exceeded or not declared, the
    relief is lost and the ordinary rules apply; this rule itself stops nothing.

    Source: Order 29/2019, articles 16, 18 and 21; ADR 2025, 3.5.
    """
    return EXCEPTED.finding(*_judge_excepted(facts))


def _judge_excepted(facts: Facts) -> Judgement:
    lines = _lines_under(facts, Regime.EXCEPTED)
    if not lines:
        return not_applicable("none_declared")
    limit = figure(facts, "excepted_vehicle_packages")
    packages = Decimal(sum(max(line.packages or 0, 0) for line in lines))
    about = _totals(lines, packages=packages, limit_packages=limit)
    if packages > limit:
        return failed("vehicle_exceeded", **about)
    heaviest_kg_l = figure(facts, "excepted_heaviest_kg_l")
    judge = partial(judge_excepted_line, heaviest_kg_l=heaviest_kg_l)
    return _judge_lines(lines, judge, about)


_JUDGES: Final[Mapping[Regime, Callable[[Facts], Judgement]]] = {
    Regime.LIMITED: _judge_limited,
    Regime.EXCEPTED: _judge_excepted,
}


def _lines_under(facts: Facts, regime: Regime) -> tuple[GoodsFacts, ...]:
    lines = (line for line in facts.goods if line.regime is regime)
    return tuple(sorted(lines, key=lambda line: line.position))


def _judge_lines(
    lines: Iterable[GoodsFacts],
    judge: Callable[[GoodsFacts], Judgement],
    about: Mapping[str, JsonValue],
) -> Judgement:
    judged = worst(judge(line) for line in lines)
    return passed(judged.reason, **about) if judged.outcome is Outcome.PASSED else judged


def _totals(lines: Iterable[GoodsFacts], **figures: Decimal) -> dict[str, JsonValue]:
    un_numbers: list[JsonValue] = list(dict.fromkeys(line.un_number for line in lines))
    return {
        "un_numbers": un_numbers,
        **{name: mass_text(value) for name, value in figures.items()},
    }


_REASONS: Final[Reasons] = {
    **LINE_REASONS,
    "none_declared": Outcome.NOT_APPLICABLE,
    "vehicle_exceeded": Outcome.FAILED,
}
_UNREAD_PACKING: Final = (
    "Articles 16 to 21 of Order 29 were read. What one packaging may hold is taken from ADR 2025; "
    "JT/T 617 was not read."
)

LIMITED: Final = Rule(
    code="MIX-02.limited",
    version=1,
    title_zh="有限数量",
    title_en="Limited quantities",
    basis=(order_29("17"), order_29("19"), order_29("21"), adr("3.4")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD_PACKING,
    reasons=_REASONS,
    check=check_limited,
    severity=Severity.INFO,
    reads=(
        "goods.regime",
        "goods.limited_quantity",
        "goods.mode",
        "goods.inner_l",
        "goods.inner_kg",
        "goods.package_gross_kg",
        "goods.shrink_wrapped",
        "goods.packages",
        "goods.gross_mass_kg",
        "goods.quantity_kg",
        "goods.physical_state",
        "goods.empty_uncleaned",
    ),
)
EXCEPTED: Final = Rule(
    code="MIX-02.excepted",
    version=1,
    title_zh="例外数量",
    title_en="Excepted quantities",
    basis=(order_29("16"), order_29("18"), order_29("21"), adr("3.5")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=_UNREAD_PACKING,
    reasons=_REASONS,
    check=check_excepted,
    severity=Severity.INFO,
    reads=(
        "goods.regime",
        "goods.excepted_quantity",
        "goods.mode",
        "goods.inner_l",
        "goods.inner_kg",
        "goods.package_net_l",
        "goods.package_net_kg",
        "goods.packages",
        "goods.quantity_l",
        "goods.quantity_kg",
        "goods.physical_state",
        "goods.empty_uncleaned",
    ),
)
RULES: Final = (LIMITED, EXCEPTED)
