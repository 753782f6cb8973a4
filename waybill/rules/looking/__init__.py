"""What is asked so that somebody looks: photos by risk and by chance, and control questions.

Data, one file for each edition; an edition by which anything was drawn is never edited. Nothing
here is a rule: no finding comes of it, and no verdict knows of it. It says what is asked beside
the law, and the plant is shown what came of it.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from waybill.rules.finding import Phase

EDITION: Final = "2026-11-27"
"""By which checks that are opened now are asked."""
_FOLDER: Final = Path(__file__).parent


class Why(StrEnum):
    """Why a photo is asked for."""

    LAW = "law"
    PLANT = "plant"
    RISK = "risk"
    RANDOM = "random"


class On(StrEnum):
    """On which trips something can be photographed."""

    ALL = ""
    TANK = "tank"
    TRAILER = "trailer"
    PACKAGES = "packages"


class Factor(StrEnum):
    """What makes a trip worth a closer look."""

    HIGH_HAZARD = "high_hazard"
    CARRIER_REFUSED = "carrier_refused"
    FIRST_VISIT = "first_visit"
    NEW_COLLEAGUE = "new_colleague"
    NEVER_REFUSED = "never_refused"


class PhotoToTake(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing that may be asked to be photographed; `shows` may be a subject of the law's."""

    shows: str
    phase: Phase
    zh: str
    en: str
    when: On = On.ALL


class ControlText(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question whose right answer is known; the hint says where to look again, not what to say.

    Neither names the right answer: who reads a hint must still look.
    """

    id: str
    zh: str
    en: str
    hint_zh: str
    hint_en: str


class Bounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """From where on a factor counts, see the file."""

    hazards: tuple[str, ...]
    packing_groups: tuple[str, ...]
    carrier_refused: int
    own_checks_few: int
    own_checks_never_refused: int


class Photos(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many photos are asked for how much risk, and how often by chance."""

    points_each: int
    most_by_risk: int
    chance_per_mille: int
    most_by_chance: int


class Drawing(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many control questions a check has, and from what wrong answers are taken."""

    per_check: int
    choices: int
    un_numbers: tuple[str, ...]
    hazard_numbers: tuple[str, ...]
    classes: tuple[str, ...]
    colours: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """`<edition>.toml` as it is written."""

    points: dict[Factor, int]
    bounds: Bounds
    photos: Photos
    control: tuple[ControlText, ...]
    photo: tuple[PhotoToTake, ...]
    drawing: Drawing


def catalogue(edition: str = EDITION) -> Catalogue:
    """Return an edition: its figures, photos and control questions."""
    return _read(edition)


@cache
def _read(edition: str) -> Catalogue:
    return msgspec.toml.decode((_FOLDER / f"{edition}.toml").read_bytes(), type=Catalogue)


def find_photo_to_take(shows: str, edition: str = EDITION) -> PhotoToTake | None:
    """Return what a photo shows, `None` for what this edition never asks for."""
    return next((each for each in catalogue(edition).photo if each.shows == shows), None)


def control_text(question: str, edition: str = EDITION) -> ControlText:
    """Return a control question.

    Raises:
        KeyError: the edition has none of this id.
    """
    return {each.id: each for each in catalogue(edition).control}[question]
