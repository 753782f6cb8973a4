"""Certificates, with their scope as written and as it was understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import Choice, Identity, Instant, LocalDate, Many, StrictInteger, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.registry import MAX_VERSION, page_request
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    Provenance,
    SubjectKind,
)
from waybill.registry.records import (
    Certificate,
    CertificateParticulars,
)
from waybill.registry.scope import parse_scope
from waybill.services.paging import PageRequest


class CertificateForm(Form):
    """What is printed on a certificate."""

    kind = Choice(CertificateKind, required=True)
    number = Text(most=60, required=True)
    issuer = Text(most=200, required=True)
    valid_from = LocalDate(load_default=None, allow_none=True)
    valid_until = LocalDate(load_default=None, allow_none=True, description="The last valid day.")
    scope = Text(least=0, most=2000, load_default="", description="经营范围, as it is written.")
    categories = Many(
        Text(most=20),
        most=20,
        load_default=(),
        description="Endorsements (explosive, highly_toxic, radioactive) or driving classes.",
    )
    provenance = Choice(Provenance, load_default=Provenance.TYPED, description="typed or document.")


class CertificateParticularsSchema(CertificateForm):
    """What is stated of a certificate, as it is printed."""

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CertificateParticulars:
        """Return the value object."""
        return CertificateParticulars(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCertificate:
    """A certificate and what it is about."""

    subject_kind: SubjectKind
    subject_id: UUID
    particulars: CertificateParticulars


class NewCertificateSchema(CertificateForm):
    """A certificate and what it is about."""

    subject_kind = Choice(SubjectKind, required=True)
    subject_id = Identity(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> NewCertificate:
        """Return the value object."""
        return NewCertificate(
            subject_kind=data.pop("subject_kind"),
            subject_id=data.pop("subject_id"),
            particulars=CertificateParticulars(**data),
        )


class GrantSchema(Form):
    """Something that a scope permits, and what it takes away from it."""

    permits = Text(required=True)
    narrowed_to = fields.List(fields.String(), required=True)
    excluded = fields.List(fields.String(), required=True)
    perhaps_excluded = fields.List(fields.String(), required=True)


class ParsedScopeSchema(Form):
    """A scope as it was understood; what was not understood grants nothing."""

    clauses = fields.List(fields.Nested(GrantSchema), required=True)
    unparsed = fields.List(fields.String(), required=True)


class CertificateSchema(CertificateForm):
    """A certificate; the number of a person's stands masked."""

    number = Text(least=0, most=60, required=True)
    id = Identity(required=True)
    organisation_id = Identity(required=True)
    created_at = Instant(required=True)
    subject_kind = Choice(SubjectKind, required=True)
    subject_id = Identity(required=True)
    status = Choice(CertificateStatus, required=True)
    status_reason = Text(least=0, most=300, required=True)
    version = StrictInteger(least=1, most=MAX_VERSION, required=True)
    scope_parsed = fields.Nested(ParsedScopeSchema, required=True, dump_only=True)

    @override
    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        """Return a member; the understood scope is made from the written one."""
        if attr == "scope_parsed":
            return _parsed(obj)
        return super().get_attribute(obj, attr, default)


def _parsed(certificate: Certificate) -> Mapping[str, object]:
    scope = parse_scope(certificate.scope)
    clauses = [
        {
            "permits": grant.term.text,
            "narrowed_to": [term.text for term in grant.only],
            "excluded": [term.text for term in grant.excluded],
            "perhaps_excluded": [term.text for term in grant.perhaps],
        }
        for grant in scope.grants
    ]
    return {"clauses": clauses, "unparsed": list(scope.unparsed)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateQuery:
    """Which certificates are wanted."""

    page: PageRequest
    subject_id: UUID | None = None
    kind: CertificateKind | None = None
    status: CertificateStatus | None = None
    expires_by: date | None = None


class CertificateQuerySchema(PageQuerySchema):
    """Which certificates are wanted; all of it must hold."""

    subject_id = Identity(data_key="subject", description="What they are about.")
    kind = Choice(CertificateKind, description="Only this kind.")
    status = Choice(CertificateStatus, description="Only those in this status.")
    expires_by = LocalDate(description="Only those whose last valid day is this or earlier.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CertificateQuery:
        """Return the value object."""
        page = page_request(data)
        return CertificateQuery(page=page, **data)
