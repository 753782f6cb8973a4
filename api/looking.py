"""The installation's key of draws and tags."""

from api.runtime import runtime
from waybill.services.looking.keys import LookingKey


def looking_key() -> LookingKey:
    """Return what draws of checks and codes of tags are made with."""
    return LookingKey.of(runtime().settings.pii_index_key)
