"""The bay: which one this tablet stands at, who is expected, and opening a check."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from api.auth import accepts_uploads, actor, requires
from api.language import say
from api.looking import looking_key
from api.page_forms import FormReader
from api.pages.layout import key_ring
from api.pages.showing import verdict_state
from api.runtime import runtime
from api.transactions import reading, transaction
from scanners.frames import FrameError, read_frame
from scanners.presenting import present, say_problem
from waybill.clock import local_date
from waybill.errors import NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.kinds import RecordStatus
from waybill.registry.records import Bay, Facility
from waybill.rules.evidence import ScanItem
from waybill.rules.lifecycle import CheckStatus, WaybillStatus
from waybill.services.checks.opening import open_check
from waybill.services.checks.queries import CheckSummary, list_checks
from waybill.services.paging import PageRequest
from waybill.services.registry.facilities import list_facilities
from waybill.services.waybills.arrivals import find_pre_clearances, find_summaries
from waybill.services.waybills.queries import (
    StoredVerdict,
    WaybillFilter,
    WaybillSummary,
    list_waybills,
)

BAY_COOKIE: Final = "bay"
SHIFT_S: Final = 30 * 24 * 3600
EXPECTED: Final = PageRequest(limit=60)
RECENT: Final = PageRequest(limit=20)
GOING_ON: Final = frozenset({CheckStatus.OPEN, CheckStatus.REFUSED, CheckStatus.CLEARED})

blueprint = Blueprint("bay", __name__, url_prefix="/bay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """Where this tablet stands."""

    facility: Facility
    bay: Bay


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """A vehicle that is expected, and how its waybill was judged when it was issued."""

    summary: WaybillSummary
    readiness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A check that is not at its end, with the waybill it is about."""

    check: CheckSummary
    summary: WaybillSummary


@blueprint.get("")
@requires(Permission.CHECK_LOADING)
def arrivals() -> ResponseReturnValue:
    """Show what is expected today and wait for a code."""
    post = find_post()
    return redirect(url_for(".choose")) if post is None else _arrivals(post)


@blueprint.get("/choose")
@requires(Permission.CHECK_LOADING)
def choose() -> ResponseReturnValue:
    """Ask at which bay this tablet stands."""
    with reading() as session:
        facilities = _facilities(session, actor())
    return render_template("bay/choose.html", facilities=facilities)


@blueprint.post("/choose")
@requires(Permission.CHECK_LOADING)
def keep_choice() -> ResponseReturnValue:
    """Keep the bay on this tablet."""
    reader = FormReader(form=request.form)
    bay_id = reader.identity("bay")
    with reading() as session:
        post = _post_of(_facilities(session, actor()), bay_id)
    if post is None:
        raise NotFoundError("bay", str(bay_id))
    response = redirect(url_for(".arrivals"), HTTPStatus.SEE_OTHER)
    response.set_cookie(
        BAY_COOKIE,
        str(post.bay.id),
        max_age=SHIFT_S,
        secure=runtime().settings.https,
        httponly=True,
        samesite="Lax",
    )
    return response


@blueprint.post("/checks")
@requires(Permission.CHECK_LOADING)
@accepts_uploads
def begin() -> ResponseReturnValue:
    """Open a check with a code that was scanned, typed or photographed."""
    post = find_post()
    if post is None:
        return redirect(url_for(".choose"), HTTPStatus.SEE_OTHER)
    try:
        texts = shown_texts()
    except FrameError as error:
        return _arrivals(
            post, say(error.message_zh, error.message_en)
        ), HTTPStatus.UNPROCESSABLE_ENTITY
    problem = ""
    for text in texts:
        opened = _open(post, text)
        if opened.check_id is not None:
            return redirect(
                url_for("bay_check.show", check_id=opened.check_id), HTTPStatus.SEE_OTHER
            )
        problem = opened.problem
    words = say_problem(problem or "empty")
    return _arrivals(post, say(words.zh, words.en)), HTTPStatus.UNPROCESSABLE_ENTITY


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of one text."""

    check_id: UUID | None
    problem: str


def _open(post: Post, text: str) -> Attempt:
    clock = runtime().clock
    shown = present(text, key_ring().table, at=clock.now(), typed=is_typed())
    item: ScanItem | None = shown.item
    with transaction() as session:
        opened = open_check(session, actor(), post.bay.id, item, clock=clock, looking=looking_key())
    return Attempt(check_id=opened.check_id, problem=shown.problem or opened.problem)


def is_typed() -> bool:
    """Return whether the text came by hand; a scanner's text is marked by the page's script."""
    return request.form.get("how", "typed") == "typed"


def shown_texts() -> Sequence[str]:
    """Return what was presented: the texts in an uploaded picture, else the text of the field.

    Raises:
        FrameError: the picture cannot be looked at.
    """
    picture = request.files.get("picture")
    if picture is not None and picture.filename:
        return read_frame(picture.read())
    text = request.form.get("text", "")
    return (text,) if text.strip() else ()


def find_post() -> Post | None:
    """Return the bay this tablet was set to, `None` where it was not, or is another's."""
    form = FormReader(form=request.cookies)
    bay_id = form.identity(BAY_COOKIE)
    with reading() as session:
        return _post_of(_facilities(session, actor()), bay_id)


def _facilities(session: Session, who: Actor) -> tuple[Facility, ...]:
    return list_facilities(
        session, who, organisation_id=who.organisation_id, status=RecordStatus.ACTIVE
    ).items


def _post_of(facilities: Iterable[Facility], bay_id: UUID | None) -> Post | None:
    for facility in facilities:
        for bay in facility.bays:
            if bay.id == bay_id and bay.status is RecordStatus.ACTIVE:
                return Post(facility=facility, bay=bay)
    return None


def _arrivals(post: Post, message: str = "") -> str:
    with reading() as session:
        expected = _expected(session, actor(), post)
        running = _running(session, actor(), post)
    return render_template(
        "bay/arrivals.html", post=post, expected=expected, running=running, message=message
    )


def _expected(session: Session, who: Actor, post: Post) -> list[Arrival]:
    """Return the issued waybills of today, and those whose day has passed unused."""
    wanted = WaybillFilter(status=WaybillStatus.ISSUED, facility_id=post.facility.id)
    found = list_waybills(session, who, wanted, EXPECTED).items
    today = local_date(runtime().clock.now())
    due = [s for s in found if s.planned_loading_at and local_date(s.planned_loading_at) <= today]
    ordered = sorted(due, key=lambda s: s.planned_loading_at or s.created_at)
    judged = find_pre_clearances(session, who, [s.id for s in ordered])
    return [Arrival(summary=s, readiness=_readiness(judged.get(s.id))) for s in ordered]


def _readiness(judged: StoredVerdict | None) -> str:
    if judged is None:
        return "unknown"
    return verdict_state(judged.findings, clears=judged.clears)


def _running(session: Session, who: Actor, post: Post) -> list[Running]:
    found = list_checks(session, who, RECENT, facility_id=post.facility.id).items
    going_on = [check for check in found if check.status in GOING_ON]
    summaries = find_summaries(session, who, {check.waybill_id for check in going_on})
    return [
        Running(check=check, summary=summaries[check.waybill_id])
        for check in going_on
        if check.waybill_id in summaries
    ]
