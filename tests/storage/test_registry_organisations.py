from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from waybill.clock import FixedClock
from waybill.codec import new_id
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    PreconditionFailedError,
    StateError,
)
from waybill.registry.access import Role
from waybill.registry.kinds import OrganisationRole, RecordStatus, SubjectKind
from waybill.registry.records import (
    Bay,
    BayParticulars,
    Facility,
    FacilityParticulars,
    Organisation,
    OrganisationParticulars,
    StatusChange,
)
from waybill.services.registry import bays, facilities, organisations
from waybill.services.registry.history import list_versions

RETIRE = StatusChange(status=RecordStatus.RETIRED, reason="停业")
FACILITY = FacilityParticulars(name="罐区一", area_code="320812", address="化工路 8 号")
BAY = BayParticulars(name="1 号")


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


class TestOrganisations:
    def test_an_organisation_is_kept_as_it_was_stated(
        self, session: Session, clock: FixedClock
    ) -> None:
        admin = build.actor(session, clock, Role.ADMIN)
        stated = build.organisation(uscc=build.FREE_USCC.lower(), phone="0517-8333 4444")

        made = organisations.create_organisation(session, admin, stated, clock=clock)

        assert made == Organisation(
            id=made.id,
            created_at=clock.now(),
            status=RecordStatus.ACTIVE,
            version=1,
            uscc=build.FREE_USCC,
            name="淮安新港化工有限公司",
            roles=(OrganisationRole.CONSIGNOR,),
            address="淮安市清江浦区化工路 8 号",
            phone="0517-83334444",
        )
        session.expire_all()
        assert organisations.get_organisation(session, admin, made.id) == made

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            pytest.param(
                build.organisation(uscc="91320800MA1M00067X", name="", roles=(), phone="12"),
                [
                    ("/roles", "required"),
                    ("/uscc", "uscc-check-digit"),
                    ("/name", "required"),
                    ("/phone", "phone-shape"),
                ],
                id="everything at once",
            ),
            pytest.param(
                build.organisation(
                    roles=(OrganisationRole.LOADER, OrganisationRole.LOADER), address="x" * 301
                ),
                [("/roles", "repeated"), ("/address", "too-long")],
                id="a role twice",
            ),
        ],
    )
    def test_all_problems_are_named_at_once(
        self,
        session: Session,
        clock: FixedClock,
        stated: OrganisationParticulars,
        expected: list[tuple[str, str]],
    ) -> None:
        admin = build.actor(session, clock, Role.ADMIN)

        with pytest.raises(InvalidFieldError) as refused:
            organisations.create_organisation(session, admin, stated, clock=clock)

        assert problems(refused.value) == expected

    def test_a_code_is_registered_once(self, session: Session, clock: FixedClock) -> None:
        admin = build.actor(session, clock, Role.ADMIN)
        organisations.create_organisation(session, admin, build.organisation(), clock=clock)

        with pytest.raises(DuplicateError) as refused:
            organisations.create_organisation(session, admin, build.organisation(), clock=clock)

        assert refused.value.pointer == "/uscc"

    def test_a_change_makes_a_version(self, session: Session, clock: FixedClock) -> None:
        admin = build.actor(session, clock, Role.ADMIN)
        made = organisations.create_organisation(session, admin, build.organisation(), clock=clock)

        changed = organisations.update_organisation(
            session,
            admin,
            made.id,
            build.organisation(phone="", roles=(OrganisationRole.CARRIER,)),
            expected_version=1,
            clock=clock,
        )

        assert changed == replace(made, phone="", roles=(OrganisationRole.CARRIER,), version=2)
        versions = list_versions(session, admin, SubjectKind.ORGANISATION, made.id).items
        assert versions[0].changed == ("phone", "roles")

    def test_only_the_administrator_writes(self, session: Session, clock: FixedClock) -> None:
        senior = build.actor(session, clock, Role.SENIOR_AUDITOR)

        with pytest.raises(ForbiddenError):
            organisations.create_organisation(session, senior, build.organisation(), clock=clock)

    def test_nobody_is_not_found(self, session: Session, clock: FixedClock) -> None:
        admin = build.actor(session, clock, Role.ADMIN)

        with pytest.raises(NotFoundError):
            organisations.get_organisation(session, admin, new_id())
        with pytest.raises(NotFoundError):
            organisations.set_organisation_status(
                session, admin, new_id(), RETIRE, expected_version=1, clock=clock
            )

    def test_lists_are_filtered(self, session: Session, clock: FixedClock) -> None:
        admin = build.actor(session, clock, Role.ADMIN)
        made = organisations.create_organisation(session, admin, build.organisation(), clock=clock)

        def listed(**filters: object) -> tuple[Organisation, ...]:
            return organisations.list_organisations(session, admin, **filters).items  # type: ignore[arg-type]  # filters by name

        assert listed(q="新港") == listed(q=build.FREE_USCC[:17].lower()) == (made,)
        assert listed(q="新港", role=OrganisationRole.CONSIGNOR) == (made,)
        assert listed(q="新港", role=OrganisationRole.LOADER) == ()
        assert listed(q="新港", status=RecordStatus.SUSPENDED) == ()
        assert listed(q="_") == ()

    def test_the_directory_leaves_out_who_is_retired(
        self, session: Session, clock: FixedClock
    ) -> None:
        admin = build.actor(session, clock, Role.ADMIN)
        consignee = build.actor(session, clock, Role.CONSIGNEE)
        made = organisations.create_organisation(session, admin, build.organisation(), clock=clock)
        before = organisations.list_directory(session, consignee, q="新港").items

        retired = organisations.set_organisation_status(
            session, admin, made.id, RETIRE, expected_version=1, clock=clock
        )

        assert [entry.id for entry in before] == [made.id]
        assert organisations.list_directory(session, consignee, q="新港").items == ()
        back = organisations.set_organisation_status(
            session,
            admin,
            made.id,
            StatusChange(status=RecordStatus.ACTIVE, reason="复业"),
            expected_version=2,
            clock=clock,
        )
        assert (retired.status, back.status) == (RecordStatus.RETIRED, RecordStatus.ACTIVE)


