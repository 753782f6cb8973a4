"""What a check asks so that somebody looks, drawn when it is opened."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import Insert, and_, insert, select
from sqlalchemy.orm import Session

from waybill.codec import JsonValue
from waybill.document import WaybillContent, parse_waybill
from waybill.errors import NotFoundError
from waybill.rules.looking import EDITION, catalogue
from waybill.rules.looking.drawing import (
    Drawn,
    History,
    draw_by_points,
    draw_looks,
    draw_of,
    draw_photos,
)
from waybill.rules.looking.known import Trip
from waybill.services.looking.keys import LookingKey
from waybill.services.looking.seals import read_seal
from waybill.storage.gather import Gathered
from waybill.storage.looking import CheckLookingRow
from waybill.storage.looking_records import HistoryRecord, TankCompartmentsRecord
from waybill.storage.waybills import LoadingCheckRow, WaybillRevisionRow


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


def draw_as_told(
    key: LookingKey, content: WaybillContent, facility_id: UUID, gathered: Gathered, seal: str
) -> Drawn | None:
    """Return what a tablet was told to ask, `None` where this installation told it nothing.

    What is asked follows from the waybill's draw and the sealed points alone: a record is held
    against what its tablet showed, and not against what has become of carrier and people since.
    """
    told = read_seal(key.draw, UUID(content.id), facility_id, seal)
    if told is None:
        return None
    tank = gathered.first(TankCompartmentsRecord)
    return draw_by_points(
        draw_of(key.draw, UUID(content.id), facility_id),
        Trip(content=content, compartments=len(tank.compartments) if tank else 0),
        told.points,
        edition=told.edition,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrawn:
    """A check's draw as it was kept, and as it comes out again."""

    kept: str
    anew: str
    photos_kept: tuple[tuple[str, str], ...]
    photos_anew: tuple[tuple[str, str], ...]

    @property
    def same(self) -> bool:
        """Whether nobody chose what was to come out."""
        return self.kept == self.anew and self.photos_kept == self.photos_anew


def redraw(session: Session, check_id: UUID, key: LookingKey) -> Redrawn:
    """Draw again what a check asked, under the key and by the edition and points it was drawn by.

    Raises:
        NotFoundError: there is no such check, or it drew nothing.
    """
    check, kept, document = LoadingCheckRow, CheckLookingRow, WaybillRevisionRow
    found = session.execute(
        select(check.waybill_id, check.facility_id, kept, document.document)
        .join(kept, kept.check_id == check.id)
        .join(
            document,
            and_(document.waybill_id == check.waybill_id, document.revision == check.revision),
        )
        .where(check.id == check_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError("draw of check", check_id)
    waybill_id, facility_id, row, signed = found
    draw = draw_of(key.draw, waybill_id, facility_id)
    anew = draw_photos(draw, parse_waybill(signed), row.points, catalogue(row.edition))
    return Redrawn(
        kept=row.draw,
        anew=draw.hex(),
        photos_kept=tuple((str(each["shows"]), str(each["why"])) for each in row.photos),
        photos_anew=tuple((shows, why.value) for shows, why in anew),
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


def drawn_photos(drawn: Drawn) -> list[dict[str, str]]:
    """Return the photos of a draw as they are kept with a check."""
    return [{"shows": shows, "why": why.value} for shows, why in drawn.photos]


def looking_insert(check_id: UUID, drawn: Drawn, *, tags: int, event_id: UUID) -> Insert:
    """Return the insert that keeps what a check asks, and how many tags hang at its bay."""
    return insert(CheckLookingRow).values(
        check_id=check_id,
        edition=drawn.edition,
        draw=drawn.draw,
        points=drawn.points,
        factors=[factor.value for factor in drawn.factors],
        photos=drawn_photos(drawn),
        controls=[
            {"id": asked.id, "right": asked.right, "choices": list(asked.choices)}
            for asked in drawn.controls
        ],
        tags=tags,
        event_id=event_id,
    )
