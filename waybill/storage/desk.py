"""Tables of the auditor's desk: searches that are kept by name, and exports as they are made."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.storage.base import Base, JsonObject, Words


class ExportStatus(StrEnum):
    """How far an export is. A cancelled, failed or expired one has no file."""

    REQUESTED = "requested"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"
    EXPIRED = "expired"


class SavedSearchRow(Base):
    """A search of the log under a name. `query` holds no personal value, only its keyed hash."""

    __tablename__ = "saved_search"
    __table_args__ = (Index("ix_saved_search_owner_id_id", "owner_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(100))
    query: Mapped[JsonObject]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class ExportJobRow(Base):
    """An export of a search: what was asked for, how far it is, and the file that came of it.

    `upper_id` bounds it: events that are recorded while it runs are not part of it. `size` is in
    bytes and `sha256` hexadecimal, both of the file. `fault` says in a word why it failed.
    """

    __tablename__ = "export_job"
    __table_args__ = (
        Index("ix_export_job_owner_id_id", "owner_id", "id"),
        Index("ix_export_job_status_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    requested_at: Mapped[datetime]
    query: Mapped[JsonObject]
    formats: Mapped[Words]
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    upper_id: Mapped[UUID]
    status: Mapped[ExportStatus] = mapped_column(default=ExportStatus.REQUESTED)
    rows_done: Mapped[int] = mapped_column(BigInteger, default=0)
    rows_estimated: Mapped[int | None] = mapped_column(BigInteger, default=None)
    started_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    size: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sha256: Mapped[str | None] = mapped_column(String(64), default=None)
    fault: Mapped[str] = mapped_column(String(100), default="")
