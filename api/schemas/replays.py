"""Recomputing verdicts: what is asked for, and what differs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from marshmallow import fields, post_load

from api.fields import Choice, Identity, Instant, StrictInteger
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.verdicts import FindingField
from waybill.rules.finding import Phase
from waybill.services.replay import MAX_REPLAYS, Fault, ReplayRange


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayWish:
    """Which verdicts to recompute, and which page of them."""

    wanted: ReplayRange
    after: UUID | None
    limit: int


class ReplayWishSchema(Form):
    """Which verdicts to recompute; all of it must hold."""

    waybill_id = Identity(load_default=None, allow_none=True, description="Of this waybill.")
    since = Instant(load_default=None, allow_none=True, description="Judged not before this.")
    until = Instant(load_default=None, allow_none=True, description="Judged before this.")
    limit = StrictInteger(
        least=1, most=MAX_REPLAYS, load_default=MAX_REPLAYS, description="How many at most."
    )
    after = Identity(
        load_default=None, allow_none=True, description="`next_after` of the page before."
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> ReplayWish:
        """Return the value object."""
        limit, after = data.pop("limit"), data.pop("after")
        return ReplayWish(wanted=ReplayRange(**data), after=after, limit=limit)


class DifferenceSchema(Form):
    """A rule whose stored finding and whose finding today are not equal; null: there is none."""

    code = Said(required=True)
    parts = fields.List(
        fields.String(), required=True, metadata={"description": "Which parts of it differ."}
    )
    stored = FindingField(allow_none=True)
    replayed = FindingField(allow_none=True)


class ReplayedSchema(Form):
    """A verdict that did not come out the same."""

    verdict_id = Identity(required=True)
    waybill_id = Identity(required=True)
    event_id = Identity(required=True)
    judged_at = Instant(required=True)
    phase = Choice(Phase, required=True)
    edition = Said(required=True)
    digest = Said(required=True, description="As it is stored.")
    faults = fields.List(
        Choice(Fault),
        required=True,
        metadata={
            "description": "`digest`: the stored bytes have another; `event`: the log names "
            "another; `clears`: the flag is another; `unreadable`: it cannot be recomputed."
        },
    )
    differences = fields.List(fields.Nested(DifferenceSchema), required=True)


class ReplayPageSchema(Form):
    """Verdicts recomputed: how many, and those that differ."""

    replayed = StrictInteger(least=0, most=MAX_REPLAYS, required=True)
    differing = fields.List(fields.Nested(ReplayedSchema), required=True)
    next_after = Identity(required=True, allow_none=True, description="Null on the last page.")
