"""All tables, imported once so that `Base.metadata` knows them."""

from waybill.storage import desk, identity, keys, log, plant_items, registry, waybills
from waybill.storage.base import Base

MODULES = (desk, identity, keys, log, plant_items, registry, waybills)
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
    "clearance",
    "release",
)
"""Tables whose rows are never changed and never removed, not even by the application."""
