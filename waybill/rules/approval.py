"""What a tank's papers say of one goods line: its list of substances, its code, its instruction."""

import re
import unicodedata
from decimal import Decimal
from typing import Final

from waybill.codec import JsonValue
from waybill.goods.tank_codes import Fit, portable_tank_permits, tank_code_permits
from waybill.registry.kinds import TankKind
from waybill.rules.facts import GoodsFacts, SubstanceFacts, TankFacts
from waybill.rules.rule import Judgement, failed, passed, unknown
from waybill.rules.subjects import Subject, describe

NEEDS_TECHNICAL_NAME: Final = frozenset({"274", "318"})
"""Special provisions by which a proper shipping name is completed by a technical name."""

_SHARE: Final = re.compile(r"(?:≤|<=|不超过|不大于)?([0-9]{1,3}(?:\.[0-9]{1,3})?)%?")
_HUNDRED: Final = Decimal(100)
_SPACE: Final = re.compile(r"\s+")


def judge_line(tank: TankFacts, line: GoodsFacts) -> Judgement:
    """Judge one line by the papers that this kind of tank has."""
    about: dict[str, JsonValue] = {
        **describe(Subject.TANK, tank),
        "tank_kind": tank.kind.value,
        "un_number": line.un_number,
        "position": line.position,
    }
    if tank.kind is TankKind.PORTABLE_TANK:
        return _judge_instruction(tank, line, about)
    if tank.kind is TankKind.TANK_CONTAINER:
        return _judge_code(tank, line, about)
    return _judge_list(tank, line, about)


def _judge_list(tank: TankFacts, line: GoodsFacts, about: dict[str, JsonValue]) -> Judgement:
    listed = list(dict.fromkeys(s.un_number for s in tank.approved_substances))
    about |= {"un_numbers": listed}
    if not listed:
        return failed("list_empty", **about)
    named = [s for s in tank.approved_substances if s.un_number == line.un_number]
    if not named:
        return failed("not_on_list", **about)
    answers = [_narrowing(substance, line) for substance in named]
    if "" in answers:
        return passed("approved", **about)
    unsettled = [answer for answer in answers if answer != "narrowed_out"]
    if unsettled:
        return unknown(unsettled[0], **about)
    return failed("narrowed_out", **about, narrowed=[_spell(substance) for substance in named])


def _narrowing(substance: SubstanceFacts, line: GoodsFacts) -> str:
    """Return why a listed substance does not settle the line, empty where it does."""
    if substance.packing_groups and line.packing_group not in substance.packing_groups:
        return "narrowed_out"
    if substance.compartment is not None and line.compartment != substance.compartment:
        return "compartment_unsettled" if line.compartment is None else "narrowed_out"
    return _compare_concentration(
        substance.max_concentration, line.concentration
    ) or _compare_technical_name(substance, line)


def _compare_concentration(limit: str, stated: str) -> str:
    if not limit:
        return ""
    most, given = _share(limit), _share(stated)
    if most is None or given is None:
        return "concentration_unsettled"
    return "" if given <= most else "narrowed_out"


def _compare_technical_name(substance: SubstanceFacts, line: GoodsFacts) -> str:
    """Accept equal names only: whether two names mean one substance is not for us to guess."""
    needed = not NEEDS_TECHNICAL_NAME.isdisjoint(line.special_provisions)
    if not substance.technical_name and not needed:
        return ""
    listed, stated = _plain(substance.technical_name), _plain(line.technical_name)
    return "" if listed and listed == stated else "technical_name_unsettled"


def _plain(name: str) -> str:
    return _SPACE.sub("", unicodedata.normalize("NFKC", name)).casefold()


def _share(text: str) -> Decimal | None:
    """Read a share in per cent, `None` where it is not plainly one figure."""
    found = _SHARE.fullmatch(_plain(text))
    if found is None or Decimal(found[1]) > _HUNDRED:
        return None
    return Decimal(found[1])


def _spell(substance: SubstanceFacts) -> str:
    parts = [
        "/".join(substance.packing_groups),
        substance.technical_name,
        substance.max_concentration,
        "" if substance.compartment is None else f"#{substance.compartment}",
    ]
    return " ".join(part for part in parts if part)


def _judge_instruction(tank: TankFacts, line: GoodsFacts, about: dict[str, JsonValue]) -> Judgement:
    needed, own = line.portable_tank_instruction, tank.portable_tank_instruction
    if not needed:
        return failed("no_code_in_list", **about)
    if not own:
        return unknown("code_missing", **about, needed=needed)
    fit = portable_tank_permits(own, needed)
    return _answer(fit, {**about, "needed": needed, "tank_code": own})


def _judge_code(tank: TankFacts, line: GoodsFacts, about: dict[str, JsonValue]) -> Judgement:
    needed, own = line.tank_code, tank.tank_code
    if not needed:
        return failed("no_code_in_list", **about)
    if not own:
        return unknown("code_missing", **about, needed=needed)
    fit = tank_code_permits(own, needed, un_number=line.un_number)
    return _answer(fit, {**about, "needed": needed, "tank_code": own})


def _answer(fit: Fit, about: dict[str, JsonValue]) -> Judgement:
    if fit is Fit.YES:
        return passed("code_permits", **about)
    if fit is Fit.NO:
        return failed("code_forbids", **about)
    return unknown("code_unsettled", **about)
