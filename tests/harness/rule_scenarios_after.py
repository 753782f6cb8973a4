"""Trips for the rules about what was loaded and may leave; see `rule_scenarios`."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from tests.harness.rule_facts import (
    AT,
    certificate,
    driver,
    goods,
    tank,
    tractor,
    waybill,
)
from tests.harness.rule_trips import (
    loaded_trip,
    loading,
    trip,
)
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    RecordStatus,
)
from waybill.rules.evidence import (
    LoadedLine,
)
from waybill.rules.facts import (
    CarriageMode,
    Facts,
)
from waybill.rules.lifecycle import WaybillStatus

Key = tuple[str, str]


def _record(**changes: object) -> Facts:
    return loaded_trip(loading(**changes))


def _lines(*lines: tuple[int, int]) -> tuple[LoadedLine, ...]:
    return tuple(LoadedLine(position=p, quantity_kg=Decimal(kg)) for p, kg in lines)


_AFTER: Final[Mapping[Key, Facts]] = {
    **{
        (f"AFTER-01.{subject}", "no_record"): trip()
        for subject in ("quantity", "mass", "weighbridge", "seals", "times")
    },
    ("AFTER-01.state", "cleared"): loaded_trip(),
    ("AFTER-01.state", "not_cleared"): trip(),
    ("AFTER-01.quantity", "within_plan"): loaded_trip(),
    ("AFTER-01.quantity", "over_planned"): _record(lines=_lines((1, 28400))),
    ("AFTER-01.quantity", "not_planned"): _record(lines=_lines((1, 28000), (2, 5))),
    ("AFTER-01.quantity", "not_recorded"): _record(lines=()),
    ("AFTER-01.quantity", "recorded_twice"): _record(lines=_lines((1, 14000), (1, 14000))),
    ("AFTER-01.quantity", "no_goods"): loaded_trip(goods=()),
    ("AFTER-01.weighbridge", "within_gross_mass"): loaded_trip(),
    ("AFTER-01.weighbridge", "over_gross_mass"): _record(gross_mass_kg=Decimal(44801)),
    ("AFTER-01.weighbridge", "masses_contradict"): _record(lines=_lines((1, 20000))),
    ("AFTER-01.weighbridge", "no_weighbridge"): _record(gross_mass_kg=None),
    ("AFTER-01.weighbridge", "tares_unknown"): loaded_trip(tractor=tractor(tare_kg=None)),
    ("AFTER-01.seals", "sealed"): loaded_trip(),
    ("AFTER-01.seals", "reason_given"): loaded_trip(
        loading(seals=(), no_seal_reason="包件，厢门上锁"),
        goods=(goods(mode=CarriageMode.PACKAGES),),
    ),
    ("AFTER-01.seals", "tank_unsealed"): _record(seals=(" ",), no_seal_reason="无"),
    ("AFTER-01.seals", "no_seals"): loaded_trip(
        loading(seals=()), goods=(goods(mode=CarriageMode.PACKAGES),)
    ),
    ("AFTER-01.times", "in_order"): loaded_trip(),
    ("AFTER-01.times", "ends_before_start"): _record(started_at=AT),
    ("AFTER-01.times", "before_clearance"): loaded_trip(
        waybill=waybill(
            status=WaybillStatus.CLEARED, redeemed=True, cleared_at=AT - timedelta(minutes=39)
        )
    ),
    ("AFTER-01.times", "clearance_outdated"): loaded_trip(
        waybill=waybill(
            status=WaybillStatus.CLEARED, redeemed=True, cleared_at=AT - timedelta(hours=9)
        )
    ),
    ("AFTER-01.times", "in_future"): _record(finished_at=AT + timedelta(seconds=1)),
}

_STANDING: Final[Mapping[Key, Facts]] = {
    ("AFTER-01.standing", "in_good_standing"): loaded_trip(),
    ("AFTER-01.standing", "not_registered"): loaded_trip(escort=None),
    ("AFTER-01.standing", "record_suspended"): loaded_trip(
        tractor=tractor(status=RecordStatus.SUSPENDED)
    ),
    ("AFTER-01.standing", "record_retired"): loaded_trip(tank=tank(status=RecordStatus.RETIRED)),
    **{
        ("AFTER-01.standing", f"certificate_{status.value}"): loaded_trip(
            driver=driver(
                certificates=(certificate(CertificateKind.DRIVER_QUALIFICATION, status=status),)
            )
        )
        for status in (CertificateStatus.SUSPENDED, CertificateStatus.REVOKED)
    },
}

AFTER_SCENARIOS: Final[Mapping[Key, Facts]] = {**_AFTER, **_STANDING}
