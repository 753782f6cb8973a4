"""The facts of one goods line: what was declared of it and what the list says of it."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class CarriageMode(StrEnum):
    """How the goods are carried."""

    TANK = "tank"
    BULK = "bulk"
    PACKAGES = "packages"


class Answer(StrEnum):
    """A yes or no that may not have been given."""

    YES = "yes"
    NO = "no"
    ASK = "ask"


class Regime(StrEnum):
    """Under which regime of quantity a goods line is declared (ADR 3.4, 3.5)."""

    ORDINARY = "ordinary"
    LIMITED = "limited_quantity"
    EXCEPTED = "excepted_quantity"


class PhysicalState(StrEnum):
    """What the goods are when they are loaded; molten goods are liquid."""

    LIQUID = "liquid"
    SOLID = "solid"
    GAS = "gas"
    ASK = "ask"


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlFacts:
    """What a Chinese control list says of a goods line; see `waybill.goods.controls`.

    `kind` is the list, `entries` its numbers for these goods, `condition` its words on
    concentration. `confirmed` says that the match was confirmed by somebody.
    """

    kind: str
    answer: Answer
    entries: tuple[str, ...] = ()
    confirmed: bool = False
    condition: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsFacts:
    """One goods line with what its row of the dangerous goods list says.

    `highly_toxic` is the list's answer, `highly_toxic_declared` the consignment list's to an
    `ask`. `quantity_l` is at filling temperature where it is known. `aliases_zh` are the names of
    the trade, by which a scope may include or exclude the goods.

    Of the product: `density_kg_l` at 15 °C, `density_50_kg_l` at 50 °C, `filling_temperature_c`
    the mean one while it is filled, `viscosity_mm2_s` at that temperature. Of packages:
    `gross_mass_kg` of all of them together, `package_gross_kg` of the heaviest,
    `inner_l`/`inner_kg` the most in one inner packaging, `package_net_l`/`package_net_kg` the
    most in one package, `shrink_wrapped` for trays. `net_explosive_mass_kg` is that of the line.
    """

    position: int
    entry_key: str
    list_edition: str
    un_number: str
    name_zh: str
    name_en: str
    division: str
    classification_code: str
    subsidiary_hazards: tuple[str, ...]
    packing_group: str
    list_status: str
    highly_toxic: Answer
    mode: CarriageMode
    quantity_kg: Decimal
    aliases_zh: tuple[str, ...] = ()
    tank_code: str = ""
    portable_tank_instruction: str = ""
    bulk_provisions: tuple[str, ...] = ()
    vehicle_for_tank_carriage: str = ""
    special_provisions: tuple[str, ...] = ()
    technical_name: str = ""
    concentration: str = ""
    highly_toxic_declared: Answer = Answer.ASK
    not_subject_declared: Answer = Answer.ASK
    quantity_l: Decimal | None = None
    compartment: int | None = None
    packages: int | None = None
    labels: tuple[str, ...] = ()
    limited_quantity: str = ""
    excepted_quantity: str = ""
    portable_tank_provisions: tuple[str, ...] = ()
    tank_provisions: tuple[str, ...] = ()
    package_provisions: tuple[str, ...] = ()
    loading_provisions: tuple[str, ...] = ()
    special_provisions_gb: tuple[str, ...] = ()
    transport_category: str = ""
    tunnel_restriction_code: str = ""
    hazard_identification_number: str = ""
    controls: tuple[ControlFacts, ...] = ()
    regime: Regime = Regime.ORDINARY
    physical_state: PhysicalState = PhysicalState.ASK
    waste: bool = False
    empty_uncleaned: bool = False
    density_kg_l: Decimal | None = None
    density_50_kg_l: Decimal | None = None
    filling_temperature_c: Decimal | None = None
    viscosity_mm2_s: Decimal | None = None
    gross_mass_kg: Decimal | None = None
    package_gross_kg: Decimal | None = None
    package_net_l: Decimal | None = None
    package_net_kg: Decimal | None = None
    inner_l: Decimal | None = None
    inner_kg: Decimal | None = None
    shrink_wrapped: bool = False
    net_explosive_mass_kg: Decimal | None = None
    drug_precursor_declared: Answer = Answer.ASK
