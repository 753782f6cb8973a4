"""Rows of the dangerous goods list, with every column."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import fields, post_load

from api.fields import Choice, LocalDate, StrictBoolean, Text
from api.paging import PageQuerySchema
from api.schemas import Form
from waybill.goods.entry import EntryStatus, PackingGroup
from waybill.goods.search import MAX_QUERY_LENGTH


def _text(column: str, description: str = "") -> fields.String:
    return fields.String(
        required=True, attribute=f"entry.{column}", metadata={"description": description}
    )


def _codes(column: str, description: str = "") -> fields.List[str]:
    return fields.List(
        fields.String(),
        required=True,
        attribute=f"entry.{column}",
        metadata={"description": description},
    )


def _flag(column: str, description: str) -> StrictBoolean:
    return StrictBoolean(required=True, attribute=f"entry.{column}", description=description)


class DangerousGoodsSchema(Form):
    """A row of the list: what follows, locked, once it has been picked.

    Codes are text as printed; an empty text or list is an empty column.
    """

    edition = fields.String(required=True)
    key = _text("key", "Names the row within its edition.")
    un_number = _text("un_number")
    name_zh = _text("name_zh")
    aliases_zh = _codes("aliases_zh", "Names of the trade.")
    variant_zh = _text("variant_zh", "What tells rows of one name apart.")
    name_en = _text("name_en")
    name_en_un = _text("name_en_un")
    hazard_class = _text("hazard_class")
    division = _text("division", "As papers show it: 3, 2.3, 1.1D.")
    classification_code = _text("classification_code")
    subsidiary_hazards = _codes("subsidiary_hazards")
    labels = _codes("labels")
    packing_group = Choice(
        PackingGroup, required=True, allow_none=True, attribute="entry.packing_group"
    )
    special_provisions_adr = _codes("special_provisions_adr")
    special_provisions_gb = _codes("special_provisions_gb")
    limited_quantity = _text("limited_quantity")
    excepted_quantity = _text("excepted_quantity")
    packing_instructions = _codes("packing_instructions")
    packing_special_provisions = _codes("packing_special_provisions")
    mixed_packing = _codes("mixed_packing")
    portable_tank_instruction = _text("portable_tank_instruction")
    megc = _flag("megc", "Whether a multiple-element gas container may be used.")
    portable_tank_special_provisions = _codes("portable_tank_special_provisions")
    bulk_container = _codes("bulk_container")
    tank_codes = _codes("tank_codes")
    tank_special_provisions = _codes("tank_special_provisions")
    vehicle_for_tank_carriage = _text("vehicle_for_tank_carriage")
    transport_category = _text("transport_category")
    tunnel_restriction_code = _text("tunnel_restriction_code")
    v_packages = _codes("v_packages")
    vc_bulk = _codes("vc_bulk")
    cv_loading = _codes("cv_loading")
    s_operation = _codes("s_operation")
    hazard_identification_number = _text("hazard_identification_number")
    emergency_guide = _text("emergency_guide")
    status = Choice(EntryStatus, required=True, attribute="entry.status")
    highly_toxic = _text("highly_toxic", "yes, no or ask: the list cannot say.")
    highly_toxic_entry = _text("highly_toxic_entry", "Its entry in the catalogue.")
    needs_technical_name = _flag("needs_technical_name", "Special provision 274 or 318.")
    allows_tank = _flag("allows_tank", "Whether carriage in tanks is foreseen.")
    allows_bulk = _flag("allows_bulk", "Whether carriage in bulk is foreseen.")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsQuery:
    """What is looked for in the list; `at` is the day whose edition is asked, else today."""

    limit: int
    after: str | None
    q: str = ""
    at: date | None = None


class GoodsQuerySchema(PageQuerySchema):
    """What is looked for in the list."""

    q = Text(
        least=0,
        most=MAX_QUERY_LENGTH,
        description="UN number, Chinese or English name, pinyin or its initials.",
    )
    at = LocalDate(description="The day whose edition is asked; today without it.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> GoodsQuery:
        """Return the value object."""
        return GoodsQuery(**data)


class GoodsDaySchema(Form):
    """The day whose edition of the list is asked."""

    at = LocalDate(load_default=None, description="Today without it.")

    @post_load
    def build(self, data: dict[str, Any], **_: object) -> date | None:
        """Return the day."""
        at: date | None = data["at"]
        return at
