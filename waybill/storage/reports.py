"""Tables of reports and daily totals: canonical bytes and their signatures, as they were made."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from waybill.codec import new_id
from waybill.storage.base import Base


class OrderStatus(StrEnum):
    """Where the making of a report is."""

    WAITING = "waiting"
    COUNTING = "counting"
    DONE = "done"
    FAILED = "failed"


class ReportOrderRow(Base):
    """A report that somebody asked for; the worker makes it, section after section.

    `size` is the tree's at the first section, and every section speaks of it. `sections` holds
    what was counted so far.
    """

    __tablename__ = "report_order"
    __table_args__ = (
        CheckConstraint("from_on <= until_on", name="days_in_order"),
        CheckConstraint("(status = 'done') = (report_id IS NOT NULL)", name="done_has_report"),
        Index("ix_report_order_status_id", "status", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    ordered_at: Mapped[datetime]
    ordered_by: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"))
    from_on: Mapped[date]
    until_on: Mapped[date]
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.WAITING)
    size: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sections: Mapped[bytes] = mapped_column(LargeBinary, default=b"{}", repr=False)
    report_id: Mapped[UUID | None] = mapped_column(ForeignKey("report.id"), default=None)


class ReportRow(Base):
    """A report: canonical JSON, its SHA-256 (`digest`) and a detached JWS over the bytes."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_from_on_until_on", "from_on", "until_on"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default_factory=new_id)
    made_at: Mapped[datetime]
    from_on: Mapped[date]
    until_on: Mapped[date]
    size: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    digest: Mapped[str] = mapped_column(String(64))
    document_jws: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))


class DailyTotalRow(Base):
    """The totals of one day (Asia/Shanghai), closed for ever: entries up to before `size`.

    Each day begins where the day before ended, so the days together are the whole log.
    """

    __tablename__ = "daily_total"

    day: Mapped[date] = mapped_column(primary_key=True)
    closed_at: Mapped[datetime]
    size: Mapped[int] = mapped_column(BigInteger)
    content: Mapped[bytes] = mapped_column(LargeBinary, repr=False)
    digest: Mapped[str] = mapped_column(String(64))
    document_jws: Mapped[str] = mapped_column(Text)
    kid: Mapped[str] = mapped_column(String(40))
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"))
