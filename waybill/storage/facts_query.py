"""The one read behind issue, scan, decision and release: everything a verdict may look at.

A batch starts from one waybill, named by its own id (`waybill_id`) or by that of a check
(`check_id`), and reads what hangs on it. `supervisor_reference` names a supervisor who is in no
stored evidence yet, `actor_id` the account that acts. A batch that decides takes the waybill's
row lock in the same statement; `FOR_ISSUE` also takes a number of `sequence_day` (PostgreSQL).
`OF_VALUES` starts from a waybill that is nowhere stored: its columns are values of their own.
"""

from typing import Final

import msgspec
from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Uuid,
    and_,
    bindparam,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from waybill.registry.kinds import CertificateStatus, RecordStatus
from waybill.rules.classification import FIXED_TANKS
from waybill.storage import records as shape
from waybill.storage.base import Base
from waybill.storage.crew_query import CHECK_ID, crew_of, each_of
from waybill.storage.facts_history import ended_early_part, last_trips_part, position_part
from waybill.storage.gather import Batch, Part, utf8_text
from waybill.storage.identity import UserRow
from waybill.storage.looking_query import looking_parts
from waybill.storage.plant_items import CheckPlantItemRow
from waybill.storage.registry import (
    BayRow,
    BlackListingRow,
    CertificateRow,
    FacilityRow,
    OrganisationRow,
    PersonRow,
    TankRow,
    VehicleRow,
)
from waybill.storage.sequence import sequence_part
from waybill.storage.waybills import (
    CheckEvidenceRow,
    ClearanceRow,
    LoadingCheckRow,
    WaybillRevisionRow,
    WaybillRow,
)

WAYBILL_ID: Final = bindparam("waybill_id", type_=Uuid())
ACTOR_ID: Final = bindparam("actor_id", type_=Uuid())
_GIVEN: Final = "given_"
SAME_VEHICLE: Final = aliased(VehicleRow)
SAME_TANK: Final = aliased(TankRow)
SAME_PERSON: Final = aliased(PersonRow)


def _columns(row: type[Base], record: type[msgspec.Struct]) -> list[InstrumentedAttribute[object]]:
    return [getattr(row, name) for name in record.__struct_fields__]


def _columns_for(
    row: type[Base], record: type[msgspec.Struct], same: CTE
) -> list[ColumnElement[object]]:
    """Return the columns of a record, told of whom on the trip it is about."""
    own = {name: getattr(row, name) for name in record.__struct_fields__}
    return list((own | {"subject_id": same.c.id.label("subject_id")}).values())


def _batch(*, of_check: bool, locked: bool, numbered: bool = False, stored: bool = True) -> Batch:
    waybill = _waybill(of_check=of_check, locked=locked) if stored else _unstored()
    crew = crew_of(waybill, of_check=of_check)
    same = _records(waybill, crew)
    parts: list[Part[msgspec.Struct]] = [
        Part("waybill", shape.WaybillRecord, select(waybill)),
        Part("revision", shape.RevisionRecord, _revision(waybill)),
        Part("organisation", shape.OrganisationRecord, _organisations(waybill)),
        Part("facility", shape.FacilityRecord, _facility(waybill)),
        Part("vehicle", shape.VehicleRecord, _vehicles(waybill)),
        Part("tank", shape.TankRecord, _tank(waybill)),
        Part("mounted_tank", shape.MountedTankRecord, _mounted_tanks(waybill)),
        Part("person", shape.PersonRecord, _people(crew)),
        Part("certificate", shape.CertificateRecord, _certificates(same)),
        Part("black_listing", shape.BlackListingRecord, _black(same)),
        position_part(waybill),
        last_trips_part(waybill),
        ended_early_part(waybill),
        Part("clearance", shape.ClearanceRecord, _clearance(waybill)),
        Part("account", shape.AccountRecord, _account()),
    ]
    if numbered:
        parts.append(sequence_part(waybill))
    if of_check:
        parts += [
            Part("check", shape.CheckRecord, _check()),
            Part("bay", shape.BayRecord, _bay()),
            Part("plant_item", shape.PlantItemRecord, _plant_items()),
            Part("evidence", shape.EvidenceRecord, _evidence()),
            *looking_parts(CHECK_ID),
        ]
    return Batch(*parts)


