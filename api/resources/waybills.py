"""Waybills: drafted and issued by carriers, read by everybody whom they name."""

from http import HTTPStatus
from uuid import UUID

from flask import Response

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.drafts import DraftSchema
from api.schemas.pictures import Drawing, DrawingQuerySchema
from api.schemas.verdicts import VerdictSchema
from api.schemas.waybills import (
    AcceptanceSchema,
    CancelSchema,
    IssuedWaybillSchema,
    RevisionQuerySchema,
    WaybillQuery,
    WaybillQuerySchema,
    WaybillSchema,
    WaybillSummarySchema,
)
from api.signed import JSON_DOCUMENT, PICTURE, SIGNED_HEADERS, png_of, signed_document, svg_of
from api.signing import issue_terms, key_ring
from api.transactions import plans_alike, reading, transaction
from waybill.registry.access import Permission
from waybill.services.paging import Page
from waybill.services.verdicts import Verdict
from waybill.services.waybills import cancelling, drafts, issuing, queries
from waybill.services.waybills.draft import Draft
from waybill.services.waybills.issuing import IssuedWaybill
from waybill.services.waybills.queries import Waybill, WaybillSummary

blueprint = Blueprint(
    "waybills", __name__, url_prefix="/api/v1/waybills", description="Waybills (运单)"
)


@blueprint.post("")
@requires(Permission.WRITE_WAYBILL)
@idempotent
@blueprint.arguments(DraftSchema)
@blueprint.response(HTTPStatus.CREATED, WaybillSchema)
def create_waybill(draft: Draft) -> tuple[Waybill, dict[str, str]]:
    """Start a waybill as a draft, which only its carrier sees."""
    with transaction() as session:
        waybill_id = drafts.create_draft(session, actor(), draft, clock=runtime().clock)
        return versioned(queries.get_waybill(session, actor(), waybill_id))


@blueprint.get("")
@requires(Permission.READ_WAYBILL)
@blueprint.arguments(WaybillQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(WaybillSummarySchema))
def list_waybills(query: WaybillQuery) -> Page[WaybillSummary]:
    """List waybills, newest first. A facility and a day give a loader its arrivals."""
    with reading() as session:
        return queries.list_waybills(session, actor(), query.wanted, query.page)


@blueprint.get("/<uuid:waybill_id>")
@requires(Permission.READ_WAYBILL)
@blueprint.response(HTTPStatus.OK, WaybillSchema)
def get_waybill(waybill_id: UUID) -> tuple[Waybill, dict[str, str]]:
    """Show a waybill whole, with every verdict about it."""
    return versioned(_read(waybill_id))


@blueprint.put("/<uuid:waybill_id>")
@requires(Permission.WRITE_WAYBILL)
@if_match
@idempotent
@blueprint.arguments(DraftSchema)
@blueprint.response(HTTPStatus.OK, WaybillSchema)
def change_waybill(
    draft: Draft, waybill_id: UUID, *, expected_version: int
) -> tuple[Waybill, dict[str, str]]:
    """Replace what a draft says."""
    with transaction() as session:
        drafts.change_draft(
            session,
            actor(),
            waybill_id,
            draft,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return versioned(queries.get_waybill(session, actor(), waybill_id))


@blueprint.delete("/<uuid:waybill_id>")
@requires(Permission.WRITE_WAYBILL)
@if_match
@blueprint.response(HTTPStatus.NO_CONTENT)
def discard_waybill(waybill_id: UUID, *, expected_version: int) -> None:
    """Throw a draft away. What was issued is cancelled instead."""
    with transaction() as session:
        drafts.discard_draft(
            session, actor(), waybill_id, expected_version=expected_version, clock=runtime().clock
        )


@blueprint.post("/<uuid:waybill_id>/preview")
@requires(Permission.WRITE_WAYBILL)
@blueprint.response(HTTPStatus.OK, VerdictSchema)
def preview_waybill(waybill_id: UUID) -> Verdict:
    """Judge a draft as issuing it would; nothing is changed or kept."""
    keys = key_ring()
    with reading() as session:
        return issuing.preview_issue(session, actor(), waybill_id, keys=keys, clock=runtime().clock)


@blueprint.post("/<uuid:waybill_id>/issue")
@requires(Permission.ISSUE_WAYBILL)
@if_match
@plans_alike
@idempotent
@blueprint.arguments(AcceptanceSchema)
@blueprint.response(HTTPStatus.OK, IssuedWaybillSchema)
def issue_waybill(
    accept_findings: bool,  # noqa: FBT001  the body is the first argument of every view
    waybill_id: UUID,
    *,
    expected_version: int,
) -> tuple[IssuedWaybill, dict[str, str]]:
    """Sign a draft: number, bytes and code are fixed from then on.

    Findings that stand are answered 409 with `findings`, until they are accepted; some no
    acceptance passes.
    """
    terms = issue_terms()
    with transaction() as session:
        return versioned(
            issuing.issue_waybill(
                session,
                actor(),
                waybill_id,
                expected_version=expected_version,
                accept_findings=accept_findings,
                terms=terms,
            )
        )


@blueprint.post("/<uuid:waybill_id>/cancel")
@requires(Permission.CANCEL_WAYBILL)
@if_match
@idempotent
@blueprint.arguments(CancelSchema)
@blueprint.response(HTTPStatus.OK, WaybillSchema)
def cancel_waybill(
    reason: str, waybill_id: UUID, *, expected_version: int
) -> tuple[Waybill, dict[str, str]]:
    """Cancel an issued waybill. Its code is refused from then on; it stays readable."""
    with transaction() as session:
        cancelling.cancel_waybill(
            session,
            actor(),
            waybill_id,
            reason=reason,
            expected_version=expected_version,
            clock=runtime().clock,
        )
        return versioned(queries.get_waybill(session, actor(), waybill_id))


@blueprint.get("/<uuid:waybill_id>/document")
@requires(Permission.READ_WAYBILL)
@blueprint.arguments(RevisionQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, JSON_DOCUMENT, headers=SIGNED_HEADERS)
def get_document(revision: int | None, waybill_id: UUID) -> Response:
    """Return the bytes that were signed, exactly, with their digest and signature."""
    found = _read(waybill_id).revision(revision)
    return signed_document(found.document, found.document_jws)


@blueprint.get("/<uuid:waybill_id>/loading-record")
@requires(Permission.READ_WAYBILL)
@blueprint.response(HTTPStatus.OK, JSON_DOCUMENT, headers=SIGNED_HEADERS)
def get_loading_record(waybill_id: UUID) -> Response:
    """Return the bytes of the loading record (装货记录) that released the load."""
    return signed_document(*_read(waybill_id).released_record())


@blueprint.get("/<uuid:waybill_id>/qr.svg")
@requires(Permission.READ_WAYBILL)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type="image/svg+xml")
def get_qr_svg(drawing: Drawing, waybill_id: UUID) -> Response:
    """Draw the code of the newest revision."""
    return svg_of(_read(waybill_id).revision().qr_text, drawing)


@blueprint.get("/<uuid:waybill_id>/qr.png")
@requires(Permission.READ_WAYBILL)
@blueprint.arguments(DrawingQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type="image/png")
def get_qr_png(drawing: Drawing, waybill_id: UUID) -> Response:
    """Draw the code of the newest revision."""
    return png_of(_read(waybill_id).revision().qr_text, drawing)


def _read(waybill_id: UUID) -> Waybill:
    with reading() as session:
        return queries.get_waybill(session, actor(), waybill_id)
