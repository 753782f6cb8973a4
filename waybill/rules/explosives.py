"""MIX-01.explosive_mass: how much of explosives one transport unit may carry."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Final, TypeAlias

from waybill.codec import JsonValue
from waybill.goods.explosives import (
    ExplosivesVehicle,
    Together,
    counts_towards_limit,
    division,
    may_load_explosives_together,
    net_explosive_limit_kg,
)
from waybill.registry.kinds import VehicleApproval
from waybill.rules.bases import (
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    adr,
    jtt_617,
)
from waybill.rules.classification import is_explosive, subject_lines
from waybill.rules.facts import Facts, GoodsFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.mass import mass_text
from waybill.rules.mixed_loading import AS_EXPLOSIVES, compare, pairs_beside
from waybill.rules.rule import Judgement, Rule, failed, not_applicable, passed, unknown

_Masses: TypeAlias = list[tuple[GoodsFacts, Decimal | None]]

_NOTHING: Final = Decimal(0)
_WEAKEST: Final[ExplosivesVehicle] = "EX/II"
_STRONGEST: Final[ExplosivesVehicle] = "EX/III"
_DIFFERENT_ARTICLES: Final = "2"
_AS_DIVISION_1_1: Final = "1.1D"


def check_explosive_mass(facts: Facts, _at: datetime) -> Finding:
    """Refuse more net explosive mass than the vehicles are approved for.

    The limit goes by the most dangerous division of the load and by the weakest approval among
    the vehicles of the combination, EX/II or EX/III; the limit itself is allowed. Group S does not
    count. Where blasting explosives stand beside nitrates (note d of the table of mixed loading)
    all is treated as explosives, so the whole mass of the nitrates counts. Different articles of
    1.6N together count as Division 1.1.

    Source: JT/T 617.6; ADR 2025, 7.5.5.2.1 and 7.5.5.2.2, 7.5.2.1 note d, 7.5.2.2 note 2. That the
    tractor's approval counts beside the trailer's is not confirmed.
    """
    lines = tuple(line for line in subject_lines(facts) if is_explosive(line))
    if not lines:
        return EXPLOSIVE_MASS.finding(*not_applicable("no_explosives"))
    unclear = [line for line in lines if division(line.classification_code) is None]
    if unclear:
        return EXPLOSIVE_MASS.finding(*unknown("code_unknown", un_numbers=_numbers(unclear)))
    return EXPLOSIVE_MASS.finding(*_judge(facts, lines))


def _judge(facts: Facts, lines: tuple[GoodsFacts, ...]) -> Judgement:
    about: dict[str, JsonValue] = {"un_numbers": _numbers(lines)}
    if find_limit_kg(lines, _WEAKEST) is None:
        return passed("no_limit", **about)
    has_trailer = facts.waybill.trailer_plate is not None
    units = [facts.tractor, facts.trailer] if has_trailer else [facts.tractor]
    approvals = {unit.approval.value if unit else "" for unit in units}
    if "" in approvals:
        return unknown("unit_not_registered", **about)
    about |= {"approvals": sorted(approvals)}
    vehicle = _find_weakest(approvals)
    limit_kg = find_limit_kg(lines, vehicle) if vehicle else None
    if limit_kg is None:
        return failed("not_approved", **about)
    return _compare(_masses(facts, lines), limit_kg, about)


def find_limit_kg(lines: Iterable[GoodsFacts], vehicle: ExplosivesVehicle) -> Decimal | None:
    """Return the limit for explosives by the strictest of their lists; `None` = no limit."""
    lines = tuple(lines)
    codes = tuple(line.classification_code for line in lines)
    editions = sorted({line.list_edition for line in lines})
    if any(_count_as_1_1(lines, edition) for edition in editions):
        codes = (*codes, _AS_DIVISION_1_1)
    limits = (net_explosive_limit_kg(codes, vehicle, edition) for edition in editions)
    return min((limit for limit in limits if limit is not None), default=None)


def _count_as_1_1(lines: tuple[GoodsFacts, ...], edition: str) -> bool:
    """Whether different articles of 1.6N stand together, of which no test is on record."""
    return any(
        may_load_explosives_together(
            one.classification_code,
            other.classification_code,
            edition,
            same_goods=one.un_number == other.un_number,
        )
        == (Together.YES, _DIFFERENT_ARTICLES)
        for one in lines
        for other in lines
    )


def _find_weakest(approvals: set[str]) -> ExplosivesVehicle | None:
    if approvals == {VehicleApproval.EX_III.value}:
        return _STRONGEST
    both = {VehicleApproval.EX_II.value, VehicleApproval.EX_III.value}
    return _WEAKEST if approvals <= both else None


def _masses(facts: Facts, lines: Iterable[GoodsFacts]) -> _Masses:
    """Return what each line counts, `None` where it is not declared."""
    masses: _Masses = [
        (line, line.net_explosive_mass_kg)
        for line in lines
        if counts_towards_limit(line.classification_code)
    ]
    nitrates = {
        line.position: line
        for one, other in pairs_beside(facts)
        for edition in {one.list_edition, other.list_edition}
        if compare(one, other, edition)[1] == AS_EXPLOSIVES
        for line in (one, other)
        if not is_explosive(line)
    }
    return [*masses, *((line, line.quantity_kg) for line in nitrates.values())]


def _compare(masses: _Masses, limit_kg: Decimal, about: dict[str, JsonValue]) -> Judgement:
    declared = [mass for _, mass in masses if mass is not None and _is_mass(mass)]
    total_kg = sum(declared, _NOTHING)
    about |= {"net_explosive_mass_kg": mass_text(total_kg), "limit_kg": mass_text(limit_kg)}
    if total_kg > limit_kg:
        return failed("over_limit", **about, over_kg=mass_text(total_kg - limit_kg))
    undeclared = [line for line, mass in masses if mass is None or not _is_mass(mass)]
    if undeclared:
        return unknown("mass_not_declared", **about, undeclared_un_numbers=_numbers(undeclared))
    return passed("within_limit", **about)


def _is_mass(mass_kg: Decimal) -> bool:
    return mass_kg.is_finite() and mass_kg > _NOTHING


def _numbers(lines: Iterable[GoodsFacts]) -> list[JsonValue]:
    numbers: list[JsonValue] = list(dict.fromkeys(line.un_number for line in lines))
    return numbers


EXPLOSIVE_MASS: Final = Rule(
    code="MIX-01.explosive_mass",
    version=1,
    title_zh="爆炸品净质量限值",
    title_en="Net explosive mass within the limit",
    basis=(jtt_617("6"), adr("7.5.5.2.1")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=(
        "JT/T 617.6 was not read; the limits are those of ADR 2025. "
        "That the tractor's approval counts beside the trailer's is our reading."
    ),
    reasons={
        "within_limit": Outcome.PASSED,
        "no_limit": Outcome.PASSED,
        "no_explosives": Outcome.NOT_APPLICABLE,
        "over_limit": Outcome.FAILED,
        "not_approved": Outcome.FAILED,
        "mass_not_declared": Outcome.UNKNOWN,
        "code_unknown": Outcome.UNKNOWN,
        "unit_not_registered": Outcome.UNKNOWN,
    },
    check=check_explosive_mass,
    reads=(
        "goods.classification_code",
        "goods.net_explosive_mass_kg",
        "goods.quantity_kg",
        "goods.labels",
        "tractor.approval",
        "trailer.approval",
    ),
)
RULES: Final = (EXPLOSIVE_MASS,)
