"""The goods lines of a waybill's form: read into a draft, drawn from one, and what each asks."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from api.page_forms import REQUIRED, FormReader
from api.pages.showing import day, form_figure
from waybill.clock import local_date
from waybill.goods.catalogue import GoodsList, UnknownEntryError, catalogue
from waybill.goods.entry import DangerousGoodsEntry
from waybill.qr_payload.claims import MAX_GOODS_LINES
from waybill.rules.facts import Answer, CarriageMode, PhysicalState, Regime
from waybill.rules.permit_needs import DRUG_PRECURSORS
from waybill.services.goods_facts import controls_of
from waybill.services.waybills.draft import DraftGoods
from waybill.services.waybills.recollections import Recollection

PROPERTY_PLACES: Final = 4
"""Decimals of what is declared of a product or a package."""
TEXTS: Final[Mapping[str, int]] = {"packaging": 100, "technical_name": 200, "concentration": 40}
"""How much each text holds."""
WHOLES: Final = ("compartment", "packages")
PROPERTIES: Final = (
    "density_kg_l",
    "density_50_kg_l",
    "viscosity_mm2_s",
    "gross_mass_kg",
    "package_gross_kg",
    "package_net_l",
    "package_net_kg",
    "inner_l",
    "inner_kg",
    "net_explosive_mass_kg",
)
TICKS: Final = ("waste", "empty_uncleaned", "shrink_wrapped")
CHOICES: Final[Mapping[str, StrEnum]] = {
    "highly_toxic_declared": Answer.ASK,
    "not_subject_declared": Answer.ASK,
    "drug_precursor_declared": Answer.ASK,
    "regime": Regime.ORDINARY,
    "physical_state": PhysicalState.ASK,
}
"""What each choice is where nothing was chosen."""
BESIDE: Final = (
    "mode",
    "quantity_l",
    "filling_temperature_c",
    *TEXTS,
    *WHOLES,
    *PROPERTIES,
    *TICKS,
    *CHOICES,
)
"""What somebody may have written beside a row before its quantity."""
EXPLOSIVES: Final = "1"
GASES: Final = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A goods line of the form: its number, and the row of the list that was picked.

    `asks_precursor` says that the list of drug precursors leaves it to somebody to say.
    """

    number: int
    entry: DangerousGoodsEntry | None
    asks_precursor: bool = False

    @property
    def name(self) -> str:
        """What the names of its fields begin with."""
        return f"goods-{self.number}-"

    @property
    def explosive(self) -> bool:
        """Whether its net explosive mass is asked."""
        return self.entry is not None and self.entry.hazard_class == EXPLOSIVES

    @property
    def state(self) -> PhysicalState:
        """What its row says of its state."""
        return PhysicalState.ASK if self.entry is None else state_of(self.entry)

    @property
    def expands(self) -> bool:
        """Whether how far a tank may be filled depends on density and temperature."""
        return self.state in (PhysicalState.LIQUID, PhysicalState.ASK)


def goods_list(at: datetime) -> GoodsList:
    """Return the dangerous goods list in force at a moment."""
    return catalogue(local_date(at))


def state_of(entry: DangerousGoodsEntry) -> PhysicalState:
    """Return the state a row leaves no doubt of: a gas, or tank codes of one letter only.

    Source: ADR 4.3.4.1.1: codes that begin with L are for liquids, with S for solids.
    """
    if entry.hazard_class == GASES:
        return PhysicalState.GAS
    letters = {code[0] for code in entry.tank_codes}
    known = {"L": PhysicalState.LIQUID, "S": PhysicalState.SOLID}
    return known.get(letters.pop(), PhysicalState.ASK) if len(letters) == 1 else PhysicalState.ASK


def line_numbers(form: "MultiDict[str, str]") -> list[int]:
    """Return the numbers of the goods lines that a form holds."""
    return list(takewhile(lambda n: form.get(f"goods-{n}-entry_key"), range(MAX_GOODS_LINES)))


def lines_of(values: "MultiDict[str, str]", at: datetime) -> list[Line]:
    """Return the goods lines that a form holds, each with its row of the list."""
    found, rows = [], goods_list(at)
    for number in line_numbers(values):
        try:
            entry = rows.get(values[f"goods-{number}-entry_key"])
        except UnknownEntryError:
            found.append(Line(number=number, entry=None))
        else:
            asks = _asks_precursor(rows.edition.name, entry.key)
            found.append(Line(number=number, entry=entry, asks_precursor=asks))
    return found


