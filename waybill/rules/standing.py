"""AFTER-01.standing: whether anything was suspended or withdrawn since the clearance."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

from waybill.clock import local_date
from waybill.registry.kinds import CertificateKind
from waybill.rules.bases import AFTER, FIRST_EDITION, ORDER_29_IN_FORCE, order_29
from waybill.rules.facts import Facts
from waybill.rules.finding import Finding, Outcome
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


def check_standing(facts: Facts, at: datetime) -> Finding:
    """Refuse to release while a record or certificate of the trip is suspended or withdrawn.

    Looked at are carrier, vehicle, trailer, tank, driver and escort. What merely ran out between
    clearance and release was good when the loading began and does not hold the load back.

    Source: Order 29/2019, articles 22 and 27.
    """
    on = local_date(at)
    return STANDING.finding(*worst(_judge(facts, subject, on) for subject in named_subjects(facts)))


def _judge(facts: Facts, subject: Subject, on: date) -> Judgement:
    record = record_of(facts, subject)
    if record is None:
        return unknown("not_registered", subject=subject.value)
    return find_record_problem(subject, record) or next(
        _bars(subject, record, on), passed("in_good_standing", on=on.isoformat())
    )


def _bars(subject: Subject, record: Record, on: date) -> Iterator[Judgement]:
    for kind in _PAPERS[subject]:
        bar = find_bar([c for c in record.certificates if c.kind is kind], on)
        if bar is not None:
            about = describe(subject, record) | {"certificate": kind.value, "on": on.isoformat()}
            yield failed(f"certificate_{bar.status.value}", **about, certificate_id=bar.id)


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
RULES: Final = (STANDING,)
