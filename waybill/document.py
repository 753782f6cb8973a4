"""What a signature covers: the content of a waybill or loading record, and its canonical bytes.

The bytes are signed, stored and handed out as they are; nothing is ever rebuilt from columns.
Personal values stand as commitments (hexadecimal SHA-256, see `waybill.storage.personal`), people
by reference. Quantities are decimal text, moments ISO 8601 with zone, dates calendar dates.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar, cast

import msgspec

from waybill.codec import JsonValue, canonical_json, parse_json, sha256
from waybill.registry.kinds import PermitKind, PlateColour, TankKind

FORMAT_VERSION: Final = 3
"""The version in which documents are written; every earlier one is still read."""
MAX_DOCUMENT_BYTES: Final = 256 * 1024


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """An organisation as the waybill names it. `licence_number` is given for the carrier."""

    uscc: str
    name: str
    phone: str = ""
    licence_number: str = ""


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """An address with its administrative area code (GB/T 2260, six digits)."""

    area_code: str
    address: str
    facility_id: str = ""
    name: str = ""


class Unit(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle or trailer: plate, colour and the number of its road transport certificate."""

    plate: str
    plate_colour: PlateColour
    certificate_number: str = ""


class TankDescription(msgspec.Struct, frozen=True, kw_only=True):
    """The tank that is to be filled; `capacity_l` in litres."""

    number: str
    kind: TankKind
    capacity_l: Decimal


class CrewMember(msgspec.Struct, frozen=True, kw_only=True):
    """Driver or escort: a reference (`d_…`, `e_…`) and commitments to what is personal."""

    reference: str
    name: str
    phone: str = ""
    certificate_number: str = ""


class GoodsItem(msgspec.Struct, frozen=True, kw_only=True):
    """One goods line: the row of the list that was picked, and what of it is carried.

    `quantity_kg` is the mass of the goods in kilograms, `quantity_l` their volume in litres where
    it is known. `highly_toxic_declared` and `not_subject_declared` are the consignment list's
    answers (`yes`, `no`, or `ask` for none) where the list leaves the question open. What is
    declared of product and packages is as `waybill.rules.facts.GoodsFacts` says.
    """

    position: int
    entry_key: str
    un_number: str
    name_zh: str
    name_en: str
    hazard_class: str
    subsidiary_hazards: tuple[str, ...]
    packing_group: str
    mode: str
    quantity_kg: Decimal
    quantity_l: Decimal | None = None
    compartment: int | None = None
    packaging: str = ""
    packages: int | None = None
    technical_name: str = ""
    concentration: str = ""
    highly_toxic_declared: str = "ask"
    not_subject_declared: str = "ask"
    regime: str = "ordinary"
    physical_state: str = "ask"
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
    drug_precursor_declared: str = "ask"


class Permit(msgspec.Struct, frozen=True, kw_only=True):
    """A permit of an authority that travels with this trip, as it is printed.

    Dates are its first and last valid day, area codes the ends of its route (GB/T 2260).
    """

    kind: PermitKind
    number: str
    un_numbers: tuple[str, ...] = ()
    quantity_kg: Decimal | None = None
    plates: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None
    from_area_code: str = ""
    to_area_code: str = ""
    route: str = ""


class LastCargo(msgspec.Struct, frozen=True, kw_only=True):
    """What the carrier declares a compartment held before; 0 stands for an undivided shell.

    `nothing` for a new or a cleaned one; else the row of the dangerous goods list.
    """

    compartment: int
    nothing: bool = False
    entry_key: str = ""
    un_number: str = ""
    technical_name: str = ""


class WaybillContent(msgspec.Struct, frozen=True, kw_only=True):
    """A signed revision of a waybill (危险货物运单; Order 29 of 2019, art. 24).

    `supersedes` is the digest of the revision before. `accepted_findings` are the codes of the
    findings that stood at issue and that the carrier confirmed. `valid_until` is the first moment
    at which it no longer holds. `foodstuffs` says whether food travels on the same unit (`yes`,
    `no` or `ask`), `last_cargoes` what the tank held before.
    """

    v: int
    id: str
    number: str
    revision: int
    supersedes: str | None
    issuer: str
    list_edition: str
    issued_at: datetime
    valid_from: datetime
    valid_until: datetime
    planned_loading_at: datetime
    carrier: Party
    consignor: Party
    consignee: Party
    loader: Party
    loading_place: Place
    destination: Place
    vehicle: Unit
    driver: CrewMember
    escort: CrewMember
    goods: tuple[GoodsItem, ...]
    trailer: Unit | None = None
    tank: TankDescription | None = None
    city_delivery: bool = False
    emergency_phone: str = ""
    remarks: str = ""
    dispatcher: str = ""
    accepted_findings: tuple[str, ...] = ()
    foodstuffs: str = "ask"
    permits: tuple[Permit, ...] = ()
    last_cargoes: tuple[LastCargo, ...] = ()


