"""Proofs of the log (留痕证明)."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response

from api.auth import actor, public, requires
from api.blueprint import Blueprint
from api.runtime import runtime
from api.schemas.log import (
    ConsistencyQuery,
    ConsistencyQuerySchema,
    ConsistencySchema,
    EventProofSchema,
    InclusionQuery,
    InclusionQuerySchema,
    InclusionSchema,
)
from api.transactions import reading, transaction
from waybill.outbound.witnesses import WitnessList
from waybill.registry.access import Permission
from waybill.services.log.proofs import (
    Consistency,
    EventProof,
    Inclusion,
    prove_consistency,
    prove_event,
    prove_inclusion,
)
from waybill.services.log.receipts import waybill_receipt

ZIP: Final = "application/zip"
ARCHIVE: Final[dict[str, object]] = {"type": "string", "format": "binary"}

blueprint = Blueprint(
    "log_proofs", __name__, url_prefix="/api/v1", description="Proofs of the log (留痕证明)"
)


@blueprint.get("/events/<uuid:event_id>/proof")
@requires(Permission.READ_WAYBILL)
@blueprint.response(HTTPStatus.OK, EventProofSchema)
@blueprint.alt_response(HTTPStatus.CONFLICT, "Problem")
def get_event_proof(event_id: UUID) -> EventProof:
    """Return the proof that an event is in the log.

    Those who read the log get any event's, with body and salt. Others get those of the waybills
    they see; body and salt of issue, decision and release only.
    """
    with transaction() as session:
        return prove_event(
            session, actor(), event_id, listed=runtime().part(WitnessList), clock=runtime().clock
        )


@blueprint.get("/waybills/<uuid:waybill_id>/receipt")
@requires(Permission.READ_WAYBILL)
@blueprint.response(HTTPStatus.OK, ARCHIVE, content_type=ZIP)
@blueprint.alt_response(HTTPStatus.CONFLICT, "Problem")
def get_receipt(waybill_id: UUID) -> Response:
    """Return a waybill's receipt: a zip to keep, and to verify without this installation.

    It holds the events of issue, clearance and release with their proofs, and the signed documents.
    """
    with transaction() as session:
        found = waybill_receipt(
            session, actor(), waybill_id, listed=runtime().part(WitnessList), clock=runtime().clock
        )
    response = Response(found.content, content_type=ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response


@blueprint.get("/log/proofs/inclusion")
@public("hashes say nothing of what was hashed; the tiles are open too")
@blueprint.arguments(InclusionQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, InclusionSchema)
def get_inclusion(wanted: InclusionQuery) -> Inclusion:
    """Return the proof that a leaf is in the tree of a size."""
    with reading() as session:
        return prove_inclusion(session, wanted.index, wanted.size)


@blueprint.get("/log/proofs/consistency")
@public("hashes say nothing of what was hashed; the tiles are open too")
@blueprint.arguments(ConsistencyQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, ConsistencySchema)
def get_consistency(wanted: ConsistencyQuery) -> Consistency:
    """Return the proof that the log of one size is the beginning of the log of another."""
    with reading() as session:
        return prove_consistency(session, wanted.old, wanted.new)
