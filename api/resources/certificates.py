"""Certificates: stated by their holders; the authority suspends and revokes by measures."""

from http import HTTPStatus
from uuid import UUID

from api.auth import actor, requires
from api.blueprint import Blueprint
from api.idempotency import idempotent
from api.paging import page_schema
from api.preconditions import if_match, versioned
from api.runtime import runtime
from api.schemas.certificates import (
    CertificateParticularsSchema,
    CertificateQuery,
    CertificateQuerySchema,
    CertificateSchema,
    NewCertificate,
    NewCertificateSchema,
)
from api.schemas.registry import (
    DisclosureSchema,
    ReasonSchema,
    VersionPageQuerySchema,
    VersionSchema,
)
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.registry.records import (
    Certificate,
    CertificateParticulars,
    Disclosure,
    RegistryVersion,
)
from waybill.services.paging import Page, PageRequest
from waybill.services.registry import certificates
from waybill.services.registry.disclosures import disclose_certificate_number
from waybill.services.registry.history import list_versions

blueprint = Blueprint(
    "certificates", __name__, url_prefix="/api/v1/certificates", description="Certificates (证件)"
)


@blueprint.post("")
@requires(Permission.WRITE_REGISTRY)
@idempotent
@blueprint.arguments(NewCertificateSchema)
@blueprint.response(HTTPStatus.CREATED, CertificateSchema)
def create_certificate(new: NewCertificate) -> tuple[Certificate, dict[str, str]]:
    """Register a certificate of one's own organisation, vehicle, tank or person."""
    with transaction() as session:
        return versioned(
            certificates.create_certificate(
                session,
                actor(),
                (new.subject_kind, new.subject_id),
                new.particulars,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        )


@blueprint.get("")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(CertificateQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(CertificateSchema))
def list_certificates(wanted: CertificateQuery) -> Page[Certificate]:
    """List certificates in the order of their making."""
    with reading() as session:
        return certificates.list_certificates(
            session,
            actor(),
            vault=runtime().vault,
            subject_id=wanted.subject_id,
            kind=wanted.kind,
            status=wanted.status,
            expires_by=wanted.expires_by,
            page=wanted.page,
        )


@blueprint.get("/<uuid:certificate_id>")
@requires(Permission.READ_REGISTRY)
@blueprint.response(HTTPStatus.OK, CertificateSchema)
def get_certificate(certificate_id: UUID) -> tuple[Certificate, dict[str, str]]:
    """Show a certificate."""
    with reading() as session:
        return versioned(
            certificates.get_certificate(session, actor(), certificate_id, vault=runtime().vault)
        )


@blueprint.put("/<uuid:certificate_id>")
@requires(Permission.WRITE_REGISTRY)
@if_match
@blueprint.arguments(CertificateParticularsSchema)
@blueprint.response(HTTPStatus.OK, CertificateSchema)
def update_certificate(
    particulars: CertificateParticulars, certificate_id: UUID, *, expected_version: int
) -> tuple[Certificate, dict[str, str]]:
    """Correct what was stated of a certificate that the authority has not barred."""
    with transaction() as session:
        return versioned(
            certificates.update_certificate(
                session,
                actor(),
                certificate_id,
                particulars,
                expected_version=expected_version,
                vault=runtime().vault,
                clock=runtime().clock,
            )
        )


@blueprint.post("/<uuid:certificate_id>/disclosures")
@requires(Permission.READ_PERSONAL)
@blueprint.arguments(ReasonSchema)
@blueprint.response(HTTPStatus.CREATED, DisclosureSchema)
def disclose_number(reason: str, certificate_id: UUID) -> Disclosure:
    """Show the number of a person's certificate; that it was shown goes into the log."""
    with transaction() as session:
        return disclose_certificate_number(
            session,
            actor(),
            certificate_id,
            reason,
            vault=runtime().vault,
            clock=runtime().clock,
        )


@blueprint.get("/<uuid:certificate_id>/history")
@requires(Permission.READ_REGISTRY)
@blueprint.arguments(VersionPageQuerySchema, location="query")
@blueprint.response(HTTPStatus.OK, page_schema(VersionSchema))
def list_certificate_history(page: PageRequest, certificate_id: UUID) -> Page[RegistryVersion]:
    """List what was registered before, newest first; personal numbers as commitments."""
    with reading() as session:
        return list_versions(session, actor(), SubjectKind.CERTIFICATE, certificate_id, page=page)
