"""Drafts with everything in them: for properties, and one that is full."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Final

from hypothesis import strategies as st

from api.pages.draft_goods import goods_list
from waybill.document import LastCargo, Permit
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import Answer, CarriageMode, PhysicalState, Regime
from waybill.services.waybills.draft import Destination, Draft, DraftGoods

NOW: Final = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
KEYS: Final = st.sampled_from([entry.key for entry in goods_list(NOW).entries][::50])


def figures(places: int) -> st.SearchStrategy[Decimal | None]:
    """Quantities as they are declared, or none."""
    given_ones = st.decimals(min_value=Decimal(1).scaleb(-places), max_value=99_999, places=places)
    return st.none() | given_ones


def words(most: int) -> st.SearchStrategy[str]:
    """A line of text, without outer spaces."""
    letters = st.characters(whitelist_categories=("L", "N"), whitelist_characters="-·（）/ ")
    return st.text(letters, max_size=most).map(str.strip)


goods = st.builds(
    DraftGoods,
    entry_key=KEYS,
    quantity_kg=st.decimals(min_value=Decimal("0.001"), max_value=99_999, places=3),
    mode=st.sampled_from(CarriageMode),
    quantity_l=figures(3),
    compartment=st.none() | st.integers(1, 20),
    packaging=words(100),
    packages=st.none() | st.integers(1, 999_999),
    technical_name=words(200),
    concentration=words(40),
    highly_toxic_declared=st.sampled_from(Answer),
    not_subject_declared=st.sampled_from(Answer),
    drug_precursor_declared=st.sampled_from(Answer),
    regime=st.sampled_from(Regime),
    physical_state=st.sampled_from(PhysicalState),
    waste=st.booleans(),
    empty_uncleaned=st.booleans(),
    density_kg_l=figures(4),
    density_50_kg_l=figures(4),
    filling_temperature_c=st.none() | st.decimals(min_value=-200, max_value=300, places=1),
    viscosity_mm2_s=figures(4),
    gross_mass_kg=figures(4),
    package_gross_kg=figures(4),
    package_net_l=figures(4),
    package_net_kg=figures(4),
    inner_l=figures(4),
    inner_kg=figures(4),
    shrink_wrapped=st.booleans(),
    net_explosive_mass_kg=figures(4),
)
un_numbers = st.from_regex("[0-9]{4}", fullmatch=True)
area_codes = st.just("") | st.from_regex("[0-9]{6}", fullmatch=True)
DAYS: Final = st.dates(min_value=date(2020, 1, 1), max_value=date(2099, 1, 1))


@st.composite
def permits(draw: st.DrawFn) -> Permit:
    """A permit whose last day is not before its first."""
    first, last = sorted([draw(DAYS), draw(DAYS)])
    return Permit(
        kind=draw(st.sampled_from(PermitKind)),
        number=draw(words(60).filter(bool)),
        un_numbers=tuple(draw(st.lists(un_numbers, max_size=8))),
        quantity_kg=draw(figures(3)),
        plates=tuple(draw(st.lists(st.sampled_from(["苏H12345", "苏H1234挂", "临 0001"])))[:4]),
        valid_from=draw(st.sampled_from([None, first])),
        valid_until=draw(st.sampled_from([None, last])),
        from_area_code=draw(area_codes),
        to_area_code=draw(area_codes),
        route=draw(words(300)),
    )


cargoes = st.builds(
    lambda compartment, key, name: LastCargo(
        compartment=compartment,
        nothing=not key,
        entry_key=key,
        un_number=key[:4],
        technical_name=name if key else "",
    ),
    compartment=st.integers(0, 20),
    key=st.just("") | KEYS,
    name=words(200),
)
identities = st.none() | st.uuids()
drafts = st.builds(
    Draft,
    consignor_id=identities,
    consignee_id=identities,
    facility_id=identities,
    vehicle_id=identities,
    trailer_id=identities,
    tank_id=identities,
    driver_id=identities,
    escort_id=identities,
    planned_loading_at=st.none()
    | st.integers(0, 10_000_000).map(lambda m: NOW + m * MINUTE)
    | st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  the zone follows
    destination=st.none()
    | st.builds(Destination, area_code=un_numbers, address=words(200).filter(bool)),
    city_delivery=st.booleans(),
    goods=st.lists(goods, max_size=3).map(tuple),
    emergency_phone=words(40),
    remarks=st.lists(words(40).filter(bool), max_size=3).map("\n".join),
    foodstuffs=st.sampled_from(Answer),
    permits=st.lists(permits(), max_size=3).map(tuple),
    last_cargoes=st.lists(cargoes, max_size=5).map(tuple),
)

FULL_LINE: dict[str, object] = {
    "entry_key": "1203",
    "quantity_kg": "28500",
    "mode": "tank",
    "quantity_l": "38255.034",
    "compartment": 1,
    "packaging": "钢桶 1A1",
    "packages": 12,
    "technical_name": "95 号",
    "concentration": "≤10 %",
    "highly_toxic_declared": "no",
    "not_subject_declared": "yes",
    "drug_precursor_declared": "no",
    "regime": "limited_quantity",
    "physical_state": "liquid",
    "waste": True,
    "empty_uncleaned": True,
    "density_kg_l": "0.7451",
    "density_50_kg_l": "0.71",
    "filling_temperature_c": "-12.5",
    "viscosity_mm2_s": "0.6",
    "gross_mass_kg": "320.5",
    "package_gross_kg": "29.9",
    "package_net_l": "12",
    "package_net_kg": "9.5",
    "inner_l": "1",
    "inner_kg": "0.75",
    "shrink_wrapped": True,
    "net_explosive_mass_kg": "0.0001",
}
FULL_PERMIT: dict[str, object] = {
    "kind": "waste_manifest",
    "number": "LD-2026-0001",
    "un_numbers": ["1203", "1230"],
    "quantity_kg": "30000",
    "plates": ["苏H90001", "苏H9001挂"],
    "valid_from": "2026-11-01",
    "valid_until": "2026-12-31",
    "from_area_code": "320800",
    "to_area_code": "321300",
    "route": "G25 淮安至宿迁",
}
FULL: dict[str, object] = {
    "goods": [FULL_LINE, {"entry_key": "1230", "quantity_kg": "0.5", "mode": "packages"}],
    "foodstuffs": "yes",
    "permits": [FULL_PERMIT, {"kind": "radioactive", "number": "R-1"}],
    "last_cargoes": [
        {"compartment": 0, "nothing": True},
        {"compartment": 2, "entry_key": "1230"},
    ],
    "remarks": "第一行\n第二行 <b>",
    "city_delivery": True,
}