class LoadedItem(msgspec.Struct, frozen=True, kw_only=True):
    """What of one goods line was really loaded, in kilograms and, if metered, litres.

    `temperature_c` and `density_kg_l` are the product's while it was filled, where measured.
    `bay_id` is the bay at which it went in, `short_reason` why it is less than planned.
    """

    position: int
    entry_key: str
    un_number: str
    name_zh: str
    hazard_class: str
    quantity_kg: Decimal
    quantity_l: Decimal | None = None
    temperature_c: Decimal | None = None
    density_kg_l: Decimal | None = None
    bay_id: str = ""
    short_reason: str = ""


class LoadingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """The signed loading record (装货记录) that releases the vehicle."""

    v: int
    waybill_id: str
    waybill_number: str
    revision: int
    waybill_digest: str
    check_id: str
    verdict_digest: str
    loader: Party
    carrier: Party
    consignor: Party
    facility_id: str
    bay_id: str
    vehicle: Unit
    driver: str
    supervisor: str
    started_at: datetime
    finished_at: datetime
    released_at: datetime
    loaded: tuple[LoadedItem, ...]
    trailer: Unit | None = None
    gross_mass_kg: Decimal | None = None
    seals: tuple[str, ...] = ()
    no_seal_reason: str = ""


_GOODS_OF_VERSION_1: Final = (
    "position",
    "entry_key",
    "un_number",
    "name_zh",
    "name_en",
    "hazard_class",
    "subsidiary_hazards",
    "packing_group",
    "mode",
    "quantity_kg",
    "quantity_l",
    "compartment",
    "packaging",
    "packages",
    "technical_name",
    "concentration",
    "highly_toxic_declared",
    "not_subject_declared",
)
_ADDED: Final[Mapping[int, Mapping[str, frozenset[str]]]] = {
    2: {
        "": frozenset({"foodstuffs", "permits", "last_cargoes"}),
        "goods": frozenset(GoodsItem.__struct_fields__) - frozenset(_GOODS_OF_VERSION_1),
        "loaded": frozenset({"temperature_c", "density_kg_l"}),
    },
    3: {"": frozenset(), "loaded": frozenset({"bay_id", "short_reason"})},
}
"""What each version of the format added: to the document itself, and to the items of its lists."""

DocumentT = TypeVar("DocumentT", WaybillContent, LoadingRecord)


def to_bytes(content: WaybillContent | LoadingRecord) -> bytes:
    """Return the canonical bytes of a document, which are what is signed.

    A document of an earlier version is written as that version was: without what came later.
    """
    written: dict[str, JsonValue] = msgspec.to_builtins(content)
    for version, added in _ADDED.items():
        if content.v < version:
            _leave_out(written, added)
    return canonical_json(written)


def _leave_out(written: dict[str, JsonValue], added: Mapping[str, frozenset[str]]) -> None:
    for name in added[""]:
        written.pop(name, None)
    for place, names in added.items():
        for item in cast("Iterable[dict[str, JsonValue]]", written.get(place, ())):
            for name in names:
                item.pop(name, None)


def parse_waybill(document: bytes) -> WaybillContent:
    """Read the bytes of a waybill.

    Raises:
        ValueError: not canonical bytes of a waybill of a known version.
    """
    return _parse(document, WaybillContent)


def parse_loading_record(document: bytes) -> LoadingRecord:
    """Read the bytes of a loading record.

    Raises:
        ValueError: not canonical bytes of a loading record of a known version.
    """
    return _parse(document, LoadingRecord)


def digest(document: bytes) -> str:
    """Return the hexadecimal SHA-256 of a document's bytes."""
    return sha256(document).hex()


def _parse(document: bytes, shape: type[DocumentT]) -> DocumentT:
    value = parse_json(document, max_bytes=MAX_DOCUMENT_BYTES)
    try:
        content = msgspec.convert(value, shape)
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from error
    if not 1 <= content.v <= FORMAT_VERSION:
        raise ValueError(f"unknown document version {content.v}")
    if to_bytes(content) != document:
        raise ValueError("not the canonical bytes of a document")
    return content
