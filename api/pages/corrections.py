"""What a carrier is asked to correct, and its answer; its own alone."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.page_forms import FormReader, Words
from api.pages.layout import submit
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import RequestAnswer
from waybill.registry.records import Certificate
from waybill.services.cases import queries
from waybill.services.cases.requests import answer_request
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.certificates import list_certificates
from waybill.services.registry.subject_names import subject_names
from waybill.services.waybills.queries import WaybillFilter, list_waybills

NO_SUCH_WAYBILL: Final[Words] = (
    "no-such-waybill",
    "本单位没有此编号的运单。",
    "Your organisation has no waybill with this number.",
)
ONE: Final = PageRequest(limit=1)
ALL: Final = PageRequest(limit=MAX_PAGE_ITEMS)

blueprint = Blueprint("correction_pages", __name__, url_prefix="/corrections")


@blueprint.get("")
@requires(Permission.ANSWER_CORRECTION)
def index() -> ResponseReturnValue:
    """List what one's own organisation is asked."""
    reader = FormReader(form=request.args)
    page = PageRequest(after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = queries.list_own_requests(
            session, actor(), page, vault=runtime().vault, clock=runtime().clock
        )
    return render_template(
        "corrections/index.html", requests=found.items, next_after=found.next_after
    )


@blueprint.get("/<uuid:request_id>")
@requires(Permission.ANSWER_CORRECTION)
def show(request_id: UUID) -> ResponseReturnValue:
    """Show what is asked, until when, and ask for the answer."""
    return _request(request_id, {})


@blueprint.post("/<uuid:request_id>")
@requires(Permission.ANSWER_CORRECTION)
def answer(request_id: UUID) -> ResponseReturnValue:
    """Answer a request."""

    def act() -> str:
        reader = FormReader(form=request.form)
        text = reader.text("text", required=True)
        certificate_id = reader.identity("certificate_id")
        version = reader.whole("version") or 0
        with transaction() as session:
            waybill_id = _waybill(session, actor(), reader)
            reader.settle()
            given = RequestAnswer(text=text, waybill_id=waybill_id, certificate_id=certificate_id)
            answer_request(
                session,
                actor(),
                request_id,
                given,
                expected_version=version,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        return url_for(".show", request_id=request_id, done="saved")

    return submit(act, lambda messages: _request(request_id, messages))


def _waybill(session: Session, who: Actor, reader: FormReader) -> UUID | None:
    number = reader.text("waybill").upper()
    if not number:
        return None
    found = list_waybills(session, who, WaybillFilter(number=number), ONE).items
    if not found:
        reader.complain("waybill", NO_SUCH_WAYBILL)
        return None
    return found[0].id


def _request(request_id: UUID, messages: Mapping[str, str]) -> str:
    vault = runtime().vault
    with reading() as session:
        found = queries.get_own_request(
            session, actor(), request_id, vault=vault, clock=runtime().clock
        )
        papers: Sequence[Certificate] = list_certificates(
            session, actor(), vault=vault, page=ALL
        ).items
        about = [(paper.subject_kind, paper.subject_id) for paper in papers]
        names = subject_names(session, about, vault=vault)
    return render_template(
        "corrections/show.html",
        asked=found,
        papers=papers,
        names=names,
        messages=messages,
        values=request.form,
    )
