"""Vehicles and trailers of the register."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from api.page_forms import FormField, FormReader
from api.pages.places.place import Papers, Place, Save, Wish, options, values_of
from api.pages.showing import day, form_figure, plate_text
from api.runtime import runtime
from api.wording import t, term
from waybill.registry.access import Actor
from waybill.registry.kinds import (
    CertificateKind,
    PlateColour,
    Provenance,
    SubjectKind,
    UnitBody,
    UnitKind,
    VehicleApproval,
)
from waybill.registry.records import StatusChange, Vehicle, VehicleParticulars
from waybill.services.paging import Page
from waybill.services.registry import vehicles
from waybill.services.registry.fitness import Fitness, vehicle_fitness
from waybill.services.registry.validation import CLAIMABLE


def _list(session: Session, actor: Actor, wish: Wish) -> Page[Vehicle]:
    return vehicles.list_vehicles(session, actor, q=wish.q, status=wish.status, page=wish.page)


def _fields(_session: Session, _actor: Actor, _record: Vehicle | None) -> Sequence[FormField]:
    return (
        FormField(name="plate", label="field.plate", hint="hint.plate", required=True, mono=True),
        FormField(
            name="plate_colour",
            label="field.plate_colour",
            kind="choice",
            required=True,
            options=options(PlateColour),
        ),
        FormField(
            name="kind",
            label="field.unit_kind",
            kind="choice",
            required=True,
            options=options(UnitKind),
        ),
        FormField(
            name="approval",
            label="field.approval",
            kind="choice",
            hint="hint.approval",
            required=True,
            options=options(VehicleApproval),
        ),
        FormField(
            name="body",
            label="field.body",
            kind="choice",
            hint="hint.body",
            options=options(UnitBody),
        ),
        FormField(name="vin", label="field.vin", hint="hint.vin", required=True, mono=True),
        FormField(
            name="first_registered_on",
            label="field.first_registered_on",
            kind="day",
            required=True,
        ),
        FormField(
            name="rated_load_kg",
            label="field.rated_load_kg",
            kind="number",
            unit="kg",
            hint="hint.rated_load",
        ),
        FormField(name="tare_kg", label="field.tare_kg", kind="number", unit="kg"),
        FormField(
            name="max_trailer_mass_kg",
            label="field.max_trailer_mass_kg",
            kind="number",
            unit="kg",
            hint="hint.max_trailer_mass",
        ),
        provenance_field(),
    )


def provenance_field() -> FormField:
    """Return the field that asks where the particulars come from."""
    return FormField(
        name="provenance",
        label="field.provenance",
        kind="choice",
        required=True,
        options=options(Provenance, but=[p for p in Provenance if p not in CLAIMABLE]),
    )


def _values(record: Vehicle) -> "MultiDict[str, str]":
    return values_of(
        plate=plate_text(record.plate),
        plate_colour=record.plate_colour.value,
        kind=record.kind.value,
        approval=record.approval.value,
        vin=record.vin,
        first_registered_on=day(record.first_registered_on),
        rated_load_kg=form_figure(record.rated_load_kg),
        tare_kg=form_figure(record.tare_kg),
        max_trailer_mass_kg=form_figure(record.max_trailer_mass_kg),
        body=record.body.value if record.body else None,
        provenance=record.provenance.value,
    )


def _read(reader: FormReader) -> VehicleParticulars:
    particulars = VehicleParticulars(
        plate=reader.text("plate", required=True),
        plate_colour=reader.choice("plate_colour", PlateColour),
        kind=reader.choice("kind", UnitKind),
        approval=reader.choice("approval", VehicleApproval),
        vin=reader.text("vin", required=True),
        first_registered_on=reader.needed_day("first_registered_on"),
        rated_load_kg=reader.number("rated_load_kg"),
        tare_kg=reader.number("tare_kg"),
        max_trailer_mass_kg=reader.number("max_trailer_mass_kg"),
        body=reader.optional_choice("body", UnitBody),
        provenance=reader.choice("provenance", Provenance),
    )
    reader.settle()
    return particulars


def _save(session: Session, actor: Actor, save: Save) -> UUID:
    particulars, clock = _read(save.reader), runtime().clock
    if save.record_id is None:
        return vehicles.create_vehicle(session, actor, particulars, clock=clock).id
    return vehicles.update_vehicle(
        session,
        actor,
        save.record_id,
        particulars,
        expected_version=save.version,
        clock=clock,
    ).id


def _set_status(
    session: Session, actor: Actor, record_id: UUID, change: StatusChange, version: int
) -> Vehicle:
    return vehicles.set_vehicle_status(
        session, actor, record_id, change, expected_version=version, clock=runtime().clock
    )


def _fitness(record: Vehicle, papers: Papers, at: datetime) -> Sequence[tuple[str, Fitness]]:
    of_carrier = papers.get(record.organisation_id, ())
    own = papers.get(record.id, ())
    return (("", vehicle_fitness(record, own, at, of_carrier=of_carrier)),)


def option_words(record: Vehicle) -> str:
    """Return how a vehicle is named in a list to choose from."""
    return f"{plate_text(record.plate)} {t('words.plate_of', colour=term(record.plate_colour))}"


PLACE: Final[Place[Vehicle]] = Place(
    name="vehicles",
    subject=SubjectKind.VEHICLE,
    papers=(
        CertificateKind.VEHICLE_LICENCE,
        CertificateKind.ROAD_TRANSPORT_CERTIFICATE,
        CertificateKind.TECHNICAL_INSPECTION,
        CertificateKind.LIABILITY_INSURANCE,
    ),
    list=_list,
    get=vehicles.get_vehicle,
    fields=_fields,
    values=_values,
    save=_save,
    set_status=_set_status,
    fitness=_fitness,
)
