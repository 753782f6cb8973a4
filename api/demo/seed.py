"""Filling an installation with the demonstration: once the register, and trips for each day."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from api.demo import fleet, staff
from api.demo.cases import CASES
from api.demo.figures import id_number, uscc
from api.demo.register import Register
from api.demo.registry import Registrar
from api.demo.sheet import write_page
from api.demo.tablets import equip
from api.demo.trips import Stage, remark_of, write_trips
from waybill.clock import SHANGHAI, Clock, FixedClock, local_date
from waybill.registry.access import ROLE_PERMISSIONS, Actor
from waybill.services.keys import add_signing_key, read_key_ring
from waybill.services.registry.person_fields import ID_NUMBER
from waybill.services.waybills.issuing import IssueTerms
from waybill.settings import Settings
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import (
    BayRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.session import write_session
from waybill.storage.waybills import WaybillRow

HISTORY: Final = timedelta(days=40)
"""How far back the demonstration's past trips may lie."""


def seed(
    sessions: sessionmaker[Session],
    settings: Settings,
    vault: PersonalVault,
    *,
    clock: Clock,
    password: str,
    page: Path | None = None,
) -> Mapping[str, UUID]:
    """Fill an installation and return the ids of the trips that were written, by case.

    Safe to repeat: the register is written once, the trips once for each day in Shanghai. A day
    that has its trips already gets no more, and nothing is returned for it. The page of codes is
    written anew each time, where a file is named for it.
    """
    with write_session(sessions) as session:
        register = find_register(session, vault)
        if register is None:
            register = Registrar(session, vault, clock, password).write()
            # The key is older than the register: the history is signed with it.
            since = FixedClock(clock.now() - HISTORY)
            add_signing_key(session, None, settings.key_dir, issuer=settings.issuer, clock=since)
        keys = read_key_ring(session, settings.key_dir, at=clock.now())
        terms = IssueTerms(
            keys=keys, issuer=settings.issuer, public_url=settings.public_url, clock=clock
        )
        stage = Stage(register=register, terms=terms)
        trips = _trips_of_today(session, clock.now())
        written = {} if trips else write_trips(session, stage)
        if page is not None:
            equipment = equip(session, stage, settings)
            write_page(session, stage, trips or written, equipment, page)
        return written


def find_register(session: Session, vault: PersonalVault) -> Register | None:
    """Find what was registered on an earlier day, `None` in an empty installation."""
    codes = {uscc(company.number): key for key, company in fleet.COMPANIES.items()}
    organisations = {
        codes[row.uscc]: row.id
        for row in session.execute(
            select(OrganisationRow.uscc, OrganisationRow.id).where(OrganisationRow.uscc.in_(codes))
        )
    }
    if len(organisations) != len(codes):
        return None
    tanks = {vessel.number: vessel.key or vessel.number for vessel in fleet.VESSELS}
    facility = session.scalars(
        select(FacilityRow).where(FacilityRow.organisation_id == organisations["plant"])
    ).one()
    bays = session.scalars(
        select(BayRow.id).where(BayRow.facility_id == facility.id).order_by(BayRow.id)
    )
    register = Register(
        organisations=organisations,
        vehicles={
            row.plate: row.id for row in session.execute(select(VehicleRow.plate, VehicleRow.id))
        },
        tanks={
            tanks[row.number]: row.id
            for row in session.execute(
                select(TankRow.number, TankRow.id).where(TankRow.number.in_(tanks))
            )
        },
        users={row.username: _actor(row) for row in session.scalars(select(UserRow))},
        facility=facility.id,
        bays=list(bays),
    )
    _find_people(session, vault, register)
    return register


def _find_people(session: Session, vault: PersonalVault, register: Register) -> None:
    by_index = {
        vault.index(ID_NUMBER, id_number(person.number)): person.key for person in staff.PEOPLE
    }
    rows = session.scalars(select(PersonRow).where(PersonRow.id_number_index.in_(by_index)))
    for row in rows:
        key = by_index[row.id_number_index]
        register.people[key] = row.id
        register.references[key] = row.reference


def _actor(row: UserRow) -> Actor:
    return Actor(
        user_id=row.id,
        organisation_id=row.organisation_id,
        role=row.role,
        permissions=ROLE_PERMISSIONS[row.role],
        person_id=row.person_id,
    )


def _trips_of_today(session: Session, now: datetime) -> dict[str, UUID]:
    """Find the trips that were written today, by case: their remarks name it."""
    begin = datetime.combine(local_date(now), time.min, SHANGHAI).astimezone(UTC)
    cases = {remark_of(case): case.key for case in CASES}
    rows = session.execute(
        select(WaybillRow.id, WaybillRow.draft)
        .where(WaybillRow.created_at >= begin)
        .order_by(WaybillRow.id.desc())
    )
    found = ((cases.get(str(row.draft.get("remarks"))), row.id) for row in rows)
    return {key: waybill_id for key, waybill_id in found if key is not None}
