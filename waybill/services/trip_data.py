"""What events of a trip say of it, so that each of them can be counted by itself.

An event body is all that figures are made from. Places, plates and quantities stand in it in
clear, people by reference.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from waybill.codec import JsonValue
from waybill.document import Unit, WaybillContent
from waybill.rules.evidence import LoadingItem
from waybill.services.verdicts import Verdict
from waybill.storage.events import plate_subject


def trip_data(content: WaybillContent, carrier_id: UUID | str) -> dict[str, JsonValue]:
    """Return what a signed waybill says of the trip: `goods` as [position, UN, class, kg]."""
    return {
        "carrier": str(carrier_id),
        "facility": content.loading_place.facility_id,
        "area": content.loading_place.area_code,
        "vehicle": _plate(content.vehicle),
        "trailer": _plate(content.trailer),
        "tank": content.tank.number if content.tank else None,
        "driver": content.driver.reference,
        "escort": content.escort.reference,
        "issued_at": moment_data(content.issued_at),
        "goods": [
            [item.position, item.un_number, item.hazard_class, str(item.quantity_kg)]
            for item in content.goods
        ],
    }


def loaded_data(loading: LoadingItem) -> dict[str, JsonValue]:
    """Return what a loading record says of the load: `loaded` as [position, kg]."""
    return {
        "loading_started_at": moment_data(loading.started_at),
        "loaded": [[line.position, str(line.quantity_kg)] for line in loading.lines],
    }


def findings_data(verdict: Verdict) -> list[JsonValue]:
    """Return the findings that stand as [code, outcome, severity], sorted."""
    stood: Sequence[tuple[str, str, str]] = sorted(
        {(f.code, f.outcome.value, f.severity.value) for f in verdict.standing}
    )
    return [list(finding) for finding in stood]


def moment_data(moment: datetime) -> str:
    """Return a moment as bodies write it."""
    return moment.isoformat(timespec="milliseconds")


def _plate(unit: Unit | None) -> str | None:
    return plate_subject(unit.plate, unit.plate_colour.value).key if unit else None
