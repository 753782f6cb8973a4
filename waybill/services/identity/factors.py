"""Second factors: what an account has, and the recovery codes for when it is lost.

A recovery code has ten characters of 31, some 49 bits, is good once, and is kept as a keyed hash.
"""

import secrets
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from waybill.registry.access import Role
from waybill.registry.factors import Factors, SecurityKey
from waybill.services.identity.secrets import Purpose, keyed_hash
from waybill.settings import Settings, SettingsError
from waybill.storage.factors import HalfSignInRow, RecoveryCodeRow, SecurityKeyRow, TotpRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import erase_value

RECOVERY_CODES: Final = 10
RECOVERY_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: people copy these by hand."""
HALF_CODE: Final = 5


def check_factor_roles(settings: Settings) -> None:
    """Refuse settings that name a role which there is not: nobody would be asked.

    Raises:
        SettingsError: names the role.
    """
    if unknown := sorted(settings.second_factor_roles - set(Role)):
        raise SettingsError(
            "WAYBILL_SECOND_FACTOR_ROLES",
            f"there is no role {unknown[0]}",
            f"没有角色 {unknown[0]}",
            "auditor,senior-auditor,admin",
        )


def factors_of(session: Session, row: UserRow, settings: Settings) -> Factors:
    """Return what an account has."""
    totp_since = session.scalar(
        select(TotpRow.confirmed_at).where(
            TotpRow.user_id == row.id, TotpRow.confirmed_at.is_not(None)
        )
    )
    keys = session.scalars(
        select(SecurityKeyRow).where(SecurityKeyRow.user_id == row.id).order_by(SecurityKeyRow.id)
    )
    left = session.scalar(
        select(func.count()).where(
            RecoveryCodeRow.user_id == row.id, RecoveryCodeRow.used_at.is_(None)
        )
    )
    return Factors(
        required=row.role.value in settings.second_factor_roles,
        totp_since=totp_since,
        keys=tuple(
            SecurityKey(
                id=key.id,
                name=key.name,
                created_at=key.created_at,
                last_used_at=key.last_used_at,
            )
            for key in keys
        ),
        recovery_codes_left=left or 0,
    )


def make_recovery_codes(
    session: Session, user_id: UUID, *, settings: Settings, now: datetime
) -> tuple[str, ...]:
    """Give an account ten new recovery codes; those it had end."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.user_id == user_id))
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    session.add_all(
        RecoveryCodeRow(user_id=user_id, code_hash=_code_hash(user_id, code, settings), made_at=now)
        for code in codes
    )
    session.flush()
    return codes


def use_recovery_code(
    session: Session, user_id: UUID, given: str, *, settings: Settings, now: datetime
) -> bool:
    """Use a recovery code up, and return whether it was one. The caller locked the account."""
    used = session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.user_id == user_id,
            RecoveryCodeRow.code_hash == _code_hash(user_id, given, settings),
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCodeRow.id)
    )
    return used.one_or_none() is not None


def remove_all(session: Session, user_id: UUID, now: datetime) -> None:
    """Take every factor, code and half sign-in from an account, whose lock the caller holds."""
    remove_totp(session, user_id, now)
    for table in (SecurityKeyRow, RecoveryCodeRow, HalfSignInRow):
        session.execute(delete(table).where(table.user_id == user_id))


def remove_totp(session: Session, user_id: UUID, now: datetime, *, but: UUID | None = None) -> None:
    """Take an account's authenticator away and destroy its secret; `but` is a row that stays."""
    for row in session.scalars(select(TotpRow).where(TotpRow.user_id == user_id)):
        if row.id != but:
            session.delete(row)
            session.flush()
            erase_value(session, row.secret_ref, now)


def _recovery_code() -> str:
    halves = ("".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(HALF_CODE)) for _ in "ab")
    return "-".join(halves)


def _code_hash(user_id: UUID, given: str, settings: Settings) -> bytes:
    plain = "".join(character for character in given.upper() if character in RECOVERY_ALPHABET)
    return keyed_hash(settings.secret_key, Purpose.RECOVERY_CODE, f"{user_id}\x00{plain}")
