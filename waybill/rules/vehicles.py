"""VEH-01, VEH-05: whether tractor and trailer may carry, and stand at the bay."""

from datetime import date, datetime
from functools import lru_cache
from typing import Final, Literal

from waybill.clock import local_date
from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.kinds import CertificateKind, PlateColour, UnitKind
from waybill.rules.bases import (
    AT_BAY,
    FIRST_EDITION,
    ON_THE_WAY,
    ORDER_29_IN_FORCE,
    UNREAD_27,
    order_29,
)
from waybill.rules.facts import Facts, UnitFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.limits import SCRAPPING_AGE
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
)
from waybill.rules.subjects import HOLDER_REASONS, Subject, describe, judge_holder

_KINDS: Final = {
    Subject.TRACTOR: frozenset({UnitKind.TRACTOR, UnitKind.RIGID}),
    Subject.TRAILER: frozenset({UnitKind.TRAILER}),
}


def check_tractor_licence(facts: Facts, at: datetime) -> Finding:
    """Refuse a vehicle without a valid licence (行驶证), past its inspection, or too old.

    The licence's last valid day is that of the inspection. The age limit is reached on the
    anniversary of the first registration. A tractor bears no load itself, so that without a
    trailer on the waybill an unnamed one would carry the goods.

    Source: Order 29/2019, article 27 (1).
    """
    return TRACTOR_LICENCE.finding(*_licence(facts, Subject.TRACTOR, facts.tractor, at))


def check_trailer_licence(facts: Facts, at: datetime) -> Finding:
    """Refuse a trailer as `check_tractor_licence` refuses a vehicle.

    Source: Order 29/2019, article 27 (1).
    """
    if facts.waybill.trailer_plate is None:
        return TRAILER_LICENCE.finding(*not_applicable("no_trailer"))
    return TRAILER_LICENCE.finding(*_licence(facts, Subject.TRAILER, facts.trailer, at))


def _licence(facts: Facts, subject: Subject, unit: UnitFacts | None, at: datetime) -> Judgement:
    held = judge_holder(facts, subject, CertificateKind.VEHICLE_LICENCE, at)
    if unit is None or held.outcome is not Outcome.PASSED:
        return held
    about = describe(subject, unit)
    if unit.kind not in _KINDS[subject]:
        return failed("wrong_kind", **about, unit_kind=unit.kind.value)
    if unit.kind is UnitKind.TRACTOR and facts.waybill.trailer_plate is None:
        return failed("trailer_not_named", **about)
    on, first = local_date(at), unit.first_registered_on
    about |= {"first_registered_on": first.isoformat(), "limit_years": SCRAPPING_AGE.value}
    if on < first:
        return unknown("registered_in_future", **about)
    if _anniversary_reached(first, SCRAPPING_AGE.value, on):
        return failed("too_old", **about)
    return passed("valid", **{**held.facts, **about})


def _anniversary_reached(first: date, years: int, on: date) -> bool:
    return (on.year - years, on.month, on.day) >= (first.year, first.month, first.day)


def check_tractor_plate(facts: Facts, _at: datetime) -> Finding:
    """Refuse a vehicle whose plate or plate colour, as seen on it, is not the waybill's.

    Source: Order 29/2019, article 27 (4).
    """
    return TRACTOR_PLATE.finding(
        *_plate(facts, "tractor", facts.waybill.vehicle_plate, facts.waybill.vehicle_plate_colour)
    )


def check_trailer_plate(facts: Facts, _at: datetime) -> Finding:
    """Refuse a trailer that is not the waybill's, and any trailer where the waybill has none.

    Source: Order 29/2019, article 27 (4).
    """
    plate, colour = facts.waybill.trailer_plate, facts.waybill.trailer_plate_colour
    if plate is not None:
        return TRAILER_PLATE.finding(*_plate(facts, "trailer", plate, colour))
    seen = facts.evidence.plate("trailer")
    if seen is None:
        return TRAILER_PLATE.finding(*not_applicable("no_trailer"))
    return TRAILER_PLATE.finding(*failed("unexpected", subject="trailer", seen=seen.plate))


