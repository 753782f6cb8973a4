"""The demonstration's tablets: codes that enrol them, badges and PINs of those who use them.

They are made anew whenever the demonstration starts. Its codes live for a day, so that the page on
which they stand does not go stale; those of an installation live for a quarter of an hour.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from sqlalchemy.orm import Session

from api.demo.trips import Stage
from waybill.services import devices
from waybill.settings import Settings

LIFETIME: Final = timedelta(days=1)
LABELS: Final = ("演示平板 1", "演示平板 2", "演示平板 3")
PINS: Final[Mapping[str, str]] = {"loader": "482915", "supervisor": "730258"}
"""Who has a badge in the demonstration, and the PIN that belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoBadge:
    """A badge of the demonstration: whose, what its code says, and its PIN."""

    account: str
    text: str
    pin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """What a tablet needs in the demonstration: each code enrols one of them."""

    codes: tuple[tuple[str, str], ...]
    badges: tuple[DemoBadge, ...]


def equip(session: Session, stage: Stage, settings: Settings) -> Equipment:
    """Make codes, badges and PINs; badges of an earlier start end, and sessions with them."""
    register, clock = stage.register, stage.terms.clock
    supervisor = register.users["supervisor"]
    codes = [
        devices.make_enrolment(
            session,
            supervisor,
            register.facility,
            label,
            settings=settings,
            clock=clock,
            lifetime=LIFETIME,
        )
        for label in LABELS
    ]
    badges = [
        devices.make_badge(
            session, supervisor, register.users[account].user_id, devices.new_pin(pin), clock=clock
        )
        for account, pin in PINS.items()
    ]
    return Equipment(
        codes=tuple((made.label, made.code) for made in codes),
        badges=tuple(
            DemoBadge(account=badge.label, text=badge.text or "", pin=badge.pin or "")
            for badge in badges
        ),
    )
