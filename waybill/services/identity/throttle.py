"""How often somebody may fail to sign in, per account and address, or report as the public.

One-time codes of tablets are counted per address, badges that nobody has per tablet.

An attempt is counted before its password is looked at and taken back when it succeeds. Attempts
that run side by side therefore count each other, and none gets a free try: on PostgreSQL a lock on
each subject lasts until the count is committed, on SQLite the write lock does.
"""

import hmac
import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from waybill.errors import ThrottledError
from waybill.registry.terms import REPORTS_PER_ADDRESS
from waybill.storage.identity import SignInAttemptRow
from waybill.storage.session import lock_names

WINDOW: Final = timedelta(minutes=15)
MAX_PER_ACCOUNT: Final = 10
MAX_PER_ADDRESS: Final = 100
"""A plant's people share one address, so it may fail far more often than one account."""
MAX_CODES_PER_ADDRESS: Final = 10
"""Guesses at a tablet's one-time code, of 31^8, within its fifteen minutes."""
MAX_BADGES_PER_DEVICE: Final = 30
IPV6_HOME_BITS: Final = 64
"""What one household or one office is given: whoever has one IPv6 address has 2^64 of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in that has been counted and not yet decided; both subjects are keyed hashes."""

    account: str
    address: str
    address_row: UUID


def count_attempt(
    session: Session, username: str, address: str, *, key: bytes, now: datetime
) -> Attempt:
    """Count an attempt, unless there were too many already.

    Raises:
        ThrottledError: too many failures in the window; nothing more is counted.
    """
    account_subject = _subject(key, "account", username)
    address_subject = _subject(key, "address", _neighbourhood(address))
    lock_names(session, (account_subject, address_subject))
    _forget_old(session, now)
    _refuse_excess(session, account_subject, MAX_PER_ACCOUNT, now)
    _refuse_excess(session, address_subject, MAX_PER_ADDRESS, now)
    row = SignInAttemptRow(subject=address_subject, at=now)
    session.add_all([SignInAttemptRow(subject=account_subject, at=now), row])
    session.flush()
    return Attempt(account=account_subject, address=address_subject, address_row=row.id)


def count_report(session: Session, address: str, *, key: bytes, now: datetime) -> None:
    """Count a report of the public against its address.

    Raises:
        ThrottledError: too many in the window; nothing more is counted.
    """
    _count(session, _subject(key, "report", _neighbourhood(address)), REPORTS_PER_ADDRESS, now)


def count_device_code(session: Session, address: str, *, key: bytes, now: datetime) -> UUID:
    """Count a one-time code that a tablet was given, and return what `forgive_one` takes back.

    Raises:
        ThrottledError: too many in the window; nothing more is counted.
    """
    subject = _subject(key, "device-code", _neighbourhood(address))
    return _count(session, subject, MAX_CODES_PER_ADDRESS, now)


def count_badge(session: Session, device_id: UUID, *, key: bytes, now: datetime) -> UUID:
    """Count a badge that was shown to a tablet, and return what `forgive_one` takes back.

    Raises:
        ThrottledError: too many in the window; nothing more is counted.
    """
    subject = _subject(key, "device-badge", str(device_id))
    return _count(session, subject, MAX_BADGES_PER_DEVICE, now)


def forgive_one(session: Session, counted: UUID) -> None:
    """Take back one count: it was right."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.id == counted))


def forgive(session: Session, attempt: Attempt) -> None:
    """Take back what a successful sign-in does not count: the account's failures, and itself."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.subject == attempt.account))
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.id == attempt.address_row))


def _count(session: Session, subject: str, limit: int, now: datetime) -> UUID:
    lock_names(session, (subject,))
    _forget_old(session, now)
    _refuse_excess(session, subject, limit, now)
    row = SignInAttemptRow(subject=subject, at=now)
    session.add(row)
    session.flush()
    return row.id


def _forget_old(session: Session, now: datetime) -> None:
    # Two that clean up at once would wait for each other's rows in different order.
    old = (
        select(SignInAttemptRow.id)
        .where(SignInAttemptRow.at <= now - WINDOW)
        .with_for_update(skip_locked=True)
    )
    session.execute(
        delete(SignInAttemptRow).where(SignInAttemptRow.id.in_(old)),
        execution_options={"synchronize_session": False},
    )


def _refuse_excess(session: Session, subject: str, limit: int, now: datetime) -> None:
    count, oldest = session.execute(
        select(func.count(), func.min(SignInAttemptRow.at)).where(
            SignInAttemptRow.subject == subject, SignInAttemptRow.at > now - WINDOW
        )
    ).one()
    if count >= limit:
        raise ThrottledError(max(1, math.ceil((oldest + WINDOW - now).total_seconds())))


def _neighbourhood(address: str) -> str:
    """Return the address, or of an IPv6 address the network that its owner chooses from."""
    with suppress(ValueError):
        parsed = ip_address(address)
        if isinstance(parsed, IPv6Address):
            mapped = parsed.ipv4_mapped
            return str(mapped or ip_network((parsed, IPV6_HOME_BITS), strict=False))
    return address


def _subject(key: bytes, kind: str, name: str) -> str:
    return hmac.new(key, f"{kind}\x00{name}".encode(), "sha256").hexdigest()
