"""DOC-04: the permits that some goods need for each trip."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.rules.allotment import find_excess
from waybill.rules.bases import (
    DRUG_PRECURSOR_REGULATIONS_IN_FORCE,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    drug_precursor_regulations,
    hazchem_regulations,
    order_29,
)
from waybill.rules.facts import Answer, Facts, GoodsFacts, PermitFacts
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.mass import mass_text
from waybill.rules.permit_match import judge_permit
from waybill.rules.permit_needs import FORMS, PermitForm
from waybill.rules.rule import (
    Basis,
    Judgement,
    Reasons,
    Rule,
    failed,
    mildest,
    not_applicable,
    passed,
    unknown,
    worst,
)

_NOTHING: Final = Decimal(0)


def judge_permits(facts: Facts, form: PermitForm, at: datetime) -> Judgement:
    """Judge that every goods line that needs a permit of a kind has one that is right for it.

    Right is one permit, not the sum of several: its number, goods, vehicle, dates and route. All
    permits that are right for a line share its quantity. Goods of which it is not known whether
    they need the permit pass with one, and are unknown without.
    """
    if not facts.goods:
        return unknown("no_goods")
    answers = [(line, form.needed(line)) for line in facts.goods]
    certain = [line for line, answer in answers if answer is Answer.YES]
    asked = [line for line, answer in answers if answer is Answer.ASK]
    if not certain and not asked:
        return not_applicable("not_needed", permit=form.kind.value)
    judged = _judge_lines(facts, form, certain, at)
    if judged.outcome is not Outcome.PASSED or not asked:
        return judged
    return _settle(_judge_lines(facts, form, [*certain, *asked], at), form, asked)


def _settle(judged: Judgement, form: PermitForm, asked: Sequence[GoodsFacts]) -> Judgement:
    """Return what follows for goods of which it is not known whether they need the permit."""
    if judged.outcome is Outcome.PASSED:
        return judged
    numbers = [line.un_number for line in asked]
    return unknown("need_unsettled", permit=form.kind.value, un_numbers=numbers)


def _judge_lines(
    facts: Facts, form: PermitForm, lines: Sequence[GoodsFacts], at: datetime
) -> Judgement:
    permits = [permit for permit in facts.waybill.permits if permit.kind is form.kind]
    about: dict[str, JsonValue] = {
        "permit": form.kind.value,
        "un_numbers": [line.un_number for line in lines],
    }
    if lines and not permits:
        return failed("permit_missing", **about)
    judged = [[judge_permit(facts, form, permit, line, at) for permit in permits] for line in lines]
    stands = [mildest(one) for one in judged]
    if any(one.outcome is not Outcome.PASSED for one in stands):
        return worst(stands)
    fits = [
        frozenset(i for i, one in enumerate(ones) if one.outcome is Outcome.PASSED)
        for ones in judged
    ]
    about |= {"numbers": [permit.number for permit in permits]}
    return _judge_quantity(lines, permits, fits, about)


def _judge_quantity(
    lines: Sequence[GoodsFacts],
    permits: Sequence[PermitFacts],
    fits: Sequence[frozenset[int]],
    about: dict[str, JsonValue],
) -> Judgement:
    """Judge quantities, which the permits that fit share; a permit may lack its quantity."""
    amounts = [line.quantity_kg for line in lines]
    goods_kg = sum(amounts, _NOTHING)
    known = [permit.quantity_kg or _NOTHING for permit in permits]
    over_kg = find_excess(amounts, known, fits)
    about |= {"goods_kg": mass_text(goods_kg)}
    if over_kg == _NOTHING:
        return passed("covered", **about)
    hoped = [goods_kg if permit.quantity_kg is None else permit.quantity_kg for permit in permits]
    if find_excess(amounts, hoped, fits) == _NOTHING:
        return unknown("quantity_unknown", **about)
    return failed("quantity_exceeded", **about, over_kg=mass_text(over_kg))


def _reasons(form: PermitForm) -> Reasons:
    reasons = {
        "covered": Outcome.PASSED,
        "not_needed": Outcome.NOT_APPLICABLE,
        "permit_missing": Outcome.FAILED,
        "goods_not_named": Outcome.FAILED,
        "other_vehicle": Outcome.FAILED,
        "not_yet_valid": Outcome.FAILED,
        "expired": Outcome.FAILED,
        "route_differs": Outcome.FAILED,
        "quantity_exceeded": Outcome.FAILED,
        "number_missing": Outcome.UNKNOWN,
        "goods_unknown": Outcome.UNKNOWN,
        "dates_unknown": Outcome.UNKNOWN,
        "route_unknown": Outcome.UNKNOWN,
        "quantity_unknown": Outcome.UNKNOWN,
        "no_goods": Outcome.UNKNOWN,
    }
    if form.may_ask:
        reasons["need_unsettled"] = Outcome.UNKNOWN
    if form.names_vehicle:
        reasons["vehicle_unknown"] = Outcome.UNKNOWN
    if form.number is not None:
        confirmed = form.number_confirmed
        reason = "number_malformed" if confirmed else "number_unsettled"
        reasons[reason] = Outcome.FAILED if confirmed else Outcome.UNKNOWN
    return reasons


def _rule(
    code: str,
    title_zh: str,
    title_en: str,
    *,
    basis: tuple[Basis, ...] = (),
    note: str,
    in_force_from: date = ORDER_29_IN_FORCE,
    severity: Severity = Severity.STOP,
) -> Rule:
    """Return the rule that refuses goods without the permit they need, or with a wrong one."""
    form = FORMS[code]

    def check(facts: Facts, at: datetime) -> Finding:
        return rule.finding(*judge_permits(facts, form, at))

    rule = Rule(
        code=code,
        version=1,
        title_zh=title_zh,
        title_en=title_en,
        basis=(*basis, order_29("15"), order_29("27")),
        edition=SECOND_EDITION,
        in_force_from=in_force_from,
        phases=ON_THE_WAY,
        confirmed=False,
        confirmed_note=note,
        reasons=_reasons(form),
        check=check,
        severity=severity,
        reads=(
            *form.reads,
            "goods.quantity_kg",
            "waybill.permits",
            "waybill.vehicle_plate",
            "waybill.trailer_plate",
            "waybill.loading_area_code",
            "waybill.destination_area_code",
        ),
    )
    return rule


_UNREAD: Final = "Articles 15 and 27 of Order 29 were not read for what a permit must state."
_UNREAD_CITIES: Final = (
    "Article 20 was read in a copy. It asks for the permit where the trip leaves the city, or in "
    "some areas the county; here it is asked for always."
)

HIGHLY_TOXIC: Final = _rule(
    "DOC-04.highly_toxic",
    "剧毒化学品道路运输通行证",
    "Pass for highly toxic chemicals",
    basis=(hazchem_regulations("50"),),
    note=_UNREAD,
)
CIVIL_EXPLOSIVES: Final = _rule(
    "DOC-04.civil_explosives",
    "民用爆炸物品运输许可证",
    "Permit for civil explosives",
    note=f"All explosives but fireworks are taken for civil explosives; their list (民用爆炸物品"
    f"品名表) was not read. {_UNREAD}",
)
FIREWORKS: Final = _rule(
    "DOC-04.fireworks",
    "烟花爆竹道路运输许可证",
    "Permit for fireworks",
    note=_UNREAD,
)
RADIOACTIVE: Final = _rule(
    "DOC-04.radioactive",
    "放射性物品运输文件",
    "Documents for radioactive goods",
    note=_UNREAD,
)
WASTE_MANIFEST: Final = _rule(
    "DOC-04.waste_manifest",
    "危险废物转移联单",
    "Hazardous waste transfer manifest",
    note=f"Fourteen digits of a manifest's number are believed. {_UNREAD}",
)
DRUG_PRECURSOR: Final = _rule(
    "DOC-04.drug_precursor",
    "易制毒化学品运输许可证（第一、二类）",
    "Permit for drug precursors of category 1 and 2",
    basis=(drug_precursor_regulations("20"),),
    note=_UNREAD_CITIES,
    in_force_from=DRUG_PRECURSOR_REGULATIONS_IN_FORCE,
)
DRUG_PRECURSOR_RECORD: Final = _rule(
    "DOC-04.drug_precursor_record",
    "易制毒化学品运输备案证明（第三类）",
    "Record of drug precursors of category 3",
    basis=(drug_precursor_regulations("20"),),
    note="Article 20 was read in a copy. Whether trips inside one city are put on record too is "
    "not settled, so that this warns only.",
    in_force_from=DRUG_PRECURSOR_REGULATIONS_IN_FORCE,
    severity=Severity.WARN,
)
RULES: Final = (
    HIGHLY_TOXIC,
    CIVIL_EXPLOSIVES,
    FIREWORKS,
    RADIOACTIVE,
    WASTE_MANIFEST,
    DRUG_PRECURSOR,
    DRUG_PRECURSOR_RECORD,
)
