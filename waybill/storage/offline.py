"""Tables of work without network: the records that tablets sent, their items, their photos."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.registry.offline import RecordState, TabletDecision
from waybill.storage.base import Base, Words


class OfflineRecordRow(Base):
    """A record of a check without network, as it was signed, and what became of it; once each.

    `digest` is SHA-256 of the signed payload: a repeat is the same payload, whatever its
    signature. `person_id` is told by the device and may name nobody.
    """

    __tablename__ = "offline_record"
    __table_args__ = (
        Index("ix_offline_record_waybill_id_id", "waybill_id", "id"),
        Index("ix_offline_record_facility_id_id", "facility_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    number: Mapped[str] = mapped_column(String(16), unique=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"), index=True)
    facility_id: Mapped[UUID] = mapped_column(ForeignKey("facility.id"))
    received_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    sent: Mapped[str] = mapped_column(Text, deferred=True, repr=False)
    opened_at: Mapped[datetime]
    decided_at: Mapped[datetime]
    state: Mapped[RecordState]
    problems: Mapped[Words]
    reasons: Mapped[Words]
    standing: Mapped[Words]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    person_id: Mapped[UUID | None] = mapped_column(default=None)
    clock_offset_ms: Mapped[int | None] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), default=None
    )
    decision: Mapped[TabletDecision | None] = mapped_column(default=None)
    cleared: Mapped[bool | None] = mapped_column(default=None)
    waybill_id: Mapped[UUID | None] = mapped_column(ForeignKey("waybill.id"), default=None)
    check_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("loading_check.id"), index=True, default=None
    )
    case_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("case_file.id"), index=True, default=None
    )


class OfflineItemRow(Base):
    """That an item came in with a record; the same item is not kept twice."""

    __tablename__ = "offline_item"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    record_id: Mapped[UUID] = mapped_column(ForeignKey("offline_record.id"), index=True)


class OfflinePhotoRow(Base):
    """A photo that a record names and that comes later.

    `sha256` is of the bytes that the tablet sends; of what is kept of them `kept_sha256`.
    """

    __tablename__ = "offline_photo"
    __table_args__ = (Index("ix_offline_photo_device_id_sha256", "device_id", "sha256"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device_id: Mapped[UUID] = mapped_column(ForeignKey("device.id"))
    record_id: Mapped[UUID] = mapped_column(ForeignKey("offline_record.id"), index=True)
    check_id: Mapped[UUID | None] = mapped_column(ForeignKey("loading_check.id"), index=True)
    shows: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[UUID | None]
    received_at: Mapped[datetime | None] = mapped_column(default=None)
    kept_sha256: Mapped[str | None] = mapped_column(String(64), default=None)