def _waybill(*, of_check: bool, locked: bool) -> CTE:
    statement = select(*_columns(WaybillRow, shape.WaybillRecord))
    if of_check:
        waybill_id = select(LoadingCheckRow.waybill_id).where(LoadingCheckRow.id == CHECK_ID)
        statement = statement.where(WaybillRow.id == waybill_id.scalar_subquery())
    else:
        statement = statement.where(WaybillRow.id == WAYBILL_ID)
    return (statement.with_for_update() if locked else statement).cte("w")


def _unstored() -> CTE:
    """Return a waybill whose columns are given as values, see `waybill_values`."""
    columns = (
        bindparam(f"{_GIVEN}{name}", type_=getattr(WaybillRow, name).type).label(name)
        for name in shape.WaybillRecord.__struct_fields__
    )
    return select(*columns).cte("w")


def waybill_values(row: WaybillRow) -> dict[str, object]:
    """Return the values from which `OF_VALUES` starts, of a row that is in no session."""
    return {f"{_GIVEN}{name}": getattr(row, name) for name in shape.WaybillRecord.__struct_fields__}


def _revision(waybill: CTE) -> Select[*tuple[object, ...]]:
    row = WaybillRevisionRow
    return select(
        row.revision,
        row.signed_at,
        utf8_text(row.document).label("document"),
        row.document_jws,
        row.digest,
    ).where(row.waybill_id == waybill.c.id, row.revision == waybill.c.revision)


def _organisations(waybill: CTE) -> Select[*tuple[object, ...]]:
    parties = ("carrier_id", "consignor_id", "consignee_id", "loader_id")
    return select(*_columns(OrganisationRow, shape.OrganisationRecord)).where(
        OrganisationRow.id.in_(each_of(waybill, parties))
    )


def _facility(waybill: CTE) -> Select[*tuple[object, ...]]:
    return select(*_columns(FacilityRow, shape.FacilityRecord)).where(
        FacilityRow.id == select(waybill.c.facility_id).scalar_subquery()
    )


def _vehicles(waybill: CTE) -> Select[*tuple[object, ...]]:
    return select(*_columns(VehicleRow, shape.VehicleRecord)).where(
        VehicleRow.id.in_(each_of(waybill, ("vehicle_id", "trailer_id")))
    )


def _tank(waybill: CTE) -> Select[*tuple[object, ...]]:
    return select(*_columns(TankRow, shape.TankRecord)).where(
        TankRow.id == select(waybill.c.tank_id).scalar_subquery()
    )


def _mounted_tanks(waybill: CTE) -> Select[*tuple[object, ...]]:
    return select(TankRow.id, TankRow.number, TankRow.mounted_on_id).where(
        TankRow.mounted_on_id.in_(each_of(waybill, ("vehicle_id", "trailer_id"))),
        TankRow.kind.in_(sorted(FIXED_TANKS)),
        TankRow.status != RecordStatus.RETIRED,
    )


def _people(crew: CTE) -> Select[*tuple[object, ...]]:
    return select(*_columns(PersonRow, shape.PersonRecord)).where(
        PersonRow.id.in_(select(crew.c.id))
    )


