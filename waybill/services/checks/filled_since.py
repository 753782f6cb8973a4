"""What went into the tank under another waybill since the clearance: not mixed unseen."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from waybill.errors import StateError
from waybill.rules.classification import tank_lines
from waybill.rules.facts import Facts
from waybill.rules.finding import Outcome
from waybill.rules.last_cargo import check_last_cargo
from waybill.rules.lifecycle import Act
from waybill.services.cargo_facts import newest_cargoes
from waybill.services.dossier import Dossier
from waybill.storage.records import ClearanceRecord, LastTripRecord

TOOK_NOTHING: Final = "last_cargo_unknown"


def refuse_filled_since(
    dossier: Dossier, clearance: ClearanceRecord, facts: Facts, at: datetime
) -> None:
    """Refuse to release what was loaded onto other goods that the tank took since the clearance.

    What it held before was judged then. A vehicle that was cleared at one plant may be loaded at
    another first; what was told of the last cargo then is no longer so, and only what was released
    or broken off since counts here, with a cleaning after it. Goods that may follow each other go
    on, and so do those in compartments of their own.

    Raises:
        StateError: says that the tank is cleaned and a new waybill needed.
    """
    trips = dossier.gathered.all(LastTripRecord)
    since = [trip for trip in trips if trip.released_at > clearance.cleared_at]
    tank = facts.tank
    if not since or tank is None:
        return
    held = newest_cargoes(since, divided=len(tank.compartments) > 1)
    seen = replace(
        facts,
        tank=replace(tank, last_cargoes=held),
        waybill=replace(facts.waybill, last_cargoes=()),
    )
    if not may_follow(seen, at):
        raise StateError(
            "准装之后该罐又装过其他货物，且没有之后的清洗证明。",
            "Since the clearance the tank was loaded with other goods, and not cleaned after them.",
            state="filled-since",
            act=Act.RELEASE.value,
            next_step_zh="请中止本次装货：卸净并清洗罐体后，由承运人重新签发运单。",
            next_step_en="Abort this loading: unload and clean the tank, then issue a new waybill.",
        )


def may_follow(facts: Facts, at: datetime) -> bool:
    """Return whether each line may go onto what its compartment holds of the tank's last cargoes.

    What nobody knows does not pass: two substances of one collective entry may not be the same. A
    compartment of which nothing is told took nothing.
    """
    findings = (check_last_cargo(replace(facts, goods=(line,)), at) for line in tank_lines(facts))
    return all(
        found.outcome is Outcome.PASSED or found.reason == TOOK_NOTHING for found in findings
    )
