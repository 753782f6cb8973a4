"""Papers to print: the waybill as PDF."""

import re
from typing import Final
from uuid import UUID

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.rendering.pdf import waybill_pdf
from api.runtime import runtime
from api.transactions import transaction
from waybill.registry.access import Permission
from waybill.services.waybills.printing import print_waybill

PDF: Final = "application/pdf"
_NOT_IN_FILE_NAMES: Final = re.compile("[^A-Za-z0-9-]")

blueprint = Blueprint("printing", __name__)


@blueprint.get("/waybills/<uuid:waybill_id>/print.pdf")
@requires(Permission.READ_WAYBILL)
def waybill(waybill_id: UUID) -> ResponseReturnValue:
    """Print a waybill; its crew stands in clear for its carrier alone, and each print is logged."""
    with transaction() as session:
        printed = print_waybill(
            session, actor(), waybill_id, vault=runtime().vault, clock=runtime().clock
        )
    return paper(waybill_pdf(printed), name=f"waybill-{printed.content.number}")


def paper(content: bytes, *, name: str) -> Response:
    """Return a PDF that the browser shows, with a name under which it is saved."""
    file_name = _NOT_IN_FILE_NAMES.sub("-", name)
    response = Response(content, mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    return response
