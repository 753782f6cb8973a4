"""DOC-02: whether what stands at the bay is what the waybill names."""

from datetime import datetime
from typing import Final

from waybill.registry.kinds import PlateColour
from waybill.rules.bases import (
    AT_BAY,
    FIRST_EDITION,
    ORDER_29_IN_FORCE,
    UNREAD_27,
    order_29,
)
from waybill.rules.evidence import Presentation, ScanItem, ScanKind
from waybill.rules.facts import Facts, PartyFacts, PersonFacts, TankFacts, UnitFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import (
    Judgement,
    Reasons,
    Rule,
    failed,
    not_applicable,
    passed,
    unknown,
    worst,
)
from waybill.rules.subjects import Subject, identify, record_of

_SCANS: Final = {
    Subject.TRACTOR: ScanKind.VEHICLE,
    Subject.TRAILER: ScanKind.TRAILER,
    Subject.TANK: ScanKind.TANK,
    Subject.DRIVER: ScanKind.DRIVER,
    Subject.ESCORT: ScanKind.ESCORT,
}


def check_tractor_scan(facts: Facts, _at: datetime) -> Finding:
    """Refuse a vehicle other than the waybill's, or a superseded card of it.

    Source: Order 29/2019, article 27 (4).
    """
    return TRACTOR_SCAN.finding(*_compare(facts, Subject.TRACTOR, facts.waybill.vehicle_plate))


def check_trailer_scan(facts: Facts, _at: datetime) -> Finding:
    """Refuse a trailer other than the waybill's, and any where it names none.

    Source: Order 29/2019, article 27 (4).
    """
    return TRAILER_SCAN.finding(*_compare(facts, Subject.TRAILER, facts.waybill.trailer_plate))


def check_tank_scan(facts: Facts, _at: datetime) -> Finding:
    """Refuse a tank other than the waybill's, and any where it names none.

    Source: Order 29/2019, article 27 (4).
    """
    return TANK_SCAN.finding(*_compare(facts, Subject.TANK, facts.waybill.tank_number))


def check_driver_scan(facts: Facts, _at: datetime) -> Finding:
    """Refuse a driver other than the waybill's, or a superseded card.

    A driver whom the loader noted as not here, or as somebody else, is refused too.

    Source: Order 29/2019, article 27 (4).
    """
    expected = facts.waybill.driver_reference
    scanned = _compare(facts, Subject.DRIVER, expected)
    return DRIVER_SCAN.finding(*(_find_absence(facts, expected) or scanned))


def _find_absence(facts: Facts, expected: str) -> Judgement | None:
    """Return what speaks against the driver's presence; nobody has to confirm it."""
    item = facts.evidence.presence("driver")
    if item is None:
        return None
    about = {"subject": Subject.DRIVER.value, "expected": expected, "seen": item.reference}
    if not item.present:
        return failed("absent", **about)
    return None if item.reference == expected else failed("other_person", **about)


def check_escort_scan(facts: Facts, _at: datetime) -> Finding:
    """Refuse an escort other than the waybill's, or a superseded card.

    Source: Order 29/2019, article 27 (4).
    """
    return ESCORT_SCAN.finding(*_compare(facts, Subject.ESCORT, facts.waybill.escort_reference))


def _compare(facts: Facts, subject: Subject, expected: str | None) -> Judgement:
    scans = facts.evidence.scans(_SCANS[subject])
    if expected is None:
        if not scans:
            return not_applicable("none_named", subject=subject.value)
        return failed("unexpected", subject=subject.value, seen=scans[-1].subject)
    if not scans:
        return unknown("not_scanned", subject=subject.value, expected=expected)
    return worst(_compare_one(facts, subject, expected, scan) for scan in reversed(scans))


def _compare_one(facts: Facts, subject: Subject, expected: str, scan: ScanItem) -> Judgement:
    about = {
        "subject": subject.value,
        "expected": expected,
        "seen": scan.subject,
        "how": scan.presentation.value,
    }
    if scan.problem:
        return failed("code_refused", **about, problem=scan.problem)
    if scan.subject != expected:
        return failed("differs", **about)
    record = record_of(facts, subject)
    if record is None or isinstance(record, PartyFacts):
        return unknown("not_registered", **about)
    if identify(record) != expected:
        return failed("register_differs", **about, registered=identify(record))
    if isinstance(record, UnitFacts) and record.plate_colour is not _colour(facts, subject):
        return failed(
            "register_colour_differs", **about, registered_colour=record.plate_colour.value
        )
    return _compare_card(record, scan, about)


