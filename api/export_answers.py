"""The package of an export as an answer, for the API and for the page."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final
from uuid import UUID

from flask import Response

from api.auth import actor
from api.runtime import runtime
from api.transactions import transaction
from waybill.services.desk.exports import fetch_export

ZIP: Final = "application/zip"
PIECE_BYTES: Final = 1 << 16


def export_file(export_id: UUID) -> Response:
    """Send the package of an export piece by piece, once it is recorded that it was fetched."""
    shared = runtime()
    with transaction() as session:
        path = fetch_export(
            session, actor(), export_id, shared.settings.exports_dir, clock=shared.clock
        )
    answer = Response(_pieces(path), content_type=ZIP)
    answer.content_length = path.stat().st_size
    answer.headers["Content-Disposition"] = f'attachment; filename="waybill-export-{export_id}.zip"'
    return answer


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE_BYTES):
            yield piece
