"""What a check has gathered at the bay: scans and answers, as the scanners hand them over.

Scanners produce it, services store and judge it. A card of a person is known here only by the
pseudonymous reference. Items are tagged structures, so that each reads back as what it was.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import UNSET, UnsetType

from waybill.registry.kinds import PlateColour


class ScanKind(StrEnum):
    """What a scanned or typed text names."""

    WAYBILL = "waybill"
    VEHICLE = "vehicle"
    TRAILER = "trailer"
    DRIVER = "driver"
    ESCORT = "escort"
    SUPERVISOR = "supervisor"
    TANK = "tank"
    DOCUMENT = "document"


class Presentation(StrEnum):
    """How the code or number came to the loader."""

    SIGNED_QR = "signed_qr"
    PLAIN_CODE = "plain_code"
    TYPED = "typed"


class ScanItem(msgspec.Struct, frozen=True, kw_only=True, tag="scan", tag_field="type"):
    """One code that was presented.

    `subject` is what it names: a waybill's id, a vehicle's plate, a person's reference, a tank's
    number, a certificate's id. `problem` is empty for a code that held (signature, key, dates,
    kind); else the reader's stable word for why it did not. `revision` belongs to waybills,
    `card_version` to cards, `goods` (UN number, packing group, quantity, unit) to waybills.
    `photo_sha256` is the photo of a code that could not be read, where its number was typed.
    """

    kind: ScanKind
    presentation: Presentation
    subject: str
    at: datetime
    problem: str = ""
    revision: int | None = None
    card_version: int | None = None
    goods: tuple[tuple[str, str, int, str], ...] = ()
    # Absent, not empty, where there is none: what was stored before reads and writes as it was.
    photo_sha256: str | UnsetType = UNSET


class PlateItem(msgspec.Struct, frozen=True, kw_only=True, tag="plate", tag_field="type"):
    """The plate that somebody saw on the vehicle itself, not on its code."""

    unit: Literal["tractor", "trailer"]
    plate: str
    plate_colour: PlateColour
    how: Literal["typed", "photo"]
    at: datetime


class PresenceItem(msgspec.Struct, frozen=True, kw_only=True, tag="presence", tag_field="type"):
    """Whether the person named is here, as the loader saw: driver, escort or supervisor."""

    role: Literal["driver", "escort", "supervisor"]
    reference: str
    present: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedLine:
    """What really went in, per goods line. `quantity_l` where it was metered by volume.

    `temperature_c` and `density_kg_l` are those of the product while it was filled, where they
    were measured. `bay_id` is where it went in, where that was another bay than the check's, and
    `short_reason` why it is less than planned.
    """

    position: int
    quantity_kg: Decimal
    quantity_l: Decimal | None = None
    temperature_c: Decimal | None = None
    density_kg_l: Decimal | None = None
    bay_id: str | UnsetType = UNSET
    short_reason: str | UnsetType = UNSET


class LoadingItem(msgspec.Struct, frozen=True, kw_only=True, tag="loading", tag_field="type"):
    """The loading record (装货记录) as the bay staff enter it.

    `gross_mass_kg` is the weighbridge's figure for the whole combination, `None` where there is no
    weighbridge. `seals` are the numbers on the seals set; `no_seal_reason` is said where none is.
    """

    lines: tuple[LoadedLine, ...]
    started_at: datetime
    finished_at: datetime
    at: datetime
    gross_mass_kg: Decimal | None = None
    seals: tuple[str, ...] = ()
    no_seal_reason: str = ""


class BayArrivalItem(
    msgspec.Struct, frozen=True, kw_only=True, tag="bay_arrival", tag_field="type"
):
    """The vehicle at another bay of the facility, and what of the closing list was seen there.

    `confirmed` are the ids of the questions that were answered with yes, each at this bay.
    """

    bay_id: str
    confirmed: tuple[str, ...]
    at: datetime


class LoadingPartItem(
    msgspec.Struct, frozen=True, kw_only=True, tag="loading_part", tag_field="type"
):
    """What went in at one bay while other goods lines are still to come: no release yet.

    `next_bay_id` is the bay to which the vehicle goes on from there, where that was said.
    """

    bay_id: str
    lines: tuple[LoadedLine, ...]
    started_at: datetime
    finished_at: datetime
    at: datetime
    seals: tuple[str, ...] = ()
    next_bay_id: str | UnsetType = UNSET


class ConsentItem(msgspec.Struct, frozen=True, kw_only=True, tag="consent", tag_field="type"):
    """Whether the loading supervisor, by an own account, agrees that the load begins.

    `by` is the id of the account, `reference` the supervisor's (`s_…`).
    """

    by: str
    reference: str
    given: Literal["yes", "no"]
    at: datetime


class AnswerItem(msgspec.Struct, frozen=True, kw_only=True, tag="answer", tag_field="type"):
    """The answer to a question of the check list: whether it is as it must be.

    `question` is the id of a question of the law (`waybill.rules.questions`) or of a plant's own
    item.
    """

    question: str
    answer: Literal["yes", "no"]
    at: datetime


class PhotoItem(msgspec.Struct, frozen=True, kw_only=True, tag="photo", tag_field="type"):
    """A photo that was taken; `shows` is the id of the question or part that it belongs to."""

    shows: str
    sha256: str
    at: datetime


MAX_PHOTO_BYTES: Final = 1 << 20
"""How large a picture may be that is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The picture of a `PhotoItem` as it is kept: without what a camera adds, and no larger."""

    content: bytes
    media_type: str
    sha256: str


class OverrideItem(msgspec.Struct, frozen=True, kw_only=True, tag="override", tag_field="type"):
    """One authorised person lets a plant's own item pass; it takes two, and a reason.

    `by` is the id of the account. A legal rule is never overridden: the item is a plant's.
    """

    item: str
    by: str
    reason: str
    at: datetime


EvidenceItem: TypeAlias = (
    ScanItem
    | PlateItem
    | PresenceItem
    | LoadingItem
    | BayArrivalItem
    | LoadingPartItem
    | ConsentItem
    | AnswerItem
    | PhotoItem
    | OverrideItem
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """All items of one check, oldest first; of two that say the same thing the later one holds."""

    items: tuple[EvidenceItem, ...] = ()

    def scan(self, kind: ScanKind) -> ScanItem | None:
        """Return the newest scan of a kind."""
        newest = (i for i in reversed(self.items) if isinstance(i, ScanItem) and i.kind is kind)
        return next(newest, None)

    def scans(self, kind: ScanKind) -> tuple[ScanItem, ...]:
        """Return the scans of a kind that must all be answered for, oldest first.

        The newest, and the newest signed code before it: a number that anybody can type or print
        does not undo what a signed code said; only another signed code does.
        """
        found = [i for i in self.items if isinstance(i, ScanItem) and i.kind is kind]
        signed = [i for i in found if i.presentation is Presentation.SIGNED_QR]
        if not signed or signed[-1] is found[-1]:
            return tuple(found[-1:])
        return (signed[-1], found[-1])

    def plate(self, unit: Literal["tractor", "trailer"]) -> PlateItem | None:
        """Return the plate last seen on a unit."""
        given = (i for i in reversed(self.items) if isinstance(i, PlateItem) and i.unit == unit)
        return next(given, None)

    def presence(self, role: Literal["driver", "escort", "supervisor"]) -> PresenceItem | None:
        """Return what was last said about a person's presence."""
        given = (i for i in reversed(self.items) if isinstance(i, PresenceItem) and i.role == role)
        return next(given, None)

    def loading(self) -> LoadingItem | None:
        """Return the newest loading record."""
        return next((i for i in reversed(self.items) if isinstance(i, LoadingItem)), None)

    def answer(self, question: str) -> AnswerItem | None:
        """Return what was last answered to a question."""
        given = (
            i for i in reversed(self.items) if isinstance(i, AnswerItem) and i.question == question
        )
        return next(given, None)

    def photos(self, shows: str) -> tuple[PhotoItem, ...]:
        """Return the photos of a question or part, oldest first."""
        return tuple(i for i in self.items if isinstance(i, PhotoItem) and i.shows == shows)

    def overrides(self, item: str) -> tuple[OverrideItem, ...]:
        """Return who let a plant's item pass, oldest first."""
        return tuple(i for i in self.items if isinstance(i, OverrideItem) and i.item == item)
