"""Access tokens: who is asking, by a signed token that lives for minutes.

The token names account and session and nothing that could go stale: role, organisation and
whether both still count are read from the database. What was read is remembered for
`STATE_LIFETIME` and good for reading only, so a deactivated account cannot write from the moment
it is deactivated, and cannot read a few seconds later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Final
from uuid import UUID

import jwt
from sqlalchemy import Uuid, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from waybill.errors import AuthenticationError
from waybill.registry.access import AT_A_BAY, ROLE_PERMISSIONS, Actor, Role
from waybill.registry.devices import DeviceStatus
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.settings import Settings
from waybill.storage.base import Instant
from waybill.storage.devices import BaySessionRow, DeviceRow
from waybill.storage.identity import RefreshTokenRow, UserRow
from waybill.storage.prepared import Prepared

ALGORITHM: Final = "HS256"
AUDIENCE: Final = "waybill-api"
TOKEN_TYPE: Final = "at+jwt"  # noqa: S105  RFC 9068's name for the kind
MAX_TOKEN_CHARACTERS: Final = 2048
REQUIRED_CLAIMS: Final = ["iss", "aud", "sub", "sid", "iat", "exp", "ver"]
STATE_LIFETIME: Final = timedelta(seconds=10)
MAX_STATES: Final = 10_000


_USER_ID: Final = bindparam("user_id", type_=Uuid())
_FAMILY: Final = bindparam("family", type_=Uuid())
_SESSION_LIVES: Final = exists().where(
    RefreshTokenRow.family == _FAMILY,
    RefreshTokenRow.user_id == _USER_ID,
    RefreshTokenRow.revoked_at.is_(None),
    RefreshTokenRow.expires_at > bindparam("now", type_=Instant()),
)
# Each request that writes asks it.
_ACCOUNT_STATE: Final = Prepared(
    select(
        UserRow.organisation_id,
        UserRow.role,
        UserRow.person_id,
        UserRow.credentials_changed_at,
        BaySessionRow.device_id,
    )
    .select_from(UserRow)
    .outerjoin(BaySessionRow, BaySessionRow.family == _FAMILY)
    .outerjoin(DeviceRow, DeviceRow.id == BaySessionRow.device_id)
    .where(
        UserRow.id == _USER_ID,
        UserRow.active,
        _SESSION_LIVES,
        or_(DeviceRow.id.is_(None), DeviceRow.status == DeviceStatus.ACTIVE),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessClaims:
    """What a token says: account, session (a family of refresh tokens), state of the password."""

    user_id: UUID
    family: UUID
    credentials_version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """What the database says of an account and one of its sessions."""

    actor: Actor
    credentials_version: int


def issue_access_token(claims: AccessClaims, *, settings: Settings, now: datetime) -> str:
    """Sign a token that is good for the settings' minutes."""
    issued_at_s = int(now.timestamp())
    payload = {
        "iss": settings.issuer,
        "aud": AUDIENCE,
        "sub": str(claims.user_id),
        "sid": str(claims.family),
        "ver": claims.credentials_version,
        "iat": issued_at_s,
        "exp": issued_at_s + int(settings.access_token_lifetime.total_seconds()),
    }
    key = derive_key(settings.secret_key, Purpose.ACCESS_TOKEN)
    return jwt.encode(payload, key, algorithm=ALGORITHM, headers={"typ": TOKEN_TYPE})


def read_access_token(token: str, *, settings: Settings, now: datetime) -> AccessClaims:
    """Verify a token's signature, kind, audience, issuer and dates.

    The dates are judged by `now`, because PyJWT would ask the machine's clock.

    Raises:
        AuthenticationError: anything is wrong; which, is not said.
    """
    if len(token) > MAX_TOKEN_CHARACTERS:
        raise refused_token()
    try:
        decoded = jwt.decode_complete(
            token,
            derive_key(settings.secret_key, Purpose.ACCESS_TOKEN),
            algorithms=[ALGORITHM],
            audience=AUDIENCE,
            issuer=settings.issuer,
            options={
                "require": REQUIRED_CLAIMS,
                "strict_aud": True,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
        if decoded["header"].get("typ") != TOKEN_TYPE:
            raise refused_token()
        payload = decoded["payload"]
        issued_at_s, expires_s = _whole(payload["iat"]), _whole(payload["exp"])
        claims = AccessClaims(
            user_id=UUID(payload["sub"]),
            family=UUID(payload["sid"]),
            credentials_version=_whole(payload["ver"]),
        )
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise refused_token() from error
    if not issued_at_s <= now.timestamp() < expires_s:
        raise refused_token()
    return claims


def _whole(value: object) -> int:
    if type(value) is not int:
        raise TypeError("expected a whole number")
    return value


def load_account_state(
    session: Session, user_id: UUID, family: UUID, *, now: datetime
) -> AccountState | None:
    """Read what an account may do, `None` where it or its session no longer counts.

    A session that was opened at a tablet counts as long as the tablet does.
    """
    asked = {"user_id": user_id, "family": family, "now": now}
    found = _ACCOUNT_STATE.rows(session, asked)
    if not found:
        return None
    ((organisation_id, role, person_id, changed_at, device_id),) = found
    actor = _actor(user_id, organisation_id, role, person_id, device_id)
    return AccountState(actor=actor, credentials_version=_version(changed_at))


def actor_of(row: UserRow, *, device_id: UUID | None = None) -> Actor:
    """Return who an account is and all that its role allows, at a tablet what is the bay's."""
    return _actor(row.id, row.organisation_id, row.role, row.person_id, device_id)


def _actor(
    user_id: UUID, organisation_id: UUID, role: Role, person_id: UUID | None, device_id: UUID | None
) -> Actor:
    permissions = ROLE_PERMISSIONS[role]
    return Actor(
        user_id=user_id,
        organisation_id=organisation_id,
        role=role,
        permissions=permissions if device_id is None else permissions & AT_A_BAY,
        person_id=person_id,
        device_id=device_id,
    )


def credentials_version(row: UserRow) -> int:
    """Return a number that changes with the password and with deactivation."""
    return _version(row.credentials_changed_at)


def _version(changed_at: datetime | None) -> int:
    return 0 if changed_at is None else int(changed_at.timestamp() * 1000)


def refused_token() -> AuthenticationError:
    """Return the one answer to every credential that does not count."""
    return AuthenticationError(
        "登录凭证无效或已过期。",
        "The credential is not valid or has expired.",
        next_step_zh="请重新登录。",
        next_step_en="Sign in again.",
    )


class AccountStates:
    """Remembers account states for a few seconds, for reading only. Shared by threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[tuple[UUID, UUID], tuple[datetime, AccountState]] = {}

    def find(self, user_id: UUID, family: UUID, *, now: datetime) -> AccountState | None:
        """Return a state that was read a moment ago, `None` where it must be read again."""
        with self._lock:
            found = self._states.get((user_id, family))
        if found is None or not timedelta(0) <= now - found[0] < STATE_LIFETIME:
            return None
        return found[1]

    def remember(self, family: UUID, state: AccountState, *, now: datetime) -> None:
        """Keep a state that has just been read."""
        with self._lock:
            if len(self._states) >= MAX_STATES:
                self._states.clear()
            self._states[(state.actor.user_id, family)] = (now, state)

    def forget(self, user_id: UUID) -> None:
        """Drop what is remembered of an account: its rights have just changed."""
        with self._lock:
            for key in [key for key in self._states if key[0] == user_id]:
                del self._states[key]
