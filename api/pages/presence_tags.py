"""Presence tags of a plant: made, printed and retired by its loading supervisors."""

from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.looking import looking_key
from api.page_forms import FormReader
from api.pages.layout import submit
from api.rendering.tags import tags_pdf
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Permission
from waybill.registry.kinds import RecordStatus, TagPoint
from waybill.registry.looking import PresenceTagParticulars
from waybill.services.looking.tags import (
    add_presence_tag,
    list_presence_tags,
    retire_presence_tag,
)
from waybill.services.registry.facilities import facilities_of, get_facility

NOBODY = UUID(int=0)

blueprint = Blueprint("presence_tag_pages", __name__, url_prefix="/presence-tags")


@blueprint.get("")
@requires(Permission.WRITE_FACILITIES)
def index() -> ResponseReturnValue:
    """Show which tags hang where, and make more."""
    return _page({})


@blueprint.post("/<uuid:facility_id>")
@requires(Permission.WRITE_FACILITIES)
def add(facility_id: UUID) -> ResponseReturnValue:
    """Make a tag."""

    def act() -> str:
        reader = FormReader(form=request.form)
        stated = PresenceTagParticulars(
            bay_id=reader.identity("bay_id") or NOBODY,
            point=reader.choice("point", TagPoint),
            label=reader.text("label"),
        )
        reader.settle()
        with transaction() as session:
            add_presence_tag(session, actor(), facility_id, stated, clock=runtime().clock)
        return url_for(".index", done="saved")

    return submit(act, _page)


@blueprint.post("/<uuid:facility_id>/<uuid:tag_id>/retirement")
@requires(Permission.WRITE_FACILITIES)
def retire(facility_id: UUID, tag_id: UUID) -> ResponseReturnValue:
    """Let a tag count no longer."""

    def act() -> str:
        with transaction() as session:
            retire_presence_tag(session, actor(), (facility_id, tag_id), clock=runtime().clock)
        return url_for(".index", done="status")

    return submit(act, _page)


@blueprint.get("/<uuid:facility_id>/tags.pdf")
@requires(Permission.WRITE_FACILITIES)
def sheet(facility_id: UUID) -> ResponseReturnValue:
    """Print the tags of a facility, six to a page."""
    with reading() as session:
        found = list_presence_tags(session, actor(), facility_id)
        facility = get_facility(session, actor(), facility_id).name
    paper = tags_pdf(
        found, key=looking_key().tag, facility=facility, printed_at=runtime().clock.now()
    )
    headers = {"Content-Disposition": 'inline; filename="presence-tags.pdf"'}
    return Response(paper, HTTPStatus.OK, headers, content_type="application/pdf")


def _page(messages: Mapping[str, str]) -> str:
    who = actor()
    with reading() as session:
        found = [
            (facility, list_presence_tags(session, who, facility.id))
            for facility in facilities_of(session, [who.organisation_id])
        ]
    return render_template(
        "registry/presence_tags.html",
        facilities=found,
        messages=messages,
        values=request.form,
        points=tuple(TagPoint),
        active=RecordStatus.ACTIVE,
    )
