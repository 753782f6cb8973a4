"""The keys of draws and tags: both made from one secret that the installation keeps for good."""

import hmac
from dataclasses import dataclass, field

_DRAW = b"waybill/looking/draw"
_TAG = b"waybill/looking/tag"


@dataclass(frozen=True, slots=True, kw_only=True)
class LookingKey:
    """What draws of checks and codes of tags are made with. Who has it can foresee every draw.

    It comes from the key by which personal values are found again, which is never changed in an
    installation's life: another one would turn every tag on the wall into an unknown code.
    """

    draw: bytes = field(repr=False)
    tag: bytes = field(repr=False)

    @classmethod
    def of(cls, secret: bytes) -> "LookingKey":
        """Return the keys of an installation, made from its `pii_index_key`."""
        return cls(
            draw=hmac.digest(secret, _DRAW, "sha256"), tag=hmac.digest(secret, _TAG, "sha256")
        )
