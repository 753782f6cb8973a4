"""Receipts of the log, for whoever keeps them with a waybill."""

from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.runtime import runtime
from api.transactions import transaction
from waybill.outbound.witnesses import WitnessList
from waybill.registry.access import Permission
from waybill.services.log.receipts import waybill_receipt

ZIP = "application/zip"

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/waybills/<uuid:waybill_id>/receipt.zip")
@requires(Permission.READ_WAYBILL)
def waybill(waybill_id: UUID) -> ResponseReturnValue:
    """Give the receipt of a waybill; that it was given is logged."""
    with transaction() as session:
        found = waybill_receipt(
            session, actor(), waybill_id, listed=runtime().part(WitnessList), clock=runtime().clock
        )
    response = Response(found.content, content_type=ZIP)
    response.headers["Content-Disposition"] = f'attachment; filename="{found.name}"'
    return response
