"""What every page shares: the frame, the way through the places, forms that come back."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue

from api.auth import find_actor
from api.language import language
from api.page_forms import messages_of
from api.pages import showing
from api.problems import problem_of
from api.runtime import runtime
from api.sso import doors
from api.wording import t, term
from waybill.errors import (
    AuthenticationError,
    FieldProblem,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    WaybillError,
)
from waybill.registry.access import OVERSIGHT, Actor, Permission, Role
from waybill.services.keys import KeyKeeper, KeyRing

SEEN_ELSEWHERE: Final = (NotFoundError, ForbiddenError, AuthenticationError)
"""Errors that no form can show: the page itself is not there, or not for this account."""

DONE: Final = frozenset(
    {
        "saved",
        "registered",
        "status",
        "issued",
        "cancelled",
        "discarded",
        "evidence",
        "signed-out",
        "erasure-requested",
        "erasure-decided",
        "report-ordered",
        "export",
    }
)
"""What a page may say on top after an act, by the word in `?done=`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One entry of the navigation: where to, and for whom; `seldom` puts it behind “more”."""

    endpoint: str
    label: str
    permission: Permission
    roles: frozenset[Role] = frozenset(Role)
    seldom: bool = False
    place: str = ""


WAYS: Final[tuple[Way, ...]] = (
    Way(
        endpoint="bay.arrivals",
        label="nav.bay",
        permission=Permission.CHECK_LOADING,
    ),
    Way(
        endpoint="issue.new",
        label="nav.issue",
        permission=Permission.WRITE_WAYBILL,
    ),
    Way(endpoint="waybill_pages.index", label="nav.waybills", permission=Permission.READ_WAYBILL),
    Way(
        endpoint="registry.index",
        label="nav.vehicles",
        permission=Permission.READ_REGISTRY,
        roles=frozenset(Role) - {Role.SUPERVISOR},
        place="vehicles",
    ),
    Way(
        endpoint="registry.index",
        label="nav.tanks",
        permission=Permission.READ_REGISTRY,
        roles=frozenset(Role) - {Role.SUPERVISOR},
        place="tanks",
    ),
    Way(
        endpoint="registry.index",
        label="nav.people",
        permission=Permission.READ_REGISTRY,
        place="people",
    ),
    Way(
        endpoint="papers.organisation",
        label="nav.organisation",
        permission=Permission.WRITE_REGISTRY,
    ),
    Way(
        endpoint="plant_item_pages.index",
        label="nav.plant_items",
        permission=Permission.WRITE_FACILITIES,
    ),
    Way(
        endpoint="coaching_pages.index",
        label="nav.coaching",
        permission=Permission.READ_COACHING,
        seldom=True,
    ),
    Way(
        endpoint="presence_tag_pages.index",
        label="nav.presence_tags",
        permission=Permission.WRITE_FACILITIES,
        seldom=True,
    ),
    Way(
        endpoint="device_pages.index",
        label="nav.devices",
        permission=Permission.READ_DEVICES,
        roles=frozenset({Role.SUPERVISOR}),
    ),
    Way(
        endpoint="device_pages.index",
        label="nav.devices",
        permission=Permission.READ_DEVICES,
        roles=OVERSIGHT,
        seldom=True,
    ),
    Way(endpoint="printing.cards", label="nav.cards", permission=Permission.WRITE_REGISTRY),
    Way(endpoint="auditor.index", label="nav.events", permission=Permission.READ_EVENTS),
    Way(endpoint="case_pages.index", label="nav.cases", permission=Permission.READ_CASES),
    Way(endpoint="measure_pages.index", label="nav.measures", permission=Permission.READ_MEASURES),
    Way(
        endpoint="correction_pages.index",
        label="nav.corrections",
        permission=Permission.ANSWER_CORRECTION,
    ),
    Way(
        endpoint="statistics_pages.index",
        label="nav.statistics",
        permission=Permission.READ_STATISTICS,
    ),
    Way(
        endpoint="pattern_pages.index",
        label="nav.patterns",
        permission=Permission.READ_STATISTICS,
    ),
    Way(
        endpoint="report_pages.index",
        label="nav.reports",
        permission=Permission.READ_REPORTS,
    ),
    Way(
        endpoint="personal_pages.requests",
        label="nav.personal",
        permission=Permission.READ_ERASURE,
        roles=OVERSIGHT,
        seldom=True,
    ),
    Way(
        endpoint="account_pages.index",
        label="nav.accounts",
        permission=Permission.MANAGE_USERS,
    ),
    Way(
        endpoint="search_pages.index",
        label="nav.searches",
        permission=Permission.READ_EVENTS,
        seldom=True,
    ),
    Way(
        endpoint="export_pages.index",
        label="nav.exports",
        permission=Permission.EXPORT_EVENTS,
        seldom=True,
    ),
    Way(
        endpoint="rule_pages.index",
        label="nav.rules",
        permission=Permission.READ_GOODS,
        seldom=True,
    ),
    Way(
        endpoint="next_edition.index",
        label="nav.next_edition",
        permission=Permission.PREVIEW_EDITION,
        seldom=True,
    ),
    Way(
        endpoint="account.index",
        label="factor.account",
        permission=Permission.WRITE_OWN_ACCOUNT,
        seldom=True,
    ),
)


def install_layout(app: Flask) -> None:
    """Give templates the words, the filters and the navigation."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        t=t,
        term=term,
        ways=ways,
        viewer=find_actor,
        done=done,
        here=here,
        Permission=Permission,
        doors=doors,
    )
    for name in (
        "moment",
        "moment_s",
        "day",
        "figure",
        "form_figure",
        "typed_figure",
        "kg",
        "litres",
        "plate_text",
        "event_name",
        "named_events",
        "named_outcomes",
        "named_terms",
        "outcome_shown",
        "fitness_words",
        "goods_words",
        "mark",
        "category_words",
        "scope_notes",
    ):
        app.jinja_env.filters[name] = getattr(showing, name)
    app.jinja_env.filters["term"] = term


