"""Numbers of vehicles and tanks: plate, VIN, ISO 6346."""

import re
from dataclasses import dataclass
from typing import Final

from stdnum import iso6346

from waybill.identifiers.failure import IdentifierError

_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_AREA: Final = rf"[{_PROVINCES}][A-HJ-NP-Z]"
_ORDINARY: Final = re.compile(rf"{_AREA}[0-9A-HJ-NP-Z]{{5}}")
_TRAILER: Final = re.compile(rf"{_AREA}[0-9A-HJ-NP-Z]{{4}}挂")
# A letter of energy kind leads on small vehicles and ends on large ones.
_NEW_ENERGY: Final = re.compile(rf"{_AREA}(?:[A-HJK][0-9A-HJ-NP-Z][0-9]{{4}}|[0-9]{{5}}[A-HJK])")
_MAX_PLATE_TEXT: Final = 32
_SEPARATORS: Final = dict.fromkeys(map(ord, "·•・‧∙.-— \u3000"))
_HALF_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}

_VIN: Final = re.compile(r"[0-9A-HJ-NPR-Z]{17}")
_VIN_VALUES: Final = dict(
    zip(
        "0123456789ABCDEFGHJKLMNPRSTUVWXYZ",
        map(int, "012345678912345678123457923456789"),
        strict=True,
    )
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_CHECK_POSITION: Final = 8
_CONTAINER: Final = re.compile(r"[A-Z]{3}[UJZ][0-9]{7}")


@dataclass(frozen=True, slots=True)
class Plate:
    """A number plate without its colour.

    `number` is the stored spelling: half-width capitals without a separator, such as
    `苏H12345`, `苏H1234挂` or `苏HD12345`.

    Source: GA 36.
    """

    number: str

    def __post_init__(self) -> None:
        if not any(s.fullmatch(self.number) for s in (_ORDINARY, _TRAILER, _NEW_ENERGY)):
            raise IdentifierError(
                "plate-shape",
                "车牌号应为省份简称、字母和 5 位号码（新能源 6 位，挂车 4 位加“挂”），不含 I、O。",
                "A plate is a province, a letter and 5 characters (6 for new energy, "
                "4 and 挂 for a trailer) without I and O.",
            )

    @property
    def is_trailer(self) -> bool:
        """Whether this is a trailer's plate."""
        return self.number.endswith("挂")

    @property
    def is_new_energy(self) -> bool:
        """Whether this is a plate of the new energy series."""
        return _NEW_ENERGY.fullmatch(self.number) is not None


def parse_plate(text: str) -> Plate:
    """Read a plate as people and keyboards write it.

    Full-width characters, small letters, spaces and the dot after the letter are taken; a letter
    that looks like a digit is not guessed at.

    Raises:
        IdentifierError: `plate-shape`.
    """
    if len(text) > _MAX_PLATE_TEXT:
        return Plate("")
    half_width = text.translate(_HALF_WIDTH).translate(_SEPARATORS)
    return Plate(re.sub("[a-z]+", lambda found: found[0].upper(), half_width))


def format_plate(plate: Plate) -> str:
    """Return the plate as it is shown: with the dot after the letter, 苏H·12345."""
    return f"{plate.number[:2]}·{plate.number[2:]}"


def validate_vin(text: str) -> str:
    """Return a vehicle identification number in capitals.

    Source: GB 16735-2019, 17 characters without I, O, Q, check digit at position 9.

    Raises:
        IdentifierError: `vin-shape` or `vin-check-digit`.
    """
    number = text.upper() if text.isascii() else text
    if not _VIN.fullmatch(number):
        raise IdentifierError(
            "vin-shape",
            "车辆识别代号应为 17 位数字或字母（不含 I、O、Q）。",
            "A VIN has 17 digits or letters without I, O, Q.",
        )
    total = sum(_VIN_VALUES[c] * w for c, w in zip(number, _VIN_WEIGHTS, strict=True))
    if "0123456789X"[total % 11] != number[_VIN_CHECK_POSITION]:
        raise IdentifierError(
            "vin-check-digit",
            "车辆识别代号第 9 位校验不符，请核对。",
            "The check digit of the VIN (position 9) does not match.",
        )
    return number


def validate_iso6346(text: str) -> str:
    """Return a container number in capitals, without the spaces and hyphens of its marking.

    Source: ISO 6346: owner, category U, J or Z, six digits, check digit.

    Raises:
        IdentifierError: `container-number-shape` or `container-number-check-digit`.
    """
    number = text.replace(" ", "").replace("-", "")
    number = number.upper() if number.isascii() else number
    if not _CONTAINER.fullmatch(number):
        raise IdentifierError(
            "container-number-shape",
            "箱号应为 4 个字母加 7 位数字。",
            "A container number has four letters and seven digits.",
        )
    if iso6346.calc_check_digit(number[:-1]) != number[-1]:
        raise IdentifierError(
            "container-number-check-digit",
            "箱号校验位不符，请核对。",
            "The check digit of the container number does not match.",
        )
    return number
