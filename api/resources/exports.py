"""Exports of a search, as files with a signed manifest."""

from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.auth import actor, requires
from api.blueprint import Blueprint, may_refuse
from api.export_answers import ZIP, export_file
from api.paging import PageQuery, PlainPageSchema, page_schema
from api.runtime import runtime
from api.schemas.desk import ExportSchema, NewExportSchema, WantedExport
from api.signed import PICTURE
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.services.desk import exports
from waybill.services.desk.exports import Export
from waybill.services.paging import Page, PageRequest

blueprint = Blueprint(
    "exports", __name__, url_prefix="/api/v1/exports", description="Exports of the log (导出)"
)


@blueprint.post("")
@requires(Permission.EXPORT_EVENTS)
@blueprint.arguments(NewExportSchema)
@blueprint.response(HTTPStatus.ACCEPTED, ExportSchema)
def request_export(wanted: WantedExport) -> Export:
    """Ask for all events of a search as files. The worker makes them; ask again how far it is."""
    query = wanted.settled(runtime().vault)
    with transaction() as session:
        return exports.request_export(
            session, actor(), query, wanted.formats, clock=runtime().clock
        )


@blueprint.get("")
@requires(Permission.EXPORT_EVENTS)
@blueprint.arguments(PlainPageSchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(ExportSchema))
def list_exports(page: PageQuery) -> Page[Export]:
    """List this account's exports, newest first."""
    wanted = PageRequest(limit=page.limit, after=page.after_id)
    with reading() as session:
        return exports.list_exports(session, actor(), page=wanted)


@blueprint.get("/<uuid:export_id>")
@requires(Permission.EXPORT_EVENTS)
@blueprint.response(HTTPStatus.OK, ExportSchema)
def get_export(export_id: UUID) -> Export:
    """Show how far an export is."""
    with reading() as session:
        return exports.get_export(session, actor(), export_id)


@blueprint.post("/<uuid:export_id>/cancellation")
@requires(Permission.EXPORT_EVENTS)
@blueprint.response(HTTPStatus.OK, ExportSchema)
def cancel_export(export_id: UUID) -> Export:
    """Cancel an export that is under way; nothing is left of it."""
    with transaction() as session:
        return exports.cancel_export(session, actor(), export_id, clock=runtime().clock)


@blueprint.get("/<uuid:export_id>/file")
@requires(Permission.EXPORT_EVENTS)
@may_refuse("conflict")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=ZIP)
def fetch_export(export_id: UUID) -> Response:
    """Fetch the package of an export that is done. That it was fetched is recorded."""
    return export_file(export_id)