def ways(actor: Actor, *, seldom: bool) -> list[tuple[str, str, bool]]:
    """Return part of an account's navigation: address, key of the words, whether one is there."""
    allowed = [
        (url_for(way.endpoint, place=way.place or None), way)
        for way in WAYS
        if way.permission in actor.permissions and actor.role in way.roles
    ]
    there = max((a for a, _ in allowed if request.path.startswith(a)), key=len, default="")
    return [
        (address, way.label, address == there) for address, way in allowed if way.seldom is seldom
    ]


def done() -> str:
    """Return the key of what to say about the act that led here, empty for nothing."""
    word = request.args.get("done", "")
    return f"done.{word}" if word in DONE else ""


def here() -> str:
    """Return the present address without its host, to come back to."""
    return request.full_path.rstrip("?")


def key_ring() -> KeyRing:
    """Return the keys as they stand; this process parses them once."""
    try:
        keeper = runtime().part(KeyKeeper)
    except LookupError:
        shared = runtime()
        keeper = KeyKeeper(shared.sessions, shared.settings.key_dir, shared.clock)
        shared.add_part(keeper)
    return keeper.ring()


def submit(
    act: Callable[[], str], failed: Callable[[Mapping[str, str]], str]
) -> ResponseReturnValue:
    """Do what a form asks and go where it leads, or show the form again with what is wrong.

    Args:
        act: does it and returns the address to go to.
        failed: draws the form with the messages by field; `""` is the form as a whole.
    """
    try:
        return redirect(act(), HTTPStatus.SEE_OTHER)
    except SEEN_ELSEWHERE:
        raise
    except WaybillError as error:
        return failed(messages_of(problems_of(error), language())), problem_of(error).status


def problems_of(error: WaybillError) -> Sequence[FieldProblem]:
    """Return what a form has to say about an error: its fields, or the error as a whole."""
    if isinstance(error, InvalidFieldError):
        return error.problems
    return (
        FieldProblem(
            pointer=error.pointer or "",
            code=error.code,
            message_zh="".join(
                filter(None, (error.detail_zh or error.title_zh, error.next_step_zh))
            ),
            message_en=" ".join(
                filter(None, (error.detail_en or error.title_en, error.next_step_en))
            ),
        ),
    )
