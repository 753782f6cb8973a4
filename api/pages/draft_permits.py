"""The permits of a waybill's form, which travel with one trip and its goods."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from werkzeug.datastructures import MultiDict

from api.page_forms import POSITIVE, FormReader, Words
from api.pages.choices import Choices
from api.pages.draft_goods import Line
from api.pages.showing import day, form_figure
from waybill.document import Permit
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.kinds import PermitKind

MAX_PERMITS: Final = 10
MAX_PLATES: Final = 4
TYPED: Final = ("number", "quantity_kg", "valid_from", "valid_until", "route")
OFFERED: Final = ("kind", "un_numbers", "plates", "from_area_code", "to_area_code")
"""What the rest of the waybill tells of a permit, so that nobody types it again."""
FIREWORKS: Final = frozenset({"0333", "0334", "0335", "0336", "0337"})

UN_NUMBERS: Final[Words] = (
    "un-numbers",
    "请填写四位联合国编号，用逗号分开，如 1203，1230。",
    "Write UN numbers of four digits with commas between them, such as 1203, 1230.",
)
PLATES: Final[Words] = (
    "plates",
    f"最多 {MAX_PLATES} 个号牌，用逗号分开，如 苏H12345，苏H1234挂。",
    f"At most {MAX_PLATES} plates with commas between them, such as 苏H12345, 苏H1234挂.",
)
AREA_CODE: Final[Words] = (
    "area-code",
    "请填写 6 位行政区划代码，如 320800。",
    "Write the area code of 6 digits, such as 320800.",
)
BACKWARDS: Final[Words] = (
    "backwards",
    "有效期至早于有效期起。",
    "The last valid day is before the first.",
)

_BETWEEN_NUMBERS: Final = re.compile(r"[\s,，、;；]+")
_BETWEEN_PLATES: Final = re.compile(r"\s*[,，、;；\n]\s*")
_UN_NUMBER: Final = re.compile(r"(?:UN)?([0-9]{4})", re.IGNORECASE)
_AREA_CODE: Final = re.compile(r"[0-9]{6}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Permits:
    """The permits a form holds, and how many more wait for what only their paper says."""

    written: tuple[Permit, ...]
    blank: int


def permit_numbers(form: "MultiDict[str, str]") -> list[int]:
    """Return the numbers of the permits that a form holds."""
    return list(takewhile(lambda n: f"permits-{n}-kind" in form, range(MAX_PERMITS)))


def read_permits(reader: FormReader, *, dropped: int | None = None) -> Permits:
    """Read all permits but the one to be dropped."""
    numbers = [number for number in permit_numbers(reader.form) if number != dropped]
    blank = [number for number in numbers if _is_blank(reader.form, f"permits-{number}-")]
    written = (_permit(reader, f"permits-{n}-") for n in numbers if n not in blank)
    return Permits(written=tuple(written), blank=len(blank))


def _is_blank(form: "MultiDict[str, str]", name: str) -> bool:
    """Whether nobody has touched a permit since it was added."""
    if any(form.get(name + part, "").strip() for part in TYPED):
        return False
    return form.get(f"{name}offered") == _offer(form, name)


def _offer(form: "MultiDict[str, str]", name: str) -> str:
    return "|".join(form.get(name + part, "").strip() for part in OFFERED)


def _permit(reader: FormReader, name: str) -> Permit:
    quantity_kg = reader.number(f"{name}quantity_kg")
    if quantity_kg == 0:
        reader.complain(f"{name}quantity_kg", POSITIVE)
    valid_from, valid_until = reader.day(f"{name}valid_from"), reader.day(f"{name}valid_until")
    if valid_from and valid_until and valid_until < valid_from:
        reader.complain(f"{name}valid_until", BACKWARDS)
    return Permit(
        kind=reader.choice(f"{name}kind", PermitKind),
        number=reader.text(f"{name}number", required=True, most=60),
        un_numbers=_un_numbers(reader, f"{name}un_numbers"),
        quantity_kg=quantity_kg,
        plates=_plates(reader, f"{name}plates"),
        valid_from=valid_from,
        valid_until=valid_until,
        from_area_code=_area_code(reader, f"{name}from_area_code"),
        to_area_code=_area_code(reader, f"{name}to_area_code"),
        route=reader.text(f"{name}route", most=300),
    )


def _un_numbers(reader: FormReader, name: str) -> tuple[str, ...]:
    found = [_UN_NUMBER.fullmatch(part) for part in _parts(reader, name, _BETWEEN_NUMBERS)]
    if None in found or len(found) > MAX_GOODS_LINES:
        reader.complain(name, UN_NUMBERS)
    return tuple(match[1] for match in found if match)


def _plates(reader: FormReader, name: str) -> tuple[str, ...]:
    found = _parts(reader, name, _BETWEEN_PLATES)
    if len(found) > MAX_PLATES:
        reader.complain(name, PLATES)
    return tuple(_spelling(plate) for plate in found)


def _spelling(plate: str) -> str:
    """Return a plate in its stored spelling; what is no plate stays as it is printed."""
    try:
        return parse_plate(plate).number
    except IdentifierError:
        return plate


def _parts(reader: FormReader, name: str, between: "re.Pattern[str]") -> list[str]:
    return [part for part in between.split(reader.text(name)) if part]


def _area_code(reader: FormReader, name: str) -> str:
    code = reader.text(name)
    if code and not _AREA_CODE.fullmatch(code):
        reader.complain(name, AREA_CODE)
    return code


def form_of_permit(number: int, permit: Permit) -> Mapping[str, str]:
    """Return the fields of a permit as a draft fills them."""
    values = {
        "kind": permit.kind.value,
        "number": permit.number,
        "un_numbers": ", ".join(permit.un_numbers),
        "quantity_kg": form_figure(permit.quantity_kg),
        "plates": ", ".join(permit.plates),
        "valid_from": day(permit.valid_from),
        "valid_until": day(permit.valid_until),
        "from_area_code": permit.from_area_code,
        "to_area_code": permit.to_area_code,
        "route": permit.route,
    }
    return {f"permits-{number}-{part}": value for part, value in values.items()}


def add_blank_permits(
    values: "MultiDict[str, str]", count: int, lines: list[Line], choices: Choices
) -> None:
    """Add permits to a form, filled with what the rest of the form tells of them."""
    begun = len(permit_numbers(values))
    for number in range(begun, min(begun + count, MAX_PERMITS)):
        name = f"permits-{number}-"
        offered = {
            "kind": _usual_kind(values, lines),
            "un_numbers": ", ".join(_numbers_of(lines)),
            "plates": ", ".join(_plates_of(values, choices)),
            "from_area_code": choices.detail("facilities", values.get("facility_id", "")),
            "to_area_code": values.get("destination-area_code", ""),
        }
        values.update({name + part: value for part, value in offered.items()})
        values[f"{name}offered"] = _offer(values, name)


def _numbers_of(lines: list[Line]) -> list[str]:
    return list(dict.fromkeys(line.entry.un_number for line in lines if line.entry))


def _plates_of(values: "MultiDict[str, str]", choices: Choices) -> list[str]:
    found = (
        choices.detail("vehicles", values.get("vehicle_id", "")),
        choices.detail("trailers", values.get("trailer_id", "")),
    )
    return [plate for plate in found if plate]


def _usual_kind(values: "MultiDict[str, str]", lines: list[Line]) -> str:
    """Return the permit that the goods most likely travel with; it can be changed."""
    rows = [line.entry for line in lines if line.entry]
    if any(f"{line.name}waste" in values for line in lines):
        return PermitKind.WASTE_MANIFEST.value
    if any(row.un_number in FIREWORKS for row in rows):
        return PermitKind.FIREWORKS.value
    if any(row.hazard_class == "1" for row in rows):
        return PermitKind.CIVIL_EXPLOSIVES.value
    if any(row.hazard_class == "7" for row in rows):
        return PermitKind.RADIOACTIVE.value
    toxic = any(row.highly_toxic == "yes" for row in rows) or any(
        values.get(f"{line.name}highly_toxic_declared") == "yes" for line in lines
    )
    return PermitKind.HIGHLY_TOXIC_PASS.value if toxic else ""
