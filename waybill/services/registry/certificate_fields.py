"""What can be said in a certificate: which paper is about what, and how its number looks."""

from collections.abc import Callable, Mapping
from typing import Final

from waybill.identifiers import (
    validate_certificate_number,
    validate_licence_number,
    validate_transport_certificate_number,
)
from waybill.registry.kinds import CertificateKind, PersonRole, SubjectKind
from waybill.registry.records import CertificateParticulars
from waybill.services.registry.validation import (
    NOT_EXPECTED,
    REPEATED,
    Complaint,
    FieldCheck,
)

_ISSUER_LENGTH: Final = 200
_SCOPE_LENGTH: Final = 2000

ABOUT: Final[Mapping[CertificateKind, frozenset[SubjectKind]]] = {
    CertificateKind.CARRIER_LICENCE: frozenset({SubjectKind.ORGANISATION}),
    CertificateKind.VEHICLE_LICENCE: frozenset({SubjectKind.VEHICLE}),
    CertificateKind.ROAD_TRANSPORT_CERTIFICATE: frozenset({SubjectKind.VEHICLE}),
    CertificateKind.TECHNICAL_INSPECTION: frozenset({SubjectKind.VEHICLE}),
    CertificateKind.LIABILITY_INSURANCE: frozenset({SubjectKind.ORGANISATION, SubjectKind.VEHICLE}),
    CertificateKind.DRIVING_LICENCE: frozenset({SubjectKind.PERSON}),
    CertificateKind.DRIVER_QUALIFICATION: frozenset({SubjectKind.PERSON}),
    CertificateKind.ESCORT_QUALIFICATION: frozenset({SubjectKind.PERSON}),
    CertificateKind.SUPERVISOR_QUALIFICATION: frozenset({SubjectKind.PERSON}),
    CertificateKind.TANK_INSPECTION: frozenset({SubjectKind.TANK}),
    CertificateKind.USE_REGISTRATION: frozenset({SubjectKind.TANK}),
    CertificateKind.TANK_CLEANING: frozenset({SubjectKind.TANK}),
}
"""What each paper is about."""

HELD_BY: Final[Mapping[CertificateKind, PersonRole]] = {
    CertificateKind.DRIVING_LICENCE: PersonRole.DRIVER,
    CertificateKind.DRIVER_QUALIFICATION: PersonRole.DRIVER,
    CertificateKind.ESCORT_QUALIFICATION: PersonRole.ESCORT,
    CertificateKind.SUPERVISOR_QUALIFICATION: PersonRole.LOADING_SUPERVISOR,
}
"""Who holds each personal paper."""

HAS_SCOPE: Final = frozenset(
    {CertificateKind.CARRIER_LICENCE, CertificateKind.ROAD_TRANSPORT_CERTIFICATE}
)

ENDORSEMENTS: Final = frozenset({"explosive", "highly_toxic", "radioactive"})
DRIVING_CLASSES: Final = frozenset(
    {"A1", "A2", "A3", "B1", "B2", "C1", "C2", "C3", "C4", "C5", "C6", "D", "E", "F", "M", "N", "P"}
)
CATEGORIES: Final[Mapping[CertificateKind, frozenset[str]]] = {
    CertificateKind.DRIVING_LICENCE: DRIVING_CLASSES,
    CertificateKind.DRIVER_QUALIFICATION: ENDORSEMENTS,
    CertificateKind.ESCORT_QUALIFICATION: ENDORSEMENTS,
    CertificateKind.SUPERVISOR_QUALIFICATION: ENDORSEMENTS,
}
"""What a personal paper may add: driving classes, or endorsements for particular goods."""

_NUMBERS: Final[Mapping[CertificateKind, Callable[[str], str]]] = {
    CertificateKind.CARRIER_LICENCE: validate_licence_number,
    CertificateKind.ROAD_TRANSPORT_CERTIFICATE: validate_transport_certificate_number,
}

WRONG_SUBJECT: Final = Complaint(
    "certificate-subject", "此类证件不属于该对象。", "This certificate is not about such a subject."
)
WRONG_HOLDER: Final = Complaint(
    "certificate-holder",
    "该人员的岗位与此证件不符。",
    "This person has no role for which the certificate is held.",
)
DATES_REVERSED: Final = Complaint(
    "dates-reversed",
    "有效期止不能早于有效期起。",
    "The last valid day cannot come before the first.",
)
UNKNOWN_CATEGORY: Final = Complaint(
    "category-unknown", "此类证件没有该类别。", "This certificate has no such category."
)


def settle_certificate(
    stated: CertificateParticulars, subject_kind: SubjectKind, roles: tuple[str, ...]
) -> CertificateParticulars:
    """Return the particulars in their stored spelling; `roles` are a person's, else not read.

    Raises:
        InvalidFieldError: names every field that cannot be accepted; never repeats a value.
    """
    check = FieldCheck()
    check.provenance(stated.provenance)
    check.expect("/kind", WRONG_SUBJECT, holds=subject_kind in ABOUT[stated.kind])
    if subject_kind is SubjectKind.PERSON and stated.kind in HELD_BY:
        check.expect("/kind", WRONG_HOLDER, holds=HELD_BY[stated.kind].value in roles)
    if stated.valid_from is not None and stated.valid_until is not None:
        ordered = stated.valid_from <= stated.valid_until
        check.expect("/valid_until", DATES_REVERSED, holds=ordered)
    check.expect("/scope", NOT_EXPECTED, holds=stated.kind in HAS_SCOPE or not stated.scope)
    _check_categories(check, stated)
    rule = _NUMBERS.get(stated.kind, validate_certificate_number)
    settled = CertificateParticulars(
        kind=stated.kind,
        number=check.identifier("/number", rule, stated.number.strip()),
        issuer=check.line("/issuer", stated.issuer, longest=_ISSUER_LENGTH),
        valid_from=stated.valid_from,
        valid_until=stated.valid_until,
        scope=check.line("/scope", stated.scope, longest=_SCOPE_LENGTH, required=False),
        categories=stated.categories,
        provenance=stated.provenance,
    )
    check.settle()
    return settled


def _check_categories(check: FieldCheck, stated: CertificateParticulars) -> None:
    allowed = CATEGORIES.get(stated.kind, frozenset())
    for place, category in enumerate(stated.categories):
        check.expect(f"/categories/{place}", UNKNOWN_CATEGORY, holds=category in allowed)
    distinct = len(set(stated.categories)) == len(stated.categories)
    check.expect("/categories", REPEATED, holds=distinct)