def _asks_precursor(edition: str, key: str) -> bool:
    controls = controls_of(edition, key)
    return any(c.kind == DRUG_PRECURSORS and c.answer is Answer.ASK for c in controls)


def known_rows(keys: Iterable[str], at: datetime) -> list[str]:
    """Return those keys that the goods list of a day has, at most as many as a form holds."""
    rows, found = goods_list(at), []
    for key in keys:
        try:
            found.append(rows.get(key).key)
        except UnknownEntryError:
            continue
    return found[:MAX_GOODS_LINES]


def read_line(reader: FormReader, number: int) -> DraftGoods | None:
    """Read a goods line, `None` where nothing was written beside the row that was picked."""
    name = f"goods-{number}-"
    quantity_kg = reader.number(f"{name}quantity_kg")
    if quantity_kg is None:
        untouched = reader.form.get(f"{name}offered", f"mode={reader.text(f'{name}mode')}")
        if _written(reader.form, name) != untouched:
            reader.complain(f"{name}quantity_kg", REQUIRED)
        return None
    values: dict[str, Any] = {
        "filling_temperature_c": reader.number(
            f"{name}filling_temperature_c", places=1, signed=True
        )
    }
    for part, most in TEXTS.items():
        values[part] = reader.text(name + part, most=most)
    for part in WHOLES:
        values[part] = reader.whole(name + part)
    for part in PROPERTIES:
        values[part] = reader.number(name + part, places=PROPERTY_PLACES)
    for part in TICKS:
        values[part] = name + part in reader.form
    for part, usual in CHOICES.items():
        values[part] = reader.optional_choice(name + part, type(usual)) or usual
    return DraftGoods(
        entry_key=reader.text(f"{name}entry_key"),
        mode=reader.choice(f"{name}mode", CarriageMode),
        quantity_kg=quantity_kg,
        quantity_l=reader.number(f"{name}quantity_l"),
        **values,
    )


def form_of_line(number: int, line: DraftGoods) -> Mapping[str, str]:
    """Return the fields of a goods line as a draft fills them."""
    figures = ("quantity_kg", "quantity_l", "filling_temperature_c", *WHOLES, *PROPERTIES)
    values = {"entry_key": line.entry_key, "mode": line.mode.value}
    values |= {part: form_figure(getattr(line, part)) for part in figures}
    values |= {part: getattr(line, part) for part in TEXTS}
    values |= {part: getattr(line, part).value for part in CHOICES}
    values |= {part: "on" for part in TICKS if getattr(line, part)}
    return {f"goods-{number}-{part}": value for part, value in values.items()}


def form_of_picked(
    number: int, entry: DangerousGoodsEntry, recalled: Recollection | None
) -> Mapping[str, str]:
    """Return the fields of a line that was just picked: what its row and the last trip tell.

    `offered` keeps what stood there, so that a line nobody has touched is told from one that
    lacks its quantity.
    """
    mode = CarriageMode.TANK if entry.allows_tank else CarriageMode.PACKAGES
    values = {"mode": mode.value, "physical_state": state_of(entry).value}
    if recalled is not None and mode is CarriageMode.TANK:
        values |= {part: form_figure(value) for part, value in recalled.values.items()}
        values["recalled"] = day(local_date(recalled.issued_at))
    name = f"goods-{number}-"
    form = MultiDict({name + part: value for part, value in values.items()})
    form[f"{name}offered"] = _written(form, name)
    form[f"{name}entry_key"] = entry.key
    return form


def _written(form: "MultiDict[str, str]", name: str) -> str:
    """Return all that stands beside a row in one text, without what says nothing."""
    usual = {part: choice.value for part, choice in CHOICES.items()}
    found = ((part, form.get(name + part, "").strip()) for part in BESIDE)
    return "|".join(f"{part}={text}" for part, text in found if text not in ("", usual.get(part)))


def asks_about_food(lines: Sequence[Line]) -> bool:
    """Whether goods must be kept from food (CV28 of ADR 7.5.11)."""
    return any(line.entry is not None and "CV28" in line.entry.cv_loading for line in lines)
