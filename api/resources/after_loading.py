"""After loading and beside it: abort, release code, slip, several bays, consent."""

from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Response

from api.auth import actor, requires
from api.blueprint import Blueprint, may_refuse
from api.idempotency import idempotent
from api.rendering.qr import qr_svg
from api.rendering.slip import slip_pdf
from api.runtime import runtime
from api.schemas.after_loading import (
    AbortedSchema,
    AbortSchema,
    ArrivedSchema,
    BayArrivalSchema,
    ConsentedSchema,
    ConsentSchema,
    EnteredPart,
    EnteredPartSchema,
    RecordedPartSchema,
    ReleaseCodeSchema,
    WantedAbort,
    WantedArrival,
    WantedConsent,
)
from api.signed import PICTURE
from api.signing import issue_terms, key_ring
from api.transactions import reading, transaction
from waybill.codec import JsonValue
from waybill.registry.access import Permission
from waybill.rules.evidence import ConsentItem
from waybill.services.checks import aborting, bays, consent
from waybill.services.checks.release_code import get_release_code
from waybill.services.checks.slip import get_slip

PDF: Final = "application/pdf"

blueprint = Blueprint(
    "after_loading",
    __name__,
    url_prefix="/api/v1/checks/<uuid:check_id>",
    description="After loading (装货后)",
)


@blueprint.post("/abort")
@requires(Permission.CHECK_LOADING)
@idempotent
@blueprint.arguments(AbortSchema)
@blueprint.response(HTTPStatus.CREATED, AbortedSchema)
def abort_check(wanted: WantedAbort, check_id: UUID) -> aborting.Abort:
    """Break off a check or a loading (中止), with the reason.

    Before the clearance the waybill stays as it is and can be checked anew. After it the waybill
    is over, and nothing is released under it; what is aboard is unloaded first, or is entered as
    a partial load and released, which is no abort.
    """
    with transaction() as session:
        return aborting.abort_check(
            session,
            actor(),
            check_id,
            reason=wanted.reason,
            aboard=wanted.aboard,
            clock=runtime().clock,
        )


@blueprint.get("/release-code")
@requires(Permission.READ_CHECK)
@may_refuse("conflict")
@blueprint.response(HTTPStatus.OK, ReleaseCodeSchema)
def show_release_code(check_id: UUID) -> dict[str, JsonValue]:
    """Return the code by which gate and driver show that the vehicle may leave (放行码)."""
    with reading() as session:
        code = get_release_code(session, actor(), check_id, terms=issue_terms())
    return {"text": code.text, "svg": qr_svg(code.text), "claims": code.claims.to_claims()}


@blueprint.get("/slip.pdf")
@requires(Permission.READ_CHECK)
@may_refuse("conflict")
@blueprint.response(HTTPStatus.OK, PICTURE, content_type=PDF)
def print_slip(check_id: UUID) -> Response:
    """Print the newest verdict: short where it passed, each reason where it did not."""
    with reading() as session:
        slip = get_slip(session, actor(), check_id, terms=issue_terms())
    response = Response(slip_pdf(slip), mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="slip-{slip.content.number}.pdf"'
    return response


@blueprint.post("/bays")
@requires(Permission.RELEASE_LOAD)
@idempotent
@blueprint.arguments(BayArrivalSchema)
@blueprint.response(HTTPStatus.CREATED, ArrivedSchema)
def arrive_at_bay(wanted: WantedArrival, check_id: UUID) -> bays.Arrival:
    """Say that the cleared vehicle stands at another bay, its closing list seen there anew."""
    keys = key_ring()
    with transaction() as session:
        return bays.arrive_at_bay(
            session,
            actor(),
            check_id,
            bay_id=wanted.bay_id,
            confirmed=wanted.confirmed,
            keys=keys,
            clock=runtime().clock,
        )


@blueprint.post("/loading-parts")
@requires(Permission.RELEASE_LOAD)
@idempotent
@blueprint.arguments(EnteredPartSchema)
@blueprint.response(HTTPStatus.CREATED, RecordedPartSchema)
def record_part(entered: EnteredPart, check_id: UUID) -> bays.RecordedPart:
    """Record what went in at one bay, while other goods lines are still to come.

    The release comes with the last lines and is judged over all of them.
    """
    keys, clock = key_ring(), runtime().clock
    with transaction() as session:
        return bays.record_part(
            session,
            actor(),
            check_id,
            entered.at(clock.now()),
            keys=keys,
            clock=clock,
            clock_offset_ms=entered.clock_offset_ms,
        )


@blueprint.post("/consent")
@requires(Permission.CONSENT_LOADING)
@idempotent
@blueprint.arguments(ConsentSchema)
@blueprint.response(HTTPStatus.CREATED, ConsentedSchema)
def give_consent(wanted: WantedConsent, check_id: UUID) -> ConsentItem:
    """Agree, as the loading supervisor who is signed in, that the load begins, or refuse to.

    It is given last: what is added afterwards asks for it again.
    """
    with transaction() as session:
        return consent.give_consent(
            session, actor(), check_id, given=wanted.given, clock=runtime().clock
        )
