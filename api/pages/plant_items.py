"""A plant's own items: what its bays ask beside the law, for its loading supervisors."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.layout import submit
from api.pages.places.place import values_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import AskedOf
from waybill.registry.plant_items import PlantItem, PlantItemParticulars
from waybill.services.plant_items import (
    add_plant_item,
    change_plant_item,
    get_plant_item,
    list_plant_items,
    retire_plant_item,
)
from waybill.services.registry.facilities import facilities_of

AFTER: Final = "after"
TICKED: Final = "1"

blueprint = Blueprint("plant_item_pages", __name__, url_prefix="/plant-items")


@blueprint.get("")
@requires(Permission.WRITE_FACILITIES)
def index() -> ResponseReturnValue:
    """Show what each facility asks, and ask for more."""
    return _page({})


@blueprint.post("")
@requires(Permission.WRITE_FACILITIES)
def add() -> ResponseReturnValue:
    """Ask something new."""

    def act() -> str:
        reader = FormReader(form=request.form)
        facility_id = reader.identity("facility") or UUID(int=0)
        particulars = _read(reader)
        with transaction() as session:
            add_plant_item(session, actor(), facility_id, particulars, clock=runtime().clock)
        return url_for(".index", done="saved")

    return submit(act, _page)


@blueprint.get("/<uuid:facility_id>/<uuid:item_id>/edit")
@requires(Permission.WRITE_FACILITIES)
def edit(facility_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Ask what an item is to ask from now on."""
    item = _get(facility_id, item_id)
    return _form(item, _values(item), {})


@blueprint.post("/<uuid:facility_id>/<uuid:item_id>/edit")
@requires(Permission.WRITE_FACILITIES)
def change(facility_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Replace what an item asks."""
    item = _get(facility_id, item_id)

    def act() -> str:
        reader = FormReader(form=request.form)
        version = reader.whole("version") or 0
        particulars = _read(reader)
        with transaction() as session:
            change_plant_item(
                session,
                actor(),
                (facility_id, item_id),
                particulars,
                expected_version=version,
                clock=runtime().clock,
            )
        return url_for(".index", done="saved")

    return submit(act, lambda messages: _form(item, request.form, messages))


@blueprint.post("/<uuid:facility_id>/<uuid:item_id>/retirement")
@requires(Permission.WRITE_FACILITIES)
def retire(facility_id: UUID, item_id: UUID) -> ResponseReturnValue:
    """Ask an item no longer."""

    def act() -> str:
        version = FormReader(form=request.form).whole("version") or 0
        with transaction() as session:
            retire_plant_item(
                session,
                actor(),
                (facility_id, item_id),
                expected_version=version,
                clock=runtime().clock,
            )
        return url_for(".index", done="status")

    return submit(act, _page)


def _get(facility_id: UUID, item_id: UUID) -> PlantItem:
    with reading() as session:
        return get_plant_item(session, actor(), facility_id, item_id)


def _read(reader: FormReader) -> PlantItemParticulars:
    particulars = PlantItemParticulars(
        question_zh=reader.text("question_zh", required=True),
        question_en=reader.text("question_en", required=True),
        after_loading=reader.text("phase") == AFTER,
        photo=bool(reader.text("photo")),
        stops=bool(reader.text("stops")),
        asked_of=reader.choice("asked_of", AskedOf),
    )
    reader.settle()
    return particulars


def _values(item: PlantItem) -> "MultiDict[str, str]":
    return values_of(
        question_zh=item.question_zh,
        question_en=item.question_en,
        phase=AFTER if item.after_loading else None,
        photo=TICKED if item.photo else None,
        stops=TICKED if item.stops else None,
        asked_of=item.asked_of.value,
        version=str(item.version),
    )


def _form(item: PlantItem, values: Mapping[str, str], messages: Mapping[str, str]) -> str:
    return render_template(
        "registry/plant_item.html",
        item=item,
        values=values,
        messages=messages,
        asked_of=tuple(AskedOf),
    )


def _page(messages: Mapping[str, str]) -> str:
    who = actor()
    with reading() as session:
        found = [
            (facility, list_plant_items(session, who, facility.id))
            for facility in facilities_of(session, [who.organisation_id])
        ]
    return render_template(
        "registry/plant_items.html",
        facilities=found,
        messages=messages,
        values=request.form,
        asked_of=tuple(AskedOf),
    )
