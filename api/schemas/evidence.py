"""What comes in at the bay: codes, plates, presence, the loading record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, Literal
from uuid import UUID

from marshmallow import ValidationError, fields, post_load, validates_schema
from msgspec import UNSET, UnsetType
from typing_extensions import override  # typing's own needs Python 3.12

from api.fields import (
    Choice,
    Code,
    DecimalString,
    Identity,
    Instant,
    Many,
    StrictBoolean,
    StrictInteger,
    Text,
    fault,
)
from api.paging import PageQuerySchema
from api.schemas import Form
from api.schemas.drafts import refuse_nothing, refuse_odd_year
from api.schemas.registry import QUANTITY_PLACES, page_request
from scanners.readers import MAX_SCAN_CHARS
from waybill.identifiers.failure import IdentifierError
from waybill.identifiers.vehicle import parse_plate
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.registry.kinds import PlateColour
from waybill.rules.evidence import LoadedLine, LoadingItem, PlateItem, PresenceItem, ScanKind
from waybill.services.paging import PageRequest

MAX_SEALS: Final = 30
MAX_OFFSET_MS: Final = 10**13
REFERENCE: Final = "[des]_[0-9a-f]{10}"
ROLE_MARKS: Final[Mapping[str, str]] = {"driver": "d_", "escort": "e_", "supervisor": "s_"}


SHOWN_AT: Final = (
    "When it was put before the person, by the server's time. The time it took is recorded for the "
    "plant alone and bears on no verdict; more than half an hour is taken for none."
)


class ShownAtSchema(Form):
    """When something was put before the person."""

    shown_at = Instant(load_default=None, allow_none=True, description=SHOWN_AT)


class DoneAtSchema(Form):
    """When something was seen or said."""

    done_at = Instant(
        data_key="at",
        load_default=None,
        allow_none=True,
        validate=refuse_odd_year,
        description="When a tablet saw it that could not send it in time, by the server's clock as "
        "far as the tablet knows it: it does not undo what was seen since.",
    )


class ClockOffset(StrictInteger):
    """By how much a tablet's clock is ahead, in milliseconds."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        said = "By how much a tablet's clock is ahead; its times allow for that already."
        super().__init__(least=-MAX_OFFSET_MS, most=MAX_OFFSET_MS, description=said, **options)


class ScannedText(Text):
    """What a scanner, camera or keyboard gave; control characters and all."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  marshmallow's own options
        super().__init__(most=MAX_SCAN_CHARS, **options)

    @override
    def read(self, value: object) -> str:
        if not isinstance(value, str):
            raise fault("not-text", "应为文本。", "Write it as text.")
        if not self.least <= len(value) <= self.most:
            raise fault(
                "length",
                f"长度应为 {self.least} 至 {self.most} 个字符。",
                f"It has {self.least} to {self.most} characters.",
            )
        return value


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A text that was shown; `expected` is what the step at hand asks for."""

    text: str
    typed: bool
    expected: ScanKind | None
    photo_sha256: str | UnsetType = UNSET
    shown_at: datetime | None = None
    done_at: datetime | None = None


