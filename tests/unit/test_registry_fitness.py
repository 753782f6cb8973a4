"""How a vehicle stands beside its name: its own papers, and the insurance of it or its carrier."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

import pytest

from waybill.codec import new_id
from waybill.registry.kinds import (
    CertificateKind,
    CertificateStatus,
    PlateColour,
    Provenance,
    RecordStatus,
    SubjectKind,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import Certificate, Vehicle
from waybill.rules.finding import Outcome
from waybill.services.registry.fitness import UNIT_PAPERS, Fitness, vehicle_fitness

NOW: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
LATE: Final = date(2027, 12, 31)
SOON: Final = date(2026, 12, 1)
PAST: Final = date(2026, 11, 21)
TRACTOR: Final = Vehicle(
    id=new_id(),
    organisation_id=new_id(),
    created_at=NOW,
    plate="苏H12345",
    plate_colour=PlateColour.YELLOW,
    kind=UnitKind.TRACTOR,
    approval=VehicleApproval.AT,
    vin="LZZ5ELMC2KA100000",
    first_registered_on=date(2024, 5, 1),
    provenance=Provenance.DOCUMENT,
    status=RecordStatus.ACTIVE,
    version=1,
    card_version=1,
)
POLICY: Final = Certificate(
    id=new_id(),
    organisation_id=TRACTOR.organisation_id,
    created_at=NOW,
    subject_kind=SubjectKind.VEHICLE,
    subject_id=TRACTOR.id,
    kind=CertificateKind.LIABILITY_INSURANCE,
    number="PICC-1",
    issuer="保险公司",
    valid_from=date(2026, 1, 1),
    valid_until=LATE,
    status=CertificateStatus.VALID,
    status_reason="",
    version=1,
)
OWN: Final = tuple(replace(POLICY, id=new_id(), kind=kind) for kind in UNIT_PAPERS)
COVERED: Final = Fitness(
    outcome=Outcome.PASSED,
    reason="valid",
    certificate="vehicle_licence",
    until="2027-12-31",
)


def insurance(outcome: Outcome, reason: str, until: date | None = None) -> Fitness:
    """Return a standing that the insurance decides."""
    return Fitness(
        outcome=outcome,
        reason=reason,
        certificate="liability_insurance",
        until=until.isoformat() if until else "",
    )


@pytest.mark.parametrize(
    ("own", "of_carrier", "expected"),
    [
        pytest.param([], [], insurance(Outcome.UNKNOWN, "certificate_missing"), id="none"),
        pytest.param([POLICY], [], COVERED, id="the vehicle's"),
        pytest.param([], [POLICY], COVERED, id="the carrier's"),
        pytest.param(
            [replace(POLICY, valid_until=PAST)],
            [],
            insurance(Outcome.FAILED, "expired", PAST),
            id="ended yesterday",
        ),
        pytest.param(
            [replace(POLICY, valid_until=PAST)], [POLICY], COVERED, id="ended, the carrier's runs"
        ),
        pytest.param(
            [],
            [replace(POLICY, valid_until=SOON)],
            insurance(Outcome.PASSED, "valid", SOON),
            id="the first to end is named",
        ),
        pytest.param(
            [],
            [replace(POLICY, status=CertificateStatus.SUSPENDED)],
            insurance(Outcome.FAILED, "certificate_suspended", LATE),
            id="suspended",
        ),
    ],
)
def test_a_vehicle_is_insured_itself_or_by_its_carrier(
    own: list[Certificate], of_carrier: list[Certificate], expected: Fitness
) -> None:
    assert vehicle_fitness(TRACTOR, [*OWN, *own], NOW, of_carrier=of_carrier) == expected


def test_a_trailer_needs_no_insurance_of_its_own() -> None:
    trailer = replace(TRACTOR, kind=UnitKind.TRAILER)

    assert vehicle_fitness(trailer, OWN, NOW, of_carrier=()) == COVERED


def test_a_vehicle_out_of_use_is_said_before_any_paper() -> None:
    retired = replace(TRACTOR, status=RecordStatus.RETIRED)

    found = vehicle_fitness(retired, OWN, NOW, of_carrier=())

    assert found == Fitness(outcome=Outcome.FAILED, reason="record_retired")
