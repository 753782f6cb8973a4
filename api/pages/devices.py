"""The plant's tablets and badges, for its supervisors; oversight sees the tablets.

What is told once (a code, a badge, a PIN) stands on the answer to the form itself: no address leads
back to it.
"""

from collections.abc import Callable, Mapping
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import sign_in
from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.layout import SEEN_ELSEWHERE, problems_of, submit
from api.problems import problem_of
from api.rendering.badges import badges_pdf
from api.rendering.qr import Level, qr_svg
from api.runtime import runtime
from api.transactions import reading, transaction
from waybill.errors import (
    FieldProblem,
    InvalidFieldError,
    NotFoundError,
    SignInAgainError,
    WaybillError,
)
from waybill.registry.access import Permission
from waybill.services import devices
from waybill.services.registry.facilities import facilities_of
from waybill.services.registry.organisations import get_organisation

NOBODY = FieldProblem(
    pointer="/user",
    code="required",
    message_zh="请选择至少一个账号。",
    message_en="Choose at least one account.",
)

blueprint = Blueprint("device_pages", __name__, url_prefix="/devices")


@blueprint.get("")
@requires(Permission.READ_DEVICES)
def index() -> ResponseReturnValue:
    """Show the tablets, and to who keeps them the badges too."""
    return _page({})


@blueprint.post("/codes")
@requires(Permission.WRITE_DEVICES)
def make_code() -> ResponseReturnValue:
    """Make a one-time code and show it large and as a QR code."""

    def act() -> str:
        reader = FormReader(form=request.form)
        facility_id = reader.identity("facility") or UUID(int=0)
        label = reader.text("label", required=True)
        reader.settle()
        with transaction() as session:
            sign_in.require_fresh(session)
            made = devices.make_enrolment(
                session,
                actor(),
                facility_id,
                label,
                settings=runtime().settings,
                clock=runtime().clock,
            )
        return render_template("devices/code.html", made=made, svg=qr_svg(made.code))

    return _told(act)


@blueprint.post("/<uuid:device_id>/revocation")
@requires(Permission.WRITE_DEVICES)
def revoke(device_id: UUID) -> ResponseReturnValue:
    """Take a tablet out of use."""

    def act() -> str:
        reason = FormReader(form=request.form).text("reason")
        with transaction() as session:
            devices.revoke_device(session, actor(), device_id, reason, clock=runtime().clock)
        return url_for(".index", done="status")

    return submit(act, _page)


@blueprint.post("/badges")
@requires(Permission.WRITE_DEVICES)
def make_badges() -> ResponseReturnValue:
    """Make badges with their PINs and show both, once."""

    def act() -> str:
        users = _chosen()
        pins = {user_id: devices.new_pin() for user_id in users}
        with transaction() as session:
            sign_in.require_fresh(session)
            made = [
                devices.make_badge(session, actor(), user_id, pins[user_id], clock=runtime().clock)
                for user_id in users
            ]
        codes = {badge.text: qr_svg(badge.text, level=Level.Q) for badge in made if badge.text}
        return render_template("devices/badges.html", badges=made, codes=codes)

    return _told(act)


@blueprint.post("/pins")
@requires(Permission.WRITE_DEVICES)
def set_pin() -> ResponseReturnValue:
    """Give a badge another PIN: the one that was typed, or a random one; show it, once."""

    def act() -> str:
        reader = FormReader(form=request.form)
        user_id = reader.identity("holder") or UUID(int=0)
        pin = devices.new_pin(reader.text("pin") or None)
        with transaction() as session:
            sign_in.require_fresh(session)
            made = devices.set_pin(session, actor(), user_id, pin, clock=runtime().clock)
        return render_template("devices/badges.html", badges=[made], codes={})

    return _told(act)


@blueprint.post("/badges/<uuid:user_id>/withdrawal")
@requires(Permission.WRITE_DEVICES)
def withdraw(user_id: UUID) -> ResponseReturnValue:
    """Take a badge out of use."""

    def act() -> str:
        with transaction() as session:
            devices.withdraw_badge(session, actor(), user_id, clock=runtime().clock)
        return url_for(".index", done="status")

    return submit(act, _page)


@blueprint.post("/badges/sheet.pdf")
@requires(Permission.WRITE_DEVICES)
def sheet() -> ResponseReturnValue:
    """Print badges that have just been made; a text that is no badge of the plant is left out."""
    who = actor()
    with reading() as session:
        found = [devices.find_badge(session, who, text) for text in request.form.getlist("badge")]
        organisation = get_organisation(session, who, who.organisation_id).name
    badges = [badge for badge in found if badge is not None]
    if not badges:
        raise NotFoundError("badge", "")
    paper = badges_pdf(badges, organisation=organisation, printed_at=runtime().clock.now())
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="badges.pdf"'
    return response


def _chosen() -> list[UUID]:
    """Return the accounts that were ticked.

    Raises:
        InvalidFieldError: none was.
        NotFoundError: a value is no account.
    """
    try:
        users = [UUID(text) for text in dict.fromkeys(request.form.getlist("user"))]
    except ValueError as error:
        raise NotFoundError("user", "") from error
    if not users:
        raise InvalidFieldError([NOBODY])
    return users


def _told(act: Callable[[], str]) -> ResponseReturnValue:
    """Answer a form with what is told once, or show the page again with what is wrong."""
    try:
        return act()
    except SEEN_ELSEWHERE as error:
        if not isinstance(error, SignInAgainError):
            raise
        return _page(messages_of(problems_of(error), language())), problem_of(error).status
    except WaybillError as error:
        return _page(messages_of(problems_of(error), language())), problem_of(error).status


def _page(messages: Mapping[str, str]) -> str:
    who = actor()
    keeps = Permission.WRITE_DEVICES in who.permissions
    with reading() as session:
        return render_template(
            "devices/index.html",
            devices=devices.list_devices(session, who).items,
            facilities=facilities_of(session, [who.organisation_id]) if keeps else (),
            holders=devices.list_badge_holders(session, who) if keeps else (),
            keeps=keeps,
            messages=messages,
            values=request.form,
            now=runtime().clock.now(),
        )
