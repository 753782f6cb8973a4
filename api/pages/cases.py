"""Cases: the list with what is overdue first, a new one, one whole with its time line."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.page_forms import FormReader, Words
from api.pages.case_acts import ACTS
from api.pages.layout import submit
from api.pages.offline_records import shown_records
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.registry.cases import (
    CASE_MOVES,
    CaseAct,
    CaseFilter,
    CaseMatter,
    CaseOpening,
    CaseOutcome,
    CaseSource,
    CaseStatus,
    CaseSubject,
)
from waybill.registry.kinds import OrganisationRole
from waybill.registry.measures import MeasureFilter
from waybill.registry.terms import REQUEST_TERM
from waybill.services.cases import contacts, queries
from waybill.services.cases.acting import auditors
from waybill.services.cases.opening import open_case
from waybill.services.measures.queries import list_measures
from waybill.services.offline.queries import records_of_case
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.organisations import list_directory
from waybill.services.registry.references import find_by_reference

NOT_FOUND: Final[Words] = (
    "no-such-subject",
    "没有找到，请核对名称或编号。",
    "Nothing is called so: compare name or number.",
)
ALL: Final = PageRequest(limit=MAX_PAGE_ITEMS)

blueprint = Blueprint("case_pages", __name__, url_prefix="/cases")


@blueprint.get("")
@requires(Permission.READ_CASES)
def index() -> ResponseReturnValue:
    """List cases; what is overdue stands first."""
    reader = FormReader(form=request.args)
    wanted = CaseFilter(
        status=reader.optional_choice("status", CaseStatus),
        source=reader.optional_choice("source", CaseSource),
        matter=reader.optional_choice("matter", CaseMatter),
        assigned_to=actor().user_id if reader.text("mine") else None,
        overdue=bool(reader.text("overdue")),
        closed=bool(reader.text("closed")),
    )
    page = PageRequest(after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = queries.list_cases(
            session, actor(), wanted, page, vault=runtime().vault, clock=runtime().clock
        )
    return render_template(
        "cases/index.html",
        cases=found.items,
        next_after=found.next_after,
        wanted=wanted,
        values=request.args,
        statuses=tuple(CaseStatus),
        sources=tuple(CaseSource),
        matters=tuple(CaseMatter),
        carried={k: v for k, v in request.args.items() if k != "after"},
    )


@blueprint.get("/new")
@requires(Permission.WRITE_CASES)
def new() -> ResponseReturnValue:
    """Ask what a new case is about."""
    return _form(request.args, {})


@blueprint.post("")
@requires(Permission.WRITE_CASES)
def create() -> ResponseReturnValue:
    """Open a case."""

    def act() -> str:
        reader = FormReader(form=request.form)
        matter = reader.choice("matter", CaseMatter)
        text = reader.text("text", required=True)
        with transaction() as session:
            about = _about(session, reader)
            reader.settle()
            opening = CaseOpening(
                matter=matter,
                text=text,
                about=about,
                pattern_code=reader.text("pattern") or None,
                event_ids=_events(reader),
            )
            made = open_case(
                session, actor(), opening, vault=runtime().vault, clock=runtime().clock
            )
        return url_for(".show", case_id=made, done="registered")

    return submit(act, lambda messages: _form(request.form, messages))


@blueprint.get("/<uuid:case_id>")
@requires(Permission.READ_CASES)
def show(case_id: UUID) -> ResponseReturnValue:
    """Show a case whole; that it was read goes into the log."""
    return _case(case_id)


@blueprint.post(f"/<uuid:case_id>/<any({','.join(ACTS)}):act>")
@requires(Permission.WRITE_CASES)
def act_on(case_id: UUID, act: str) -> ResponseReturnValue:
    """Do something with a case, and show how it stands then."""

    def do() -> str:
        reader = FormReader(form=request.form)
        with transaction() as session:
            ACTS[act](session, case_id, reader)
        return url_for(".show", case_id=case_id, done="saved")

    return submit(do, lambda messages: _case(case_id, messages=messages))


@blueprint.post("/<uuid:case_id>/contact")
@requires(Permission.WRITE_CASES)
def disclose(case_id: UUID) -> ResponseReturnValue:
    """Show how whoever reported can be reached; that it was shown goes into the log."""
    reader = FormReader(form=request.form)
    with transaction() as session:
        shown = contacts.disclose_contact(
            session,
            actor(),
            case_id,
            reader.text("reason"),
            vault=runtime().vault,
            clock=runtime().clock,
        )
    return _case(case_id, contact=shown.value)


def _about(session: Session, reader: FormReader) -> tuple[CaseSubject, UUID] | None:
    """Return what a case is about: by id from where one came, else by what people call it."""
    kind = reader.optional_choice("about", CaseSubject)
    if kind is None:
        return None
    known = reader.identity("id")
    if known is None:
        known = find_by_reference(session, actor(), kind, reader.text("reference"))
    if known is None:
        reader.complain("reference", NOT_FOUND)
        return None
    return kind, known


def _events(reader: FormReader) -> tuple[UUID, ...]:
    """Return the events that a pattern saw, as its link named them."""
    found = []
    for text in reader.form.getlist("event"):
        with suppress(ValueError):
            found.append(UUID(text))
    return tuple(found)


def _form(values: "MultiDict[str, str]", messages: Mapping[str, str]) -> str:
    return render_template(
        "cases/new.html",
        values=values,
        messages=messages,
        matters=tuple(CaseMatter),
        kinds=tuple(CaseSubject),
    )


def _case(case_id: UUID, *, messages: Mapping[str, str] | None = None, contact: str = "") -> str:
    now, vault = runtime().clock.now(), runtime().vault
    with transaction() as session:
        found = queries.get_case(session, actor(), case_id, vault=vault, clock=runtime().clock)
        measures = list_measures(
            session, actor(), MeasureFilter(case_id=case_id), ALL, vault=vault
        ).items
        carriers = list_directory(session, actor(), role=OrganisationRole.CARRIER, page=ALL).items
        records = records_of_case(session, case_id)
        people = [(user.id, user.username) for user in auditors(session)]
    status = found.case.status
    return render_template(
        "cases/show.html",
        found=found,
        case=found.case,
        measures=measures,
        records=shown_records(records),
        carriers=carriers,
        auditors=people,
        usernames=dict(people),
        possible={act for act, move in CASE_MOVES.items() if status in move.allowed_from},
        CaseAct=CaseAct,
        outcomes=tuple(CaseOutcome),
        proposed_due=local_date(now + REQUEST_TERM),
        messages=messages or {},
        values=request.form,
        contact=contact,
    )
