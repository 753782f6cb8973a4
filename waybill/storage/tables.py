"""All tables, imported once so that `Base.metadata` knows them."""

from waybill.storage import (
    cases,
    desk,
    devices,
    factors,
    identity,
    keys,
    log,
    looking,
    measures,
    offline,
    patterns,
    personal_rows,
    plant_items,
    registry,
    reports,
    tally,
    waybills,
)
from waybill.storage.base import Base

MODULES = (
    cases,
    desk,
    devices,
    factors,
    identity,
    keys,
    log,
    looking,
    measures,
    offline,
    patterns,
    personal_rows,
    plant_items,
    registry,
    reports,
    tally,
    waybills,
)
METADATA = Base.metadata

APPEND_ONLY = (
    "event",
    "event_subject",
    "log_entry",
    "log_tile",
    "log_checkpoint",
    "log_identity",
    "log_cosignature",
    "registry_version",
    "waybill_revision",
    "verdict",
    "check_evidence",
    "check_plant_item",
    "check_abort",
    "check_looking",
    "check_look",
    "clearance",
    "release",
    "case_note",
    "measure_step",
    "retention_run",
    "report",
    "daily_total",
    "offline_record",
    "offline_item",
)
"""Tables whose rows are never changed and never removed, not even by the application.

Of `pii` and `check_photo` what is personal may go, and nothing else change.
"""
