"""After a decision, as pages: release code, slip, abort, and the supervisor's consent."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.layout import submit
from api.rendering.qr import Level, qr_svg
from api.rendering.slip import slip_pdf
from api.runtime import runtime
from api.signing import issue_terms
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.rules.lifecycle import Aboard
from waybill.services.checks.aborting import abort_check
from waybill.services.checks.consent import give_consent
from waybill.services.checks.release_code import ReleaseCode, get_release_code
from waybill.services.checks.slip import Slip, get_slip

PDF = "application/pdf"

blueprint = Blueprint("bay_after", __name__, url_prefix="/bay/checks/<uuid:check_id>")


@blueprint.get("/release-code")
@requires(Permission.READ_CHECK)
def release_code(check_id: UUID) -> ResponseReturnValue:
    """Show the release code, large, for gate and driver."""
    code, slip = _code_and_slip(check_id)
    return render_template(
        "bay/release_code.html",
        check_id=check_id,
        waybill_id=UUID(code.claims.jti),
        claims=code.claims,
        content=slip.content,
        released_at=slip.decided_at,
        svg=qr_svg(code.text, level=Level.M),
    )


def _code_and_slip(check_id: UUID) -> tuple[ReleaseCode, Slip]:
    terms = issue_terms()
    with reading() as session:
        return (
            get_release_code(session, actor(), check_id, terms=terms),
            get_slip(session, actor(), check_id, terms=terms),
        )


@blueprint.get("/slip.pdf")
@requires(Permission.READ_CHECK)
def slip(check_id: UUID) -> ResponseReturnValue:
    """Print the newest verdict."""
    with reading() as session:
        found = get_slip(session, actor(), check_id, terms=issue_terms())
    response = Response(slip_pdf(found), mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="slip-{found.content.number}.pdf"'
    return response


@blueprint.get("/abort")
@requires(Permission.CHECK_LOADING)
def abort_form(check_id: UUID) -> ResponseReturnValue:
    """Ask why a check is broken off, and what is aboard."""
    return _abort(check_id, {})


@blueprint.post("/abort")
@requires(Permission.CHECK_LOADING)
def abort(check_id: UUID) -> ResponseReturnValue:
    """Break a check off."""

    def act() -> str:
        reader = FormReader(form=request.form)
        reason = reader.text("reason", required=True)
        aboard = reader.choice("aboard", Aboard)
        reader.settle()
        with transaction() as session:
            abort_check(
                session, actor(), check_id, reason=reason, aboard=aboard, clock=runtime().clock
            )
        return url_for("bay_check.show", check_id=check_id)

    return submit(act, lambda messages: _abort(check_id, messages))


def _abort(check_id: UUID, messages: Mapping[str, str]) -> str:
    return render_template(
        "bay/abort.html",
        check_id=check_id,
        choices=[each for each in Aboard if each is not Aboard.UNSAID],
        messages=messages,
        values=request.form,
    )


@blueprint.post("/consent")
@requires(Permission.CONSENT_LOADING)
def consent(check_id: UUID) -> ResponseReturnValue:
    """Keep whether the supervisor who is signed in agrees."""
    given = request.form.get("given") == "yes"

    def act() -> str:
        with transaction() as session:
            give_consent(
                session,
                actor(),
                check_id,
                given="yes" if given else "no",
                clock=runtime().clock,
            )
        return url_for("bay_check.show", check_id=check_id)

    return submit(act, lambda messages: _abort(check_id, messages))
