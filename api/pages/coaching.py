"""Coaching: how the people of a plant look, for its loading supervisors. Nobody else sees it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from api.auth import actor, requires
from api.page_forms import FormReader
from api.pages.showing import moment
from api.rendering.dots import Dot, Scale, dots_svg
from api.runtime import runtime
from api.transactions import reading
from api.wording import t
from waybill.clock import local_date
from waybill.registry.access import Permission
from waybill.registry.records import Facility
from waybill.services.looking.coaching import Coaching, Looked, PersonLooks, coach
from waybill.services.registry.facilities import facilities_of

PERIODS: Final = (7, 14, 30)
USUAL: Final = 14
LEAST_TOP_S: Final = 10.0

blueprint = Blueprint("coaching_pages", __name__, url_prefix="/coaching")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One person as the page shows it."""

    looks: PersonLooks
    svg: Markup


@blueprint.get("")
@requires(Permission.READ_COACHING)
def index() -> ResponseReturnValue:
    """Show each person's checks of a plant and period beside the plant's own figures."""
    now, who = runtime().clock.now(), actor()
    reader = FormReader(form=request.args)
    days = reader.whole("days") or USUAL
    days = days if days in PERIODS else USUAL
    wanted = reader.identity("facility")
    with reading() as session:
        facilities = facilities_of(session, [who.organisation_id])
        facility = _chosen(facilities, wanted)
        since = now - timedelta(days=days)
        found = (
            coach(session, who, facility.id, since=since, until=now + timedelta(seconds=1))
            if facility
            else None
        )
    return render_template(
        "coaching/index.html",
        facilities=facilities,
        facility=facility,
        days=days,
        periods=PERIODS,
        found=found,
        people=[_person(each, found) for each in found.people] if found else [],
    )


def _chosen(facilities: list[Facility], wanted: object) -> Facility | None:
    first = facilities[0] if facilities else None
    return next((each for each in facilities if each.id == wanted), first)


def _person(person: PersonLooks, found: Coaching) -> Person:
    longest = max((check.median_ms or 0 for check in person.checks), default=0) / 1000
    line = None if found.median_ms is None else found.median_ms / 1000
    top = max(LEAST_TOP_S, longest, line or 0)
    svg = dots_svg(
        [_dot(check, found) for check in person.checks],
        t("coaching.plot", person=person.username),
        Scale(top=top, line=line, unit="s"),
        first=_day(found.since),
        last=_day(found.until),
    )
    return Person(looks=person, svg=Markup(svg))  # noqa: S704  drawn by us, words escaped


def _dot(check: Looked, found: Coaching) -> Dot:
    whole = (found.until - found.since).total_seconds()
    return Dot(
        share=(check.opened_at - found.since).total_seconds() / whole,
        value=None if check.median_ms is None else check.median_ms / 1000,
        filled=check.complete,
        said=_said(check),
        href=url_for("bay_check.show", check_id=check.check_id),
    )


def _said(check: Looked) -> str:
    words = [moment(check.opened_at)]
    if check.median_ms is not None:
        words.append(t("coaching.each", seconds=f"{check.median_ms / 1000:.1f}"))
    asked = (
        ("coaching.photos", check.photos_given, check.photos_asked),
        ("coaching.tags", check.tags_seen, check.tags_asked),
        ("coaching.controls", check.controls_right, check.controls_asked),
    )
    words += [f"{t(key)} {done}/{many}" for key, done, many in asked if many]
    return " · ".join(words)


def _day(at: datetime) -> str:
    return local_date(at).isoformat()[5:]
