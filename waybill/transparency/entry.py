"""What the tree commits to of an event: its id and a salted hash of its body.

The entry is all that is served without sign-in. Whoever is shown body and salt recomputes the
entry, and with it the leaf; nobody else learns anything of the body from it.
"""

from typing import Final
from uuid import UUID

from waybill.codec import canonical_json, sha256

ENTRY_VERSION: Final = 1
SALT_BYTES: Final = 32


def event_entry(event_id: UUID, body: bytes, salt: bytes) -> bytes:
    """Return the log's entry of an event: canonical JSON of version, id and commitment.

    Raises:
        ValueError: the salt has not 32 bytes.
    """
    if len(salt) != SALT_BYTES:
        raise ValueError("a salt has 32 bytes")
    return canonical_json(
        {"v": ENTRY_VERSION, "id": str(event_id), "body": sha256(salt + body).hex()}
    )
