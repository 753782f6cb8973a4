from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.errors import DuplicateError, InvalidFieldError
from waybill.registry.access import Role
from waybill.registry.kinds import Provenance, RecordStatus, SubjectKind, TankKind
from waybill.registry.records import (
    ApprovedSubstance,
    Compartment,
    Tank,
    TankParticulars,
)
from waybill.services.registry import tanks
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventRow

TWO = (
    Compartment(number=1, capacity_l=Decimal(20000), largest_section_l=Decimal("7500.0")),
    Compartment(number=2, capacity_l=Decimal("25000.500")),
)


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


class TestCreateTank:
    def test_a_tank_is_kept_as_it_was_stated(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        stated = build.tank(
            number="t-2022-0001",
            capacity_l=Decimal("45000.5"),
            compartments=TWO,
            approved_substances=(
                ApprovedSubstance(un_number="1203", packing_groups=("II",), compartment=1),
                ApprovedSubstance(un_number="1170", max_concentration="≤70%"),
            ),
        )

        made = tanks.create_tank(session, carrier, stated, clock=clock)

        assert made == Tank(
            id=made.id,
            organisation_id=carrier.organisation_id,
            created_at=clock.now(),
            status=RecordStatus.ACTIVE,
            card_version=1,
            version=1,
            number="T-2022-0001",
            kind=TankKind.ATMOSPHERIC_TANK,
            capacity_l=Decimal("45000.5"),
            compartments=TWO,
            approved_substances=stated.approved_substances,
            tank_code="LGBF",
            portable_tank_instruction=None,
            rated_load_kg=None,
            tare_kg=None,
            mounted_on_id=None,
            provenance=Provenance.TYPED,
        )
        session.expire_all()
        assert tanks.get_tank(session, carrier, made.id) == made
        version = list_versions(session, carrier, SubjectKind.TANK, made.id).items[0]
        assert version.snapshot["compartments"] == [
            {"number": 1, "capacity_l": "20000", "largest_section_l": "7500"},
            {"number": 2, "capacity_l": "25000.5", "largest_section_l": None},
        ]

    @pytest.mark.parametrize(
        "stated",
        [
            pytest.param(build.tank(approved_substances=()), id="nothing approved yet"),
            pytest.param(
                build.tank(kind=TankKind.MOBILE_PRESSURE_VESSEL, tank_code=None),
                id="a pressure vessel without a code",
            ),
            pytest.param(
                build.tank(
                    kind=TankKind.PORTABLE_TANK, tank_code=None, portable_tank_instruction="T11"
                ),
                id="a portable tank with its instruction",
            ),
            pytest.param(
                build.tank(
                    kind=TankKind.TANK_CONTAINER, number="huau 100001-4", tank_code="P22DH(M)"
                ),
                id="a tank-container by its marking",
            ),
        ],
    )
    def test_each_kind_has_its_papers(
        self, session: Session, clock: FixedClock, stated: TankParticulars
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        made = tanks.create_tank(session, carrier, stated, clock=clock)

        assert (made.kind, made.tank_code) == (stated.kind, stated.tank_code)

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            pytest.param(
                build.tank(tank_code=None, portable_tank_instruction="T4"),
                [("/portable_tank_instruction", "not-expected"), ("/tank_code", "required")],
                id="an atmospheric tank with a portable tank's papers",
            ),
            pytest.param(
                build.tank(kind=TankKind.PORTABLE_TANK, tank_code=None),
                [("/portable_tank_instruction", "required")],
                id="a portable tank without its instruction",
            ),
            pytest.param(
                build.tank(
                    kind=TankKind.PORTABLE_TANK, tank_code=None, portable_tank_instruction="T24"
                ),
                [("/portable_tank_instruction", "portable-tank-instruction-shape")],
                id="no such instruction",
            ),
            pytest.param(
                build.tank(kind=TankKind.TANK_CONTAINER, number="HUAU1000015"),
                [("/number", "container-number-check-digit")],
                id="a container number with a slip",
            ),
            pytest.param(
                build.tank(tank_code="LZZZ", number="#1"),
                [("/number", "tank-number-shape"), ("/tank_code", "tank-code-shape")],
                id="codes without a meaning",
            ),
            pytest.param(
                build.tank(capacity_l=Decimal(45000), compartments=TWO),
                [("/compartments", "compartments-sum")],
                id="half a litre too much in the compartments",
            ),
            pytest.param(
                build.tank(
                    capacity_l=Decimal(0),
                    compartments=(
                        Compartment(number=0, capacity_l=Decimal(-1), largest_section_l=Decimal(1)),
                        Compartment(number=0, capacity_l=Decimal(1)),
                    ),
                ),
                [
                    ("/compartments/0/number", "not-positive"),
                    ("/compartments/0/capacity_l", "not-positive"),
                    ("/compartments/0/largest_section_l", "section-too-large"),
                    ("/compartments/1/number", "not-positive"),
                    ("/compartments/1/number", "repeated"),
                    ("/capacity_l", "not-positive"),
                ],
                id="compartments that cannot be",
            ),
            pytest.param(
                build.tank(
                    approved_substances=(
                        ApprovedSubstance(un_number="1203", packing_groups=("II", "III")),
                        ApprovedSubstance(un_number="0003"),
                        ApprovedSubstance(un_number="12"),
                        ApprovedSubstance(un_number="1170", compartment=3),
                        ApprovedSubstance(un_number="1170", compartment=3),
                    )
                ),
                [
                    ("/approved_substances/0/packing_groups/1", "packing-group-unknown"),
                    ("/approved_substances/1/un_number", "un-number-unknown"),
                    ("/approved_substances/2/un_number", "un-number-shape"),
                    ("/approved_substances/3/compartment", "no-such-compartment"),
                    ("/approved_substances/4", "repeated"),
                    ("/approved_substances/4/compartment", "no-such-compartment"),
                ],
                id="substances that cannot be",
            ),
        ],
    )
    def test_all_problems_are_named_at_once(
        self,
        session: Session,
        clock: FixedClock,
        stated: TankParticulars,
        expected: list[tuple[str, str]],
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        with pytest.raises(InvalidFieldError) as refused:
            tanks.create_tank(session, carrier, stated, clock=clock)

        assert problems(refused.value) == expected
        assert session.scalars(select(EventRow)).all() == []

    def test_a_number_is_registered_once(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        tanks.create_tank(session, carrier, build.tank(), clock=clock)

        with pytest.raises(DuplicateError) as refused:
            tanks.create_tank(session, carrier, build.tank(), clock=clock)

        assert refused.value.pointer == "/number"
