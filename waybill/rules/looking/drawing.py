"""The draw of a check: which photos and control questions it asks, foreseeable by nobody inside.

The draw is HMAC-SHA-256 of the trip under a key of the installation. Everything else follows from
it by SHA-256, so that whoever holds the key recomputes the draw, and whoever has the draw and the
points recomputes what was asked. A waybill has one draw at a facility: nobody gets rid of a photo
by opening the check anew.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from waybill.codec import sha256
from waybill.document import WaybillContent
from waybill.rules.facts import CarriageMode
from waybill.rules.looking import Catalogue, Factor, On, PhotoToTake, Why, catalogue
from waybill.rules.looking.known import ENDING, Trip, right_answers

_PER_MILLE: Final = 1000
_LABEL: Final = b"waybill/looking/draw/1"
_LARGEST_TANK: Final = 6
"""Up to so many compartments are offered as an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What the records say of carrier, driver and the person who checks, before this check.

    Checks of the carrier's last waybills anywhere and how many of them were refused once; the same
    of the person's own last checks; and how often the driver was at this facility.
    """

    carrier_checks: int = 0
    carrier_refused: int = 0
    own_checks: int = 0
    own_refused: int = 0
    driver_visits: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlAsked:
    """A control question as it is asked: the right answer, and the choices in their order."""

    id: str
    right: str
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What a check asks beside law and plant, and of what that came."""

    edition: str
    draw: str
    factors: tuple[Factor, ...]
    points: int
    photos: tuple[tuple[str, Why], ...]
    controls: tuple[ControlAsked, ...]


def draw_of(key: bytes, waybill_id: UUID, facility_id: UUID) -> bytes:
    """Return the 32 bytes of a waybill's draw at a facility."""
    return hmac.digest(key, _LABEL + waybill_id.bytes + facility_id.bytes, "sha256")


def draw_looks(draw: bytes, trip: Trip, history: History, *, edition: str) -> Drawn:
    """Return what a check asks, from the draw, the trip and what is known of those on it."""
    known = catalogue(edition)
    factors = find_factors(trip.content, history, known)
    points = sum(known.points[factor] for factor in factors)
    return replace(draw_by_points(draw, trip, points, edition=edition), factors=factors)


def draw_by_points(draw: bytes, trip: Trip, points: int, *, edition: str) -> Drawn:
    """Return what is asked for so much risk, of whatever factors it is made."""
    known = catalogue(edition)
    return Drawn(
        edition=edition,
        draw=draw.hex(),
        factors=(),
        points=points,
        photos=draw_photos(draw, trip.content, points, known),
        controls=_controls(draw, trip, known),
    )


def find_factors(content: WaybillContent, history: History, known: Catalogue) -> tuple[Factor, ...]:
    """Return what makes a trip worth a closer look, in the order of the list."""
    bounds = known.bounds
    holds = {
        Factor.HIGH_HAZARD: any(
            item.hazard_class.startswith(bounds.hazards)
            or item.packing_group in bounds.packing_groups
            for item in content.goods
        ),
        Factor.CARRIER_REFUSED: history.carrier_refused >= bounds.carrier_refused,
        Factor.FIRST_VISIT: history.driver_visits == 0,
        Factor.NEW_COLLEAGUE: history.own_checks < bounds.own_checks_few,
        Factor.NEVER_REFUSED: history.own_refused == 0
        and history.own_checks >= bounds.own_checks_never_refused,
    }
    return tuple(factor for factor in Factor if holds[factor])


def draw_photos(
    draw: bytes, content: WaybillContent, points: int, known: Catalogue
) -> tuple[tuple[str, Why], ...]:
    """Return the photos that the risk asks for, then those that chance does."""
    possible = [photo for photo in known.photo if _HOLDS[photo.when](content)]
    many = min(points // known.photos.points_each, known.photos.most_by_risk)
    by_risk = _in_order(draw, "risk", possible)[:many]
    others = [photo for photo in possible if photo not in by_risk]
    by_chance = [
        photo
        for photo in _in_order(draw, "random", others)
        if _lot(draw, "random", photo.shows) * _PER_MILLE >> 32 < known.photos.chance_per_mille
    ][: known.photos.most_by_chance]
    return (
        *((photo.shows, Why.RISK) for photo in by_risk),
        *((photo.shows, Why.RANDOM) for photo in by_chance),
    )


def _in_order(draw: bytes, what: str, photos: Iterable[PhotoToTake]) -> list[PhotoToTake]:
    return sorted(photos, key=lambda photo: _lot(draw, what, photo.shows))


def _controls(draw: bytes, trip: Trip, known: Catalogue) -> tuple[ControlAsked, ...]:
    right = right_answers(trip)
    possible = [each.id for each in known.control if each.id in right]
    possible.sort(key=lambda question: _lot(draw, "control", question))
    return tuple(
        ControlAsked(
            id=question,
            right=right[question],
            choices=_choices(draw, question, right[question], known),
        )
        for question in possible[: known.drawing.per_check]
    )


def _choices(draw: bytes, question: str, right: str, known: Catalogue) -> tuple[str, ...]:
    wrong = [each for each in _offered(draw, question, known) if each != right]
    wrong.sort(key=lambda choice: _lot(draw, question, f"choice {choice}"))
    offered = [right, *wrong[: known.drawing.choices - 1]]
    return tuple(sorted(offered, key=lambda choice: _lot(draw, question, f"place {choice}")))


def _offered(draw: bytes, question: str, known: Catalogue) -> Iterable[str]:
    listed = {
        "un_number": known.drawing.un_numbers,
        "hazard_number": known.drawing.hazard_numbers,
        "hazard_class": known.drawing.classes,
        "plate_colour": known.drawing.colours,
        "trailer_plate_colour": known.drawing.colours,
        "compartments": tuple(str(number) for number in range(1, _LARGEST_TANK + 1)),
    }
    if question in listed:
        return listed[question]
    return dict.fromkeys(
        f"{_lot(draw, question, f'ending {number}') % 10**ENDING:0{ENDING}d}"
        for number in range(known.drawing.choices * 2)
    )


def _lot(draw: bytes, what: str, name: str) -> int:
    """Return a number below 2³², as good as drawn for each name."""
    return int.from_bytes(sha256(draw + f"{what}\0{name}".encode())[:4], "big")


_HOLDS: Final[Mapping[On, Callable[[WaybillContent], bool]]] = {
    On.ALL: lambda _: True,
    On.TANK: lambda content: content.tank is not None,
    On.TRAILER: lambda content: content.trailer is not None,
    On.PACKAGES: lambda content: any(
        item.mode == CarriageMode.PACKAGES.value for item in content.goods
    ),
}
