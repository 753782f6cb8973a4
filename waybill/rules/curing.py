"""Who can put right what a rule found: the party that a loader sends a driver to."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CuredBy(StrEnum):
    """Who can put something right."""

    CARRIER = "carrier"
    CONSIGNOR = "consignor"
    CREW = "crew"
    LOADER = "loader"
    AUTHORITY = "authority"


CURED_BY_ZH: Final[Mapping[CuredBy, str]] = {
    CuredBy.CARRIER: "承运人",
    CuredBy.CONSIGNOR: "托运人（经承运人）",
    CuredBy.CREW: "驾驶人、押运人员（现场）",
    CuredBy.LOADER: "装货人（现场）",
    CuredBy.AUTHORITY: "主管部门（由承运人申请）",
}
CURED_BY_EN: Final[Mapping[CuredBy, str]] = {
    CuredBy.CARRIER: "the carrier",
    CuredBy.CONSIGNOR: "the consignor, through the carrier",
    CuredBy.CREW: "driver and escort, here",
    CuredBy.LOADER: "the loader, here",
    CuredBy.AUTHORITY: "the authority, asked by the carrier",
}

_OF_FAMILY: Final[Mapping[str, CuredBy]] = {
    "GDS-01": CuredBy.CONSIGNOR,
    "VEH-01": CuredBy.CARRIER,
    "VEH-02": CuredBy.CARRIER,
    "VEH-03": CuredBy.CARRIER,
    "VEH-04": CuredBy.CARRIER,
    "VEH-05": CuredBy.CREW,
    "VEH-06": CuredBy.CARRIER,
    "CAR-01": CuredBy.CARRIER,
    "DRV-01": CuredBy.CARRIER,
    "ESC-01": CuredBy.CARRIER,
    "SUP-01": CuredBy.LOADER,
    "TNK-01": CuredBy.CARRIER,
    "TNK-02": CuredBy.CARRIER,
    "TNK-03": CuredBy.CARRIER,
    "TNK-04": CuredBy.CARRIER,
    "DOC-01": CuredBy.CARRIER,
    "DOC-02": CuredBy.CREW,
    "DOC-03": CuredBy.CONSIGNOR,
    "DOC-04": CuredBy.CONSIGNOR,
    "MIX-01": CuredBy.CONSIGNOR,
    "MIX-02": CuredBy.CONSIGNOR,
    "HAND-01": CuredBy.CREW,
    "HAND-02": CuredBy.CREW,
    "PLANT-01": CuredBy.LOADER,
    "AFTER-01": CuredBy.LOADER,
}
_OF_CODE: Final[Mapping[str, CuredBy]] = {
    "CAR-01.black_list": CuredBy.AUTHORITY,
    "DOC-02.ownership": CuredBy.CARRIER,
    "ESC-01.present": CuredBy.CREW,
    "AFTER-01.standing": CuredBy.CARRIER,
}


def cured_by(code: str) -> CuredBy:
    """Return who can put right what the rule with this code found.

    Raises:
        KeyError: the table does not know the rule; a test keeps it complete.
    """
    return _OF_CODE.get(code) or _OF_FAMILY[code.partition(".")[0]]
