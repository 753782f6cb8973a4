"""The directory: what every account may know of every organisation."""

from http import HTTPStatus

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.paging import page_schema
from api.schemas.organisations import DirectoryEntrySchema, DirectoryQuery, DirectoryQuerySchema
from api.transactions import reading
from waybill.registry.access import Permission
from waybill.registry.records import DirectoryEntry
from waybill.services.paging import Page
from waybill.services.registry import organisations

blueprint = Blueprint(
    "directory", __name__, url_prefix="/api/v1/directory", description="Directory (通讯录)"
)


@blueprint.get("")
@requires(Permission.READ_DIRECTORY)
@blueprint.arguments(DirectoryQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(DirectoryEntrySchema))
def list_directory(wanted: DirectoryQuery) -> Page[DirectoryEntry]:
    """List organisations in use; loaders with their facilities and bays."""
    with reading() as session:
        return organisations.list_directory(
            session, actor(), q=wanted.q, role=wanted.role, page=wanted.page
        )
