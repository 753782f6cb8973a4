"""The code of a presence tag: `WBP1.`, the tag's id and a seal over it, in letters a QR code likes.

The seal is HMAC-SHA-256 under the installation's key, cut to 80 bits: a code cannot be made up, and
none is stored. It can be copied, as any code on a wall; what is told of that is in `coaching`.
"""

import base64
import hmac
import re
from typing import Final
from uuid import UUID

PREFIX: Final = "WBP1."
_SEAL_BYTES: Final = 10
_CODE: Final = re.compile(r"WBP1\.([A-Z2-7]{26})([A-Z2-7]{16})")
_PADDING: Final = "======"
"""What base32 wants after 26 letters; the code leaves it away."""


def tag_code(key: bytes, tag_id: UUID) -> str:
    """Return the text of a tag's code."""
    written = base64.b32encode(tag_id.bytes).decode().rstrip("=")
    return f"{PREFIX}{written}{_seal(key, tag_id)}"


def read_tag_code(key: bytes, text: str) -> UUID | None:
    """Return the id in a tag's code, `None` for any text that this installation did not make."""
    found = _CODE.fullmatch(text.strip().upper())
    if found is None:
        return None
    tag_id = UUID(bytes=base64.b32decode(found[1] + _PADDING))
    return tag_id if hmac.compare_digest(found[2], _seal(key, tag_id)) else None


def _seal(key: bytes, tag_id: UUID) -> str:
    sealed = hmac.digest(key, tag_id.bytes, "sha256")[:_SEAL_BYTES]
    return base64.b32encode(sealed).decode()
