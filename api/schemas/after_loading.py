"""After loading and beside it: aborts, release codes, bays in turn, consent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from marshmallow import fields, post_load
from msgspec import UNSET

from api.fields import (
    Choice,
    Code,
    Identity,
    Instant,
    Json,
    Many,
    StrictBoolean,
    StrictInteger,
    Text,
)
from api.schemas import Form
from api.schemas.answers import Said
from api.schemas.drafts import refuse_odd_year
from api.schemas.evidence import MAX_SEALS, ClockOffset, LoadedLineSchema
from api.schemas.verdicts import VerdictSchema
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.rules.evidence import LoadedLine, LoadingPartItem
from waybill.rules.lifecycle import Aboard, CheckStatus, WaybillStatus
from waybill.services.checks.aborting import LONGEST_REASON, SHORTEST_REASON

MAX_QUESTIONS: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedAbort:
    """Why a check is broken off, and what is aboard."""

    reason: str
    aboard: Aboard


class AbortSchema(Form):
    """Why a check is broken off."""

    reason = Text(least=SHORTEST_REASON, most=LONGEST_REASON, required=True)
    aboard = Choice(
        Aboard,
        load_default=Aboard.UNSAID,
        description="After the clearance: what is in the vehicle now.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WantedAbort:
        """Return the value object."""
        return WantedAbort(**data)


class AbortedSchema(Form):
    """An aborted check, and what became of its waybill."""

    check_id = Identity(required=True)
    waybill_id = Identity(required=True)
    aborted_at = Instant(required=True)
    was = Choice(CheckStatus, required=True, description="How the check stood before.")
    aboard = Choice(Aboard, required=True)
    reason = Said(required=True)
    waybill_status = Choice(WaybillStatus, required=True)


class ReleaseCodeSchema(Form):
    """The code that shows that a vehicle may leave (放行码)."""

    text = Said(required=True, description="The text of the QR code.")
    svg = Said(required=True, description="The code drawn for a screen.")
    claims = Json(required=True, description="What it says.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedArrival:
    """A vehicle at another bay, and what of the closing list was seen there."""

    bay_id: UUID
    confirmed: tuple[str, ...]


class BayArrivalSchema(Form):
    """A cleared vehicle at another bay of the facility."""

    bay_id = Identity(required=True)
    confirmed = Many(
        Code("[a-z][a-z_]{0,59}"),
        most=MAX_QUESTIONS,
        required=True,
        description="The ids of the questions of the closing list that were answered with yes "
        "at this bay; all that are asked must be there.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WantedArrival:
        """Return the value object."""
        return WantedArrival(**data)


class ArrivedSchema(Form):
    """The vehicle at another bay."""

    check_id = Identity(required=True)
    bay_id = Identity(required=True)
    arrived_at = Instant(required=True)
    confirmed = fields.List(Said(), required=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredPart:
    """What went in at one bay, as it was entered."""

    bay_id: UUID
    lines: tuple[LoadedLine, ...]
    started_at: datetime
    finished_at: datetime
    seals: tuple[str, ...]
    next_bay_id: UUID | None
    clock_offset_ms: int | None = None

    def at(self, moment: datetime) -> LoadingPartItem:
        """Return it as evidence of a moment."""
        return LoadingPartItem(
            bay_id=str(self.bay_id),
            lines=tuple(self.lines),
            started_at=self.started_at,
            finished_at=self.finished_at,
            at=moment,
            seals=tuple(self.seals),
            next_bay_id=str(self.next_bay_id) if self.next_bay_id else UNSET,
        )


class EnteredPartSchema(Form):
    """What went in at one bay, while other goods lines are still to come."""

    bay_id = Identity(required=True)
    lines = Many(fields.Nested(LoadedLineSchema), least=1, most=MAX_GOODS_LINES, required=True)
    started_at = Instant(required=True, validate=refuse_odd_year)
    finished_at = Instant(required=True, validate=refuse_odd_year)
    seals = Many(Text(most=40), most=MAX_SEALS, load_default=())
    next_bay_id = Identity(
        load_default=None,
        allow_none=True,
        description="The bay to which the vehicle goes on: its tablets show that it comes.",
    )
    clock_offset_ms = ClockOffset(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> EnteredPart:
        """Return the value object."""
        return EnteredPart(**data)


class RecordedPartSchema(Form):
    """A part that was kept. It releases nothing."""

    check_id = Identity(required=True)
    bay_id = Identity(required=True)
    recorded_at = Instant(required=True)
    lines_out = fields.List(
        StrictInteger(least=1, most=MAX_GOODS_LINES),
        required=True,
        metadata={"description": "Goods lines that are still to come."},
    )
    verdict = fields.Nested(
        VerdictSchema,
        required=True,
        metadata={"description": "How all that is in so far is judged; it is not kept."},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedConsent:
    """Whether the supervisor who is signed in agrees."""

    given: Literal["yes", "no"]


class ConsentSchema(Form):
    """Whether the supervisor who is signed in agrees that the load begins."""

    given = StrictBoolean(required=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> WantedConsent:
        """Return the value object."""
        return WantedConsent(given="yes" if data["given"] else "no")


class ConsentedSchema(Form):
    """The supervisor's consent as it was kept."""

    reference = Said(required=True)
    given = Said(required=True, description="`yes` or `no`.")
    at = Instant(required=True)
