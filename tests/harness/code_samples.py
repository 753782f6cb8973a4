"""The codes that are met at a bay, one pixel a module, to be enlarged or degraded."""

from dataclasses import dataclass
from functools import cache

from PIL import Image

from api.rendering.qr import QUIET_ZONE_MODULES, Level
from tests.harness.fake_camera import code
from tests.harness.sealed_codes import PUBLIC_URL, card_claims, signing_key, waybill_claims
from waybill.qr_payload import encode_qr_text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A code: its name, its text, and its picture with one pixel a module and its quiet zone."""

    name: str
    text: str
    picture: Image.Image

    @property
    def modules(self) -> int:
        """How many modules a side has."""
        return self.picture.width - 2 * QUIET_ZONE_MODULES


@cache
def samples() -> tuple[Sample, ...]:
    """Return waybill, card and badge, on a screen (level M) and on paper (level Q)."""
    waybill = encode_qr_text(waybill_claims(), signing_key(), PUBLIC_URL)
    card = encode_qr_text(card_claims(), signing_key(), PUBLIC_URL)
    badge = "WBB1.Jq3vT0c2Yw8Zb5Rk7Nf1Xe"
    kinds = (
        ("waybill", waybill, Level.M),
        ("waybill", waybill, Level.Q),
        ("card", card, Level.M),
        ("card", card, Level.Q),
        ("badge", badge, Level.Q),
    )
    return tuple(
        Sample(
            name=f"{name}, {level.name}",
            text=text,
            picture=code(text, module_px=1, level=level),
        )
        for name, text, level in kinds
    )
