"""Entries of the log: what one must look like, and which event it names."""

import re
from typing import Final

from waybill.codec import canonical_json, parse_json
from waybill.transparency.entry import ENTRY_VERSION

# Canonical JSON of an entry has exactly one spelling, so that one pattern says all of it.
_ENTRY: Final = re.compile(
    rb'\{"body":"[0-9a-f]{64}",'
    rb'"id":"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})",'
    rb'"v":%d\}' % ENTRY_VERSION
)


def event_id_of(entry: bytes) -> bytes:
    """Return the 16 bytes of the event's id.

    Raises:
        ValueError: it is no entry of an event in canonical JSON; the message says what it is.
    """
    found = _ENTRY.fullmatch(entry)
    if found is None:
        raise ValueError(_why(entry))
    return bytes.fromhex(found[1].replace(b"-", b"").decode())


def _why(entry: bytes) -> str:
    try:
        value = parse_json(entry, allow_floats=False)
    except ValueError as error:
        return f"not JSON: {error}"
    if canonical_json(value) != entry:
        return "JSON, but not canonical"
    if not isinstance(value, dict) or value.get("v") != ENTRY_VERSION:
        return "not an entry of a version that is known"
    return "not of the members body, id and v in their form"
