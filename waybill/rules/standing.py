"""AFTER-01.standing: whether anything was suspended or withdrawn since the clearance."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from waybill.clock import local_date
from waybill.registry.kinds import CertificateKind, CertificateStatus
from waybill.rules.bases import (
    AFTER,
    FIRST_EDITION,
    ORDER_29_IN_FORCE,
    SECOND_EDITION,
    order_29,
    transport_regulations,
)
from waybill.rules.facts import CertificateFacts, Facts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.regimes import relieving_regimes
from waybill.rules.rule import Judgement, Rule, failed, passed, unknown, worst
from waybill.rules.subjects import (
    RECORD_REASONS,
    Record,
    Subject,
    describe,
    find_bar,
    find_record_problem,
    named_subjects,
    record_of,
)

_PAPERS: Final[Mapping[Subject, tuple[CertificateKind, ...]]] = {
    Subject.CARRIER: (CertificateKind.CARRIER_LICENCE,),
    Subject.TRACTOR: (
        CertificateKind.VEHICLE_LICENCE,
        CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
    ),
    Subject.TRAILER: (
        CertificateKind.VEHICLE_LICENCE,
        CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
    ),
    Subject.TANK: (CertificateKind.TANK_INSPECTION, CertificateKind.USE_REGISTRATION),
    Subject.DRIVER: (CertificateKind.DRIVING_LICENCE, CertificateKind.DRIVER_QUALIFICATION),
    Subject.ESCORT: (CertificateKind.ESCORT_QUALIFICATION,),
}
"""The certificates on which a subject travels."""

_ANY_LORRY: Final = (CertificateKind.VEHICLE_LICENCE, CertificateKind.TECHNICAL_INSPECTION)
_ORDINARY_PAPERS: Final[Mapping[Subject, tuple[CertificateKind, ...]]] = {
    Subject.TRACTOR: _ANY_LORRY,
    Subject.TRAILER: _ANY_LORRY,
    Subject.TANK: _PAPERS[Subject.TANK],
    Subject.DRIVER: (CertificateKind.DRIVING_LICENCE,),
}
"""Those that are asked of ordinary goods."""

_ALL_PAPERS: Final[Mapping[Subject, tuple[CertificateKind, ...]]] = {
    **_PAPERS,
    Subject.TRACTOR: (*_PAPERS[Subject.TRACTOR], CertificateKind.TECHNICAL_INSPECTION),
    Subject.TRAILER: (*_PAPERS[Subject.TRAILER], CertificateKind.TECHNICAL_INSPECTION),
}
"""Those of the first version and the technical grade with its annual review."""


def check_standing(facts: Facts, at: datetime) -> Finding:
    """Refuse to release while a record or certificate of the trip is suspended or withdrawn.

    Looked at are carrier, vehicle, trailer, tank, driver and escort. What merely ran out between
    clearance and release was good when the loading began and does not hold the load back.

    Source: Order 29/2019, articles 22 and 27.
    """
    on = local_date(at)
    subjects = named_subjects(facts)
    return STANDING.finding(*worst(_judge(facts, subject, _PAPERS, on) for subject in subjects))


def check_standing_of_all_asked(facts: Facts, at: datetime) -> Finding:
    """Refuse to release while what the clearance rests on is suspended or withdrawn.

    Looked at are the papers that are asked before loading: with technical grade and annual review
    (年度审验) of the vehicles, and with the liability insurance (承运人责任险), of which one policy
    that is not barred is enough. Goods that go as ordinary ones need no escort, and of the papers
    those of any lorry and driver only. What merely ran out does not hold the load back.

    Source: Order 29/2019, articles 16 to 22 and 27; regulations on road transport, article 35.
    """
    on = local_date(at)
    if relieving_regimes(facts):
        subjects = [s for s in named_subjects(facts) if s is not Subject.ESCORT]
        judged = [_judge(facts, subject, _ORDINARY_PAPERS, on) for subject in subjects]
    else:
        judged = [_judge(facts, subject, _ALL_PAPERS, on) for subject in named_subjects(facts)]
        judged.extend(_uninsured(facts, on))
    return STANDING_OF_ALL_ASKED.finding(*worst(judged))


def _judge(
    facts: Facts, subject: Subject, papers: Mapping[Subject, tuple[CertificateKind, ...]], on: date
) -> Judgement:
    record = record_of(facts, subject)
    if record is None:
        return unknown("not_registered", subject=subject.value)
    return find_record_problem(subject, record) or next(
        _bars(subject, record, papers.get(subject, ()), on),
        passed("in_good_standing", on=on.isoformat()),
    )


def _bars(
    subject: Subject, record: Record, kinds: Iterable[CertificateKind], on: date
) -> Iterator[Judgement]:
    for kind in kinds:
        bar = find_bar([c for c in record.certificates if c.kind is kind], on)
        if bar is not None:
            yield _barred(subject, record, bar, on)


def _uninsured(facts: Facts, on: date) -> Iterator[Judgement]:
    """Answer for the policies that have not ended, if every one of them is barred."""
    running = [
        (subject, record, policy)
        for subject in (Subject.TRACTOR, Subject.CARRIER)
        if (record := record_of(facts, subject)) is not None
        for policy in record.certificates
        if policy.kind is CertificateKind.LIABILITY_INSURANCE
        and (policy.valid_until is None or policy.valid_until >= on)
    ]
    if running and all(p.status is not CertificateStatus.VALID for _, _, p in running):
        yield _barred(*running[0], on)


def _barred(subject: Subject, record: Record, bar: CertificateFacts, on: date) -> Judgement:
    about = describe(subject, record) | {"certificate": bar.kind.value, "on": on.isoformat()}
    return failed(f"certificate_{bar.status.value}", **about, certificate_id=bar.id)


STANDING: Final = Rule(
    code="AFTER-01.standing",
    version=1,
    title_zh="准装后未被暂扣、吊销或停用",
    title_en="Nothing suspended or withdrawn since the clearance",
    basis=(order_29("22"), order_29("27")),
    edition=FIRST_EDITION,
    in_force_from=ORDER_29_IN_FORCE,
    phases=AFTER,
    confirmed=False,
    confirmed_note="That a suspension after the clearance stops the release was not read as law.",
    reasons={
        **RECORD_REASONS,
        "in_good_standing": Outcome.PASSED,
        "certificate_suspended": Outcome.FAILED,
        "certificate_revoked": Outcome.FAILED,
    },
    reads=(
        "waybill.tank_number",
        "waybill.trailer_plate",
        "carrier.certificates",
        "carrier.status",
        "tractor.certificates",
        "tractor.status",
        "trailer.certificates",
        "trailer.status",
        "tank.certificates",
        "tank.status",
        "driver.certificates",
        "driver.status",
        "escort.certificates",
        "escort.status",
    ),
    check=check_standing,
)
STANDING_OF_ALL_ASKED: Final = replace(
    STANDING,
    version=2,
    edition=SECOND_EDITION,
    basis=(*STANDING.basis, transport_regulations("35")),
    reads=(*STANDING.reads, "goods.regime"),
    check=check_standing_of_all_asked,
)
RULES: Final = (STANDING, STANDING_OF_ALL_ASKED)
