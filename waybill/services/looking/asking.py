"""What a check asks so that somebody looks, drawn when it is opened."""

from uuid import UUID

import msgspec
from sqlalchemy import Insert, insert

from waybill.codec import JsonValue
from waybill.document import WaybillContent
from waybill.rules.looking import EDITION
from waybill.rules.looking.drawing import Drawn, History, draw_looks, draw_of
from waybill.rules.looking.known import Trip
from waybill.services.looking.keys import LookingKey
from waybill.storage.gather import Gathered
from waybill.storage.looking import CheckLookingRow
from waybill.storage.looking_records import HistoryRecord, TankCompartmentsRecord


def draw_for(
    key: LookingKey, content: WaybillContent, facility_id: UUID, gathered: Gathered
) -> Drawn:
    """Return what is asked of a waybill at a facility, by what its opening's read gathered."""
    history = gathered.first(HistoryRecord)
    tank = gathered.first(TankCompartmentsRecord)
    return draw_looks(
        draw_of(key.draw, UUID(content.id), facility_id),
        Trip(content=content, compartments=len(tank.compartments) if tank else 0),
        History(**msgspec.structs.asdict(history)) if history else History(),
        edition=EDITION,
    )


def draw_data(drawn: Drawn) -> dict[str, JsonValue]:
    """Return what the opening's event says of the draw: enough to draw again, and what was drawn.

    The factors stand with the check alone: an event of a waybill is its carrier's to read too, and
    how long a loader's people have been there is not the carrier's business.
    """
    return {
        "edition": drawn.edition,
        "draw": drawn.draw,
        "points": drawn.points,
        "photos": [[shows, why.value] for shows, why in drawn.photos],
        "controls": [asked.id for asked in drawn.controls],
    }


def looking_insert(check_id: UUID, drawn: Drawn, *, tags: int, event_id: UUID) -> Insert:
    """Return the insert that keeps what a check asks, and how many tags hang at its bay."""
    return insert(CheckLookingRow).values(
        check_id=check_id,
        edition=drawn.edition,
        draw=drawn.draw,
        points=drawn.points,
        factors=[factor.value for factor in drawn.factors],
        photos=[{"shows": shows, "why": why.value} for shows, why in drawn.photos],
        controls=[
            {"id": asked.id, "right": asked.right, "choices": list(asked.choices)}
            for asked in drawn.controls
        ],
        tags=tags,
        event_id=event_id,
    )
