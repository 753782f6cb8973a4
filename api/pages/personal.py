"""Personal values by pages: one value with its salt, requests to erase, retention."""

import shlex
from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.layout import SEEN_ELSEWHERE, problems_of, submit
from api.problems import problem_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import WaybillError
from waybill.registry.access import Permission
from waybill.registry.personal import DisclosedValue, LegalPurpose, RequestStatus
from waybill.registry.retention import UseKind, retention_periods
from waybill.services.paging import PageRequest
from waybill.services.personal import requests as erasure
from waybill.services.personal.disclosing import disclose_value
from waybill.services.personal.holdings import get_value
from waybill.services.personal.retention import list_retention_runs, preview_retention

blueprint = Blueprint("personal_pages", __name__, url_prefix="/personal")


@blueprint.get("/values/<commitment>")
@requires(Permission.READ_PERSONAL)
def value(commitment: str) -> ResponseReturnValue:
    """Show how a value stands, and ask why it is to be seen."""
    return _value(commitment)


@blueprint.post("/values/<commitment>")
@requires(Permission.READ_PERSONAL)
def disclose(commitment: str) -> ResponseReturnValue:
    """Show a value with its salt; that it was disclosed goes into the log."""
    reader = FormReader(form=request.form)
    purpose = reader.optional_choice("purpose", LegalPurpose)
    try:
        reader.settle()
        with transaction() as session:
            shown = disclose_value(
                session,
                actor(),
                commitment,
                reader.text("reason"),
                purpose=purpose,
                vault=runtime().vault,
                clock=runtime().clock,
            )
    except SEEN_ELSEWHERE:
        raise
    except WaybillError as error:
        messages = messages_of(problems_of(error), language())
        return _value(commitment, messages=messages), problem_of(error).status
    return _value(commitment, shown=shown)


@blueprint.get("/requests")
@requires(Permission.READ_ERASURE)
def requests() -> ResponseReturnValue:
    """List requests to erase, newest first."""
    reader = FormReader(form=request.args)
    status = reader.optional_choice("status", RequestStatus)
    page = PageRequest(after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = erasure.list_erasure_requests(session, actor(), status=status, page=page)
    return render_template(
        "personal/requests.html", found=found, status=status, statuses=tuple(RequestStatus)
    )


@blueprint.post("/requests")
@requires(Permission.REQUEST_ERASURE)
def request_erasure() -> ResponseReturnValue:
    """Ask to erase the values of a person; a refusal is shown as its own page."""
    reader = FormReader(form=request.form)
    person_id = reader.identity("person_id") or UUID(int=0)
    reader.settle()

    def act() -> str:
        with transaction() as session:
            made = erasure.request_erasure(
                session, actor(), person_id, reader.text("reason"), clock=runtime().clock
            )
        return url_for(".show_request", request_id=made.id, done="erasure-requested")

    return submit(act, lambda messages: _refused(person_id, messages))


@blueprint.get("/requests/<uuid:request_id>")
@requires(Permission.READ_ERASURE)
def show_request(request_id: UUID) -> ResponseReturnValue:
    """Show a request, the values it is about, and how it was decided."""
    return _request(request_id, {})


@blueprint.post("/requests/<uuid:request_id>/decision")
@requires(Permission.DECIDE_ERASURE)
def decide(request_id: UUID) -> ResponseReturnValue:
    """Approve or refuse a request."""

    def act() -> str:
        reader = FormReader(form=request.form)
        approved = reader.choice("decision", RequestStatus) is RequestStatus.APPROVED
        reader.settle()
        with transaction() as session:
            erasure.decide_erasure(
                session,
                actor(),
                request_id,
                approved=approved,
                reason=reader.text("reason"),
                clock=runtime().clock,
            )
        return url_for(".show_request", request_id=request_id, done="erasure-decided")

    return submit(act, lambda messages: _request(request_id, messages))


@blueprint.get("/retention")
@requires(Permission.READ_RETENTION)
def retention() -> ResponseReturnValue:
    """Show what retention did and would do, and by which periods."""
    with reading() as session:
        preview = preview_retention(session, actor(), clock=runtime().clock)
        runs = list_retention_runs(session, actor()).items
    periods = retention_periods()
    return render_template(
        "personal/retention.html",
        preview=preview,
        kept=[(periods[UseKind(code)], count) for code, count in preview.kept.items()],
        runs=runs,
        periods=tuple(periods.values()),
    )


def recompute_command(shown: DisclosedValue) -> str:
    """Return a command for any shell that prints the commitment of what was disclosed."""
    salt = "".join(f"\\{byte:03o}" for byte in bytes.fromhex(shown.salt))
    return f"printf '{salt}{shown.field}\\000%s' {shlex.quote(shown.value)} | sha256sum"


def _value(
    commitment: str,
    *,
    shown: DisclosedValue | None = None,
    messages: Mapping[str, str] | None = None,
) -> str:
    with reading() as session:
        found = get_value(session, actor(), commitment)
    return render_template(
        "personal/value.html",
        found=found,
        shown=shown,
        command=recompute_command(shown) if shown else "",
        purposes=tuple(LegalPurpose),
        messages=messages or {},
    )


def _request(request_id: UUID, messages: Mapping[str, str]) -> str:
    with reading() as session:
        found = erasure.get_erasure_request(session, actor(), request_id)
        values = erasure.list_person_values(session, actor(), found.person_id)
    return render_template(
        "personal/request.html",
        found=found,
        values=values,
        own=found.requested_by == actor().user_id,
        messages=messages,
    )


def _refused(person_id: UUID, messages: Mapping[str, str]) -> str:
    return render_template("personal/refused.html", person_id=person_id, messages=messages)
