"""Signing in: through which door, and what proves beside the password who it is."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Door(StrEnum):
    """Where a password is asked for: to come in, or before one's own is changed."""

    API = "api"
    PAGES = "pages"
    OWN_PASSWORD = "own-password"  # noqa: S105  a place, not a secret


class Factor(StrEnum):
    """What can be asked for as a second step."""

    TOTP = "totp"
    SECURITY_KEY = "security-key"
    RECOVERY_CODE = "recovery-code"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityKey:
    """A security key of an account, under the name its owner gave it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Factors:
    """What an account has as a second factor, and whether its role must have one."""

    required: bool
    totp_since: datetime | None
    keys: tuple[SecurityKey, ...]
    recovery_codes_left: int

    @property
    def any(self) -> bool:
        """Whether signing in takes a second step. Recovery codes alone are no factor."""
        return self.totp_since is not None or bool(self.keys)

    @property
    def methods(self) -> tuple[Factor, ...]:
        """What can be given as the second step."""
        given = {
            Factor.TOTP: self.totp_since is not None,
            Factor.SECURITY_KEY: bool(self.keys),
            Factor.RECOVERY_CODE: self.any and self.recovery_codes_left > 0,
        }
        return tuple(factor for factor, there in given.items() if there)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTotp:
    """A secret on its way into an authenticator; it counts once a code of it was given.

    `uri` is what the QR code says (the de facto Key URI Format of Google Authenticator).
    """

    secret: str = field(repr=False)
    uri: str = field(repr=False)
