"""Measures: who proposed them, who must approve, and what was done; always four eyes."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.language import language
from api.page_forms import CHOOSE, FormReader, Words, messages_of
from api.pages.layout import submit
from api.pages.measure_acts import APPROVING, PROPOSING, MeasureForm
from api.runtime import runtime
from api.transactions import reading, transaction
from api.wording import term
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.registry.cases import CaseSubject
from waybill.registry.kinds import SubjectKind
from waybill.registry.measures import (
    MEASURE_MOVES,
    AppealOutcome,
    MeasureAct,
    MeasureFilter,
    MeasureKind,
    MeasureProposal,
    MeasureStatus,
)
from waybill.registry.terms import INTERIM_SUSPENSION
from waybill.services.cases.record import REGISTERED
from waybill.services.measures.proposing import propose_measure
from waybill.services.measures.queries import get_measure, list_measures
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.certificates import list_certificates
from waybill.services.registry.references import find_by_reference
from waybill.services.registry.subject_names import subject_names

ALL: Final = PageRequest(limit=MAX_PAGE_ITEMS)
NOT_FOUND: Final[Words] = (
    "no-such-subject",
    "没有找到，请核对名称或编号。",
    "Nothing is called so: compare name or number.",
)
FOUND_BY_NAME: Final = (
    CaseSubject.ORGANISATION,
    CaseSubject.VEHICLE,
    CaseSubject.TANK,
    CaseSubject.PERSON,
)

blueprint = Blueprint("measure_pages", __name__, url_prefix="/measures")


@blueprint.get("")
@requires(Permission.READ_MEASURES)
def index() -> ResponseReturnValue:
    """List measures, newest first."""
    reader = FormReader(form=request.args)
    wanted = MeasureFilter(
        kind=reader.optional_choice("kind", MeasureKind),
        status=reader.optional_choice("status", MeasureStatus),
        waiting=bool(reader.text("waiting")),
    )
    page = PageRequest(after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = list_measures(session, actor(), wanted, page, vault=runtime().vault)
    return render_template(
        "measures/index.html",
        measures=found.items,
        next_after=found.next_after,
        wanted=wanted,
        kinds=tuple(MeasureKind),
        statuses=tuple(MeasureStatus),
        carried={k: v for k, v in request.args.items() if k != "after"},
    )


@blueprint.get("/new")
@requires(Permission.PROPOSE_MEASURE)
def new() -> ResponseReturnValue:
    """Ask whom a measure is about, then what it is."""
    return _form(request.args, {})


@blueprint.post("")
@requires(Permission.PROPOSE_MEASURE)
def create() -> ResponseReturnValue:
    """Propose a measure."""

    def act() -> str:
        reader = FormReader(form=request.form)
        subject_kind, subject_id = _subject(reader)
        proposal = MeasureProposal(
            kind=reader.choice("kind", MeasureKind),
            subject_kind=subject_kind,
            subject_id=subject_id,
            reason=reader.text("reason", required=True),
            legal_basis=reader.text("legal_basis", required=True),
            decision_number=reader.text("decision_number", required=True),
            valid_from=reader.needed_day("valid_from"),
            valid_until=reader.day("valid_until"),
            published=bool(reader.text("published")),
            at_once=bool(reader.text("at_once")),
            case_id=reader.identity("case"),
        )
        reader.settle()
        with transaction() as session:
            made = propose_measure(session, actor(), proposal, clock=runtime().clock)
        return url_for(".show", measure_id=made, done="registered")

    return submit(act, lambda messages: _form(request.form, messages))


@blueprint.get("/<uuid:measure_id>")
@requires(Permission.READ_MEASURES)
def show(measure_id: UUID) -> ResponseReturnValue:
    """Show a measure: who proposed it, who must approve, what was done."""
    return _measure(measure_id, {})


@blueprint.post(f"/<uuid:measure_id>/<any({','.join(PROPOSING)}):act>")
@requires(Permission.PROPOSE_MEASURE)
def propose(measure_id: UUID, act: str) -> ResponseReturnValue:
    """Do what a proposer may, and show how the measure stands then."""
    return _act(measure_id, PROPOSING[act])


@blueprint.post(f"/<uuid:measure_id>/<any({','.join(APPROVING)}):act>")
@requires(Permission.APPROVE_MEASURE)
def approve(measure_id: UUID, act: str) -> ResponseReturnValue:
    """Do what the second person may, and show how the measure stands then."""
    return _act(measure_id, APPROVING[act])


def _act(measure_id: UUID, form: MeasureForm) -> ResponseReturnValue:
    def do() -> str:
        reader = FormReader(form=request.form)
        with transaction() as session:
            form(session, measure_id, reader)
        return url_for(".show", measure_id=measure_id, done="saved")

    return submit(do, lambda messages: _measure(measure_id, messages))


def _subject(reader: FormReader) -> tuple[SubjectKind, UUID]:
    """Return the subject that was chosen, written as `vehicle:<id>`."""
    kind, _, identity = reader.text("subject").partition(":")
    try:
        return SubjectKind(kind), UUID(identity)
    except ValueError:
        reader.complain("subject", CHOOSE)
        return SubjectKind.VEHICLE, UUID(int=0)


def _form(values: "MultiDict[str, str]", messages: Mapping[str, str]) -> str:
    reader, noted = FormReader(form=values), dict(messages)
    with reading() as session:
        subjects = _subjects(session, reader)
    noted |= messages_of(reader.problems, language())
    return render_template(
        "measures/new.html",
        values=values,
        messages=noted,
        subjects=subjects,
        found_by_name=FOUND_BY_NAME,
        kinds=tuple(MeasureKind),
        today=local_date(runtime().clock.now()),
        interim_hours=INTERIM_SUSPENSION // timedelta(hours=1),
    )


def _subjects(session: Session, reader: FormReader) -> list[tuple[str, str]]:
    """Return what a measure can be about: a record and its certificates, as value and words."""
    about = reader.optional_choice("about", CaseSubject)
    if about is None or about not in FOUND_BY_NAME:
        return []
    known = reader.identity("id")
    if known is None and not reader.text("reference"):
        return []
    if known is None:
        known = find_by_reference(session, actor(), about, reader.text("reference"))
    kind = REGISTERED[about]
    vault = runtime().vault
    names = {} if known is None else subject_names(session, [(kind, known)], vault=vault)
    if known is None or known not in names:
        reader.complain("reference", NOT_FOUND)
        return []
    papers = list_certificates(session, actor(), vault=vault, subject_id=known, page=ALL).items
    found = [(f"{kind.value}:{known}", f"{term(kind)} {names[known].text}")]
    found += [
        (f"{SubjectKind.CERTIFICATE.value}:{paper.id}", f"{term(paper.kind)} {paper.number}")
        for paper in papers
    ]
    return found


def _measure(measure_id: UUID, messages: Mapping[str, str]) -> str:
    with reading() as session:
        found = get_measure(session, actor(), measure_id, vault=runtime().vault)
    measure, who = found.measure, actor()
    return render_template(
        "measures/show.html",
        found=found,
        measure=measure,
        own=measure.awaits == who.user_id,
        possible={act for (status, act) in MEASURE_MOVES if status is measure.status},
        MeasureAct=MeasureAct,
        appeal_outcomes=tuple(AppealOutcome),
        messages=messages,
        values=request.form,
    )
