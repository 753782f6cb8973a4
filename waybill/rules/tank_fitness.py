"""TNK-02: whether the tank's papers, code or instruction allow the goods, by the tables in force.

Version 2 of the rule in `waybill.rules.tanks`: same lists and certificates, but codes, instructions
and provisions are looked up in the edition of the goods list that the line was written by.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.goods.portable_tanks import (
    PortableTankProvision,
    ProvisionEffect,
    find_provisions,
    fit_instruction,
)
from waybill.goods.tank_codes import Fit
from waybill.goods.tank_hierarchy import fit
from waybill.registry.kinds import CertificateKind, TankKind
from waybill.rules.approval import judge_line
from waybill.rules.bases import ON_THE_WAY, ORDER_29_IN_FORCE, SECOND_EDITION, adr, order_29
from waybill.rules.classification import tank_lines
from waybill.rules.facts import Facts, GoodsFacts, PhysicalState, TankFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.gas_limits import is_gas
from waybill.rules.mass import mass_text
from waybill.rules.portable_gases import judge_pressure
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown, worst
from waybill.rules.shells import ABSENCE_REASONS, find_tank
from waybill.rules.subjects import HOLDER_REASONS, Subject, describe, judge_holder

_OPEN_CODE: Final = re.compile(r"(?P<kind>[CPR])x(?P<rest>[BCD][NH](?:\(M\))?)")
_ONLY_IF_NAMED: Final = "only_if_named"
_BY_STATE: Final = "TP33"
_SOLID_ONLY: Final = "TP31"
_INSULATED_ONLY: Final = frozenset({"TP20", "TP30"})
_BY_APPROVAL: Final = "TP9"


def check_fitness(facts: Facts, at: datetime) -> Finding:
    """Refuse goods that the tank's papers do not name or, by its code, do not allow.

    An atmospheric tank has a list of approved substances (适装介质) by UN number; a mobile pressure
    vessel a use registration certificate (使用登记证) that names its medium. A portable tank goes
    by its instruction and the provisions (TP) of the goods, a tank-container by its tank code, for
    the state in which the goods are carried. Gases (class 2) go into pressure vessels, so no list
    opens an atmospheric tank for them. Goods marked (+) go only into a tank whose approval
    names them. Never by class, and an empty list approves nothing.

    Source: Order 29/2019, articles 23 and 27 (5); ADR 2025, 4.2.5.2.5, 4.2.5.3, 4.3.3.1.2 and
    4.3.4.1.2.
    """
    tank = find_tank(facts)
    if isinstance(tank, Judgement):
        return FITNESS.finding(*tank)
    return FITNESS.finding(*_fitness(facts, tank, at))


def _fitness(facts: Facts, tank: TankFacts, at: datetime) -> Judgement:
    if tank.kind is TankKind.MOBILE_PRESSURE_VESSEL:
        kind = CertificateKind.USE_REGISTRATION
        registered = judge_holder(facts, Subject.TANK, kind, at)
        if registered.outcome is not Outcome.PASSED:
            return registered
    return worst(judge_fitness(facts, tank, line) for line in tank_lines(facts))


def judge_fitness(facts: Facts, tank: TankFacts, line: GoodsFacts) -> Judgement:
    """Judge one line by the papers that this kind of tank has."""
    if tank.kind is TankKind.PORTABLE_TANK:
        return worst(_judge_portable(facts, tank, line))
    if tank.kind is TankKind.TANK_CONTAINER:
        return _judge_container(tank, line)
    if tank.kind is TankKind.ATMOSPHERIC_TANK and is_gas(line):
        return failed("gas_in_atmospheric_tank", **_about(tank, line))
    return judge_line(tank, line)


def _about(tank: TankFacts, line: GoodsFacts) -> dict[str, JsonValue]:
    return {
        **describe(Subject.TANK, tank),
        "tank_kind": tank.kind.value,
        "un_number": line.un_number,
        "position": line.position,
    }


def _is_named(tank: TankFacts, line: GoodsFacts) -> bool:
    """Whether the approval of a tank names the goods, as narrowly as a list of substances does."""
    listed = replace(tank, kind=TankKind.ATMOSPHERIC_TANK)
    return judge_line(listed, line).outcome is Outcome.PASSED


def _judge_container(tank: TankFacts, line: GoodsFacts) -> Judgement:
    about = _about(tank, line)
    if not line.tank_code:
        return failed("no_code_in_list", **about)
    if not tank.tank_code:
        return unknown("code_missing", **about, needed=line.tank_code)
    found, why = fit(
        own_code(tank.tank_code, tank.test_pressure_bar),
        line.tank_code,
        un_number=line.un_number,
        state=line.physical_state.value,
        edition=line.list_edition,
        insulated=tank.insulated,
    )
    about |= {"needed": line.tank_code, "tank_code": tank.tank_code, "why": why}
    if why == _ONLY_IF_NAMED and _is_named(tank, line):
        return passed("named_in_approval", **about)
    return _answer(found, about)


def own_code(tank_code: str, test_pressure_bar: Decimal | None) -> str:
    """Return a tank's code with its test pressure where the code itself leaves it open (x)."""
    found = _OPEN_CODE.fullmatch(tank_code)
    if found is None or test_pressure_bar is None:
        return tank_code
    return f"{found['kind']}{mass_text(test_pressure_bar)}{found['rest']}"


