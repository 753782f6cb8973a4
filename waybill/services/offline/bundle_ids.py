"""The id of a bundle: when the server made it and for which tablet, sealed, so that none is kept.

A record names the bundle by which a tablet decided. Its moment bounds the tablet's clock from
below, and nobody but the server can make one: `<milliseconds>.<MAC>`.
"""

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from waybill.codec import b64url_encode
from waybill.services.identity.secrets import Purpose, derive_key

MAC_BYTES: Final = 16
_ID: Final = re.compile(r"([0-9]{13})\.([A-Za-z0-9_-]{22})")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


def bundle_id(secret_key: str, device_id: UUID, made_at: datetime) -> str:
    """Return the id of a bundle that is made now; its moment counts to the millisecond."""
    milliseconds = (made_at - _EPOCH) // _MILLISECOND
    return f"{milliseconds}.{_mac(secret_key, device_id, milliseconds)}"


def bundle_made_at(secret_key: str, device_id: UUID, text: str) -> datetime | None:
    """Return when a bundle was made, `None` where this server made no such one for the device."""
    match = _ID.fullmatch(text)
    if match is None:
        return None
    milliseconds = int(match[1])
    if not hmac.compare_digest(_mac(secret_key, device_id, milliseconds), match[2]):
        return None
    return _EPOCH + milliseconds * _MILLISECOND


def _mac(secret_key: str, device_id: UUID, milliseconds: int) -> str:
    key = derive_key(secret_key, Purpose.TABLET_BUNDLE)
    whole = hmac.digest(key, f"{device_id}\x00{milliseconds}".encode(), "sha256")
    return b64url_encode(whole[:MAC_BYTES])
