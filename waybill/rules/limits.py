"""Figures of the law that rules compare with: data with its source, not numbers inside a rule."""

from dataclasses import dataclass
from typing import Final

from waybill.rules.bases import FIRST_EDITION, UNREAD_27, order_29
from waybill.rules.rule import Basis


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A figure with its unit, its law, and whether that law was read for it."""

    key: str
    value: int
    unit: str
    basis: Basis
    edition: str
    confirmed: bool
    confirmed_note: str = ""


SCRAPPING_AGE: Final = Limit(
    key="scrapping_age",
    value=10,
    unit="years from first registration",
    basis=order_29("27(1)"),
    edition=FIRST_EDITION,
    confirmed=False,
    confirmed_note=f"Ten years are believed, not read. {UNREAD_27}",
)
TANK_SEALS: Final = Limit(
    key="tank_seals",
    value=1,
    unit="seals at least on a loaded tank",
    basis=order_29("30"),
    edition=FIRST_EDITION,
    confirmed=False,
    confirmed_note="Articles 28 to 30 of Order 29 were not read.",
)
PAST_MIDNIGHT: Final = Limit(
    key="past_midnight",
    value=4,
    unit="hours after the planned loading in which it may be cleared though the day has changed",
    basis=order_29("27(4)"),
    edition=FIRST_EDITION,
    confirmed=False,
    confirmed_note="How a waybill for the day is read after midnight is taken from practice.",
)
CLEARANCE_LIFETIME: Final = Limit(
    key="clearance_lifetime",
    value=8,
    unit="hours after the clearance in which loading must begin",
    basis=order_29("27(4)"),
    edition=FIRST_EDITION,
    confirmed=False,
    confirmed_note="That a clearance stands for one shift is taken from practice, not from law.",
)

LIMITS: Final = (SCRAPPING_AGE, TANK_SEALS, PAST_MIDNIGHT, CLEARANCE_LIFETIME)