def _records(waybill: CTE, crew: CTE) -> CTE:
    """Pair whoever and whatever is of the trip (`id`) with every record of it (`record`).

    A person is one by ID number, a vehicle by plate or VIN, a tank by number: what an authority
    has decided does not end with a new record under another carrier.
    """
    plate = and_(
        VehicleRow.plate == SAME_VEHICLE.plate,
        VehicleRow.plate_colour == SAME_VEHICLE.plate_colour,
    )
    units = each_of(waybill, ("vehicle_id", "trailer_id"))
    return union_all(
        select(waybill.c.carrier_id.label("id"), waybill.c.carrier_id.label("record")),
        select(VehicleRow.id, SAME_VEHICLE.id)
        .join(SAME_VEHICLE, or_(plate, VehicleRow.vin == SAME_VEHICLE.vin))
        .where(VehicleRow.id.in_(units)),
        select(TankRow.id, SAME_TANK.id)
        .join(SAME_TANK, TankRow.number == SAME_TANK.number)
        .where(TankRow.id == select(waybill.c.tank_id).scalar_subquery()),
        select(PersonRow.id, SAME_PERSON.id)
        .join(SAME_PERSON, PersonRow.id_number_index == SAME_PERSON.id_number_index)
        .where(PersonRow.id.in_(select(crew.c.id))),
    ).cte("same")


def _certificates(same: CTE) -> Select[*tuple[object, ...]]:
    """Read the certificates of the trip, and of its other records what was withdrawn."""
    return (
        select(*_columns_for(CertificateRow, shape.CertificateRecord, same))
        .join(same, same.c.record == CertificateRow.subject_id)
        .where(or_(same.c.record == same.c.id, CertificateRow.status != CertificateStatus.VALID))
    )


def _black(same: CTE) -> Select[*tuple[object, ...]]:
    return (
        select(*_columns_for(BlackListingRow, shape.BlackListingRecord, same))
        .join(same, same.c.record == BlackListingRow.subject_id)
        .where(BlackListingRow.lifted_at.is_(None))
    )


def _clearance(waybill: CTE) -> Select[*tuple[object, ...]]:
    return select(*_columns(ClearanceRow, shape.ClearanceRecord)).where(
        ClearanceRow.waybill_id == select(waybill.c.id).scalar_subquery()
    )


def _account() -> Select[*tuple[object, ...]]:
    return select(UserRow.id, UserRow.name_ref, UserRow.person_id).where(UserRow.id == ACTOR_ID)


def _check() -> Select[*tuple[object, ...]]:
    return select(*_columns(LoadingCheckRow, shape.CheckRecord)).where(
        LoadingCheckRow.id == CHECK_ID
    )


def _bay() -> Select[*tuple[object, ...]]:
    return (
        select(
            LoadingCheckRow.facility_id,
            FacilityRow.organisation_id,
            OrganisationRow.uscc,
            OrganisationRow.status.label("organisation_status"),
            FacilityRow.status.label("facility_status"),
            BayRow.status.label("bay_status"),
            FacilityRow.supervisor_consents,
        )
        .join(BayRow, BayRow.id == LoadingCheckRow.bay_id)
        .join(FacilityRow, FacilityRow.id == LoadingCheckRow.facility_id)
        .join(OrganisationRow, OrganisationRow.id == FacilityRow.organisation_id)
        .where(LoadingCheckRow.id == CHECK_ID)
    )


def _plant_items() -> Select[*tuple[object, ...]]:
    """Read the items as they stood when the check was opened: what came later is not asked."""
    row = CheckPlantItemRow
    return (
        select(
            row.item_id.label("id"),
            row.version,
            row.phase,
            row.question_zh,
            row.question_en,
            row.photo,
            row.stops,
            row.asked_of,
        )
        .where(row.check_id == CHECK_ID)
        .order_by(row.item_id)
    )


def _evidence() -> Select[*tuple[object, ...]]:
    return (
        select(CheckEvidenceRow.id, CheckEvidenceRow.item)
        .where(CheckEvidenceRow.check_id == CHECK_ID)
        .order_by(CheckEvidenceRow.id)
    )


OF_WAYBILL: Final = _batch(of_check=False, locked=False)
OF_WAYBILL_LOCKED: Final = _batch(of_check=False, locked=True)
FOR_ISSUE: Final = _batch(of_check=False, locked=True, numbered=True)
OF_CHECK: Final = _batch(of_check=True, locked=False)
OF_CHECK_LOCKED: Final = _batch(of_check=True, locked=True)
OF_VALUES: Final = _batch(of_check=False, locked=False, stored=False)
