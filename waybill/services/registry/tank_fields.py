"""What can be said of a tank: kind, codes, compartments and substances that fit each other."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from waybill.goods.catalogue import GoodsList, catalogue
from waybill.goods.tank_codes import parse_tank_code
from waybill.identifiers import IdentifierError, validate_iso6346, validate_un_number
from waybill.registry.kinds import TankKind
from waybill.registry.records import ApprovedSubstance, Compartment, TankParticulars
from waybill.services.registry.validation import (
    NOT_EXPECTED,
    NOT_POSITIVE,
    REPEATED,
    REQUIRED,
    TOO_LONG,
    Complaint,
    FieldCheck,
)

MAX_COMPARTMENTS: Final = 20
MAX_SUBSTANCES: Final = 1000
_TEXT_LENGTH: Final = 200

# Only stated where the law gives the tank such a code; elsewhere the field stays empty.
NEEDS_TANK_CODE: Final = frozenset({TankKind.ATMOSPHERIC_TANK, TankKind.TANK_CONTAINER})

_TANK_NUMBER: Final = re.compile(
    r"[0-9A-Z\u4e00-\u9fff](?:[0-9A-Z\u4e00-\u9fff/.-]{0,38}[0-9A-Z])?"
)
_INSTRUCTION: Final = re.compile(r"T(?:[1-9]|1[0-9]|2[0-3]|50|75)")

CAPACITY_SUM: Final = Complaint(
    "compartments-sum",
    "各仓容积之和应等于罐体容积。",
    "The compartments' capacities do not add up to the tank's.",
)
SECTION_TOO_LARGE: Final = Complaint(
    "section-too-large",
    "最大隔段容积不能大于该仓容积。",
    "A section cannot be larger than its compartment.",
)
NO_SUCH_COMPARTMENT: Final = Complaint(
    "no-such-compartment", "没有这个仓号。", "The tank has no compartment of this number."
)
UNKNOWN_UN_NUMBER: Final = Complaint(
    "un-number-unknown",
    "危险货物一览表中没有该联合国编号。",
    "The dangerous goods list has no such UN number.",
)
NO_SUCH_PACKING_GROUP: Final = Complaint(
    "packing-group-unknown",
    "该联合国编号没有此包装类别。",
    "This UN number has no such packing group.",
)


def settle_tank(stated: TankParticulars, today: date) -> TankParticulars:
    """Return the particulars in their stored spelling.

    An atmospheric tank and a tank-container need a tank code, a portable tank its T instruction.
    Compartments, where given, add up to the capacity exactly. The list of approved substances
    may be empty, but then no load passes its check. Masses are kilograms, volumes litres.

    Raises:
        InvalidFieldError: names every field that cannot be accepted.
    """
    check = FieldCheck()
    check.provenance(stated.provenance)
    portable = stated.kind is TankKind.PORTABLE_TANK
    instruction = stated.portable_tank_instruction
    check.expect("/portable_tank_instruction", REQUIRED, holds=not portable or bool(instruction))
    check.expect("/portable_tank_instruction", NOT_EXPECTED, holds=portable or not instruction)
    code_needed = stated.kind in NEEDS_TANK_CODE
    check.expect("/tank_code", REQUIRED, holds=not code_needed or bool(stated.tank_code))
    _check_compartments(check, stated.capacity_l, stated.compartments)
    _check_substances(check, stated, catalogue(today))
    settled = TankParticulars(
        number=check.identifier("/number", _number_rule(stated.kind), stated.number),
        kind=stated.kind,
        capacity_l=check.quantity("/capacity_l", stated.capacity_l) or stated.capacity_l,
        compartments=stated.compartments,
        approved_substances=stated.approved_substances,
        tank_code=_code(check, "/tank_code", _tank_code, stated.tank_code),
        portable_tank_instruction=_code(
            check, "/portable_tank_instruction", _instruction, instruction
        ),
        rated_load_kg=check.quantity("/rated_load_kg", stated.rated_load_kg),
        tare_kg=check.quantity("/tare_kg", stated.tare_kg),
        mounted_on_id=stated.mounted_on_id,
        test_pressure_bar=check.quantity("/test_pressure_bar", stated.test_pressure_bar),
        max_filling_kg=check.quantity("/max_filling_kg", stated.max_filling_kg),
        insulated=stated.insulated,
        heated=stated.heated,
        provenance=stated.provenance,
    )
    check.settle()
    return settled


def _code(
    check: FieldCheck, pointer: str, parse: Callable[[str], str], text: str | None
) -> str | None:
    return check.identifier(pointer, parse, text) if text else None


def _number_rule(kind: TankKind) -> Callable[[str], str]:
    return validate_iso6346 if kind is TankKind.TANK_CONTAINER else _tank_number


def _tank_number(text: str) -> str:
    number = text.strip().upper()
    if not _TANK_NUMBER.fullmatch(number):
        raise IdentifierError(
            "tank-number-shape",
            "罐体编号应为 1 至 40 个字母、数字或汉字。",
            "A tank number has 1 to 40 letters, digits or Chinese characters.",
        )
    return number


def _tank_code(text: str) -> str:
    code = text.strip()
    try:
        parse_tank_code(code)
    except ValueError:
        raise IdentifierError(
            "tank-code-shape",
            "罐体代码应为如 LGBF、L4BN、P22DH(M) 的形式。",
            "A tank code looks like LGBF, L4BN or P22DH(M).",
        ) from None
    return code


def _instruction(text: str) -> str:
    instruction = text.strip()
    if not _INSTRUCTION.fullmatch(instruction):
        raise IdentifierError(
            "portable-tank-instruction-shape",
            "可移动罐柜导则应为 T1 至 T23、T50 或 T75。",
            "A portable tank instruction is T1 to T23, T50 or T75.",
        )
    return instruction


def _check_compartments(
    check: FieldCheck, capacity_l: Decimal, compartments: Sequence[Compartment]
) -> None:
    if not compartments:
        return
    check.expect("/compartments", TOO_LONG, holds=len(compartments) <= MAX_COMPARTMENTS)
    seen: set[int] = set()
    for place, compartment in enumerate(compartments):
        pointer = f"/compartments/{place}"
        check.expect(f"{pointer}/number", NOT_POSITIVE, holds=compartment.number > 0)
        check.expect(f"{pointer}/number", REPEATED, holds=compartment.number not in seen)
        seen.add(compartment.number)
        check.quantity(f"{pointer}/capacity_l", compartment.capacity_l, required=True)
        section = check.quantity(f"{pointer}/largest_section_l", compartment.largest_section_l)
        fits = section is None or section <= compartment.capacity_l
        check.expect(f"{pointer}/largest_section_l", SECTION_TOO_LARGE, holds=fits)
    total = sum((c.capacity_l for c in compartments), Decimal(0))
    check.expect("/compartments", CAPACITY_SUM, holds=total == capacity_l)


def _check_substances(check: FieldCheck, stated: TankParticulars, goods: GoodsList) -> None:
    check.expect(
        "/approved_substances", TOO_LONG, holds=len(stated.approved_substances) <= MAX_SUBSTANCES
    )
    numbers = {compartment.number for compartment in stated.compartments}
    seen: set[ApprovedSubstance] = set()
    for place, substance in enumerate(stated.approved_substances):
        pointer = f"/approved_substances/{place}"
        check.expect(pointer, REPEATED, holds=substance not in seen)
        seen.add(substance)
        _check_substance(check, pointer, substance, goods)
        there = substance.compartment is None or substance.compartment in numbers
        check.expect(f"{pointer}/compartment", NO_SUCH_COMPARTMENT, holds=there)


def _check_substance(
    check: FieldCheck, pointer: str, substance: ApprovedSubstance, goods: GoodsList
) -> None:
    for name in ("technical_name", "max_concentration"):
        text = str(getattr(substance, name))
        check.line(f"{pointer}/{name}", text, longest=_TEXT_LENGTH, required=False)
    number = check.read(f"{pointer}/un_number", validate_un_number, substance.un_number)
    if number is None:
        return
    entries = goods.find(number)
    if not entries:
        check.complain(f"{pointer}/un_number", UNKNOWN_UN_NUMBER)
        return
    groups = {entry.packing_group.value for entry in entries if entry.packing_group}
    for place, group in enumerate(substance.packing_groups):
        known = group in groups
        check.expect(f"{pointer}/packing_groups/{place}", NO_SUCH_PACKING_GROUP, holds=known)
