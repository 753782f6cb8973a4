"""Certificates of the register, and one's own organisation with its papers."""

from collections.abc import Mapping, Sequence
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.page_forms import FormField, FormReader
from api.pages.layout import submit
from api.pages.places import PLACES
from api.pages.places.place import values_of
from api.pages.places.vehicles import provenance_field
from api.pages.showing import day
from api.runtime import runtime
from api.transactions import reading, transaction
from api.wording import t, term
from waybill.registry.access import Permission
from waybill.registry.kinds import CertificateKind, Provenance, SubjectKind
from waybill.registry.records import Certificate, CertificateParticulars
from waybill.services.paging import PageRequest
from waybill.services.registry import certificates
from waybill.services.registry.certificate_fields import ENDORSEMENTS, HAS_SCOPE
from waybill.services.registry.disclosures import disclose_certificate_number
from waybill.services.registry.fitness import certificate_fitness
from waybill.services.registry.organisations import get_organisation

PLACE_OF: Final = {place.subject: place.name for place in PLACES.values()}
PAPERS_OF: Final[Mapping[SubjectKind, Sequence[CertificateKind]]] = {
    place.subject: place.papers for place in PLACES.values()
} | {
    SubjectKind.ORGANISATION: (
        CertificateKind.CARRIER_LICENCE,
        CertificateKind.LIABILITY_INSURANCE,
    )
}
ALL: Final = PageRequest(limit=200)

blueprint = Blueprint("papers", __name__, url_prefix="/registry")


@blueprint.get("/organisation")
@requires(Permission.WRITE_REGISTRY)
def organisation() -> ResponseReturnValue:
    """Show one's own organisation and its papers."""
    now, who = runtime().clock.now(), actor()
    with reading() as session:
        record = get_organisation(session, who, who.organisation_id)
        papers = certificates.list_certificates(
            session, who, vault=runtime().vault, subject_id=who.organisation_id, page=ALL
        ).items
    return render_template(
        "registry/organisation.html",
        record=record,
        papers=[(paper, certificate_fitness(paper, now)) for paper in papers],
    )


