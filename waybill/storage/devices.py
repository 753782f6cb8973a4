"""Tables of the bay's tablets: codes that enrol them, the tablets, badges, and who signed on."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.devices import DeviceStatus
from waybill.storage.base import Base


class DeviceRow(Base):
    """A tablet, known by the public key whose private half never leaves it.

    `prefix` begins the numbers it gives without network, so no two tablets give the same.
    `public_key` is an uncompressed point (65 bytes). What it said last of itself is overwritten at
    each heartbeat and is no decision; enrolment and revocation stand in the log.
    """

    __tablename__ = "device"
    __table_args__ = (
        CheckConstraint("(status = 'revoked') = (revoked_at IS NOT NULL)", name="revoked_has_time"),
        Index("ix_device_organisation_id_id", "organisation_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    label: Mapped[str] = mapped_column(String(60))
    prefix: Mapped[str] = mapped_column(String(8), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(65), unique=True, repr=False)
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    status: Mapped[DeviceStatus] = mapped_column(default=DeviceStatus.ACTIVE)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_reason: Mapped[str] = mapped_column(String(300), default="")
    last_seen_at: Mapped[datetime | None] = mapped_column(default=None)
    app_version: Mapped[str] = mapped_column(String(40), default="")
    storage_used_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    storage_quota_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    unsent: Mapped[int | None] = mapped_column(default=None)
    battery: Mapped[int | None] = mapped_column(default=None)


class DeviceEnrolmentRow(Base):
    """A one-time code that enrols one tablet; of the code a keyed hash is kept."""

    __tablename__ = "device_enrolment"
    __table_args__ = (
        CheckConstraint("(used_at IS NULL) = (device_id IS NULL)", name="used_has_device"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    label: Mapped[str] = mapped_column(String(60))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    device_id: Mapped[UUID | None] = mapped_column(ForeignKey("device.id"), default=None)


class BadgeRow(Base):
    """The badge of an account and its PIN: one each; making a new one ends the old.

    Of the badge's text (a random secret) the SHA-256 is kept, of the PIN an Argon2 hash. A PIN is
    counted in `failures` before it is compared and the count is taken back when it was right;
    until `locked_until` none is looked at.
    """

    __tablename__ = "badge"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    badge_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True, repr=False)
    pin_hash: Mapped[str] = mapped_column(String(200), repr=False)
    made_at: Mapped[datetime]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(default=None)


class BaySessionRow(Base):
    """Somebody signed on at a tablet. `family` is the session of its access tokens.

    Whether its tokens still count is said by the family's row in `refresh_token`, as of any
    session; so whatever ends an account's sessions ends this one, and `ended_at` says when.
    """

    __tablename__ = "bay_session"
    __table_args__ = (
        Index("ix_bay_session_device_id_user_id", "device_id", "user_id"),
        Index("ix_bay_session_user_id", "user_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    family: Mapped[UUID] = mapped_column(unique=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
