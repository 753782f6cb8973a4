"""Exports: asked for from a search, followed here, fetched when they are done."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import actor, requires
from api.export_answers import export_file
from api.page_forms import FormReader
from api.pages.event_forms import read_choices, read_query
from api.pages.layout import submit
from api.pages.search_words import words_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.registry.access import Actor, Permission
from waybill.services.desk.exports import (
    ExportFormat,
    cancel_export,
    list_exports,
    request_export,
)
from waybill.services.desk.searches import get_search
from waybill.services.event_search import EventQuery
from waybill.services.paging import PageRequest

SHOWN = PageRequest(limit=20)

blueprint = Blueprint("export_pages", __name__, url_prefix="/exports")


@blueprint.get("")
@requires(Permission.EXPORT_EVENTS)
def index() -> ResponseReturnValue:
    """Show the account's exports and how far they are."""
    return _index({})


@blueprint.post("")
@requires(Permission.EXPORT_EVENTS)
def ask() -> ResponseReturnValue:
    """Ask for the events of a search as files."""

    def act() -> str:
        reader = FormReader(form=request.form)
        with transaction() as session:
            query = _query(session, actor(), reader)
            formats = reader.choices("formats", ExportFormat)
            request_export(session, actor(), query, formats, clock=runtime().clock)
        return url_for(".index", done="export")

    return submit(act, _index)


@blueprint.post("/<uuid:export_id>/cancellation")
@requires(Permission.EXPORT_EVENTS)
def cancel(export_id: UUID) -> ResponseReturnValue:
    """Cancel an export that is under way."""
    with transaction() as session:
        cancel_export(session, actor(), export_id, clock=runtime().clock)
    return redirect(url_for(".index"))


@blueprint.get("/<uuid:export_id>/file")
@requires(Permission.EXPORT_EVENTS)
def fetch(export_id: UUID) -> ResponseReturnValue:
    """Fetch the package of an export that is done; that it was fetched is recorded."""
    return export_file(export_id)


def _query(session: Session, who: Actor, reader: FormReader) -> EventQuery:
    """Return what is looked for: by a kept search, else by the fields of the sentence."""
    saved_id = reader.identity("search")
    reader.settle()
    if saved_id is not None:
        return get_search(session, who, saved_id).query
    return read_query(session, who, reader.form)


def _index(messages: Mapping[str, str]) -> str:
    with reading() as session:
        found = list_exports(session, actor(), page=SHOWN).items
        choices = read_choices(session, actor())
        exports = [(export, words_of(session, export.query, choices)) for export in found]
    return render_template(
        "auditor/exports.html",
        exports=exports,
        under_way=any(export.under_way for export in found),
        days=runtime().settings.exports_kept_for.days,
        messages=messages,
    )
