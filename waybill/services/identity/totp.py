"""Authenticators: time-based one-time codes (RFC 6238), six digits of 30 seconds each.

One step before and one after the present one are taken too, for clocks that differ. A step of
which a code was taken is never taken again, nor any before it.
"""

import hmac
import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.errors import FieldProblem, InvalidFieldError, StateError
from waybill.registry.factors import NewTotp
from waybill.services.identity.factors import remove_totp
from waybill.settings import Settings
from waybill.storage.factors import TotpRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault, erase_value

SECRET_FIELD: Final = "totp-secret"  # noqa: S105  the name of a field
DIGITS: Final = 6
STEP_S: Final = 30
SKEW_STEPS: Final = 1


def begin_totp(
    session: Session,
    row: UserRow,
    *,
    vault: PersonalVault,
    settings: Settings,
    now: datetime,
) -> NewTotp:
    """Give an account a new secret, which counts once it is confirmed; one before it is forgotten.

    The secret lies encrypted where personal values lie, and is shown until it is confirmed.
    """
    _forget_pending(session, row.id, now)
    secret = pyotp.random_base32()
    reference = vault.protect(session, SECRET_FIELD, secret, now)
    session.add(TotpRow(user_id=row.id, secret_ref=reference, created_at=now))
    session.flush()
    return _new_totp(row, secret, settings)


def pending_totp(
    session: Session, row: UserRow, *, vault: PersonalVault, settings: Settings
) -> NewTotp:
    """Return the secret that waits to be confirmed.

    Raises:
        StateError: there is none.
    """
    return _new_totp(row, _secret(session, _pending(session, row.id), vault), settings)


def confirm_totp(
    session: Session, user_id: UUID, code: str, *, vault: PersonalVault, now: datetime
) -> None:
    """Let the pending secret count, because a code of it was given; one before it ends.

    Raises:
        StateError: none is pending.
        InvalidFieldError: the code is not the secret's.
    """
    row = _pending(session, user_id)
    step = matching_step(_secret(session, row, vault), code, now, after=None)
    if step is None:
        raise InvalidFieldError([WRONG_CODE])
    remove_totp(session, user_id, now, but=row.id)
    row.confirmed_at, row.last_step = now, step
    session.flush()


def use_totp(
    session: Session, user_id: UUID, code: str, *, vault: PersonalVault, now: datetime
) -> bool:
    """Use a code up, and return whether it was one. The caller holds the account's lock."""
    row = session.scalar(
        select(TotpRow).where(TotpRow.user_id == user_id, TotpRow.confirmed_at.is_not(None))
    )
    if row is None:
        return False
    step = matching_step(_secret(session, row, vault), code, now, after=row.last_step)
    if step is None:
        return False
    row.last_step = step
    session.flush()
    return True


def typed_code(text: str) -> str:
    """Return a code as it was meant: without spaces, in plain digits and letters."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def matching_step(secret: str, code: str, now: datetime, *, after: int | None) -> int | None:
    """Return the step of which a code is, later than `after`, or `None`."""
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    present = int(now.timestamp()) // STEP_S
    for step in range(present - SKEW_STEPS, present + SKEW_STEPS + 1):
        fits = hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())
        if fits and (after is None or step > after):
            return step
    return None


def _pending(session: Session, user_id: UUID) -> TotpRow:
    row = session.scalar(
        select(TotpRow).where(TotpRow.user_id == user_id, TotpRow.confirmed_at.is_(None))
    )
    if row is None:
        raise StateError(
            "没有待确认的验证器。",
            "No authenticator waits to be confirmed.",
            state="none",
            act="confirm",
            next_step_zh="请重新开始设置。",
            next_step_en="Begin setting it up again.",
        )
    return row


def _forget_pending(session: Session, user_id: UUID, now: datetime) -> None:
    pending = select(TotpRow).where(TotpRow.user_id == user_id, TotpRow.confirmed_at.is_(None))
    for row in session.scalars(pending):
        session.delete(row)
        session.flush()
        erase_value(session, row.secret_ref, now)


def _secret(session: Session, row: TotpRow, vault: PersonalVault) -> str:
    secret = vault.reveal(session, row.secret_ref)
    if secret is None:
        raise LookupError("an authenticator's secret was erased under it")
    return secret


def _new_totp(row: UserRow, secret: str, settings: Settings) -> NewTotp:
    totp = pyotp.TOTP(secret, digits=DIGITS, interval=STEP_S)
    issuer = f"Waybill {settings.issuer}"
    return NewTotp(secret=secret, uri=totp.provisioning_uri(name=row.username, issuer_name=issuer))


WRONG_CODE: Final = FieldProblem(
    pointer="/code",
    code="wrong-code",
    message_zh="验证码不正确。请等待验证器显示下一个验证码，并检查手机时间是否准确。",
    message_en="The code is not right. Wait for the next one, and check the phone's clock.",
)
