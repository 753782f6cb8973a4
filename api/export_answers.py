"""The package of an export as an answer, for the API and for the page."""

from typing import Final
from uuid import UUID

from flask import Response, send_file

from api.auth import actor
from api.runtime import runtime
from api.transactions import transaction
from waybill.services.desk.exports import fetch_export

ZIP: Final = "application/zip"


def export_file(export_id: UUID) -> Response:
    """Send the package of an export piece by piece, once it is recorded that it was fetched."""
    shared = runtime()
    with transaction() as session:
        path = fetch_export(
            session, actor(), export_id, shared.settings.exports_dir, clock=shared.clock
        )
    name = f"waybill-export-{export_id}.zip"
    return send_file(path.resolve(), mimetype=ZIP, as_attachment=True, download_name=name)
