"""What the tests of approval, volume caps and last cargo share."""

from datetime import date, datetime, timedelta

from tests.harness.rule_facts import AT, certificate, goods, tank
from tests.harness.rule_trips import trip
from tests.harness.tank_loads import SULPHURIC_ACID
from waybill.registry.kinds import CertificateKind
from waybill.rules.facts import (
    Answer,
    CargoFacts,
    CertificateFacts,
    Facts,
    GoodsFacts,
    PhysicalState,
    TankFacts,
)
from waybill.rules.finding import Finding, Outcome, Severity
from waybill.rules.register import get_rule

LIQUID, SOLID, ASK = PhysicalState.LIQUID, PhysicalState.SOLID, PhysicalState.ASK
YESTERDAY = AT - timedelta(days=1)


def fitness(held: TankFacts, **line: object) -> Finding:
    return get_rule("TNK-02.approved", 2).check(trip(tank=held, goods=(goods(**line),)), AT)


def finding(code: str, version: int, outcome: Outcome, reason: str, **facts: object) -> Finding:
    return Finding(
        code=code,
        version=version,
        severity=Severity.STOP,
        outcome=outcome,
        reason=reason,
        facts=facts,  # type: ignore[arg-type]
    )


ASKING = {"portable_tank_instruction": "T4", "portable_tank_provisions": ("TP32",)}
PORTABLE = {
    "subject": "tank",
    "holder": "HA-0001",
    "tank_kind": "portable_tank",
    "un_number": "1203",
    "position": 1,
}
TOXIC = {"highly_toxic": Answer.YES}
MAYBE = {"highly_toxic": Answer.ASK}
EXPLOSIVE = {"division": "1.1D", "un_number": "0331"}
ACID_II = {**SULPHURIC_ACID, "packing_group": "II"}


def caps(facts: Facts) -> Finding:
    return get_rule("TNK-03.volume", 1).check(facts, AT)


def after(facts: Facts, at: datetime = AT) -> Finding:
    return get_rule("TNK-04.last_cargo", 1).check(facts, at)


def held_before(
    *cargoes: CargoFacts,
    line: GoodsFacts | None = None,
    certificates: tuple[CertificateFacts, ...] = (),
    **changes: object,
) -> Facts:
    held = tank(last_cargoes=cargoes, certificates=certificates, **changes)
    return trip(tank=held, goods=(line or goods(),))


def cleaned_on(first: date | None, **changes: object) -> CertificateFacts:
    return certificate(CertificateKind.TANK_CLEANING, valid_from=first, **changes)


LOADED_ON = date(2026, 11, 20)
NOS = {"special_provisions": ("274",), "technical_name": "石脑油"}
