"""The form in which a waybill is written: read into a draft, and drawn from one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from werkzeug.datastructures import MultiDict

from api.page_forms import FormReader
from api.pages.draft_cargoes import form_of_last_cargoes, read_last_cargoes
from api.pages.draft_goods import (
    form_of_line,
    form_of_picked,
    goods_list,
    line_numbers,
    read_line,
)
from api.pages.draft_permits import form_of_permit, read_permits
from api.pages.showing import form_moment
from waybill.errors import FieldProblem
from waybill.rules.facts import Answer
from waybill.services.waybills.draft import Destination, Draft
from waybill.services.waybills.recollections import Recollection

RECORDS: Final = (
    "consignor_id",
    "consignee_id",
    "facility_id",
    "vehicle_id",
    "trailer_id",
    "tank_id",
    "driver_id",
    "escort_id",
)
"""Fields that name a record of the register."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """What of a form is left out when it is read: a goods line or a permit, by its number."""

    line: int | None = None
    permit: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What of a form is no part of a draft yet: rows without quantity, permits without number."""

    rows: tuple[str, ...] = ()
    permits: int = 0

    def __bool__(self) -> bool:
        """Whether anything waits."""
        return bool(self.rows or self.permits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a form says: the draft that can be kept, and what still waits."""

    draft: Draft
    waiting: Waiting = field(default_factory=Waiting)


def read_draft(reader: FormReader, at: datetime, *, dropped: Dropped | None = None) -> Written:
    """Read the form, without what is to be dropped.

    A row that was only picked is no line of a draft yet: it waits until its quantity is given.

    Raises:
        InvalidFieldError: names every field that cannot be read.
    """
    without = dropped or Dropped()
    area_code, address = reader.text("destination-area_code"), reader.text("destination-address")
    destination = Destination(area_code=area_code, address=address)
    numbers = [number for number in line_numbers(reader.form) if number != without.line]
    lines = [(number, read_line(reader, number)) for number in numbers]
    permits = read_permits(reader, dropped=without.permit)
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
        foodstuffs=reader.optional_choice("foodstuffs", Answer) or Answer.ASK,
        permits=permits.written,
        last_cargoes=read_last_cargoes(reader, at),
    )
    reader.settle()
    rows = [reader.text(f"goods-{number}-entry_key") for number, line in lines if line is None]
    return Written(draft=draft, waiting=Waiting(rows=tuple(rows), permits=permits.blank))


def unfilled(draft: Draft, waiting: Waiting) -> list[FieldProblem]:
    """Return a problem for each row that waits for its quantity and each permit for its number."""
    goods, permits = len(draft.goods), len(draft.permits)
    return [
        *(
            FieldProblem(
                pointer=f"/goods/{goods + number}/quantity_kg",
                code="required",
                message_zh="请填写数量（千克）。",
                message_en="Write the quantity in kilograms.",
            )
            for number in range(len(waiting.rows))
        ),
        *(
            FieldProblem(
                pointer=f"/permits/{permits + number}/number",
                code="required",
                message_zh="请填写许可证件的编号，或删除此证件。",
                message_en="Write the permit's number, or take the permit away.",
            )
            for number in range(waiting.permits)
        ),
    ]


def form_of(
    draft: Draft,
    version: int,
    picked: Sequence[str] = (),
    *,
    at: datetime | None = None,
    recalled: Mapping[str, Recollection] | None = None,
) -> "MultiDict[str, str]":
    """Return the form as a draft fills it, with the rows that wait for their quantity behind.

    Args:
        draft: what is written.
        version: of the draft, as it was read.
        picked: keys of rows of the list in force at `at`.
        at: now; needed where rows were picked.
        recalled: what was last declared of them.
    """
    values: MultiDict[str, str] = MultiDict({"version": str(version)})
    for name in RECORDS:
        found = getattr(draft, name)
        values[name] = str(found) if found else ""
    values["planned_loading_at"] = form_moment(draft.planned_loading_at)
    values["emergency_phone"], values["remarks"] = draft.emergency_phone, draft.remarks
    values["foodstuffs"] = draft.foodstuffs.value
    if draft.destination:
        values["destination-area_code"] = draft.destination.area_code
        values["destination-address"] = draft.destination.address
    if draft.city_delivery:
        values["city_delivery"] = "on"
    for number, line in enumerate(draft.goods):
        values.update(form_of_line(number, line))
    for number, permit in enumerate(draft.permits):
        values.update(form_of_permit(number, permit))
    values.update(form_of_last_cargoes(draft.last_cargoes))
    if at is not None:
        for number, key in enumerate(picked, start=len(draft.goods)):
            entry = goods_list(at).get(key)
            values.update(form_of_picked(number, entry, (recalled or {}).get(key)))
    return values
