"""What a tablet keeps of the server's: the arrivals it expects, and what they are proven by.

The bundle that the tablet downloads has more (texts, goods, signs); this is what a decision without
network reads of it (`scanners.offline`).
"""

from datetime import datetime

import msgspec

from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import ScanKind
from waybill.rules.lifecycle import WaybillStatus


class ExpectedCard(msgspec.Struct, frozen=True, kw_only=True):
    """What must be shown: `subject` is a plate, a number or a person's reference.

    `valid_until` is the first moment at which a certificate of it is over, `None` where none ends.
    """

    subject: str
    card_version: int
    valid_until: datetime | None = None


class ExpectedPlate(msgspec.Struct, frozen=True, kw_only=True):
    """The plate that must be on the vehicle itself."""

    plate: str
    colour: PlateColour


class ExpectedPlates(msgspec.Struct, frozen=True, kw_only=True):
    """The plates of the combination."""

    tractor: ExpectedPlate
    trailer: ExpectedPlate | None = None


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """Whose cards must be shown; `None` is what must not be there."""

    vehicle: ExpectedCard
    driver: ExpectedCard
    escort: ExpectedCard | None = None
    trailer: ExpectedCard | None = None
    tank: ExpectedCard | None = None

    def card(self, kind: ScanKind) -> ExpectedCard | None:
        """Return the card of a kind."""
        cards = {
            ScanKind.VEHICLE: self.vehicle,
            ScanKind.TRAILER: self.trailer,
            ScanKind.DRIVER: self.driver,
            ScanKind.ESCORT: self.escort,
            ScanKind.TANK: self.tank,
        }
        return cards.get(kind)


class PreClearance(msgspec.Struct, frozen=True, kw_only=True):
    """How the server judged the arrival ahead.

    `would_clear` says that nothing stands but what the bay alone can show, from `judged_at` to
    `good_until`; after that nobody knows.
    """

    judged_at: datetime
    good_until: datetime
    would_clear: bool


class AskedAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Something that must be answered before loading, and with what it may be."""

    id: str
    answers: tuple[str, ...] = ("yes", "no")
    photo: bool = False


class Arrival(msgspec.Struct, frozen=True, kw_only=True):
    """What the bundle says of one expected waybill, as far as a decision needs it."""

    waybill_id: str
    revision: int
    status: WaybillStatus
    valid_from: datetime
    valid_until: datetime
    plates: ExpectedPlates
    expected: Expected
    preclearance: PreClearance
    asked: tuple[AskedAnswer, ...]


class Supervisor(msgspec.Struct, frozen=True, kw_only=True):
    """A loading supervisor of the loader: `user_id` is the account, where there is one."""

    subject: str
    card_version: int
    valid_until: datetime | None = None
    user_id: str | None = None


class Revocation(msgspec.Struct, frozen=True, kw_only=True):
    """What counts no more: a waybill by its `jti` or a card's `subject`. Keys are for verifying."""

    since: datetime
    jti: str | None = None
    subject: str | None = None
    kid: str | None = None


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """From when the keys and revocations are, and until when they may be used."""

    fetched_at: datetime
    good_until: datetime


class Bundle(msgspec.Struct, frozen=True, kw_only=True):
    """What a tablet keeps beside the arrivals, as far as a decision needs it."""

    made_at: datetime
    good_until: datetime
    trust: Trust
    # Asked unless the bundle says that it is not.
    supervisor_consents: bool = True
    supervisors: tuple[Supervisor, ...] = ()
    revocations: tuple[Revocation, ...] = ()
