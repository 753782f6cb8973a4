from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.registrations import VAULT
from waybill.clock import FixedClock
from waybill.errors import (
    DuplicateError,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    StateError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import PersonRole, Provenance, RecordStatus, SubjectKind
from waybill.registry.records import Person, PersonChanges, PersonParticulars, StatusChange
from waybill.services.registry import people
from waybill.services.registry.disclosures import PersonalField, disclose_person
from waybill.services.registry.history import list_versions
from waybill.storage.log import EventRow
from waybill.storage.personal import erase_value
from waybill.storage.registry import OrganisationRow, PersonRow


def problems(error: InvalidFieldError) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in error.problems]


def made(session: Session, owner: Actor, clock: FixedClock) -> Person:
    return people.create_person(session, owner, build.person(), vault=VAULT, clock=clock)


class TestCreatePerson:
    def test_a_person_is_answered_masked(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        person = made(session, carrier, clock)

        assert person == Person(
            id=person.id,
            organisation_id=carrier.organisation_id,
            created_at=clock.now(),
            reference=person.reference,
            roles=(PersonRole.DRIVER, PersonRole.ESCORT),
            name_masked="张**",
            id_number_masked="320***********0105",
            phone_masked="139****1234",
            provenance=Provenance.TYPED,
            status=RecordStatus.ACTIVE,
            card_version=1,
            version=1,
        )
        assert len(person.reference) == 10
        session.expire_all()
        assert people.get_person(session, carrier, person.id, vault=VAULT) == person

    def test_neither_event_nor_history_holds_a_value(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        person = made(session, carrier, clock)

        row = session.get_one(PersonRow, person.id)
        version = list_versions(session, carrier, SubjectKind.PERSON, person.id).items[0]
        assert version.snapshot == {
            "organisation_id": str(carrier.organisation_id),
            "reference": person.reference,
            "roles": ["driver", "escort"],
            "name_ref": row.name_ref,
            "id_number_ref": row.id_number_ref,
            "phone_ref": row.phone_ref,
            "provenance": "typed",
            "status": "active",
            "card_version": 1,
        }
        body = session.get_one(EventRow, version.event_id).body.decode()
        values = ("张建国", build.ID_NUMBER, "13905171234", row.id_number_index)
        assert [value for value in values if value in body] == []

    def test_one_person_is_registered_once_in_each_organisation(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        other = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)
        first, elsewhere = made(session, carrier, clock), made(session, other, clock)

        with pytest.raises(DuplicateError) as refused:
            made(session, carrier, clock)

        assert refused.value.pointer == "/id_number"
        assert first.reference != elsewhere.reference

    @pytest.mark.parametrize(
        ("stated", "expected"),
        [
            pytest.param(
                build.person(name=" ", id_number="320811198501010106", phone="123", roles=()),
                [
                    ("/roles", "required"),
                    ("/name", "required"),
                    ("/id_number", "id-number-check-digit"),
                    ("/phone", "phone-shape"),
                ],
                id="everything at once",
            ),
            pytest.param(
                build.person(name="张\u2067三", roles=(PersonRole.DRIVER, PersonRole.DRIVER)),
                [("/roles", "repeated"), ("/name", "control-character")],
                id="a name that turns round",
            ),
            pytest.param(
                build.person(provenance=Provenance.SIGNED_QR, name="张" * 51),
                [("/provenance", "provenance-not-claimable"), ("/name", "too-long")],
                id="a claim too much",
            ),
        ],
    )
    def test_all_problems_are_named_without_the_values(
        self,
        session: Session,
        clock: FixedClock,
        stated: PersonParticulars,
        expected: list[tuple[str, str]],
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        with pytest.raises(InvalidFieldError) as refused:
            people.create_person(session, carrier, stated, vault=VAULT, clock=clock)

        assert problems(refused.value) == expected
        assert stated.id_number not in str(refused.value)

    def test_a_suspended_carrier_registers_nobody(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        session.get_one(OrganisationRow, carrier.organisation_id).status = RecordStatus.SUSPENDED

        with pytest.raises(StateError):
            made(session, carrier, clock)


class TestUpdatePerson:
    def test_the_same_values_keep_their_commitments(
        self, session: Session, clock: FixedClock
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)

        again = people.update_person(
            session,
            carrier,
            person.id,
            PersonChanges(
                name="张建国",
                id_number=build.ID_NUMBER,
                phone="139 0517 1234",
                roles=(PersonRole.DRIVER, PersonRole.ESCORT),
            ),
            expected_version=1,
            vault=VAULT,
            clock=clock,
        )

        assert again == person
        assert len(session.scalars(select(EventRow)).all()) == 1

    def test_every_value_can_change(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)

        changed = people.update_person(
            session,
            carrier,
            person.id,
            PersonChanges(
                name="王五",
                id_number=build.OTHER_ID_NUMBER,
                phone="13805170000",
                roles=(PersonRole.DRIVER,),
            ),
            expected_version=1,
            vault=VAULT,
            clock=clock,
        )

        assert changed == replace(
            person,
            name_masked="王*",
            id_number_masked="320***********0116",
            phone_masked="138****0000",
            roles=(PersonRole.DRIVER,),
            version=2,
        )
        found = people.find_by_id_number(
            session, carrier, build.OTHER_ID_NUMBER, vault=VAULT, clock=clock
        )
        assert found.items == (changed,)

    def test_wrong_changes_are_named(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)

        with pytest.raises(InvalidFieldError) as refused:
            people.update_person(
                session,
                carrier,
                person.id,
                PersonChanges(name="", id_number="1", phone="x", roles=()),
                expected_version=1,
                vault=VAULT,
                clock=clock,
            )

        assert problems(refused.value) == [
            ("/roles", "required"),
            ("/name", "required"),
            ("/id_number", "id-number-shape"),
            ("/phone", "phone-shape"),
        ]

    def test_somebody_who_left_can_come_back(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)

        for version, status in enumerate((RecordStatus.RETIRED, RecordStatus.ACTIVE), start=1):
            person = people.set_person_status(
                session,
                carrier,
                person.id,
                StatusChange(status=status, reason="人事变动"),
                expected_version=version,
                vault=VAULT,
                clock=clock,
            )

        assert (person.status, person.version) == (RecordStatus.ACTIVE, 3)


class TestReading:
    def test_an_erased_value_is_nothing(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)
        row = session.get_one(PersonRow, person.id)
        erase_value(session, row.name_ref, clock.now() + timedelta(days=1))

        shown = people.get_person(session, carrier, person.id, vault=VAULT)

        assert shown == replace(person, name_masked=None)
        with pytest.raises(NotFoundError):
            disclose_person(
                session, carrier, person.id, PersonalField.NAME, "r", vault=VAULT, clock=clock
            )

    def test_lists_show_ones_own(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        other = build.actor(session, clock, Role.CARRIER, uscc=build.OTHER_USCC)
        person = made(session, carrier, clock)

        def listed(who: Actor, **filters: object) -> tuple[Person, ...]:
            return people.list_people(session, who, vault=VAULT, **filters).items  # type: ignore[arg-type]  # filters by name

        assert listed(carrier) == listed(carrier, reference=person.reference) == (person,)
        assert listed(carrier, role=PersonRole.ESCORT) == (person,)
        assert listed(carrier, role=PersonRole.LOADING_SUPERVISOR) == ()
        assert listed(carrier, status=RecordStatus.SUSPENDED) == ()
        assert listed(carrier, reference="0000000000") == ()
        assert listed(other) == ()
        with pytest.raises(NotFoundError):
            people.get_person(session, other, person.id, vault=VAULT)

    def test_a_search_needs_a_number(self, session: Session, clock: FixedClock) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)

        with pytest.raises(InvalidFieldError) as refused:
            people.find_by_id_number(session, carrier, "张建国", vault=VAULT, clock=clock)

        assert problems(refused.value) == [("/id_number", "id-number-shape")]

    def test_an_auditor_is_shown_no_value(self, session: Session, clock: FixedClock) -> None:
        person = made(session, build.actor(session, clock, Role.CARRIER), clock)
        auditor = build.actor(session, clock, Role.AUDITOR)

        with pytest.raises(ForbiddenError):
            disclose_person(
                session, auditor, person.id, PersonalField.NAME, "r", vault=VAULT, clock=clock
            )

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            (PersonalField.NAME, "张建国"),
            (PersonalField.ID_NUMBER, build.ID_NUMBER),
            (PersonalField.PHONE, "13905171234"),
        ],
    )
    def test_each_value_is_shown_with_an_event(
        self, session: Session, clock: FixedClock, field: PersonalField, value: str
    ) -> None:
        carrier = build.actor(session, clock, Role.CARRIER)
        person = made(session, carrier, clock)

        shown = disclose_person(
            session, carrier, person.id, field, "核对证件", vault=VAULT, clock=clock
        )

        assert (shown.field, shown.value) == (field.value, value)
        event = session.get_one(EventRow, shown.event_id)
        assert (event.kind, value in event.body.decode()) == ("personal-value-shown", False)
