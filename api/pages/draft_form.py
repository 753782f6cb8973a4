"""The form in which a waybill is written: read into a draft, and drawn from one."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile
from typing import Final

from werkzeug.datastructures import MultiDict

from api.page_forms import REQUIRED, FormReader
from api.pages.showing import form_figure, moment
from waybill.clock import local_date
from waybill.errors import FieldProblem
from waybill.goods.catalogue import GoodsList, UnknownEntryError, catalogue
from waybill.goods.entry import DangerousGoodsEntry
from waybill.rules.facts import Answer, CarriageMode
from waybill.services.waybills.draft import Destination, Draft, DraftGoods

MAX_LINES: Final = 20
WRITTEN_PARTS: Final = (
    "quantity_l",
    "compartment",
    "packaging",
    "packages",
    "technical_name",
    "concentration",
)
"""What somebody may have written beside a row before its quantity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A goods line of the form: its number, and the row of the list that was picked."""

    number: int
    entry: DangerousGoodsEntry | None


def goods_list(at: datetime) -> GoodsList:
    """Return the dangerous goods list in force at a moment."""
    return catalogue(local_date(at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a form says: the draft that can be kept, and rows that wait for their quantity."""

    draft: Draft
    pending: tuple[str, ...]


def read_draft(reader: FormReader, *, dropped: int | None = None) -> Written:
    """Read the form, without the goods line that is to be dropped.

    A row that was only picked is no line of a draft yet: it waits until its quantity is given.

    Raises:
        InvalidFieldError: names every field that cannot be read.
    """
    area_code, address = reader.text("destination-area_code"), reader.text("destination-address")
    destination = Destination(area_code=area_code, address=address)
    numbers = [number for number in _numbers(reader.form) if number != dropped]
    lines = [(number, _line(reader, number)) for number in numbers]
    draft = Draft(
        consignor_id=reader.identity("consignor_id"),
        consignee_id=reader.identity("consignee_id"),
        facility_id=reader.identity("facility_id"),
        vehicle_id=reader.identity("vehicle_id"),
        trailer_id=reader.identity("trailer_id"),
        tank_id=reader.identity("tank_id"),
        driver_id=reader.identity("driver_id"),
        escort_id=reader.identity("escort_id"),
        planned_loading_at=reader.moment("planned_loading_at"),
        destination=destination if area_code or address else None,
        city_delivery="city_delivery" in reader.form,
        goods=tuple(line for _, line in lines if line is not None),
        emergency_phone=reader.text("emergency_phone"),
        remarks=reader.text("remarks"),
    )
    reader.settle()
    pending = [reader.text(f"goods-{number}-entry_key") for number, line in lines if line is None]
    return Written(draft=draft, pending=tuple(pending))


def _numbers(form: "MultiDict[str, str]") -> list[int]:
    """Return the numbers of the goods lines that a form holds."""
    return list(takewhile(lambda n: form.get(f"goods-{n}-entry_key"), range(MAX_LINES)))


def _line(reader: FormReader, number: int) -> DraftGoods | None:
    """Read a goods line, `None` where nothing was written beside the row that was picked."""
    name = f"goods-{number}"
    quantity_kg = reader.number(f"{name}-quantity_kg")
    if quantity_kg is None:
        if any(reader.text(f"{name}-{part}") for part in WRITTEN_PARTS):
            reader.complain(f"{name}-quantity_kg", REQUIRED)
        return None
    return DraftGoods(
        entry_key=reader.text(f"{name}-entry_key"),
        mode=reader.choice(f"{name}-mode", CarriageMode),
        quantity_kg=quantity_kg,
        quantity_l=reader.number(f"{name}-quantity_l"),
        compartment=reader.whole(f"{name}-compartment"),
        packaging=reader.text(f"{name}-packaging"),
        packages=reader.whole(f"{name}-packages"),
        technical_name=reader.text(f"{name}-technical_name"),
        concentration=reader.text(f"{name}-concentration"),
        highly_toxic_declared=_answer(reader, f"{name}-highly_toxic_declared"),
        not_subject_declared=_answer(reader, f"{name}-not_subject_declared"),
    )


def _answer(reader: FormReader, name: str) -> Answer:
    return reader.optional_choice(name, Answer) or Answer.ASK


def unfilled(draft: Draft, pending: Sequence[str]) -> list[FieldProblem]:
    """Return a problem for each row that waits for its quantity."""
    return [
        FieldProblem(
            pointer=f"/goods/{len(draft.goods) + number}/quantity_kg",
            code="required",
            message_zh="请填写数量（千克）。",
            message_en="Write the quantity in kilograms.",
        )
        for number, _ in enumerate(pending)
    ]


def known_rows(keys: Iterable[str], at: datetime) -> list[str]:
    """Return those keys that the goods list of a day has, at most as many as a form holds."""
    rows = goods_list(at)
    found = []
    for key in keys:
        with suppress(UnknownEntryError):
            found.append(rows.get(key).key)
    return found[:MAX_LINES]


def form_of(
    draft: Draft, version: int, pending: Sequence[str] = (), *, at: datetime | None = None
) -> "MultiDict[str, str]":
    """Return the form as a draft fills it, with the rows that wait for their quantity behind."""
    values: MultiDict[str, str] = MultiDict({"version": str(version)})
    for name in (
        "consignor_id",
        "consignee_id",
        "facility_id",
        "vehicle_id",
        "trailer_id",
        "tank_id",
        "driver_id",
        "escort_id",
    ):
        found = getattr(draft, name)
        values[name] = str(found) if found else ""
    values["planned_loading_at"] = moment(draft.planned_loading_at)
    values["emergency_phone"], values["remarks"] = draft.emergency_phone, draft.remarks
    if draft.destination:
        values["destination-area_code"] = draft.destination.area_code
        values["destination-address"] = draft.destination.address
    if draft.city_delivery:
        values["city_delivery"] = "on"
    for number, line in enumerate(draft.goods):
        values.update(_form_of_line(number, line))
    for number, key in enumerate(pending, start=len(draft.goods)):
        values[f"goods-{number}-entry_key"] = key
        values[f"goods-{number}-mode"] = _usual_mode(key, at)
    return values


def _usual_mode(key: str, at: datetime | None) -> str:
    """Return how goods of a row are usually carried: in a tank where the row allows one."""
    allowed = at is not None and goods_list(at).get(key).allows_tank
    return (CarriageMode.TANK if allowed else CarriageMode.PACKAGES).value


def _form_of_line(number: int, line: DraftGoods) -> dict[str, str]:
    values = {
        "entry_key": line.entry_key,
        "mode": line.mode.value,
        "quantity_kg": form_figure(line.quantity_kg),
        "quantity_l": form_figure(line.quantity_l),
        "compartment": form_figure(line.compartment),
        "packaging": line.packaging,
        "packages": form_figure(line.packages),
        "technical_name": line.technical_name,
        "concentration": line.concentration,
        "highly_toxic_declared": line.highly_toxic_declared.value,
        "not_subject_declared": line.not_subject_declared.value,
    }
    return {f"goods-{number}-{name}": value for name, value in values.items()}


def lines_of(values: "MultiDict[str, str]", at: datetime) -> list[Line]:
    """Return the goods lines that a form holds, each with its row of the list."""
    found, rows = [], goods_list(at)
    for number in _numbers(values):
        try:
            entry = rows.get(values[f"goods-{number}-entry_key"])
        except UnknownEntryError:
            found.append(Line(number=number, entry=None))
        else:
            found.append(Line(number=number, entry=entry))
    return found
