"""What a tablet keeps for work without network, asked in its own name."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response, jsonify, request

from api.blueprint import Blueprint
from api.devices import device, requires_device
from api.looking import looking_key
from api.runtime import runtime
from api.schemas.tablet_bundle import BundleSchema, WantedBundleSchema
from api.signing import key_ring
from api.tablet_bundle import MISSING, bundle_json, content_tag
from api.transactions import reading
from waybill.services.offline.bundle import bay_bundle
from waybill.services.offline.bundle_ids import bundle_id

blueprint = Blueprint(
    "tablet_bundle",
    __name__,
    url_prefix="/api/v1/tablet",
    description="What a tablet keeps (离线数据包)",
)

PRIVATE: Final = "private, no-cache"


@blueprint.get("/bundle")
@requires_device
@blueprint.arguments(WantedBundleSchema, location="query")
@blueprint.response(HTTPStatus.OK, BundleSchema)
def get_bundle(bay_id: UUID | None) -> Response:
    """Show the day's arrivals judged ahead, with what proves their codes.

    Fetch it again before `good_until`. The `ETag` changes with the content and every ten minutes;
    people stand in it by reference only.
    """
    _ = bay_id  # every bay of a facility expects the same arrivals; it says which one asked
    keys, settings, now = key_ring().table, runtime().settings, runtime().clock.now()
    good_until = now + settings.offline_preclearance_lifetime
    with reading() as session:
        found = bay_bundle(
            session,
            device(),
            keys=keys,
            looking=looking_key(),
            missing=MISSING,
            at=now,
            good_until=good_until,
        )
    document = bundle_json(
        found,
        keys,
        identity=bundle_id(settings.secret_key, device().id, now),
        made_at=now,
        good_until=good_until,
        trust_until=now + settings.offline_trust_lifetime,
    )
    response = jsonify(document)
    response.set_etag(content_tag(document))
    response.headers["Cache-Control"] = PRIVATE
    response.make_conditional(request)
    return response
