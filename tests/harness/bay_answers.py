"""Answers, photos and overrides as a loader sends them."""

from io import BytesIO
from typing import Any

from PIL import Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.harness.bay import API, Bay
from waybill.registry.access import Role
from waybill.registry.plant_items import PlantItemParticulars
from waybill.services.plant_items import add_plant_item

REASON = "地磅故障，已由班长人工复核"


def opened(bay: Bay) -> str:
    """Open a check of a clean trip."""
    return bay.opened(bay.issued()["qr_text"])


def item(bay: Bay, database: Session, **changes: object) -> str:
    """Let the plant ask something, and return its id."""
    stated: dict[str, Any] = {"question_zh": "鹤位正确？", "question_en": "Right arm?", **changes}
    made = add_plant_item(
        database,
        bay.line.yard.actor("supervisor"),
        bay.line.yard.facility_id,
        PlantItemParticulars(**stated),
        clock=bay.line.clock,
    )
    database.commit()
    return str(made.id)


def picture(size: tuple[int, int] = (40, 30), kind: str = "PNG", colour: str = "orange") -> bytes:
    """Return a picture that says where it was taken."""
    written = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "a description from the camera"
    Image.new("RGB", size, colour).save(written, kind, exif=exif)
    return written.getvalue()


def photograph(bay: Bay, check_id: str, shows: str, content: bytes) -> TestResponse:
    """Send a photo."""
    return bay.client.post(
        f"{API}/checks/{check_id}/photos?shows={shows}",
        data={"picture": (BytesIO(content), "photo.png")},
        headers=bay.headers(Role.LOADER),
    )


def override(bay: Bay, check_id: str, named: str, by: Role, reason: str = REASON) -> TestResponse:
    """Let an item pass."""
    return bay.post(f"/checks/{check_id}/overrides", {"item": named, "reason": reason}, by)