def _plate(
    facts: Facts,
    unit: Literal["tractor", "trailer"],
    expected: str,
    expected_colour: PlateColour | None,
) -> Judgement:
    item = facts.evidence.plate(unit)
    if item is None:
        return unknown("not_seen", subject=unit, expected=expected)
    about = {
        "subject": unit,
        "expected": expected,
        "seen": item.plate,
        "how": item.how,
    }
    if stored_spelling(item.plate) != stored_spelling(expected):
        return failed("plate_differs", **about)
    if expected_colour is None:
        return unknown("colour_unknown", **about)
    about |= {"expected_colour": expected_colour.value, "seen_colour": item.plate_colour.value}
    if item.plate_colour is not expected_colour:
        return failed("colour_differs", **about)
    return passed("equal", **about)


@lru_cache(maxsize=4096)
def stored_spelling(plate: str) -> str:
    """Return the stored spelling of a plate; what is none stays as it is."""
    try:
        return parse_plate(plate).number
    except IdentifierError:
        return plate


_LICENCE_REASONS: Final[Reasons] = {
    **HOLDER_REASONS,
    "wrong_kind": Outcome.FAILED,
    "too_old": Outcome.FAILED,
    "registered_in_future": Outcome.UNKNOWN,
}
_PLATE_REASONS: Final[Reasons] = {
    "equal": Outcome.PASSED,
    "plate_differs": Outcome.FAILED,
    "colour_differs": Outcome.FAILED,
    "not_seen": Outcome.UNKNOWN,
}
_NO_TRAILER: Final[Reasons] = {"no_trailer": Outcome.NOT_APPLICABLE}

TRACTOR_LICENCE: Final = Rule(
    code="VEH-01.tractor",
    version=1,
    title_zh="车辆行驶证、检验与使用年限",
    title_en="Vehicle licence, inspection and age of the vehicle",
    basis=(order_29("27(1)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**_LICENCE_REASONS, "trailer_not_named": Outcome.FAILED},
    reads=(
        "waybill.trailer_plate",
        "tractor.certificates",
        "tractor.first_registered_on",
        "tractor.kind",
        "tractor.status",
    ),
    check=check_tractor_licence,
)
TRAILER_LICENCE: Final = Rule(
    code="VEH-01.trailer",
    version=1,
    title_zh="挂车行驶证、检验与使用年限",
    title_en="Vehicle licence, inspection and age of the trailer",
    basis=(order_29("27(1)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**_LICENCE_REASONS, **_NO_TRAILER},
    reads=(
        "waybill.trailer_plate",
        "trailer.certificates",
        "trailer.first_registered_on",
        "trailer.kind",
        "trailer.status",
    ),
    check=check_trailer_licence,
)
TRACTOR_PLATE: Final = Rule(
    code="VEH-05.tractor",
    version=1,
    title_zh="现场车牌与运单一致",
    title_en="The plate on the vehicle is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=_PLATE_REASONS,
    reads=("waybill.vehicle_plate", "waybill.vehicle_plate_colour", "evidence.plate"),
    check=check_tractor_plate,
)
TRAILER_PLATE: Final = Rule(
    code="VEH-05.trailer",
    version=1,
    title_zh="现场挂车车牌与运单一致",
    title_en="The plate on the trailer is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={
        **_PLATE_REASONS,
        **_NO_TRAILER,
        "unexpected": Outcome.FAILED,
        "colour_unknown": Outcome.UNKNOWN,
    },
    reads=("waybill.trailer_plate", "waybill.trailer_plate_colour", "evidence.plate"),
    check=check_trailer_plate,
)
RULES: Final = (
    TRACTOR_LICENCE,
    TRAILER_LICENCE,
    TRACTOR_PLATE,
    TRAILER_PLATE,
)
