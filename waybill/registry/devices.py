"""Tablets of the bay: which one it is, how it stands, what it says of itself."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

PUBLIC_KEY_BYTES: Final = 65
"""An uncompressed point on P-256 (SEC 1, 2.3.3): `04`, x, y."""
MAX_STORAGE_BYTES: Final = 1 << 50
MAX_UNSENT: Final = 1_000_000


class DeviceStatus(StrEnum):
    """How a tablet stands; a revoked one never comes back, it is enrolled anew."""

    ACTIVE = "active"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A tablet that is asking. `prefix` begins every number it gives without network."""

    id: UUID
    organisation_id: UUID
    facility_id: UUID
    prefix: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    """What a tablet says of itself. `battery` is a whole per cent, `None` where it is not known."""

    app_version: str
    storage_used_bytes: int
    storage_quota_bytes: int
    unsent: int
    battery: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceState:
    """A tablet as its supervisor sees it; what it said last is `None` before its first word."""

    id: UUID
    organisation_id: UUID
    facility_id: UUID
    facility_name: str
    label: str
    prefix: str
    status: DeviceStatus
    enrolled_at: datetime
    enrolled_by: UUID
    revoked_at: datetime | None
    revoked_reason: str
    last_seen_at: datetime | None
    app_version: str
    storage_used_bytes: int | None
    storage_quota_bytes: int | None
    unsent: int | None
    battery: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """A code with which one tablet can be enrolled, once, until it expires; shown once."""

    id: UUID
    facility_id: UUID
    label: str
    expires_at: datetime
    code: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerDevice:
    """Which tablet one was that this installation has forgotten, as after an older backup."""

    device_id: UUID
    prefix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevice:
    """What a tablet sends to be enrolled; `public_key` as in `PUBLIC_KEY_BYTES`."""

    code: str = field(repr=False)
    public_key: bytes
    app_version: str
    former: FormerDevice | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Badge:
    """The badge of an account. `text` (what its QR code says) and `pin` are there once."""

    user_id: UUID
    label: str
    made_at: datetime
    text: str | None = field(default=None, repr=False)
    pin: str | None = field(default=None, repr=False)
