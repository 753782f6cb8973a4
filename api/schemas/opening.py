"""What opens a check."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from marshmallow import post_load

from api.fields import Identity, Instant, StrictBoolean
from api.schemas import Form
from api.schemas.drafts import refuse_odd_year
from api.schemas.evidence import ScannedText


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """With which text, at which bay, a check is to be opened; `at` is when a tablet began it."""

    bay_id: UUID
    text: str
    typed: bool
    at: datetime | None = None


class OpeningSchema(Form):
    """What opens a check."""

    bay_id = Identity(required=True, description="A bay of one's own facility.")
    text = ScannedText(required=True, description="The waybill's code or number.")
    typed = StrictBoolean(load_default=False, description="Whether a keyboard gave it.")
    at = Instant(
        load_default=None,
        allow_none=True,
        validate=refuse_odd_year,
        description="When a tablet began it, by the server's clock as far as the tablet knows it.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Opening:
        """Return the value object."""
        return Opening(**data)
