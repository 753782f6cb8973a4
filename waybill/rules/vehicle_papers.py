"""VEH-03: technical grade, annual review and liability insurance."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from waybill.registry.kinds import CertificateKind
from waybill.rules.bases import (
    ON_THE_WAY,
    ROAD_TRANSPORT_REGULATIONS_IN_FORCE,
    SECOND_EDITION,
    transport_regulations,
)
from waybill.rules.facts import CertificateFacts, Facts, PartyFacts, Regime, UnitFacts
from waybill.rules.finding import Finding, Outcome
from waybill.rules.rule import (
    RELIEVED,
    Judgement,
    Rule,
    not_applicable,
    unknown,
    worst,
)
from waybill.rules.subjects import (
    CERTIFICATE_REASONS,
    HOLDER_REASONS,
    Subject,
    judge_certificates,
    judge_holder,
)

UNREAD_35: Final = (
    "The article of the regulations on road transport is named by the catalogue of checks; its "
    "text was not read."
)


def check_tractor_inspection(facts: Facts, at: datetime) -> Finding:
    """Refuse a vehicle without a technical grade and annual review (年度审验) in date.

    Source: regulations on road transport, article 35.
    """
    kind = CertificateKind.TECHNICAL_INSPECTION
    return TRACTOR_INSPECTION.finding(*judge_holder(facts, Subject.TRACTOR, kind, at))


def check_trailer_inspection(facts: Facts, at: datetime) -> Finding:
    """Refuse a trailer without a technical grade and annual review in date.

    Source: regulations on road transport, article 35.
    """
    if facts.waybill.trailer_plate is None:
        return TRAILER_INSPECTION.finding(*not_applicable("no_trailer"))
    kind = CertificateKind.TECHNICAL_INSPECTION
    return TRAILER_INSPECTION.finding(*judge_holder(facts, Subject.TRAILER, kind, at))


def check_insurance(facts: Facts, at: datetime) -> Finding:
    """Refuse a trip that no liability insurance of the carrier (承运人责任险) covers.

    A policy is held for the vehicle or for the carrier as a whole; one that runs is enough. Each
    is judged alone: a permission that was suspended bars its holder, but a policy that was
    suspended or has ended says nothing of another. Whether the carrier or the vehicle may be used
    at all is for other rules.

    Source: regulations on road transport, article 35.
    """
    return INSURANCE.finding(*judge_insurance(facts.tractor, facts.carrier, at))


def judge_insurance(
    tractor: UnitFacts | None, carrier: PartyFacts | None, at: datetime
) -> Judgement:
    """Judge the policies of a vehicle and of its carrier: one that runs is enough."""
    policies = list(_policies(((Subject.TRACTOR, tractor), (Subject.CARRIER, carrier)), at))
    held = (policy for policy in policies if policy.outcome is Outcome.PASSED)
    return next(held, None) or worst(policies)


def _policies(
    holders: Iterable[tuple[Subject, UnitFacts | PartyFacts | None]], at: datetime
) -> Iterator[Judgement]:
    kind = CertificateKind.LIABILITY_INSURANCE
    for subject, record in holders:
        if record is None:
            yield unknown("not_registered", subject=subject.value)
            continue
        held = sorted((c for c in record.certificates if c.kind is kind), key=_end, reverse=True)
        for policy in held:
            yield judge_certificates(subject, _holding(record, policy), kind, at)
        if not held:
            yield judge_certificates(subject, record, kind, at)


def _holding(record: UnitFacts | PartyFacts, policy: CertificateFacts) -> UnitFacts | PartyFacts:
    return replace(record, certificates=(policy,))


def _end(policy: CertificateFacts) -> date:
    return policy.valid_until or date.max


TRACTOR_INSPECTION: Final = Rule(
    code="VEH-03.tractor_inspection",
    version=1,
    title_zh="车辆技术等级评定与年度审验",
    title_en="Technical grade and annual review of the vehicle",
    basis=(transport_regulations("35"),),
    edition=SECOND_EDITION,
    in_force_from=ROAD_TRANSPORT_REGULATIONS_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_35,
    reasons=HOLDER_REASONS,
    check=check_tractor_inspection,
    reads=("tractor.status", "tractor.certificates"),
)
TRAILER_INSPECTION: Final = Rule(
    code="VEH-03.trailer_inspection",
    version=1,
    title_zh="挂车技术等级评定与年度审验",
    title_en="Technical grade and annual review of the trailer",
    basis=(transport_regulations("35"),),
    edition=SECOND_EDITION,
    in_force_from=ROAD_TRANSPORT_REGULATIONS_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_35,
    reasons={**HOLDER_REASONS, "no_trailer": Outcome.NOT_APPLICABLE},
    check=check_trailer_inspection,
    reads=("waybill.trailer_plate", "trailer.status", "trailer.certificates"),
)
INSURANCE: Final = Rule(
    code="VEH-03.insurance",
    version=1,
    title_zh="承运人责任险",
    title_en="Liability insurance of the carrier",
    basis=(transport_regulations("35"),),
    edition=SECOND_EDITION,
    in_force_from=ROAD_TRANSPORT_REGULATIONS_IN_FORCE,
    phases=ON_THE_WAY,
    confirmed=False,
    confirmed_note=UNREAD_35,
    reasons={
        **CERTIFICATE_REASONS,
        "not_registered": Outcome.UNKNOWN,
        RELIEVED: Outcome.NOT_APPLICABLE,
    },
    check=check_insurance,
    reads=("tractor.certificates", "carrier.certificates"),
    relieved_by=frozenset({Regime.LIMITED, Regime.EXCEPTED}),
)
RULES: Final = (TRACTOR_INSPECTION, TRAILER_INSPECTION, INSURANCE)
