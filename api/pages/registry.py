"""The register: lists, records and forms of vehicles, tanks and people."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.layout import submit
from api.pages.places import PLACES
from api.pages.places.place import Place, Save, Wish
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import NotFoundError
from waybill.registry.access import Permission
from waybill.registry.kinds import RecordStatus
from waybill.registry.personal import ErasureRequest, HeldValue
from waybill.registry.records import Person, StatusChange, Tank, Vehicle
from waybill.services.paging import PageRequest
from waybill.services.personal.requests import list_erasure_requests, list_person_values
from waybill.services.registry.certificates import list_certificates
from waybill.services.registry.disclosures import PersonalField, disclose_person
from waybill.services.registry.fitness import certificate_fitness, certificates_by_subject
from waybill.services.registry.history import list_versions

NEXT_STATUSES: Final[Mapping[RecordStatus, tuple[RecordStatus, ...]]] = {
    RecordStatus.ACTIVE: (RecordStatus.SUSPENDED, RecordStatus.RETIRED),
    RecordStatus.SUSPENDED: (RecordStatus.ACTIVE, RecordStatus.RETIRED),
    RecordStatus.RETIRED: (),
}
"""What a page offers; the service decides."""
ALL_PAPERS: Final = PageRequest(limit=200)

Record = Vehicle | Tank | Person
blueprint = Blueprint(
    "registry", __name__, url_prefix="/registry/<any(vehicles,tanks,people):place>"
)


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
def index(place: str) -> ResponseReturnValue:
    """List records, each with how it stands."""
    reader = FormReader(form=request.args)
    wish = Wish(
        q=reader.text("q")[:40],
        status=reader.optional_choice("status", RecordStatus),
        page=PageRequest(after=reader.identity("after")),
    )
    reader.settle()
    kind, now = PLACES[place], runtime().clock.now()
    with reading() as session:
        page = kind.list(session, actor(), wish)
        papers = certificates_by_subject(session, actor(), vault=runtime().vault)
    rows = [(record, kind.fitness(record, papers, now)) for record in page.items]
    return render_template(
        "registry/index.html",
        place=place,
        rows=rows,
        wish=wish,
        next_after=page.next_after,
        statuses=tuple(RecordStatus),
    )


@blueprint.get("/new")
@requires(Permission.WRITE_REGISTRY)
def new(place: str) -> ResponseReturnValue:
    """Ask for the particulars of a new record."""
    return _form(place, None, MultiDict(), {})


@blueprint.post("")
@requires(Permission.WRITE_REGISTRY)
def create(place: str) -> ResponseReturnValue:
    """Register a record."""
    return submit(
        lambda: _saved(place, None, "registered"),
        lambda messages: _form(place, None, request.form, messages),
    )


@blueprint.get("/<uuid:record_id>")
@requires(Permission.READ_REGISTRY)
def show(place: str, record_id: UUID) -> ResponseReturnValue:
    """Show a record with its papers, its standing and its history."""
    return _record(place, record_id)


@blueprint.get("/<uuid:record_id>/edit")
@requires(Permission.WRITE_REGISTRY)
def edit(place: str, record_id: UUID) -> ResponseReturnValue:
    """Ask what is to change."""
    kind = PLACES[place]
    with reading() as session:
        record = _own(kind, session, record_id)
    values = kind.values(record)
    values["version"] = str(record.version)
    return _form(place, record_id, values, {})


@blueprint.post("/<uuid:record_id>/edit")
@requires(Permission.WRITE_REGISTRY)
def update(place: str, record_id: UUID) -> ResponseReturnValue:
    """Change a record."""
    return submit(
        lambda: _saved(place, record_id, "saved"),
        lambda messages: _form(place, record_id, request.form, messages),
    )


@blueprint.post("/<uuid:record_id>/status")
@requires(Permission.WRITE_REGISTRY)
def set_status(place: str, record_id: UUID) -> ResponseReturnValue:
    """Suspend, resume or retire a record, with the reason."""

    def act() -> str:
        reader = FormReader(form=request.form)
        change = StatusChange(
            status=reader.choice("status", RecordStatus), reason=reader.text("reason")
        )
        version = reader.whole("version") or 0
        reader.settle()
        with transaction() as session:
            PLACES[place].set_status(session, actor(), record_id, change, version)
        return url_for(".show", place=place, record_id=record_id, done="status")

    return submit(act, lambda messages: _record(place, record_id, messages=messages))


@blueprint.post("/<uuid:record_id>/disclosures")
@requires(Permission.READ_PERSONAL)
def disclose(place: str, record_id: UUID) -> ResponseReturnValue:
    """Show one personal value; that it was shown goes into the log."""
    if place != "people":
        raise NotFoundError(place, record_id)
    reader = FormReader(form=request.form)
    field = reader.choice("field", PersonalField)
    reader.settle()
    with transaction() as session:
        shown = disclose_person(
            session,
            actor(),
            record_id,
            field,
            reader.text("reason"),
            vault=runtime().vault,
            clock=runtime().clock,
        )
    return _record(place, record_id, shown={field.value: shown.value})


def _saved(place: str, record_id: UUID | None, word: str) -> str:
    reader = FormReader(form=request.form)
    version = reader.whole("version") or 0
    save = Save(reader=reader, record_id=record_id, version=version)
    with transaction() as session:
        saved = PLACES[place].save(session, actor(), save)
    return url_for(".show", place=place, record_id=saved, done=word)


def _form(
    place: str, record_id: UUID | None, values: "MultiDict[str, str]", messages: Mapping[str, str]
) -> str:
    kind = PLACES[place]
    with reading() as session:
        record = _own(kind, session, record_id) if record_id else None
        fields = kind.fields(session, actor(), record)
    return render_template(
        "registry/form.html",
        place=place,
        record=record,
        fields=fields,
        values=values,
        messages=messages,
    )


def _own(kind: Place[Any], session: Session, record_id: UUID) -> Record:
    """Return a record of one's own organisation: others are looked at, never edited."""
    record: Record = kind.get(session, actor(), record_id)
    if record.organisation_id != actor().organisation_id:
        raise NotFoundError(kind.subject.value, record_id)
    return record


