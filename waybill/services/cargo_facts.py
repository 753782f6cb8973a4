"""What a tank held before, by what this installation released in it."""

from collections.abc import Iterable
from datetime import UTC

from waybill.rules.facts import CargoFacts, CarriageMode
from waybill.services.dossier import Dossier
from waybill.services.waybills.draft import Draft
from waybill.storage.records import LastTripRecord

UNDIVIDED = 0
"""The compartment of a shell that has none."""


def last_cargoes_of(dossier: Dossier) -> tuple[CargoFacts, ...]:
    """Return the newest cargo of each compartment of the trip's tank that is known."""
    divided = bool(dossier.tank and len(dossier.tank.compartments) > 1)
    return newest_cargoes(dossier.gathered.all(LastTripRecord), divided=divided)


def newest_cargoes(trips: Iterable[LastTripRecord], *, divided: bool) -> tuple[CargoFacts, ...]:
    """Return the newest cargo of each compartment that is known, in their order.

    A tank without compartments has one shell, 0. A goods line that names no compartment filled
    that shell, in whichever way it was recorded.
    """
    newest: dict[int, CargoFacts] = {}
    for trip in sorted(trips, key=lambda trip: trip.released_at, reverse=True):
        for line in Draft.from_json(trip.draft).goods:
            if line.mode is not CarriageMode.TANK:
                continue
            compartment = (line.compartment or UNDIVIDED) if divided else UNDIVIDED
            newest.setdefault(
                compartment,
                CargoFacts(
                    compartment=compartment,
                    entry_key=line.entry_key,
                    un_number=line.entry_key[:4],
                    technical_name=line.technical_name,
                    loaded_at=trip.released_at.astimezone(UTC),
                ),
            )
    return tuple(newest[number] for number in sorted(newest))
