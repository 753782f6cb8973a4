"""How often somebody may fail to sign in, or report as the public.

One-time codes of tablets are counted per address, badges that nobody has per tablet.

Passwords are counted per account and place (the address, of IPv6 the network), so that whoever
guesses from elsewhere keeps nobody out, and besides per account and per address as a whole, so that
many guesses are not had by many addresses or many names. From a browser in which the account came
in before, they are counted for that browser alone: no crowd of strangers locks its owner out.

An attempt is counted before its password is looked at and taken back when it succeeds. Attempts
that run side by side therefore count each other, and none gets a free try: on PostgreSQL a lock on
each subject lasts until the count is committed, on SQLite the write lock does.
"""

import hmac
import math
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import Session

from waybill.errors import ThrottledError
from waybill.registry.terms import REPORTS_PER_ADDRESS
from waybill.storage.identity import SignInAttemptRow
from waybill.storage.session import lock_names

WINDOW: Final = timedelta(minutes=15)
MAX_PER_PLACE: Final = 10
"""Of one account, from one address or in one browser."""
MAX_PER_ACCOUNT: Final = 100
"""Of one account from everywhere: some ten thousand guesses a day."""
MAX_PER_ADDRESS: Final = 100
"""A plant's people share one address, so it may fail far more often than one account."""
MAX_CODES_PER_ADDRESS: Final = 10
"""Guesses at a tablet's one-time code, of 31^8, within its fifteen minutes."""
MAX_BADGES_PER_DEVICE: Final = 30
MAX_LOG_INS_BEGUN: Final = 300
"""At a provider, from one address: each leaves a row for ten minutes."""
MAX_SECOND_STEPS: Final = 5
"""Wrong second steps of an account: against three codes of 10^6 that are good at any time."""
BROWSER_BYTES: Final = 16
IPV6_HOME_BITS: Final = 64
"""What one household or one office is given: whoever has one IPv6 address has 2^64 of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A sign-in that has been counted and not yet decided; subjects are keyed hashes.

    `own` is the account at this place or in this browser, whose failures a success forgives.
    """

    account: str
    own: str
    counted: tuple[UUID, ...]


def count_attempt(
    session: Session,
    username: str,
    address: str,
    *,
    browser: str | None = None,
    key: bytes,
    now: datetime,
) -> Attempt:
    """Count an attempt, unless there were too many already.

    `browser` is the mark of a browser in which this account came in before, see `known_browser`,
    or the session in which it is in.

    Raises:
        ThrottledError: too many failures in the window; nothing more is counted.
    """
    place = _neighbourhood(address)
    account = _subject(key, "account", username)
    if browser is None:
        own = _subject(key, "account-at", f"{username}\x00{place}")
        limits = {
            own: MAX_PER_PLACE,
            account: MAX_PER_ACCOUNT,
            _subject(key, "address", place): MAX_PER_ADDRESS,
        }
    else:
        own = _subject(key, "account-in", f"{username}\x00{browser}")
        limits = {own: MAX_PER_PLACE}
    lock_names(session, limits)
    _forget_old(session, now)
    for subject, limit in limits.items():
        _refuse_excess(session, subject, limit, now)
    rows = [SignInAttemptRow(subject=subject, at=now) for subject in limits]
    session.add_all(rows)
    session.flush()
    return Attempt(account=account, own=own, counted=tuple(row.id for row in rows))


def new_browser_mark(username: str, *, key: bytes) -> str:
    """Return the mark by which a browser is known again in which an account has come in.

    It opens nothing. It holds 128 random bits and, by their keyed hash, for which account it is.
    """
    nonce = secrets.token_hex(BROWSER_BYTES)
    return f"{nonce}.{_browser_proof(key, username, nonce)}"


def known_browser(mark: str, username: str, *, key: bytes) -> str | None:
    """Return which browser a mark names, `None` where it is not one of this account."""
    nonce, _, proof = mark.partition(".")
    expected = _browser_proof(key, username, nonce)
    return nonce if hmac.compare_digest(proof.encode(), expected.encode()) else None


def count_second_step(
    session: Session, user_id: UUID, *, browser: str | None = None, key: bytes, now: datetime
) -> str:
    """Count a code that was given as the second step of an account.

    `browser` is the mark of a browser in which this account came in before, see `known_browser`:
    it has a count of its own, so that who found out the password uses up nobody else's.

    Returns:
        What `forgive_second_steps` takes back.

    Raises:
        ThrottledError: too many in the window; nothing more is counted.
    """
    subject = _subject(key, "second-step", f"{user_id}\x00{browser or ''}")
    _count(session, subject, MAX_SECOND_STEPS, now)
    return subject


def forgive_second_steps(session: Session, counted: str) -> None:
    """Take back what was counted beside a second step that was right."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.subject == counted))


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


def count_log_in_begun(session: Session, address: str, *, key: bytes, now: datetime) -> None:
    """Count a log-in at a provider that begins.

    Raises:
        ThrottledError: too many in the window; nothing more is counted.
    """
    _count(session, _subject(key, "sso", _neighbourhood(address)), MAX_LOG_INS_BEGUN, now)


def forgive_one(session: Session, counted: UUID) -> None:
    """Take back one count: it was right."""
    session.execute(delete(SignInAttemptRow).where(SignInAttemptRow.id == counted))


def forgive(session: Session, attempt: Attempt) -> None:
    """Take back what a successful sign-in does not count: its own failures, and itself."""
    mine = or_(SignInAttemptRow.subject == attempt.own, SignInAttemptRow.id.in_(attempt.counted))
    session.execute(delete(SignInAttemptRow).where(mine))


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


def _browser_proof(key: bytes, username: str, nonce: str) -> str:
    return _subject(key, "browser", f"{username}\x00{nonce}")


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
