"""What can be chosen on a waybill's form: each name with how it stands beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from api.pages.places.vehicles import option_words
from api.pages.showing import fitness_words, mark
from api.runtime import runtime
from waybill.registry.access import Actor
from waybill.registry.kinds import OrganisationRole, PersonRole, RecordStatus, UnitKind
from waybill.services.paging import MAX_PAGE_ITEMS, PageRequest
from waybill.services.registry.fitness import (
    Fitness,
    certificates_by_subject,
    person_fitness,
    tank_fitness,
    vehicle_fitness,
)
from waybill.services.registry.organisations import list_directory
from waybill.services.registry.people import list_people
from waybill.services.registry.tanks import list_tanks
from waybill.services.registry.vehicles import list_vehicles

ALL: Final = PageRequest(limit=MAX_PAGE_ITEMS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One line of a list to choose from; `note` says how it stands, beside its name.

    `detail` is what other fields are filled with once it is chosen: a unit's plate, the area code
    of a loading place.
    """

    value: str
    words: str
    note: str = ""
    outcome: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """All that can be chosen on the form."""

    vehicles: Sequence[Choice]
    trailers: Sequence[Choice]
    tanks: Sequence[Choice]
    drivers: Sequence[Choice]
    escorts: Sequence[Choice]
    consignors: Sequence[Choice]
    consignees: Sequence[Choice]
    facilities: Sequence[Choice]

    def named(self, name: str, value: str) -> Choice | None:
        """Return what was chosen in a list."""
        offered: Sequence[Choice] = getattr(self, name)
        return next((choice for choice in offered if choice.value == value), None)

    def detail(self, name: str, value: str) -> str:
        """Return what other fields take from what was chosen, empty for no choice."""
        chosen = self.named(name, value)
        return chosen.detail if chosen else ""


def choices_of(session: Session, actor: Actor, at: datetime) -> Choices:
    """Return what can be chosen, each with how it stands at the moment of loading."""
    vault = runtime().vault
    papers = certificates_by_subject(session, actor, vault=vault)
    units = list_vehicles(session, actor, page=ALL).items
    vehicles = [
        (
            unit,
            _judged(
                option_words(unit),
                unit.id,
                vehicle_fitness(
                    unit,
                    papers.get(unit.id, ()),
                    at,
                    of_carrier=papers.get(unit.organisation_id, ()),
                ),
                detail=unit.plate,
            ),
        )
        for unit in units
        if unit.status is not RecordStatus.RETIRED
    ]
    return Choices(
        vehicles=[choice for unit, choice in vehicles if unit.kind is not UnitKind.TRAILER],
        trailers=[choice for unit, choice in vehicles if unit.kind is UnitKind.TRAILER],
        tanks=[
            _judged(tank.number, tank.id, tank_fitness(tank, papers.get(tank.id, ()), at))
            for tank in list_tanks(session, actor, page=ALL).items
            if tank.status is not RecordStatus.RETIRED
        ],
        drivers=_people(session, actor, PersonRole.DRIVER, at),
        escorts=_people(session, actor, PersonRole.ESCORT, at),
        consignors=_parties(session, actor, OrganisationRole.CONSIGNOR),
        consignees=_parties(session, actor, OrganisationRole.CONSIGNEE),
        facilities=_facilities(session, actor),
    )


def _judged(words: str, value: object, found: Fitness, *, detail: str = "") -> Choice:
    outcome = found.outcome.value
    return Choice(
        value=str(value),
        words=words,
        note=f"{mark(outcome)} {fitness_words(found)}",
        outcome=outcome,
        detail=detail,
    )


def _people(session: Session, actor: Actor, role: PersonRole, at: datetime) -> list[Choice]:
    vault = runtime().vault
    papers = certificates_by_subject(session, actor, vault=vault)
    return [
        _judged(
            f"{person.name_masked or '—'} {(person.id_number_masked or '')[-4:]}",
            person.id,
            person_fitness(person, role, papers.get(person.id, ()), at),
        )
        for person in list_people(session, actor, vault=vault, role=role, page=ALL).items
        if person.status is not RecordStatus.RETIRED
    ]


def _parties(session: Session, actor: Actor, role: OrganisationRole) -> list[Choice]:
    found = list_directory(session, actor, role=role, page=ALL).items
    return [Choice(value=str(entry.id), words=entry.name) for entry in found]


def _facilities(session: Session, actor: Actor) -> list[Choice]:
    found = list_directory(session, actor, role=OrganisationRole.LOADER, page=ALL).items
    return [
        Choice(
            value=str(place.id),
            words=f"{entry.name} · {place.name}",
            note=place.address,
            detail=place.area_code,
        )
        for entry in found
        for place in entry.facilities
    ]