def _colour(facts: Facts, subject: Subject) -> PlateColour | None:
    tractor = subject is Subject.TRACTOR
    return facts.waybill.vehicle_plate_colour if tractor else facts.waybill.trailer_plate_colour


def _compare_card(
    record: UnitFacts | TankFacts | PersonFacts, scan: ScanItem, about: dict[str, str]
) -> Judgement:
    if scan.presentation is not Presentation.SIGNED_QR:
        return passed("equal", **about)
    if scan.card_version != record.card_version:
        return failed("card_superseded", **about)
    return passed("equal", **about)


_SCAN_REASONS: Final[Reasons] = {
    "equal": Outcome.PASSED,
    "differs": Outcome.FAILED,
    "code_refused": Outcome.FAILED,
    "card_superseded": Outcome.FAILED,
    "register_differs": Outcome.FAILED,
    "not_scanned": Outcome.UNKNOWN,
    "not_registered": Outcome.UNKNOWN,
}
_UNIT_SCAN_REASONS: Final[Reasons] = {
    **_SCAN_REASONS,
    "register_colour_differs": Outcome.FAILED,
}
_DRIVER_SCAN_REASONS: Final[Reasons] = {
    **_SCAN_REASONS,
    "absent": Outcome.FAILED,
    "other_person": Outcome.FAILED,
}
_OPTIONAL: Final[Reasons] = {
    "unexpected": Outcome.FAILED,
    "none_named": Outcome.NOT_APPLICABLE,
}

TRACTOR_SCAN: Final = Rule(
    code="DOC-02.tractor",
    version=1,
    title_zh="车辆与运单一致",
    title_en="The vehicle is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=_UNIT_SCAN_REASONS,
    reads=(
        "waybill.vehicle_plate",
        "waybill.vehicle_plate_colour",
        "tractor.card_version",
        "tractor.plate",
        "tractor.plate_colour",
        "evidence.scans",
    ),
    check=check_tractor_scan,
)
TRAILER_SCAN: Final = Rule(
    code="DOC-02.trailer",
    version=1,
    title_zh="挂车与运单一致",
    title_en="The trailer is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**_UNIT_SCAN_REASONS, **_OPTIONAL},
    reads=(
        "waybill.trailer_plate",
        "waybill.trailer_plate_colour",
        "trailer.card_version",
        "trailer.plate",
        "trailer.plate_colour",
        "evidence.scans",
    ),
    check=check_trailer_scan,
)
TANK_SCAN: Final = Rule(
    code="DOC-02.tank",
    version=1,
    title_zh="罐体与运单一致",
    title_en="The tank is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons={**_SCAN_REASONS, **_OPTIONAL},
    reads=("waybill.tank_number", "tank.card_version", "tank.number", "evidence.scans"),
    check=check_tank_scan,
)
DRIVER_SCAN: Final = Rule(
    code="DOC-02.driver",
    version=1,
    title_zh="驾驶人与运单一致",
    title_en="The driver is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=_DRIVER_SCAN_REASONS,
    reads=(
        "waybill.driver_reference",
        "driver.card_version",
        "driver.reference",
        "evidence.presence",
        "evidence.scans",
    ),
    check=check_driver_scan,
)
ESCORT_SCAN: Final = Rule(
    code="DOC-02.escort",
    version=1,
    title_zh="押运员与运单一致",
    title_en="The escort is the waybill's",
    basis=(order_29("27(4)"),),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AT_BAY,
    confirmed=False,
    confirmed_note=UNREAD_27,
    reasons=_SCAN_REASONS,
    reads=("waybill.escort_reference", "escort.card_version", "escort.reference", "evidence.scans"),
    check=check_escort_scan,
)
RULES: Final = (
    TRACTOR_SCAN,
    TRAILER_SCAN,
    TANK_SCAN,
    DRIVER_SCAN,
    ESCORT_SCAN,
)