@blueprint.get("/<any(organisation,vehicle,tank,person):kind>/<uuid:subject_id>/certificates/new")
@requires(Permission.WRITE_REGISTRY)
def new(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Ask for the particulars of a certificate."""
    values = values_of(kind=request.args.get("kind"))
    return _form(SubjectKind(kind), subject_id, values, {})


@blueprint.post("/<any(organisation,vehicle,tank,person):kind>/<uuid:subject_id>/certificates")
@requires(Permission.WRITE_REGISTRY)
def create(kind: str, subject_id: UUID) -> ResponseReturnValue:
    """Register a certificate."""
    subject = SubjectKind(kind)

    def act() -> str:
        particulars = _read(FormReader(form=request.form))
        with transaction() as session:
            certificates.create_certificate(
                session,
                actor(),
                (subject, subject_id),
                particulars,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        return _back(subject, subject_id, "registered")

    return submit(act, lambda messages: _form(subject, subject_id, request.form, messages))


@blueprint.get("/certificates/<uuid:certificate_id>/edit")
@requires(Permission.WRITE_REGISTRY)
def edit(certificate_id: UUID) -> ResponseReturnValue:
    """Ask what is to be corrected."""
    found = _get(certificate_id)
    return _form(found.subject_kind, found.subject_id, _values(found), {}, found)


@blueprint.post("/certificates/<uuid:certificate_id>/edit")
@requires(Permission.WRITE_REGISTRY)
def update(certificate_id: UUID) -> ResponseReturnValue:
    """Correct a certificate."""
    found = _get(certificate_id)

    def act() -> str:
        reader = FormReader(form=request.form)
        version = reader.whole("version") or 0
        particulars = _read(reader)
        with transaction() as session:
            certificates.update_certificate(
                session,
                actor(),
                certificate_id,
                particulars,
                expected_version=version,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        return _back(found.subject_kind, found.subject_id, "saved")

    return submit(
        act,
        lambda messages: _form(found.subject_kind, found.subject_id, request.form, messages, found),
    )


@blueprint.post("/certificates/<uuid:certificate_id>/disclosures")
@requires(Permission.READ_PERSONAL)
def disclose(certificate_id: UUID) -> ResponseReturnValue:
    """Show the number of a person's certificate; that it was shown goes into the log."""
    reason = FormReader(form=request.form).text("reason")
    found = _get(certificate_id)
    with transaction() as session:
        shown = disclose_certificate_number(
            session,
            actor(),
            certificate_id,
            reason,
            vault=runtime().vault,
            clock=runtime().clock,
        )
    return render_template(
        "registry/number.html",
        certificate=found,
        shown=shown,
        back=_back(found.subject_kind, found.subject_id, ""),
    )


def _get(certificate_id: UUID) -> Certificate:
    with reading() as session:
        return certificates.get_certificate(session, actor(), certificate_id, vault=runtime().vault)


def _back(kind: SubjectKind, subject_id: UUID, word: str) -> str:
    said = word or None
    if kind is SubjectKind.ORGANISATION:
        return url_for("papers.organisation", done=said)
    return url_for("registry.show", place=PLACE_OF[kind], record_id=subject_id, done=said)


def _read(reader: FormReader) -> CertificateParticulars:
    categories = [*reader.form.getlist("endorsements"), *reader.text("classes").upper().split()]
    particulars = CertificateParticulars(
        kind=reader.choice("kind", CertificateKind),
        number=reader.text("number", required=True),
        issuer=reader.text("issuer", required=True),
        valid_from=reader.day("valid_from"),
        valid_until=reader.day("valid_until"),
        scope=reader.text("scope"),
        categories=tuple(categories),
        provenance=reader.choice("provenance", Provenance),
    )
    reader.settle()
    return particulars


def _values(found: Certificate) -> "MultiDict[str, str]":
    personal = found.subject_kind is SubjectKind.PERSON
    values = values_of(
        kind=found.kind.value,
        number=None if personal else found.number,
        issuer=found.issuer,
        valid_from=day(found.valid_from),
        valid_until=day(found.valid_until),
        scope=found.scope,
        classes=" ".join(c for c in found.categories if c not in ENDORSEMENTS),
        provenance=found.provenance.value,
        version=str(found.version),
    )
    values.setlist("endorsements", [c for c in found.categories if c in ENDORSEMENTS])
    return values


def _fields(kind: SubjectKind, *, edited: bool) -> list[FormField]:
    papers = PAPERS_OF[kind]
    personal = kind is SubjectKind.PERSON
    fields = [
        FormField(
            name="kind",
            label="field.certificate_kind",
            kind="choice",
            required=True,
            options=[(paper.value, term(paper)) for paper in papers],
        ),
        FormField(
            name="number",
            label="field.certificate_number",
            required=True,
            hint="hint.number_again" if personal and edited else "",
            mono=True,
        ),
        FormField(name="issuer", label="field.issuer", required=True),
        FormField(name="valid_from", label="field.valid_from", kind="day"),
        FormField(
            name="valid_until", label="field.valid_until", kind="day", hint="hint.valid_until"
        ),
    ]
    if HAS_SCOPE.intersection(papers):
        fields.append(FormField(name="scope", label="field.scope", kind="area", hint="hint.scope"))
    if personal:
        words = [(name, t(f"endorsement.{name}")) for name in sorted(ENDORSEMENTS)]
        fields += [
            FormField(
                name="endorsements",
                label="field.endorsements",
                kind="many",
                hint="hint.endorsements",
                options=words,
            ),
            FormField(name="classes", label="field.classes", hint="hint.classes", mono=True),
        ]
    return [*fields, provenance_field()]


def _form(
    kind: SubjectKind,
    subject_id: UUID,
    values: "MultiDict[str, str]",
    messages: Mapping[str, str],
    found: Certificate | None = None,
) -> str:
    return render_template(
        "registry/certificate_form.html",
        kind=kind,
        subject_id=subject_id,
        certificate=found,
        fields=_fields(kind, edited=found is not None),
        values=values,
        messages=messages,
        back=_back(kind, subject_id, ""),
    )
