"""Tanks of the register.

Compartments and approved substances are written one per line, as `tank_lines` says; a page that
works without scripts cannot add rows.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import FormField, FormReader
from api.pages.places.place import Papers, Place, Save, Wish, options, values_of
from api.pages.places.tank_lines import (
    COMPARTMENTS,
    SUBSTANCES,
    compartment_line,
    parse_compartment,
    parse_substance,
    substance_line,
)
from api.pages.places.vehicles import option_words, provenance_field
from api.pages.showing import form_figure
from api.runtime import runtime
from api.wording import t
from waybill.registry.access import Actor
from waybill.registry.kinds import (
    CertificateKind,
    Provenance,
    RecordStatus,
    SubjectKind,
    TankKind,
    UnitKind,
)
from waybill.registry.records import (
    ApprovedSubstance,
    Compartment,
    StatusChange,
    Tank,
    TankParticulars,
)
from waybill.services.paging import MAX_PAGE_ITEMS, Page, PageRequest
from waybill.services.registry import tanks, vehicles
from waybill.services.registry.fitness import Fitness, tank_fitness


def _list(session: Session, actor: Actor, wish: Wish) -> Page[Tank]:
    return tanks.list_tanks(session, actor, q=wish.q, status=wish.status, page=wish.page)


def _fields(session: Session, actor: Actor, _record: Tank | None) -> Sequence[FormField]:
    return (
        *_vessel_fields(),
        *_approval_fields(),
        FormField(
            name="insulated",
            label="field.insulated",
            kind="choice",
            hint="hint.insulated",
            options=_yes_no(),
        ),
        FormField(
            name="heated",
            label="field.heated",
            kind="choice",
            hint="hint.heated",
            options=_yes_no(),
        ),
        FormField(name="rated_load_kg", label="field.rated_load_kg", kind="number", unit="kg"),
        FormField(name="tare_kg", label="field.tare_kg", kind="number", unit="kg"),
        FormField(
            name="mounted_on_id",
            label="field.mounted_on",
            kind="choice",
            hint="hint.mounted_on",
            options=_units(session, actor),
        ),
        provenance_field(),
    )


def _vessel_fields() -> Sequence[FormField]:
    """What the tank is, and how much it holds."""
    return (
        FormField(name="number", label="field.tank_number", required=True, mono=True),
        FormField(
            name="kind",
            label="field.tank_kind",
            kind="choice",
            required=True,
            options=options(TankKind),
        ),
        FormField(
            name="capacity_l", label="field.capacity_l", kind="number", unit="L", required=True
        ),
        FormField(
            name="compartments",
            label="field.compartments",
            kind="area",
            hint="hint.compartments",
            mono=True,
        ),
    )


def _approval_fields() -> Sequence[FormField]:
    """What the certificate says it may hold, and under what pressure."""
    return (
        FormField(name="tank_code", label="field.tank_code", hint="hint.tank_code", mono=True),
        FormField(
            name="portable_tank_instruction",
            label="field.portable_tank_instruction",
            hint="hint.portable_tank_instruction",
            mono=True,
        ),
        FormField(
            name="approved_substances",
            label="field.approved_substances",
            kind="area",
            hint="hint.approved_substances",
            mono=True,
        ),
        FormField(
            name="test_pressure_bar",
            label="field.test_pressure_bar",
            kind="number",
            unit="bar",
            hint="hint.test_pressure_bar",
        ),
        FormField(
            name="max_filling_kg",
            label="field.max_filling_kg",
            kind="number",
            unit="kg",
            hint="hint.max_filling_kg",
        ),
    )


def _units(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Return the units that can bear a tank."""
    found = vehicles.list_vehicles(
        session, actor, status=RecordStatus.ACTIVE, page=PageRequest(limit=MAX_PAGE_ITEMS)
    ).items
    return [
        (str(unit.id), option_words(unit)) for unit in found if unit.kind is not UnitKind.TRACTOR
    ]


