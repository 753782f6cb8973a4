import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.harness import registrations as build
from tests.harness.registrations import VAULT
from waybill.clock import FixedClock
from waybill.registry.access import Role
from waybill.services.registry import people
from waybill.storage.log import EventRow


def test_looking_for_a_person_is_an_event_without_the_number(
    session: Session, clock: FixedClock
) -> None:
    carrier = build.actor(session, clock, Role.CARRIER)
    person = people.create_person(session, carrier, build.person(), vault=VAULT, clock=clock)

    people.find_by_id_number(session, carrier, build.ID_NUMBER, vault=VAULT, clock=clock)

    body = session.scalars(select(EventRow.body).where(EventRow.kind == "person-searched")).one()
    assert json.loads(body)["data"] == {"by": "id_number", "found": [str(person.id)]}
    assert build.ID_NUMBER.encode() not in body
