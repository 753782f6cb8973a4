"""What waits for the worker, and which tablets are silent: counts for whoever watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from waybill.registry.devices import DeviceStatus
from waybill.services.statistics.projecting import tallied_size
from waybill.storage.desk import ExportJobRow, ExportStatus
from waybill.storage.devices import DeviceRow
from waybill.storage.log import LogEntryRow
from waybill.storage.reports import OrderStatus, ReportOrderRow

SILENT_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Counts; `tablets_unsent` is what the tablets themselves said they had not sent yet."""

    tablets: int
    tablets_silent: int
    tablets_unsent: int
    exports_waiting: int
    reports_waiting: int
    counting_lag_entries: int


def waiting_now(session: Session, now: datetime) -> Waiting:
    """Return what waits at a moment."""
    device, job, order = DeviceRow, ExportJobRow, ReportOrderRow
    tablets, silent, unsent = session.execute(
        select(
            func.count(),
            func.count().filter(
                (device.last_seen_at.is_(None)) | (device.last_seen_at < now - SILENT_AFTER)
            ),
            func.coalesce(func.sum(device.unsent), 0),
        ).where(device.status == DeviceStatus.ACTIVE)
    ).one()
    exports = select(func.count()).where(
        job.status.in_([ExportStatus.REQUESTED, ExportStatus.RUNNING])
    )
    reports = select(func.count()).where(
        order.status.in_([OrderStatus.WAITING, OrderStatus.COUNTING])
    )
    newest = session.scalar(select(func.max(LogEntryRow.index)))
    size = 0 if newest is None else newest + 1
    return Waiting(
        tablets=tablets,
        tablets_silent=silent,
        tablets_unsent=int(unsent or 0),
        exports_waiting=session.scalar(exports) or 0,
        reports_waiting=session.scalar(reports) or 0,
        counting_lag_entries=max(0, size - tallied_size(session)),
    )
