"""The bundle that a tablet keeps: its members; docs/formats/offline-record.md has all of them."""

from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from api.fields import Identity, Instant, Json, StrictBoolean
from api.schemas import Form
from api.schemas.answers import Said


class WantedBundleSchema(Form):
    """At which bay the tablet stands."""

    bay_id = Identity(load_default=None, description="The bay that was chosen, if one was.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> UUID | None:
        """Return the bay."""
        found: UUID | None = data["bay_id"]
        return found


def _objects(description: str) -> "fields.List[Any]":
    return fields.List(Json(required=True), required=True, metadata={"description": description})


class BundleSchema(Form):
    """What a tablet keeps."""

    id = Said(required=True, description="Named by the records that were decided by it.")
    made_at = Instant(required=True)
    good_until = Instant(required=True, description="Until when pre-cleared verdicts may be used.")
    server_time = Instant(required=True)
    facility = Json(required=True)
    bays = _objects("`id` and `name`.")
    trust = Json(required=True, description="`jwks`, `fetched_at`, `good_until`.")
    revocations = _objects("`kid` or `jti`, and `since`.")
    supervisors = _objects("References of those whose qualification runs.")
    arrivals = _objects("What is expected, judged ahead.")
    questions = _objects("Texts of what is asked, by id.")
    photos = _objects("What must be photographed, by what it shows.")
    plant_items = _objects("The plant's own items.")
    supervisor_consents = StrictBoolean(
        required=True, description="Whether the supervisor's consent is asked for each load."
    )
    presence_tags = _objects("Tags at the facility's bays, each with its `bay_id`.")
    edition = Said(required=True)
