"""How the form of a waybill is drawn: what each part asks, and what the register knows already."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.auth import actor
from api.pages.choices import Choices, choices_of
from api.pages.draft_cargoes import (
    Asked,
    Known,
    add_open_cargoes,
    asked_cargoes,
    known_cargoes,
)
from api.pages.draft_goods import Line, asks_about_food, goods_list, lines_of
from api.pages.draft_permits import add_blank_permits, permit_numbers
from api.pages.showing import findings_shown
from api.runtime import runtime
from api.transactions import reading
from waybill.errors import NotFoundError
from waybill.goods.entry import DangerousGoodsEntry
from waybill.goods.search import MAX_QUERY_LENGTH
from waybill.registry.kinds import PermitKind
from waybill.rules.facts import Answer
from waybill.services.verdicts import Verdict
from waybill.services.waybills.recollections import TankMemory, tank_memory

RESULTS: Final = 12
SURGE_SECTION_L: Final = Decimal(7500)
"""Above this a section's filling may depend on viscosity (ADR 4.3.2.2.4); whether it is asked."""


LABELS: Final[Mapping[str, str]] = {
    "consignor_id": "field.consignor",
    "consignee_id": "field.consignee",
    "facility_id": "field.loading_place",
    "vehicle_id": "field.vehicle",
    "trailer_id": "field.trailer",
    "tank_id": "field.tank",
    "driver_id": "field.driver",
    "escort_id": "field.escort",
    "destination": "field.destination",
    "planned_loading_at": "field.planned_loading_at",
    "goods": "field.goods",
    "emergency_phone": "field.emergency_phone",
}
"""What the fields of a form are called in the list of what is wrong."""
LABELS_OF_A_LINE: Final[Mapping[str, str]] = {
    "quantity_kg": "field.quantity_kg",
    "quantity_l": "field.quantity_l",
    "compartment": "field.compartment",
    "density_kg_l": "field.density_kg_l",
    "density_50_kg_l": "field.density_50_kg_l",
    "filling_temperature_c": "field.filling_temperature_c",
    "viscosity_mm2_s": "field.viscosity_mm2_s",
    "packages": "field.packages",
    "packaging": "field.packaging",
    "gross_mass_kg": "field.packages_gross_kg",
    "package_gross_kg": "field.package_gross_kg",
    "package_net_l": "field.package_net",
    "package_net_kg": "field.package_net",
    "inner_l": "field.inner",
    "inner_kg": "field.inner",
    "net_explosive_mass_kg": "field.net_explosive_mass_kg",
    "technical_name": "field.technical_name",
    "concentration": "field.concentration",
}
LABELS_OF_A_PERMIT: Final[Mapping[str, str]] = {
    "kind": "field.permit_kind",
    "number": "field.permit_number",
    "un_numbers": "field.permit_un_numbers",
    "quantity_kg": "field.permit_quantity_kg",
    "plates": "field.permit_plates",
    "valid_from": "field.valid_from",
    "valid_until": "field.valid_until",
    "from_area_code": "field.from_area_code",
    "to_area_code": "field.to_area_code",
    "route": "field.route",
}
LABELS_OF_A_CARGO: Final[Mapping[str, str]] = dict.fromkeys(
    ("entry_key", "un_number", "row"), "field.last_cargo"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """What the form asks: the lines, the permits, the compartments; and what it need not ask."""

    lines: list[Line]
    permits: list[int]
    asked: list[Asked]
    known: list[Known]
    food: bool
    viscosity: bool

    @property
    def labels(self) -> Mapping[str, str]:
        """What each field is called, for the list of what is wrong."""
        groups = [
            *((line.name, LABELS_OF_A_LINE) for line in self.lines),
            *((f"permits-{number}-", LABELS_OF_A_PERMIT) for number in self.permits),
            *((asked.name, LABELS_OF_A_CARGO) for asked in self.asked),
        ]
        repeated = {n + part: label for n, labels in groups for part, label in labels.items()}
        return {**LABELS, **repeated}


def page(
    waybill_id: UUID | None,
    values: "MultiDict[str, str]",
    messages: Mapping[str, str],
    *,
    permits: int = 0,
    verdict: Verdict | None = None,
) -> str:
    """Draw the page.

    Args:
        waybill_id: the draft's, `None` for one that was not kept yet.
        values: the form as it stands.
        messages: what is wrong, by field; `""` is the form as a whole.
        permits: how many permits to add that nobody has written yet.
        verdict: how the draft would be judged, where that was asked.
    """
    now = runtime().clock.now()
    query = request.args.get("q", "")[:MAX_QUERY_LENGTH]
    form = MultiDict(values)
    with reading() as session:
        choices = choices_of(session, actor(), now)
        memory = _memory(session, form)
    add_blank_permits(form, permits, lines_of(form, now), choices)
    return render_template(
        "waybills/edit.html",
        waybill_id=waybill_id,
        values=form,
        choices=choices,
        messages=messages,
        q=query,
        found=found_goods(query),
        verdict=verdict,
        findings=findings_shown(verdict.assessment.standing) if verdict else [],
        blocked=bool(verdict and verdict.assessment.blocking_at_issue),
        permit_kinds=list(PermitKind),
        ask=_asking(form, memory, now),
    )


def fragments(values: "MultiDict[str, str]", at: datetime) -> Mapping[str, str]:
    """Draw the parts that follow what is written: the summary, and what the tank held before.

    Args:
        values: the form as it stands.
        at: the moment of loading, for how records stand.
    """
    now = runtime().clock.now()
    form = MultiDict(values)
    with reading() as session:
        choices: Choices = choices_of(session, actor(), at)
        memory = _memory(session, form)
    there = {
        "values": form,
        "choices": choices,
        "messages": {},
        "ask": _asking(form, memory, now),
    }
    return {
        "summary": render_template("waybills/_summary.html", **there),
        "cargoes": render_template("waybills/_last_cargoes.html", **there),
    }


def found_goods(query: str) -> tuple[DangerousGoodsEntry, ...]:
    """Return the rows of the list that a look-up finds."""
    if not query.strip():
        return ()
    return goods_list(runtime().clock.now()).search(query, limit=RESULTS).entries


def _memory(session: Session, form: "MultiDict[str, str]") -> TankMemory | None:
    """Return what the register knows of the tank that was chosen, `None` for none."""
    try:
        return tank_memory(session, actor(), UUID(form.get("tank_id", "")))
    except (ValueError, NotFoundError):
        return None


def _asking(form: "MultiDict[str, str]", memory: TankMemory | None, now: datetime) -> Asking:
    add_open_cargoes(form, memory)
    lines = lines_of(form, now)
    return Asking(
        lines=lines,
        permits=permit_numbers(form),
        asked=asked_cargoes(form, lines, now),
        known=known_cargoes(memory, now),
        food=asks_about_food(lines) or form.get("foodstuffs", Answer.ASK) != Answer.ASK,
        viscosity=memory is None or memory.largest_section_l > SURGE_SECTION_L,
    )
