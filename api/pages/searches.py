"""Kept searches: a name, a link that tells nothing of what is looked for, and what it finds."""

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import actor, requires
from api.desk import desk_reading
from api.page_forms import FormReader
from api.pages.event_forms import read_choices, read_query
from api.pages.layout import submit
from api.pages.search_words import words_of
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.codec import time_of_id
from waybill.registry.access import Permission
from waybill.services.desk.exports import ExportFormat
from waybill.services.desk.searches import (
    get_search,
    list_searches,
    remove_search,
    save_search,
)
from waybill.services.event_search import search_events
from waybill.services.event_views import event_outcome, waybill_numbers
from waybill.services.paging import DEFAULT_PAGE_ITEMS, MAX_PAGE_ITEMS, PageRequest

blueprint = Blueprint("search_pages", __name__, url_prefix="/searches")


@blueprint.get("")
@requires(Permission.READ_EVENTS)
def index() -> ResponseReturnValue:
    """Show the searches that the account keeps."""
    return _index({})


@blueprint.post("")
@requires(Permission.READ_EVENTS)
def save() -> ResponseReturnValue:
    """Keep the search that was just made."""

    def act() -> str:
        reader = FormReader(form=request.form)
        with transaction() as session:
            query = read_query(session, actor(), request.form)
            saved = save_search(session, actor(), reader.text("name"), query, clock=runtime().clock)
        return url_for(".show", search_id=saved.id, done="saved")

    return submit(act, _index)


@blueprint.get("/<uuid:search_id>")
@requires(Permission.READ_EVENTS)
def show(search_id: UUID) -> ResponseReturnValue:
    """Search the log by a kept search; the look is recorded like any other."""
    reader = FormReader(form=request.args)
    after = reader.identity("after")
    reader.settle()
    with transaction() as session, desk_reading(after=after) as source:
        saved = get_search(session, actor(), search_id)
        page = PageRequest(limit=DEFAULT_PAGE_ITEMS, after=after)
        found = search_events(
            session, actor(), saved.query, page, source=source, clock=runtime().clock
        )
        numbers = waybill_numbers(source, found.items)
        words = words_of(session, saved.query, read_choices(session, actor()))
    return render_template(
        "auditor/search.html",
        saved=saved,
        words=words,
        mine=saved.owner_id == actor().user_id,
        events=[(event, event_outcome(event.kind, event.body)) for event in found.items],
        numbers=numbers,
        next_after=found.next_after,
        looked_back_to=time_of_id(found.next_after) if found.next_after else None,
        full=len(found.items) == page.limit,
        formats=tuple(ExportFormat),
    )


@blueprint.post("/<uuid:search_id>/removal")
@requires(Permission.READ_EVENTS)
def remove(search_id: UUID) -> ResponseReturnValue:
    """Remove a kept search of one's own."""
    with transaction() as session:
        remove_search(session, actor(), search_id, clock=runtime().clock)
    return redirect(url_for(".index"))


def _index(messages: Mapping[str, str]) -> str:
    with reading() as session:
        mine = list_searches(session, actor(), page=PageRequest(limit=MAX_PAGE_ITEMS)).items
        choices = read_choices(session, actor())
        searches = [(saved, words_of(session, saved.query, choices)) for saved in reversed(mine)]
    return render_template("auditor/searches.html", searches=searches, messages=messages)
