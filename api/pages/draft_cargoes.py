"""What the tank held before, on a waybill's form: asked only where the register cannot tell."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from werkzeug.datastructures import MultiDict

from api.page_forms import CHOOSE, REQUIRED, FormReader, Words
from api.pages.draft_goods import Line, goods_list
from waybill.document import LastCargo
from waybill.goods.catalogue import GoodsList, UnknownEntryError
from waybill.goods.entry import DangerousGoodsEntry
from waybill.rules.facts import CargoFacts, CarriageMode
from waybill.services.waybills.recollections import TankMemory

MAX_CARGOES: Final = 21
"""Twenty compartments, and a shell without any."""
NOTHING: Final = "nothing"
OTHER: Final = "other"

NO_SUCH_ROW: Final[Words] = (
    "unknown-reference",
    "一览表中没有这个联合国编号。",
    "The dangerous goods list has no such UN number.",
)
SEVERAL_ROWS: Final[Words] = (
    "several-rows",
    "这个编号有几个条目：请选择其中一个。",
    "This number has several rows: choose one of them.",
)
ONE_OF_TWO: Final[Words] = (
    "one-of-two",
    "请只说明一种：从列表选择，或填写联合国编号。",
    "Say one thing: choose from the list, or write a UN number.",
)
_KEY: Final = re.compile(r"[0-9]{4}(-[a-z0-9]{1,8}){0,4}")
_NUMBER: Final = re.compile(r"(?:UN\s*)?([0-9]{4})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One compartment whose last cargo is asked.

    `carried` are the rows this trip carries in the tank, `options` these and what was said before,
    `rows` those of a number that was typed and has several.
    """

    name: str
    compartment: int
    carried: Collection[str]
    options: Sequence[tuple[str, DangerousGoodsEntry | None]]
    rows: Sequence[DangerousGoodsEntry]

    @property
    def needs_technical_name(self) -> bool:
        """Whether one of the rows is not otherwise specified and so is completed by a name."""
        entries = [*self.rows, *(entry for _, entry in self.options)]
        return any(entry is not None and entry.needs_technical_name for entry in entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One compartment of which the register knows what was released in it last."""

    cargo: CargoFacts
    entry: DangerousGoodsEntry | None


def _numbers(form: "MultiDict[str, str]") -> Iterator[int]:
    return takewhile(lambda n: f"last_cargoes-{n}-compartment" in form, range(MAX_CARGOES))


def read_last_cargoes(reader: FormReader, at: datetime) -> tuple[LastCargo, ...]:
    """Read what was said; a compartment of which nothing was said is left out."""
    found = (_read(reader, f"last_cargoes-{n}-", goods_list(at)) for n in _numbers(reader.form))
    return tuple(cargo for cargo in found if cargo is not None)


def _read(reader: FormReader, name: str, rows: GoodsList) -> LastCargo | None:
    compartment = reader.whole(f"{name}compartment") or 0
    held, typed = reader.text(f"{name}entry_key"), reader.text(f"{name}un_number")
    if typed and held not in ("", OTHER):
        reader.complain(f"{name}un_number", ONE_OF_TWO)
        return None
    if held == NOTHING:
        return LastCargo(compartment=compartment, nothing=True)
    if typed:
        held = _row(reader, name, rows)
    elif held == OTHER:
        reader.complain(f"{name}un_number", REQUIRED)
        return None
    if held and not _KEY.fullmatch(held):
        reader.complain(f"{name}entry_key", CHOOSE)
    if not held:
        return None
    return LastCargo(
        compartment=compartment,
        entry_key=held,
        un_number=held[:4],
        technical_name=reader.text(f"{name}technical_name", most=200),
    )


def _row(reader: FormReader, name: str, rows: GoodsList) -> str:
    """Return the key of the row whose number was typed, empty where it cannot be told."""
    found = rows_of(reader.text(f"{name}un_number"), rows)
    if len(found) == 1:
        return found[0].key
    chosen = reader.text(f"{name}row")
    if any(row.key == chosen for row in found):
        return chosen
    if found:
        reader.complain(f"{name}row", SEVERAL_ROWS)
    else:
        reader.complain(f"{name}un_number", NO_SUCH_ROW)
    return ""


def rows_of(typed: str, rows: GoodsList) -> Sequence[DangerousGoodsEntry]:
    """Return the rows of a UN number as somebody types it."""
    number = _NUMBER.fullmatch(typed.strip())
    return rows.find(number[1]) if number else ()


def form_of_last_cargoes(cargoes: Sequence[LastCargo]) -> Mapping[str, str]:
    """Return the fields of the last cargoes as a draft fills them."""
    values = {}
    for number, cargo in enumerate(cargoes):
        name = f"last_cargoes-{number}-"
        values[f"{name}compartment"] = str(cargo.compartment)
        values[f"{name}entry_key"] = NOTHING if cargo.nothing else cargo.entry_key
        values[f"{name}technical_name"] = cargo.technical_name
    return values


def add_open_cargoes(values: "MultiDict[str, str]", memory: TankMemory | None) -> None:
    """Ask of each compartment of the tank that neither form nor register knows."""
    if memory is None:
        return
    begun = len(list(_numbers(values)))
    said = {values[f"last_cargoes-{n}-compartment"] for n in range(begun)}
    known = {cargo.compartment for cargo in memory.last_cargoes}
    missing = [n for n in memory.compartments if str(n) not in said and n not in known]
    for number, compartment in enumerate(missing, start=begun):
        values[f"last_cargoes-{number}-compartment"] = str(compartment)


def known_cargoes(memory: TankMemory | None, at: datetime) -> list[Known]:
    """Return what the register knows, with the rows of the list."""
    rows = goods_list(at)
    cargoes = memory.last_cargoes if memory else ()
    return [Known(cargo=cargo, entry=_entry(rows, cargo.entry_key)) for cargo in cargoes]


def asked_cargoes(
    values: "MultiDict[str, str]", lines: Sequence[Line], at: datetime
) -> list[Asked]:
    """Return the compartments that are asked, each with the goods that are likely."""
    rows = goods_list(at)
    carried = {
        line.entry.key: line.entry
        for line in lines
        if line.entry and values.get(f"{line.name}mode") == CarriageMode.TANK
    }
    found = []
    for number in _numbers(values):
        name = f"last_cargoes-{number}-"
        held = values.get(f"{name}entry_key", "")
        options: dict[str, DangerousGoodsEntry | None] = {**carried}
        if held not in ("", NOTHING, OTHER):
            options.setdefault(held, _entry(rows, held))
        typed = rows_of(values.get(f"{name}un_number", ""), rows)
        found.append(
            Asked(
                name=name,
                compartment=_compartment(values[f"{name}compartment"]),
                carried=carried.keys(),
                options=list(options.items()),
                rows=typed if len(typed) > 1 else (),
            )
        )
    return found


def _compartment(text: str) -> int:
    return int(text) if text.isdecimal() else 0


def _entry(rows: GoodsList, key: str) -> DangerousGoodsEntry | None:
    try:
        return rows.get(key)
    except UnknownEntryError:
        return None
