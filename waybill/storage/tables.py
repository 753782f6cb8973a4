"""All tables, imported once so that `Base.metadata` knows them."""

from waybill.storage import (
    cases,
    desk,
    devices,
    identity,
    keys,
    log,
    looking,
    measures,
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
    identity,
    keys,
    log,
    looking,
    measures,
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
    "check_photo",
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
)
"""Tables whose rows are never changed and never removed, not even by the application."""
