"""Tables of what patterns found in the log: who or what stands out, and the events behind it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from waybill.storage.base import Base, JsonObject


class PatternSubject(StrEnum):
    """Whom or what a finding is about.

    The key is an id for accounts, organisations and waybills, plate and colour for vehicles, the
    number for tanks; people stand by their bare reference.
    """

    USER = "user"
    ORGANISATION = "organisation"
    WAYBILL = "waybill"
    PLATE = "plate"
    TANK = "tank"
    PERSON = "person"


class PatternFindingRow(Base):
    """Something a pattern found, reported once.

    `id` is made from what was found, so that finding it again changes no more than `detail` and
    the events that came since. `first_event` and `last_event` are those of them in the order of
    the log, `log_size` the size of the tree that was looked at.
    """

    __tablename__ = "pattern_finding"
    __table_args__ = (
        Index("ix_pattern_finding_found_at_id", "found_at", "id"),
        Index("ix_pattern_finding_code_found_at", "code", "found_at"),
        Index("ix_pattern_finding_subject_kind_subject_key", "subject_kind", "subject_key"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40))
    found_at: Mapped[datetime]
    subject_kind: Mapped[PatternSubject]
    subject_key: Mapped[str] = mapped_column(String(64))
    detail: Mapped[JsonObject]
    first_event: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    last_event: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
    log_size: Mapped[int] = mapped_column(BigInteger)


class PatternEventRow(Base):
    """One event behind a finding."""

    __tablename__ = "pattern_event"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("pattern_finding.id"), primary_key=True)
    log_index: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("log_entry.index"), primary_key=True
    )