def _values(record: Tank) -> "MultiDict[str, str]":
    return values_of(
        number=record.number,
        kind=record.kind.value,
        capacity_l=form_figure(record.capacity_l),
        tank_code=record.tank_code,
        portable_tank_instruction=record.portable_tank_instruction,
        approved_substances="\n".join(map(substance_line, record.approved_substances)),
        compartments="\n".join(map(compartment_line, record.compartments)),
        rated_load_kg=form_figure(record.rated_load_kg),
        tare_kg=form_figure(record.tare_kg),
        mounted_on_id=str(record.mounted_on_id) if record.mounted_on_id else None,
        test_pressure_bar=form_figure(record.test_pressure_bar),
        max_filling_kg=form_figure(record.max_filling_kg),
        insulated=_said(record.insulated),
        heated=_said(record.heated),
        provenance=record.provenance.value,
    )


def _substances(reader: FormReader) -> tuple[ApprovedSubstance, ...]:
    try:
        return tuple(map(parse_substance, _lines(reader, "approved_substances")))
    except ValueError:
        reader.complain("approved_substances", SUBSTANCES)
        return ()


def _compartments(reader: FormReader) -> tuple[Compartment, ...]:
    try:
        return tuple(map(parse_compartment, _lines(reader, "compartments")))
    except ValueError:
        reader.complain("compartments", COMPARTMENTS)
        return ()


def _lines(reader: FormReader, name: str) -> list[str]:
    return [line.strip() for line in reader.text(name).splitlines() if line.strip()]


def _answer(reader: FormReader, name: str) -> bool | None:
    return {"yes": True, "no": False}.get(reader.text(name))


def _said(answer: bool | None) -> str | None:  # noqa: FBT001  the answer itself, not a switch
    return None if answer is None else ("yes" if answer else "no")


def _yes_no() -> list[tuple[str, str]]:
    return [(answer, t(f"answer.{answer}")) for answer in ("yes", "no")]


def _read(reader: FormReader) -> TankParticulars:
    particulars = TankParticulars(
        number=reader.text("number", required=True),
        kind=reader.choice("kind", TankKind),
        capacity_l=reader.needed_number("capacity_l"),
        compartments=_compartments(reader),
        approved_substances=_substances(reader),
        tank_code=reader.text("tank_code") or None,
        portable_tank_instruction=reader.text("portable_tank_instruction") or None,
        rated_load_kg=reader.number("rated_load_kg"),
        tare_kg=reader.number("tare_kg"),
        mounted_on_id=reader.identity("mounted_on_id"),
        test_pressure_bar=reader.number("test_pressure_bar"),
        max_filling_kg=reader.number("max_filling_kg"),
        insulated=_answer(reader, "insulated"),
        heated=_answer(reader, "heated"),
        provenance=reader.choice("provenance", Provenance),
    )
    reader.settle()
    return particulars


def _save(session: Session, actor: Actor, save: Save) -> UUID:
    particulars, clock = _read(save.reader), runtime().clock
    if save.record_id is None:
        return tanks.create_tank(session, actor, particulars, clock=clock).id
    return tanks.update_tank(
        session, actor, save.record_id, particulars, expected_version=save.version, clock=clock
    ).id


def _set_status(
    session: Session, actor: Actor, record_id: UUID, change: StatusChange, version: int
) -> Tank:
    return tanks.set_tank_status(
        session, actor, record_id, change, expected_version=version, clock=runtime().clock
    )


def _fitness(record: Tank, papers: Papers, at: datetime) -> Sequence[tuple[str, Fitness]]:
    return (("", tank_fitness(record, papers.get(record.id, ()), at)),)


PLACE: Final[Place[Tank]] = Place(
    name="tanks",
    subject=SubjectKind.TANK,
    papers=(
        CertificateKind.TANK_INSPECTION,
        CertificateKind.USE_REGISTRATION,
        CertificateKind.TANK_CLEANING,
    ),
    list=_list,
    get=tanks.get_tank,
    fields=_fields,
    values=_values,
    save=_save,
    set_status=_set_status,
    fitness=_fitness,
)
