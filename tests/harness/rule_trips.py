"""The faultless trip with its evidence: at the bay, after loading, and with packages."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Final, Literal

from tests.harness.rule_facts import (
    AT,
    carrier,
    driver,
    escort,
    goods,
    supervisor,
    tank,
    tractor,
    trailer,
    unit,
    waybill,
)
from waybill.registry.kinds import (
    PlateColour,
    UnitKind,
)
from waybill.rules.bases import SECOND_EDITION
from waybill.rules.evidence import (
    AnswerItem,
    Evidence,
    EvidenceItem,
    LoadedLine,
    LoadingItem,
    PlateItem,
    PresenceItem,
    Presentation,
    ScanItem,
    ScanKind,
)
from waybill.rules.facts import (
    BayFacts,
    CarriageMode,
    Facts,
)
from waybill.rules.lifecycle import WaybillStatus
from waybill.rules.questions import all_questions


def scan(kind: ScanKind, subject: str, **changes: object) -> ScanItem:
    """Return a scan of a signed code that held."""
    fields: dict[str, object] = {
        "kind": kind,
        "presentation": Presentation.SIGNED_QR,
        "subject": subject,
        "at": AT,
        **changes,
    }
    return ScanItem(**fields)  # type: ignore[arg-type]


WAYBILL_SCAN: Final = scan(
    ScanKind.WAYBILL, "waybill-1", revision=1, goods=(("1203", "II", 28000, "kg"),)
)
VEHICLE_SCAN: Final = scan(ScanKind.VEHICLE, "苏H12345", card_version=2)
TRAILER_SCAN: Final = scan(ScanKind.TRAILER, "苏H1234挂", card_version=2)
TANK_SCAN: Final = scan(ScanKind.TANK, "HA-0001", card_version=3)
DRIVER_SCAN: Final = scan(ScanKind.DRIVER, "d0d0d0d0d0", card_version=1)
ESCORT_SCAN: Final = scan(ScanKind.ESCORT, "e0e0e0e0e0", card_version=1)
TRACTOR_PLATE: Final = PlateItem(
    unit="tractor", plate="苏H12345", plate_colour=PlateColour.YELLOW, how="typed", at=AT
)
TRAILER_PLATE: Final = PlateItem(
    unit="trailer", plate="苏H·1234挂", plate_colour=PlateColour.YELLOW, how="photo", at=AT
)
ESCORT_PRESENT: Final = PresenceItem(role="escort", reference="e0e0e0e0e0", present=True, at=AT)
SUPERVISOR_PRESENT: Final = PresenceItem(
    role="supervisor", reference="a0a0a0a0a0", present=True, at=AT
)


def answer(question: str, given: Literal["yes", "no"] = "yes", **changes: object) -> AnswerItem:
    """Return the answer to a question of the bay."""
    fields: dict[str, object] = {"question": question, "answer": given, "at": AT, **changes}
    return AnswerItem(**fields)  # type: ignore[arg-type]


ANSWERS: Final = tuple(answer(question.id) for question in all_questions())
"""Yes to everything that may be asked, on any trip."""
NEEDED_ANSWERS: Final = tuple(
    item
    for item in ANSWERS
    if item.question
    in {
        "orange_plates",
        "placards",
        "engine_off",
        "wheel_chocks",
        "extinguishers",
        "emergency_equipment",
        "ppe",
        "earthing",
        "tank_empty_or_known",
        "no_damage",
        "no_leak",
        "consignment_list",
        "instructions_in_writing",
    }
)
"""The answers without which petrol in a tank is not cleared."""
OTHER_ANSWERS: Final = tuple(item for item in ANSWERS if item not in NEEDED_ANSWERS)
BAY_ITEMS: Final[tuple[EvidenceItem, ...]] = (
    WAYBILL_SCAN,
    VEHICLE_SCAN,
    TRAILER_SCAN,
    TANK_SCAN,
    DRIVER_SCAN,
    ESCORT_SCAN,
    TRACTOR_PLATE,
    TRAILER_PLATE,
    ESCORT_PRESENT,
    SUPERVISOR_PRESENT,
    *NEEDED_ANSWERS,
)


def loading(**changes: object) -> LoadingItem:
    """Return a loading record of exactly what was planned, sealed and weighed."""
    fields: dict[str, object] = {
        "lines": (LoadedLine(position=1, quantity_kg=Decimal(28000)),),
        "started_at": AT - timedelta(minutes=40),
        "finished_at": AT - timedelta(minutes=5),
        "at": AT,
        "gross_mass_kg": Decimal(43800),
        "seals": ("S-1001", "S-1002"),
        **changes,
    }
    return LoadingItem(**fields)  # type: ignore[arg-type]


def trip(*items: EvidenceItem, **changes: object) -> Facts:
    """Return the facts at the bay; `items` come after, and so override, the complete evidence."""
    plain = Facts(
        waybill=waybill(),
        carrier=carrier(),
        tractor=tractor(),
        trailer=trailer(),
        tank=tank(),
        driver=driver(),
        escort=escort(),
        supervisor=supervisor(),
        goods=(goods(),),
        bay=BayFacts(
            facility_id="facility-1", loader_uscc="91320800608606000X", organisation_id="loader-1"
        ),
        evidence=Evidence(items=(*OTHER_ANSWERS, *BAY_ITEMS, *items)),
        figures=SECOND_EDITION,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def loaded_trip(record: LoadingItem | None = None, **changes: object) -> Facts:
    """Return the facts after loading: a cleared waybill and a loading record."""
    changes = {"waybill": waybill(status=WaybillStatus.CLEARED, redeemed=True), **changes}
    return trip(record or loading(), **changes)


def road_trip(*items: EvidenceItem, **changes: object) -> Facts:
    """Return the facts on the road: a released waybill, and what an inspector has scanned."""
    released = waybill(status=WaybillStatus.RELEASED, redeemed=True)
    return trip(*items, **{"waybill": released, **changes})


def without(*left_out: EvidenceItem) -> Evidence:
    """Return the complete evidence but for some items."""
    whole = (*OTHER_ANSWERS, *BAY_ITEMS)
    return Evidence(items=tuple(item for item in whole if item not in left_out))


def packages_trip(**changes: object) -> Facts:
    """Return the facts of a rigid vehicle with packages: no trailer, no tank."""
    left_out = (TRAILER_SCAN, TANK_SCAN, TRAILER_PLATE)
    plain = trip(
        waybill=waybill(trailer_plate=None, trailer_plate_colour=None, tank_number=None),
        tractor=unit(UnitKind.RIGID, rated_load_kg=Decimal(29000)),
        trailer=None,
        tank=None,
        goods=(goods(mode=CarriageMode.PACKAGES, quantity_l=Decimal(37000)),),
        evidence=without(*left_out),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]
