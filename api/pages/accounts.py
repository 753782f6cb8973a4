"""Accounts, for administrators: second factors taken away, log-ins of providers linked.

What is told once (an invitation's code) stands on the answer to the form itself: no address leads
back to it.
"""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api import second_step, sign_in, sso
from api.auth import actor, requires
from api.language import language
from api.page_forms import FormReader, messages_of
from api.pages.layout import problems_of
from api.problems import problem_of
from api.runtime import runtime
from api.transactions import reading
from waybill.errors import AuthenticationError, NotFoundError, SignInAgainError, WaybillError
from waybill.registry.access import Permission
from waybill.registry.kinds import SubjectKind
from waybill.services import identity
from waybill.services.identity.linking import list_identities
from waybill.services.identity.resetting import account_factors
from waybill.services.paging import PageRequest
from waybill.services.registry.subject_names import subject_names

SUBJECT_LENGTH: Final = 255

blueprint = Blueprint("account_pages", __name__, url_prefix="/accounts")


@blueprint.get("")
@requires(Permission.MANAGE_USERS)
def index() -> ResponseReturnValue:
    """List all accounts in the order of their making."""
    reader = FormReader(form=request.args)
    wanted = PageRequest(after=reader.identity("after"))
    reader.settle()
    with reading() as session:
        found = identity.list_users(session, wanted)
        homes = {(SubjectKind.ORGANISATION, user.organisation_id) for user in found.items}
        names = subject_names(session, homes, vault=None)
    return render_template("accounts/index.html", found=found, names=names)


@blueprint.get("/<uuid:user_id>")
@requires(Permission.MANAGE_USERS)
def show(user_id: UUID) -> ResponseReturnValue:
    """Show how an account comes in."""
    return _page(user_id)


@blueprint.post("/<uuid:user_id>/second-factor/reset")
@requires(Permission.MANAGE_USERS)
def reset(user_id: UUID) -> ResponseReturnValue:
    """Take every second factor away."""
    return _done(user_id, lambda reader: second_step.reset(user_id, reader.text("reason")))


@blueprint.post("/<uuid:user_id>/links")
@requires(Permission.MANAGE_USERS)
def link(user_id: UUID) -> ResponseReturnValue:
    """Link the account to somebody at a provider, or invite it and tell the code, once."""

    def act() -> ResponseReturnValue:
        reader = FormReader(form=request.form)
        provider = reader.text("provider", required=True)
        subject = reader.text("subject", most=SUBJECT_LENGTH) or None
        reader.settle()
        made = sso.link(user_id, provider, subject)
        return _page(user_id, code=made.code) if made.code else _back(user_id)

    return _told(user_id, act)


@blueprint.post("/<uuid:user_id>/links/<uuid:link_id>/removal")
@requires(Permission.MANAGE_USERS)
def unlink(user_id: UUID, link_id: UUID) -> ResponseReturnValue:
    """End a link or an invitation."""
    return _done(user_id, lambda _: sso.unlink(user_id, link_id))


def _done(user_id: UUID, do: Callable[[FormReader], None]) -> ResponseReturnValue:
    def act() -> ResponseReturnValue:
        do(FormReader(form=request.form))
        return _back(user_id)

    return _told(user_id, act)


def _told(user_id: UUID, act: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Do what a form asks, or show the page again with what is wrong."""
    try:
        return act()
    except (NotFoundError, AuthenticationError):
        raise
    except WaybillError as error:
        messages = messages_of(problems_of(error), language())
        return _page(user_id, messages=messages), problem_of(error).status


def _back(user_id: UUID) -> ResponseReturnValue:
    return redirect(url_for(".show", user_id=user_id, done="saved"), 303)


def _page(
    user_id: UUID, *, code: str | None = None, messages: Mapping[str, str] | None = None
) -> str:
    settings = runtime().settings
    with reading() as session:
        user = identity.get_user(session, user_id)
        home = {(SubjectKind.ORGANISATION, user.organisation_id)}
        names = subject_names(session, home, vault=None)
        try:
            sign_in.require_fresh(session)
            fresh = True
        except SignInAgainError:
            fresh = False
        return render_template(
            "accounts/show.html",
            user=user,
            organisation=names[user.organisation_id].text,
            factors=account_factors(session, actor(), user_id, settings=settings),
            links=list_identities(session, actor(), user_id),
            providers=sso.doors_of(session, user_id),
            own=user_id == actor().user_id,
            fresh=fresh,
            code=code,
            messages=messages or {},
            values=request.form,
        )
