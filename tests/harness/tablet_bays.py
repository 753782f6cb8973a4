"""A trip of two compartments at a plant of several bays, and what is written down of it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from api.demo.cases import CASES
from api.runtime import EXTENSION, Runtime
from tests.harness.stories import Trip
from tests.harness.tablet_site import TabletSite
from tests.harness.trips import change_row
from waybill.document import parse_loading_record
from waybill.storage.registry import TankRow
from waybill.storage.session import write_session
from waybill.storage.waybills import CheckEvidenceRow, LoadingCheckRow, ReleaseRow

LINE_KG = 14_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the database has of a waybill: its checks by status, evidence by type, and the record.

    `loaded` are the lines of the signed loading record: position, kilograms, bay by its place in
    the plant's list.
    """

    checks: list[str]
    evidence: Counter[str]
    loaded: list[tuple[int, str, int]]


def issue_two_compartments(site: TabletSite) -> Trip:
    """Issue the demonstration's petrol trip with half of it in each of two compartments."""
    town = site.town
    case = next(each for each in CASES if each.key == "petrol")
    half = {"capacity_l": "20000", "largest_section_l": "7000"}
    with write_session(_runtime(site).sessions) as session:
        change_row(
            session,
            TankRow,
            town.register.tanks[case.tank],
            compartments=[half | {"number": 1}, half | {"number": 2}],
        )
    written: dict[str, Any] = dict(town.written(case))
    (line,), (cargo,) = written["goods"], written["last_cargoes"]
    trip = town.issue(
        case.key,
        goods=[line | {"quantity_kg": str(LINE_KG), "compartment": n} for n in (1, 2)],
        last_cargoes=[cargo | {"compartment": n} for n in (1, 2)],
    )
    trip.report_position()
    return trip


def written_of(site: TabletSite, trip: Trip) -> Written:
    """Read what was written down of a trip."""
    with write_session(_runtime(site).sessions) as session:
        checks = session.scalars(
            select(LoadingCheckRow).where(LoadingCheckRow.waybill_id == UUID(trip.id))
        ).all()
        items = session.scalars(
            select(CheckEvidenceRow.item).where(
                CheckEvidenceRow.check_id.in_([check.id for check in checks])
            )
        )
        release = session.get(ReleaseRow, UUID(trip.id))
        record = parse_loading_record(release.loading_record) if release else None
        bays = [str(bay) for bay in site.town.register.bays]
        return Written(
            checks=sorted(check.status.value for check in checks),
            evidence=Counter(str(item["type"]) for item in items),
            loaded=[
                (line.position, str(line.quantity_kg), bays.index(str(line.bay_id)))
                for line in (record.loaded if record else ())
            ],
        )


def _runtime(site: TabletSite) -> Runtime:
    runtime: Runtime = site.pages.app.extensions[EXTENSION]
    return runtime