def _judge_portable(facts: Facts, tank: TankFacts, line: GoodsFacts) -> Iterator[Judgement]:
    about = _about(tank, line)
    needed, own = line.portable_tank_instruction, tank.portable_tank_instruction
    if not needed:
        yield failed("no_code_in_list", **about)
        return
    if not own:
        yield unknown("code_missing", **about, needed=needed)
        return
    found, why = fit_instruction(own, needed, line.list_edition)
    provisions = find_provisions(line.portable_tank_provisions, line.list_edition)
    yield _answer(found, {**about, "needed": needed, "tank_code": own, "why": why})
    pressure = judge_pressure(facts, tank, line, about)
    if pressure is not None and (pressure.outcome is Outcome.FAILED or not _is_named(tank, line)):
        yield pressure
    for provision in provisions:
        held = _judge_provision(tank, line, provision)
        if held is not True:
            yield _provision_finding(provision, about, failed_outright=held is False)


def _answer(found: Fit, about: dict[str, JsonValue]) -> Judgement:
    if found is Fit.YES:
        return passed("fits", **about)
    if found is Fit.NO:
        return failed("does_not_fit", **about)
    return unknown("fit_unsettled", **about)


def _judge_provision(
    tank: TankFacts, line: GoodsFacts, provision: PortableTankProvision
) -> bool | None:
    """Return whether the facts fulfil a provision, `None` where a person must look.

    Provisions on construction are for the approval, those on filling for the rule of filling;
    conditions of the filling itself (TP7 and the like) are for the bay.
    """
    solid = line.physical_state is PhysicalState.SOLID
    stated = line.physical_state is not PhysicalState.ASK
    if provision.code == _BY_STATE:
        return True if solid else None
    if provision.code == _SOLID_ONLY:
        return solid if stated else None
    if provision.code in _INSULATED_ONLY:
        return tank.insulated
    if provision.code == _BY_APPROVAL or provision.effect is ProvisionEffect.ASK:
        return True if _is_named(tank, line) else None
    return True


def _provision_finding(
    provision: PortableTankProvision, about: dict[str, JsonValue], *, failed_outright: bool
) -> Judgement:
    seen = {
        **about,
        "provision": provision.code,
        "words_zh": provision.words_zh,
        "words_en": provision.words_en,
    }
    if failed_outright:
        return failed("provision_not_met", **seen)
    return unknown("provision_asks", **seen)


FITNESS: Final = Rule(
    code="TNK-02.approved",
    version=2,
    title_zh="货物在罐体适装介质范围内",
    title_en="The tank is approved for the goods",
    basis=(order_29("23"), order_29("27(5)"), adr("4.2.5"), adr("4.3.3.1.2"), adr("4.3.4.1.2")),
    edition=SECOND_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note="Article 23 was read; how lists narrow a substance is taken from practice. The "
    "provisions of portable tanks (TP) and the marks (+) and (M) are from memory.",
    reasons={
        **{r: o for r, o in HOLDER_REASONS.items() if r not in {"valid", "end_date_unknown"}},
        **ABSENCE_REASONS,
        "approved": Outcome.PASSED,
        "list_empty": Outcome.FAILED,
        "not_on_list": Outcome.FAILED,
        "narrowed_out": Outcome.FAILED,
        "gas_in_atmospheric_tank": Outcome.FAILED,
        "technical_name_unsettled": Outcome.UNKNOWN,
        "concentration_unsettled": Outcome.UNKNOWN,
        "compartment_unsettled": Outcome.UNKNOWN,
        "fits": Outcome.PASSED,
        "named_in_approval": Outcome.PASSED,
        "does_not_fit": Outcome.FAILED,
        "fit_unsettled": Outcome.UNKNOWN,
        "code_missing": Outcome.UNKNOWN,
        "no_code_in_list": Outcome.FAILED,
        "pressure_too_low": Outcome.FAILED,
        "pressure_unsettled": Outcome.UNKNOWN,
        "provision_not_met": Outcome.FAILED,
        "provision_asks": Outcome.UNKNOWN,
    },
    check=check_fitness,
    reads=(
        "tank.kind",
        "tank.approved_substances",
        "tank.certificates",
        "tank.tank_code",
        "tank.portable_tank_instruction",
        "tank.test_pressure_bar",
        "tank.insulated",
        "waybill.tank_number",
        "goods.mode",
        "goods.un_number",
        "goods.packing_group",
        "goods.division",
        "goods.compartment",
        "goods.concentration",
        "goods.technical_name",
        "goods.special_provisions",
        "goods.tank_code",
        "goods.portable_tank_instruction",
        "goods.portable_tank_provisions",
        "goods.physical_state",
        "goods.list_edition",
    ),
)
RULES: Final = (FITNESS,)
