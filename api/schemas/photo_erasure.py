"""Photographs of checks: erased or restricted at somebody's wish, shown for a legal purpose."""

from dataclasses import dataclass
from typing import Any

from marshmallow import post_load

from api.fields import Choice, LocalDate, Text
from api.schemas import Form
from waybill.registry.personal import LegalPurpose, ValueState

REASON = "Why; it goes into the log."


class PhotoErasureWishSchema(Form):
    """Why a photograph is to be erased."""

    reason = Text(most=300, required=True, description=REASON)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> str:
        """Return the reason."""
        return str(data["reason"])


class PhotoErasureSchema(Form):
    """What became of it: erased, or restricted while the law still asks for it."""

    state = Choice(ValueState, required=True)
    until = LocalDate(
        required=True, allow_none=True, description="The last day of the restriction."
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoDisclosureWish:
    """Why a restricted photograph is to be seen, and for what purpose."""

    reason: str
    purpose: LegalPurpose


class PhotoDisclosureWishSchema(Form):
    """Why a restricted photograph is to be seen, and for what purpose."""

    reason = Text(most=300, required=True, description=REASON)
    purpose = Choice(LegalPurpose, required=True, description="The legal purpose.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> PhotoDisclosureWish:
        """Return the value object."""
        return PhotoDisclosureWish(**data)
