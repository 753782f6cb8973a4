"""What a list calls the records that it is about, a query per kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.registry.kinds import PlateColour, SubjectKind
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import (
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectName:
    """A plate with its colour, a number, a title, or a person's name masked but for its first."""

    text: str
    plate_colour: PlateColour | None = None


def subject_names(
    session: Session, subjects: Iterable[tuple[SubjectKind, UUID]], *, vault: PersonalVault | None
) -> Mapping[UUID, SubjectName]:
    """Return by id the names of records of the registry.

    Certificates are left out, and so are people whose name was erased, or all people without a
    vault. The caller may see the records.
    """
    wanted: dict[SubjectKind, set[UUID]] = {}
    for kind, subject_id in subjects:
        wanted.setdefault(kind, set()).add(subject_id)
    return {
        **_titled(session, OrganisationRow, wanted.get(SubjectKind.ORGANISATION, set())),
        **_titled(session, FacilityRow, wanted.get(SubjectKind.FACILITY, set())),
        **_vehicles(session, wanted.get(SubjectKind.VEHICLE, set())),
        **_tanks(session, wanted.get(SubjectKind.TANK, set())),
        **(_people(session, wanted.get(SubjectKind.PERSON, set()), vault) if vault else {}),
    }


def _titled(
    session: Session, row: type[OrganisationRow] | type[FacilityRow], ids: set[UUID]
) -> dict[UUID, SubjectName]:
    if not ids:
        return {}
    found = session.execute(select(row.id, row.name).where(row.id.in_(ids)))
    return {identity: SubjectName(text=name) for identity, name in found}


def _vehicles(session: Session, ids: set[UUID]) -> dict[UUID, SubjectName]:
    if not ids:
        return {}
    columns = (VehicleRow.id, VehicleRow.plate, VehicleRow.plate_colour)
    found = session.execute(select(*columns).where(VehicleRow.id.in_(ids)))
    return {row.id: SubjectName(text=row.plate, plate_colour=row.plate_colour) for row in found}


def _tanks(session: Session, ids: set[UUID]) -> dict[UUID, SubjectName]:
    if not ids:
        return {}
    found = session.execute(select(TankRow.id, TankRow.number).where(TankRow.id.in_(ids)))
    return {row.id: SubjectName(text=row.number) for row in found}


def _people(session: Session, ids: set[UUID], vault: PersonalVault) -> dict[UUID, SubjectName]:
    if not ids:
        return {}
    rows = session.execute(
        select(PersonRow.id, PersonRow.name_ref).where(PersonRow.id.in_(ids))
    ).all()
    opened = vault.open(session, tuple(row.name_ref for row in rows))
    names = {reference: value for reference, (_, value) in opened.items()}
    return {
        row.id: SubjectName(text=_masked(names[row.name_ref]))
        for row in rows
        if row.name_ref in names
    }


def _masked(name: str) -> str:
    return name[:1] + "*" * (len(name) - 1)
