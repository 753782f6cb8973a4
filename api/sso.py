"""Log-in at a provider: asked between two transactions, so that a slow one holds no lock."""

import logging
import os
from typing import Final
from uuid import UUID

from flask import g, request
from sqlalchemy.orm import Session

from api.auth import actor
from api.runtime import runtime
from api.sign_in import require_fresh
from api.transactions import transaction
from waybill.errors import NotFoundError
from waybill.outbound.oidc import LogInError, OidcClient
from waybill.outbound.oidc_providers import Provider, read_providers
from waybill.services.identity import HalfSignedIn, SignedIn, admitted, sso
from waybill.services.identity.linking import (
    LinkedIdentity,
    is_for,
    link_identity,
    unlink_identity,
)
from waybill.services.identity.sso import SsoBack
from waybill.settings import Settings

LOGGER: Final = logging.getLogger("waybill.sso")


class SsoDoors:
    """The providers of an installation, each with what it published."""

    def __init__(self, providers: tuple[Provider, ...]) -> None:
        self.clients = {provider.id: OidcClient(provider) for provider in providers}


def read_doors(settings: Settings) -> SsoDoors:
    """Return the doors of an installation.

    Raises:
        ProviderListError: the list of providers cannot be used.
    """
    return SsoDoors(read_providers(settings.sso, os.environ))


def doors() -> tuple[Provider, ...]:
    """Return the providers through which somebody may come in."""
    return tuple(client.provider for client in _doors().clients.values())


def client_of(provider_id: str) -> OidcClient:
    """Return the client of a provider.

    Raises:
        NotFoundError: there is none of this name.
    """
    found = _doors().clients.get(provider_id)
    if found is None:
        raise NotFoundError("provider", provider_id)
    return found


def begin(provider_id: str, *, invitation: str, next_address: str) -> tuple[str, str]:
    """Return what the browser keeps and where it goes.

    Raises:
        NotFoundError: there is no such provider.
        ThrottledError: too many began from this address.
        AuthenticationError: the provider cannot be asked.
    """
    client, clock = client_of(provider_id), runtime().clock
    with transaction() as session:
        begun = sso.begin_sso(
            session,
            client.provider,
            request.remote_addr or "",
            invitation=invitation,
            next_address=next_address,
            settings=runtime().settings,
            clock=clock,
        )
    try:
        return begun.token, client.authorization_url(begun.log_in, now=clock.now())
    except LogInError as error:
        _note(provider_id, error)
        raise sso.refused_log_in() from error


def come_back(provider_id: str, token: str) -> tuple[SignedIn | HalfSignedIn, str]:
    """Let somebody in who comes back from a provider; returns whom, and where they wanted to go.

    Raises:
        NotFoundError: there is no such provider.
        AuthenticationError: the log-in does not hold, or leads to no account.
    """
    client = client_of(provider_id)
    with transaction() as session:
        back = sso.take_back(
            session,
            client.provider,
            token,
            request.args.get("state", ""),
            settings=runtime().settings,
            clock=runtime().clock,
        )
    subject = _redeemed(client, back)
    with transaction() as session:
        outcome = sso.finish_sso(
            session,
            client.provider,
            subject,
            back,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )
    return admitted(outcome), back.next_address


def link(user_id: UUID, provider_id: str, subject: str | None) -> LinkedIdentity:
    """Link an account to a provider's subject, or invite it.

    Raises:
        SignInAgainError: the administrator's session was not opened a moment ago.
        NotFoundError: there is no such provider or account.
        DuplicateError: it is linked already.
    """
    provider = client_of(provider_id).provider
    with transaction() as session:
        require_fresh(session)
        return link_identity(
            session,
            actor(),
            user_id,
            provider,
            subject,
            vault=runtime().vault,
            settings=runtime().settings,
            clock=runtime().clock,
        )


def unlink(user_id: UUID, identity_id: UUID) -> None:
    """End a link or an invitation, and the account's sessions.

    Raises:
        NotFoundError: the account has no such link.
    """
    with transaction() as session:
        unlink_identity(session, actor(), user_id, identity_id, clock=runtime().clock)
    runtime().account_states.forget(user_id)


def doors_of(session: Session, user_id: UUID) -> tuple[Provider, ...]:
    """Return the providers through which an account may be let in."""
    return tuple(each for each in doors() if is_for(session, user_id, each))


def _redeemed(client: OidcClient, back: SsoBack) -> str | None:
    """Return who logged in, `None` where it does not hold; why stands in the journal."""
    now = runtime().clock.now()
    try:
        client.check_issuer(request.args.get("iss"), now=now)
        code = "" if "error" in request.args else request.args.get("code", "")
        return client.redeem(code, back.log_in, now=now) if code else None
    except LogInError as error:
        _note(client.provider.id, error)
        return None


def _note(provider_id: str, error: LogInError) -> None:
    LOGGER.warning("request %s: log-in at %s: %s", g.get("request_id", ""), provider_id, error)


def _doors() -> SsoDoors:
    return runtime().part(SsoDoors)
