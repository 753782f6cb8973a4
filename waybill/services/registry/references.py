"""Finding a record by what people call it, for those who oversee all of them."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from waybill.identifiers import IdentifierError, parse_plate
from waybill.registry.access import Actor, Permission
from waybill.registry.cases import CaseSubject
from waybill.registry.kinds import RecordStatus
from waybill.storage.log import EventRow
from waybill.storage.registry import (
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.waybills import WaybillRow


def find_by_reference(session: Session, actor: Actor, kind: CaseSubject, text: str) -> UUID | None:
    """Return the one thing that is called so; `None` where there is none, or more than one.

    A waybill and a tank are called by number, a vehicle by plate, an organisation by credit code
    or name, a facility by name, a person by reference, an event by its id.
    """
    actor.require(Permission.READ_EVENTS)
    statement = _CALLED[kind](text.strip())
    if statement is None:
        return None
    found = session.scalars(statement.limit(2)).all()
    return found[0] if len(found) == 1 else None


def _vehicle(text: str) -> Select[UUID] | None:
    try:
        plate = parse_plate(text).number
    except IdentifierError:
        return None
    return select(VehicleRow.id).where(
        VehicleRow.plate == plate, VehicleRow.status != RecordStatus.RETIRED
    )


def _event(text: str) -> Select[UUID] | None:
    try:
        return select(EventRow.id).where(EventRow.id == UUID(text))
    except ValueError:
        return None


_CALLED: Final[Mapping[CaseSubject, Callable[[str], Select[UUID] | None]]] = {
    CaseSubject.WAYBILL: lambda text: select(WaybillRow.id).where(
        WaybillRow.number == text.upper()
    ),
    CaseSubject.VEHICLE: _vehicle,
    CaseSubject.ORGANISATION: lambda text: select(OrganisationRow.id).where(
        or_(OrganisationRow.uscc == text.upper(), OrganisationRow.name == text)
    ),
    CaseSubject.FACILITY: lambda text: select(FacilityRow.id).where(FacilityRow.name == text),
    CaseSubject.TANK: lambda text: select(TankRow.id).where(
        TankRow.number == text.upper(), TankRow.status != RecordStatus.RETIRED
    ),
    CaseSubject.PERSON: lambda text: select(PersonRow.id).where(
        PersonRow.reference == text.lower()
    ),
    CaseSubject.EVENT: _event,
}
