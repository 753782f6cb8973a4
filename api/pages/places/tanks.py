"""Tanks of the register.

Compartments and approved substances are written one per line, as `parse_*` below say; a page that
works without scripts cannot add rows.
"""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import FormField, FormReader, Words
from api.pages.places.place import Place, Save, Wish, options, values_of
from api.pages.places.vehicles import option_words, provenance_field
from api.pages.showing import form_figure
from api.runtime import runtime
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
    Certificate,
    Compartment,
    StatusChange,
    Tank,
    TankParticulars,
)
from waybill.services.paging import MAX_PAGE_ITEMS, Page, PageRequest
from waybill.services.registry import tanks, vehicles
from waybill.services.registry.fitness import Fitness, tank_fitness

_COMPARTMENT: Final = re.compile(
    r"([1-9][0-9]?)\s+([0-9]{1,7}(?:\.[0-9]{1,3})?)(?:\s+([0-9]{1,7}(?:\.[0-9]{1,3})?))?"
)
_SUBSTANCE: Final = re.compile(
    r"(?:UN\s*)?([0-9]{4})"
    r"(?:\s+((?:III|II|I)(?:[,，/](?:III|II|I))*))?"
    r"(?:\s+仓?([1-9][0-9]?)仓?)?"
    r"(?:\s+≤([^;；]{1,40}))?"
    r"(?:(?:\s*[;；]\s*|\s+(?!≤))(\S.*))?"
)
COMPARTMENTS: Final[Words] = (
    "compartments-shape",
    "每行写：仓号 容积(L) [最大隔段容积(L)]，如“1 15000 7500”。",
    "Each line: number, litres, and the largest section's litres if known, as “1 15000 7500”.",
)
SUBSTANCES: Final[Words] = (
    "substances-shape",
    "每行写：联合国编号 [包装类别] [仓号] [≤浓度；] [技术名称]，如“1203 II”。",
    "Each line: UN number, packing groups, compartment, ≤concentration; technical name: “1203 II”.",
)


def _list(session: Session, actor: Actor, wish: Wish) -> Page[Tank]:
    return tanks.list_tanks(session, actor, q=wish.q, status=wish.status, page=wish.page)


def _fields(session: Session, actor: Actor, _record: Tank | None) -> Sequence[FormField]:
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
            name="compartments",
            label="field.compartments",
            kind="area",
            hint="hint.compartments",
            mono=True,
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
        provenance=record.provenance.value,
    )


def substance_line(substance: ApprovedSubstance) -> str:
    """Return a line of the list as people write it: `1203 II,III`."""
    parts = (
        substance.un_number,
        ",".join(substance.packing_groups),
        f"仓{substance.compartment}" if substance.compartment is not None else "",
        f"≤{substance.max_concentration}" if substance.max_concentration else "",
    )
    # A concentration may hold spaces, so what follows it needs a mark of its own.
    between = "; " if substance.max_concentration else " "
    return between.join(filter(None, (" ".join(filter(None, parts)), substance.technical_name)))


def compartment_line(compartment: Compartment) -> str:
    """Return a compartment as people write it: `1 15000 7500`."""
    parts = (
        str(compartment.number),
        form_figure(compartment.capacity_l),
        form_figure(compartment.largest_section_l),
    )
    return " ".join(filter(None, parts))


def parse_substance(line: str) -> ApprovedSubstance:
    """Read what `substance_line` writes.

    Raises:
        ValueError: the line has another shape.
    """
    found = _SUBSTANCE.fullmatch(line)
    if found is None:
        raise ValueError(line)
    number, groups, compartment, concentration, technical_name = found.groups()
    return ApprovedSubstance(
        un_number=number,
        packing_groups=tuple(re.split("[,，/]", groups)) if groups else (),
        technical_name=technical_name or "",
        max_concentration=concentration or "",
        compartment=int(compartment) if compartment else None,
    )


def parse_compartment(line: str) -> Compartment:
    """Read what `compartment_line` writes.

    Raises:
        ValueError: the line has another shape.
    """
    found = _COMPARTMENT.fullmatch(line)
    if found is None:
        raise ValueError(line)
    number, capacity_l, section_l = found.groups()
    return Compartment(
        number=int(number),
        capacity_l=Decimal(capacity_l),
        largest_section_l=Decimal(section_l) if section_l else None,
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


def _fitness(
    record: Tank, papers: Sequence[Certificate], at: datetime
) -> Sequence[tuple[str, Fitness]]:
    return (("", tank_fitness(record, papers, at)),)


PLACE: Final[Place[Tank]] = Place(
    name="tanks",
    subject=SubjectKind.TANK,
    papers=(CertificateKind.TANK_INSPECTION, CertificateKind.USE_REGISTRATION),
    list=_list,
    get=tanks.get_tank,
    fields=_fields,
    values=_values,
    save=_save,
    set_status=_set_status,
    fitness=_fitness,
)
