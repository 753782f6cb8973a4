"""Whoever and whatever a waybill names, and whether its record and papers hold.

The parts here serve rules of several subjects: a record must be known and in use, and a
certificate must cover the day.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Final, TypeAlias

from waybill.clock import local_date
from waybill.codec import JsonValue
from waybill.registry.kinds import CertificateKind, CertificateStatus, RecordStatus
from waybill.rules.facts import (
    CertificateFacts,
    Facts,
    PartyFacts,
    PersonFacts,
    TankFacts,
    UnitFacts,
)
from waybill.rules.finding import Outcome
from waybill.rules.rule import Judgement, Reasons, failed, passed, unknown

Record: TypeAlias = PartyFacts | UnitFacts | TankFacts | PersonFacts


class Subject(StrEnum):
    """Whom or what a finding is about."""

    CARRIER = "carrier"
    TRACTOR = "tractor"
    TRAILER = "trailer"
    TANK = "tank"
    DRIVER = "driver"
    ESCORT = "escort"
    SUPERVISOR = "supervisor"


OPEN_ENDED: Final = frozenset({CertificateKind.USE_REGISTRATION})
"""Certificates that are valid until withdrawn and so may lack a last day."""

RECORD_REASONS: Final[Reasons] = {
    "not_registered": Outcome.UNKNOWN,
    "record_suspended": Outcome.FAILED,
    "record_retired": Outcome.FAILED,
}
CERTIFICATE_REASONS: Final[Reasons] = {
    "valid": Outcome.PASSED,
    "certificate_missing": Outcome.UNKNOWN,
    "certificate_suspended": Outcome.FAILED,
    "certificate_revoked": Outcome.FAILED,
    "not_yet_valid": Outcome.FAILED,
    "expired": Outcome.FAILED,
    "end_date_unknown": Outcome.UNKNOWN,
}
HOLDER_REASONS: Final[Reasons] = {**RECORD_REASONS, **CERTIFICATE_REASONS}


_RECORDS: Final[Mapping[Subject, Callable[[Facts], Record | None]]] = {
    Subject.CARRIER: attrgetter("carrier"),
    Subject.TRACTOR: attrgetter("tractor"),
    Subject.TRAILER: attrgetter("trailer"),
    Subject.TANK: attrgetter("tank"),
    Subject.DRIVER: attrgetter("driver"),
    Subject.ESCORT: attrgetter("escort"),
    Subject.SUPERVISOR: attrgetter("supervisor"),
}


def record_of(facts: Facts, subject: Subject) -> Record | None:
    """Return the register's record of a subject, `None` where there was none to be gathered."""
    return _RECORDS[subject](facts)


def named_subjects(facts: Facts) -> tuple[Subject, ...]:
    """Return whom the waybill names: trailer and tank only where it has one."""
    absent = {
        Subject.SUPERVISOR: True,
        Subject.TRAILER: facts.waybill.trailer_plate is None,
        Subject.TANK: facts.waybill.tank_number is None,
    }
    return tuple(subject for subject in Subject if not absent.get(subject))


def identify(record: Record) -> str:
    """Return what the record is called in documents: plate, tank number, reference or code."""
    if isinstance(record, UnitFacts):
        return record.plate
    if isinstance(record, TankFacts):
        return record.number
    if isinstance(record, PersonFacts):
        return record.reference
    return record.uscc


def describe(subject: Subject, record: Record) -> dict[str, JsonValue]:
    """Return the facts that say whom a finding is about."""
    return {"subject": subject.value, "holder": identify(record)}


def find_record_problem(subject: Subject, record: Record) -> Judgement | None:
    """Return why a record may not be used, `None` where it may."""
    if record.status is RecordStatus.ACTIVE:
        return None
    return failed(f"record_{record.status.value}", **describe(subject, record))


def judge_holder(facts: Facts, subject: Subject, kind: CertificateKind, at: datetime) -> Judgement:
    """Judge that a subject is on record, in use, and holds a certificate at a moment."""
    record = record_of(facts, subject)
    if record is None:
        return unknown("not_registered", subject=subject.value)
    problem = find_record_problem(subject, record)
    return problem or judge_certificates(subject, record, kind, at)


def judge_certificates(
    subject: Subject, record: Record, kind: CertificateKind, at: datetime
) -> Judgement:
    """Judge the certificates of a kind: one that holds is enough, unless a ban stands.

    A suspension bars as long as the certificate's dates run, whatever else is held. A revoked
    certificate is made good only by one that began later. Of several that hold the one that began
    last counts; where none holds, the answer is about the one that runs longest.
    """
    on = local_date(at)
    about = describe(subject, record) | {"certificate": kind.value, "on": on.isoformat()}
    held = [c for c in record.certificates if c.kind is kind]
    if not held:
        return unknown("certificate_missing", **about)
    bar = find_bar(held, on)
    best = bar or find_holding(held, on) or max(held, key=_end)
    return _judge_one(best, on, about)


def find_holding(held: Sequence[CertificateFacts], on: date) -> CertificateFacts | None:
    """Return the certificate that holds on a day, `None` without.

    Of several the one that began last: where a scope was narrowed and the former certificate was
    never withdrawn, the narrow one is the law. Of equal beginnings the one recorded last.
    """
    holding = [c for c in held if _find_fault(c, on) is None]
    return max(holding, key=lambda c: (_begin(c), c.id), default=None)


def find_bar(held: Sequence[CertificateFacts], on: date) -> CertificateFacts | None:
    """Return the suspended or revoked certificate of a kind that bars its holder on a day."""
    for certificate in held:
        if certificate.status is CertificateStatus.VALID or _end(certificate) < on:
            continue
        if certificate.status is CertificateStatus.SUSPENDED:
            return certificate
        if not any(
            c.status is CertificateStatus.VALID and _begin(c) > _begin(certificate) for c in held
        ):
            return certificate
    return None


def _judge_one(certificate: CertificateFacts, on: date, about: dict[str, JsonValue]) -> Judgement:
    until = certificate.valid_until
    seen: dict[str, JsonValue] = {
        **about,
        "certificate_id": certificate.id,
        "provenance": certificate.provenance.value,
        "valid_until": until.isoformat() if until else "",
    }
    fault = _find_fault(certificate, on)
    if fault is None:
        return passed("valid", **seen)
    if fault == "not_yet_valid" and certificate.valid_from is not None:
        seen["valid_from"] = certificate.valid_from.isoformat()
    return Judgement(CERTIFICATE_REASONS[fault], fault, seen)


def _find_fault(certificate: CertificateFacts, on: date) -> str | None:
    """Return why a certificate does not hold on a day, the first reason; `None` where it does."""
    if certificate.status is not CertificateStatus.VALID:
        return f"certificate_{certificate.status.value}"
    if certificate.valid_from is not None and on < certificate.valid_from:
        return "not_yet_valid"
    if certificate.valid_until is None:
        return None if certificate.kind in OPEN_ENDED else "end_date_unknown"
    return "expired" if certificate.valid_until < on else None


def _begin(certificate: CertificateFacts) -> date:
    return certificate.valid_from or date.min


def _end(certificate: CertificateFacts) -> date:
    return certificate.valid_until or date.max