def _record(
    place: str,
    record_id: UUID,
    *,
    messages: Mapping[str, str] | None = None,
    shown: Mapping[str, str] | None = None,
) -> str:
    kind, now, vault = PLACES[place], runtime().clock.now(), runtime().vault
    with reading() as session:
        record = kind.get(session, actor(), record_id)
        papers = {
            subject_id: list_certificates(
                session, actor(), vault=vault, subject_id=subject_id, page=ALL_PAPERS
            ).items
            for subject_id in (record_id, record.organisation_id)
        }
        versions = list_versions(session, actor(), kind.subject, record_id).items
        units = _unit_of(session, record)
        values, requests = _personal(session, record)
    return render_template(
        "registry/record.html",
        place=place,
        record=record,
        unit=units,
        values=values,
        requests=requests,
        standing=kind.fitness(record, papers, now),
        papers=[(paper, certificate_fitness(paper, now)) for paper in papers[record_id]],
        versions=versions,
        own=record.organisation_id == actor().organisation_id,
        next_statuses=NEXT_STATUSES[record.status],
        messages=messages or {},
        shown=shown or {},
    )


def _personal(
    session: Session, record: Record
) -> tuple[Sequence[HeldValue], Sequence[ErasureRequest]]:
    """Return what is known of a person's values, and the requests to erase them."""
    if not isinstance(record, Person):
        return (), ()
    values = list_person_values(session, actor(), record.id)
    if Permission.READ_ERASURE not in actor().permissions:
        return values, ()
    return values, list_erasure_requests(session, actor(), person_id=record.id).items


def _unit_of(session: Session, record: Record) -> Vehicle | None:
    """Return the unit a tank is fixed to."""
    if not isinstance(record, Tank) or record.mounted_on_id is None:
        return None
    found: Vehicle = PLACES["vehicles"].get(session, actor(), record.mounted_on_id)
    return found
