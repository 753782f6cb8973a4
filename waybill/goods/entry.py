"""One row of the dangerous goods list, with every column."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, TypeAlias

HighlyToxic: TypeAlias = Literal["yes", "no", "ask"]
"""Whether goods are highly toxic chemicals (剧毒化学品); `ask` = the list cannot say."""


class PackingGroup(StrEnum):
    """How dangerous within its class: I great, II medium, III minor."""

    I = "I"  # noqa: E741  the regulation's own symbol
    II = "II"
    III = "III"


class EntryStatus(StrEnum):
    """Whether the goods may be carried by road at all."""

    SUBJECT = ""
    PROHIBITED = "prohibited"
    NOT_SUBJECT = "not_subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerousGoodsEntry:
    """A row: what follows, locked, once a user has picked the goods.

    Columns are those of ADR 2025, 3.2 Table A, with the Chinese names of GB 12268-2025. Codes are
    text as printed; a column with several codes is a tuple in the printed order. An empty text or
    tuple means that the column is empty, and `None` that the row has no packing group.

    `key` identifies the row within its edition (see `data/README.md`). `division` is what papers
    show: `3`, `2.3`, `1.1D`; it is empty for UN 0190, whose division each sample decides.
    `variant_zh` says in Chinese what tells rows of one name apart. `tank_codes` has one code for
    solids and one for liquids where both may be carried. `highly_toxic_entry` is the number in the
    catalogue of hazardous chemicals that decided `highly_toxic`. `aliases_zh` are names of the
    trade, for search alone: they never go on a paper.
    """

    key: str
    un_number: str
    name_zh: str
    name_en: str
    name_en_un: str
    variant_zh: str
    hazard_class: str
    division: str
    classification_code: str
    subsidiary_hazards: tuple[str, ...]
    labels: tuple[str, ...]
    packing_group: PackingGroup | None
    special_provisions_adr: tuple[str, ...]
    special_provisions_gb: tuple[str, ...]
    limited_quantity: str
    excepted_quantity: str
    packing_instructions: tuple[str, ...]
    packing_special_provisions: tuple[str, ...]
    mixed_packing: tuple[str, ...]
    portable_tank_instruction: str
    megc: bool
    portable_tank_special_provisions: tuple[str, ...]
    bulk_container: tuple[str, ...]
    tank_codes: tuple[str, ...]
    tank_special_provisions: tuple[str, ...]
    vehicle_for_tank_carriage: str
    transport_category: str
    tunnel_restriction_code: str
    v_packages: tuple[str, ...]
    vc_bulk: tuple[str, ...]
    cv_loading: tuple[str, ...]
    s_operation: tuple[str, ...]
    hazard_identification_number: str
    emergency_guide: str
    status: EntryStatus
    highly_toxic: HighlyToxic
    highly_toxic_entry: str
    aliases_zh: tuple[str, ...]

    @property
    def is_prohibited(self) -> bool:
        """Whether carriage by road is forbidden."""
        return self.status is EntryStatus.PROHIBITED

    @property
    def not_subject(self) -> bool:
        """Whether the rules for road do not apply to these goods."""
        return self.status is EntryStatus.NOT_SUBJECT

    @property
    def tank_code(self) -> str:
        """The tank codes as the column prints them, empty where no tank is allowed."""
        return " ".join(self.tank_codes)

    @property
    def needs_technical_name(self) -> bool:
        """Whether the name must be completed by a technical name (special provision 274 or 318)."""
        provisions = {*self.special_provisions_adr, *self.special_provisions_gb}
        return not provisions.isdisjoint({"274", "318"})

    @property
    def allows_tank(self) -> bool:
        """Whether the row names a tank code or a portable tank instruction."""
        return bool(self.tank_codes or self.portable_tank_instruction)

    @property
    def allows_bulk(self) -> bool:
        """Whether the row names a bulk provision (VC) or a bulk container (BK)."""
        return bool(self.vc_bulk or self.bulk_container)

    @property
    def all_hazards(self) -> tuple[str, ...]:
        """Division first (class where the division is open), then the subsidiary hazards."""
        return (self.division or self.hazard_class, *self.subsidiary_hazards)