class ShownSchema(ShownAtSchema, DoneAtSchema):
    """A text that was shown, in any order."""

    text = ScannedText(required=True)
    typed = StrictBoolean(load_default=False, description="Whether a keyboard gave it.")
    expected = Choice(
        ScanKind,
        load_default=None,
        allow_none=True,
        description="What was asked for; it names plain numbers without a shape of their own.",
    )
    photo_sha256 = Code(
        "[0-9a-f]{64}",
        load_default=lambda: UNSET,
        description="Of a code that could not be read and whose number was typed: its photo, "
        "added before as one that shows `code`.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> Shown:
        """Return the value object."""
        return Shown(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPlate:
    """A plate that somebody saw on a vehicle."""

    unit: Literal["tractor", "trailer"]
    plate: str
    plate_colour: PlateColour
    how: Literal["typed", "photo"]
    done_at: datetime | None = None

    def at(self, moment: datetime) -> PlateItem:
        """Return it as evidence of a moment."""
        return PlateItem(
            unit=self.unit,
            plate=self.plate,
            plate_colour=self.plate_colour,
            how=self.how,
            at=moment,
        )


class SeenPlateSchema(DoneAtSchema):
    """The plate that is on the vehicle itself, not on its code."""

    unit = Code("tractor|trailer", required=True)
    plate = Text(most=32, required=True, description="As people write it.")
    plate_colour = Choice(PlateColour, required=True)
    how = Code("typed|photo", load_default="typed")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SeenPlate:
        """Return the value object, with the plate in its stored spelling."""
        try:
            data["plate"] = parse_plate(data["plate"]).number
        except IdentifierError as error:
            words = fault(error.code, error.message_zh, error.message_en).messages
            raise ValidationError({"plate": words}) from error
        return SeenPlate(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPresence:
    """Whether somebody is here; without a reference, whom waybill or account name."""

    role: Literal["driver", "escort", "supervisor"]
    reference: str
    present: bool
    done_at: datetime | None = None

    def at(self, moment: datetime) -> PresenceItem:
        """Return it as evidence of a moment."""
        return PresenceItem(
            role=self.role, reference=self.reference, present=self.present, at=moment
        )


class SeenPresenceSchema(DoneAtSchema):
    """Whether the person named is here, as the loader sees."""

    role = Code("driver|escort|supervisor", required=True)
    reference = Code(
        REFERENCE,
        load_default=lambda: "",  # a plain default would be described, and it has no such shape
        description="Such as `s_5a5a5a5a01`; without it the waybill's driver or escort, or the "
        "supervisor who is signed in.",
    )
    present = StrictBoolean(required=True)

    @validates_schema
    def refuse_other_role(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a reference that belongs to another role."""
        reference = data.get("reference", "")
        if reference and "role" in data and not reference.startswith(ROLE_MARKS[data["role"]]):
            words = fault("other-role", "该编号不属于此角色。", "It is of another role.").messages
            raise ValidationError({"reference": words})

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> SeenPresence:
        """Return the value object."""
        return SeenPresence(**data)


class LoadedLineSchema(Form):
    """What of one goods line went in."""

    position = StrictInteger(least=1, most=MAX_GOODS_LINES, required=True)
    quantity_kg = DecimalString(places=QUANTITY_PLACES, required=True, validate=refuse_nothing)
    quantity_l = DecimalString(
        places=QUANTITY_PLACES, load_default=None, allow_none=True, validate=refuse_nothing
    )
    short_reason = Text(
        most=200,
        load_default=lambda: UNSET,
        description="Why it is less than 95 % of the plan.",
    )
    temperature_c = DecimalString(
        places=1,
        signed=True,
        load_default=None,
        allow_none=True,
        description="Of the product while it was filled, where it was measured.",
    )
    density_kg_l = DecimalString(
        places=4,
        load_default=None,
        allow_none=True,
        validate=refuse_nothing,
        description="Of the product at that temperature, where it was measured.",
    )

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> LoadedLine:
        """Return the value object."""
        return LoadedLine(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredLoading:
    """The loading record as it was entered."""

    lines: tuple[LoadedLine, ...]
    started_at: datetime
    finished_at: datetime
    gross_mass_kg: Decimal | None
    seals: tuple[str, ...]
    no_seal_reason: str
    clock_offset_ms: int | None = None

    def at(self, moment: datetime) -> LoadingItem:
        """Return it as evidence of a moment."""
        return LoadingItem(
            lines=self.lines,
            started_at=self.started_at,
            finished_at=self.finished_at,
            at=moment,
            gross_mass_kg=self.gross_mass_kg,
            seals=self.seals,
            no_seal_reason=self.no_seal_reason,
        )


class EnteredLoadingSchema(Form):
    """The loading record (装货记录): every goods line once, but those recorded in parts."""

    lines = Many(fields.Nested(LoadedLineSchema), least=0, most=MAX_GOODS_LINES, required=True)
    started_at = Instant(required=True, validate=refuse_odd_year)
    finished_at = Instant(required=True, validate=refuse_odd_year)
    gross_mass_kg = DecimalString(
        places=QUANTITY_PLACES,
        load_default=None,
        allow_none=True,
        validate=refuse_nothing,
        description="The weighbridge's figure for the whole combination.",
    )
    seals = Many(Text(most=40), most=MAX_SEALS, load_default=())
    no_seal_reason = Text(least=0, most=200, load_default="")
    clock_offset_ms = ClockOffset(load_default=None, allow_none=True)

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> EnteredLoading:
        """Return the value object."""
        return EnteredLoading(**data)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckQuery:
    """Which checks are wanted, and which page of them."""

    facility_id: UUID | None
    waybill_id: UUID | None
    page: PageRequest


class CheckQuerySchema(PageQuerySchema):
    """What is looked for; all of it must hold."""

    facility_id = Identity(data_key="facility")
    waybill_id = Identity(data_key="waybill")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> CheckQuery:
        """Return the value object."""
        page = page_request(data)
        return CheckQuery(
            facility_id=data.get("facility_id"), waybill_id=data.get("waybill_id"), page=page
        )