class TestFacilities:
    def test_a_facility_and_its_bay_are_kept(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)

        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)
        bay = bays.create_bay(session, supervisor, facility.id, BAY, clock=clock)

        assert bay == Bay(
            id=bay.id,
            facility_id=facility.id,
            created_at=clock.now(),
            status=RecordStatus.ACTIVE,
            version=1,
            name="1 号",
        )
        session.expire_all()
        assert facilities.get_facility(session, supervisor, facility.id) == Facility(
            id=facility.id,
            organisation_id=supervisor.organisation_id,
            created_at=clock.now(),
            status=RecordStatus.ACTIVE,
            version=1,
            name="罐区一",
            area_code="320812",
            address="化工路 8 号",
            supervisor_consents=False,
            bays=(bay,),
        )

    def test_another_loaders_is_not_there(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        other = build.actor(session, clock, Role.SUPERVISOR, uscc=build.OTHER_USCC)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)
        bay = bays.create_bay(session, supervisor, facility.id, BAY, clock=clock)

        with pytest.raises(NotFoundError):
            facilities.update_facility(
                session, other, facility.id, FACILITY, expected_version=1, clock=clock
            )
        with pytest.raises(NotFoundError):
            bays.create_bay(session, other, facility.id, BAY, clock=clock)
        with pytest.raises(NotFoundError):
            bays.update_bay(session, other, bay.id, BAY, expected_version=1, clock=clock)
        assert bays.get_bay(session, other, bay.id) == bay

    def test_names_are_given_once(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)
        bays.create_bay(session, supervisor, facility.id, BAY, clock=clock)

        with pytest.raises(DuplicateError) as refused:
            bays.create_bay(session, supervisor, facility.id, BAY, clock=clock)

        assert refused.value.pointer == "/name"

    def test_a_carrier_has_none(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR, uscc=build.OTHER_USCC)
        admin = build.actor(session, clock, Role.ADMIN)
        organisations.update_organisation(
            session,
            admin,
            supervisor.organisation_id,
            build.organisation(uscc=build.OTHER_USCC, roles=(OrganisationRole.CARRIER,)),
            expected_version=1,
            clock=clock,
        )

        with pytest.raises(StateError):
            facilities.create_facility(session, supervisor, FACILITY, clock=clock)

    def test_a_retired_facility_gets_no_bay(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)
        facilities.set_facility_status(
            session, supervisor, facility.id, RETIRE, expected_version=1, clock=clock
        )

        with pytest.raises(StateError):
            bays.create_bay(session, supervisor, facility.id, BAY, clock=clock)

    def test_a_change_names_its_problems(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)

        with pytest.raises(InvalidFieldError) as refused:
            facilities.update_facility(
                session,
                supervisor,
                facility.id,
                FacilityParticulars(name="", area_code="03208", address=" "),
                expected_version=1,
                clock=clock,
            )

        assert problems(refused.value) == [
            ("/area_code", "area-code-shape"),
            ("/name", "required"),
            ("/address", "required"),
        ]

    def test_an_outdated_rename_is_refused(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)
        moved = replace(FACILITY, address="化工路 9 号")
        changed = facilities.update_facility(
            session, supervisor, facility.id, moved, expected_version=1, clock=clock
        )

        with pytest.raises(PreconditionFailedError) as refused:
            facilities.update_facility(
                session, supervisor, facility.id, FACILITY, expected_version=1, clock=clock
            )

        assert changed == replace(facility, address="化工路 9 号", version=2)
        assert refused.value.changed == ("address",)

    def test_lists_are_filtered(self, session: Session, clock: FixedClock) -> None:
        supervisor = build.actor(session, clock, Role.SUPERVISOR)
        facility = facilities.create_facility(session, supervisor, FACILITY, clock=clock)

        def listed(**filters: object) -> tuple[Facility, ...]:
            return facilities.list_facilities(session, supervisor, **filters).items  # type: ignore[arg-type]  # filters by name

        own = supervisor.organisation_id
        assert listed(organisation_id=own) == listed(q="罐区") == (facility,)
        assert listed(organisation_id=new_id()) == ()
        assert listed(organisation_id=own, status=RecordStatus.RETIRED) == ()
        with pytest.raises(NotFoundError):
            facilities.get_facility(session, supervisor, new_id())
        with pytest.raises(NotFoundError):
            bays.get_bay(session, supervisor, new_id())
