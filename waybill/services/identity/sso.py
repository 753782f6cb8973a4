"""Coming in through somebody else's log-in, as an account that is linked to it.

`begin_sso` keeps that a browser has begun, `take_back` ends that when it comes back, `finish_sso`
lets in whose account it is. In between the provider is asked, without a transaction. State, nonce
and code verifier are derived from a token that only the browser holds, so an answer that comes
back to another browser, or a second time, is worth nothing.
"""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, b64url_encode
from waybill.errors import AuthenticationError
from waybill.outbound.oidc import LogIn
from waybill.outbound.oidc_providers import Provider
from waybill.registry.access import Actor
from waybill.registry.factors import Door
from waybill.services.identity.factors import RECOVERY_ALPHABET
from waybill.services.identity.half_sign_in import HalfSignedIn, enter
from waybill.services.identity.secrets import (
    Purpose,
    derive_key,
    keyed_hash,
    new_token,
    token_hash,
)
from waybill.services.identity.sessions import RefusedSignIn, SignedIn, lock_account
from waybill.services.identity.throttle import count_log_in_begun
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.factors import LinkedIdentityRow, SsoAttemptRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import OrganisationRow

ATTEMPT_LIFETIME: Final = timedelta(minutes=10)
SUBJECT_FIELD: Final = "sso-subject"


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoBegun:
    """A log-in that begins: the browser keeps `token`, the provider is told the rest."""

    token: str = field(repr=False)
    log_in: LogIn


@dataclass(frozen=True, slots=True, kw_only=True)
class SsoBack:
    """A log-in that came back, once."""

    log_in: LogIn
    next_address: str
    invitation_hash: bytes | None = field(repr=False)


def begin_sso(
    session: Session,
    provider: Provider,
    address: str,
    *,
    invitation: str,
    next_address: str,
    settings: Settings,
    clock: Clock,
) -> SsoBegun:
    """Keep that a browser begins to log in at a provider.

    Raises:
        ThrottledError: too many began from this address.
    """
    now = clock.now()
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    count_log_in_begun(session, address, key=key, now=now)
    session.execute(delete(SsoAttemptRow).where(SsoAttemptRow.expires_at <= now))
    token = new_token()
    session.add(
        SsoAttemptRow(
            token_hash=token_hash(Purpose.SSO, token),
            provider=provider.id,
            invitation_hash=invitation_hash_of(invitation, settings) if invitation else None,
            next_address=next_address[:500],
            expires_at=now + ATTEMPT_LIFETIME,
        )
    )
    session.flush()
    return SsoBegun(token=token, log_in=_log_in(provider, token, settings))


def take_back(
    session: Session,
    provider: Provider,
    token: str,
    state: str,
    *,
    settings: Settings,
    clock: Clock,
) -> SsoBack:
    """End a log-in that comes back to the browser that began it.

    Raises:
        AuthenticationError: this browser began none at this provider, or it is over.
    """
    log_in = _log_in(provider, token, settings)
    if not hmac.compare_digest(state.encode(), log_in.state.encode()):
        raise refused_log_in()
    found = session.execute(
        delete(SsoAttemptRow)
        .where(
            SsoAttemptRow.token_hash == token_hash(Purpose.SSO, token),
            SsoAttemptRow.provider == provider.id,
            SsoAttemptRow.expires_at > clock.now(),
        )
        .returning(SsoAttemptRow.next_address, SsoAttemptRow.invitation_hash)
    ).one_or_none()
    if found is None:
        raise refused_log_in()
    return SsoBack(log_in=log_in, next_address=found[0], invitation_hash=found[1])


def finish_sso(
    session: Session,
    provider: Provider,
    subject: str | None,
    back: SsoBack,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> SignedIn | HalfSignedIn | RefusedSignIn:
    """Let in whose account the provider's subject is, or whom the invitation names.

    `subject` is `None` where the provider's answer did not hold. A refusal is returned, for the
    caller to commit its event before it answers.
    """
    now = clock.now()
    if subject is None:
        return _refuse(session, provider, now)
    index = subject_index_of(provider, subject, vault)
    linked = LinkedIdentityRow.subject_index == index
    row = _link(session, provider, linked)
    invited = row is None and back.invitation_hash is not None
    if invited:
        waits = LinkedIdentityRow.expires_at > now
        row = _link(session, provider, LinkedIdentityRow.code_hash == back.invitation_hash, waits)
    user = None if row is None else lock_account(session, row.user_id)
    if row is None or user is None or not belongs(session, user, provider):
        return _refuse(session, provider, now)
    if invited and not _accept(session, row, index, now):
        return _refuse(session, provider, now)
    return enter(session, user, Door.PAGES, provider=provider.id, settings=settings, now=now)


def refused_log_in() -> AuthenticationError:
    """Return the one answer to every log-in that leads nobody in."""
    return AuthenticationError(
        "单点登录未成功，或该身份未关联账号。",
        "The single sign-on did not succeed, or is linked to no account.",
        next_step_zh="请重试；首次使用请填写管理员给的邀请码，或用账号和密码登录。",
        next_step_en=(
            "Try again. The first time give the invitation code from an administrator, or sign in"
            " with account and password."
        ),
    )


def _refuse(session: Session, provider: Provider, now: datetime) -> RefusedSignIn:
    data = {"provider": provider.id}
    record_event(session, Event(kind=EventKind.IDENTITY_REFUSED, at=now, actor=None, data=data))
    return RefusedSignIn(error=refused_log_in())


def _link(
    session: Session, provider: Provider, *which: ColumnElement[bool]
) -> LinkedIdentityRow | None:
    return session.scalar(
        select(LinkedIdentityRow)
        .where(LinkedIdentityRow.issuer == provider.issuer, *which)
        .with_for_update()
    )


def _accept(session: Session, row: LinkedIdentityRow, index: str, now: datetime) -> bool:
    """Link an invited account to who comes with the code.

    Returns:
        False where the same person accepts another account's invitation at this moment.
    """
    try:
        with session.begin_nested():
            row.subject_index, row.linked_at = index, now
            row.code_hash, row.expires_at = None, None
    except IntegrityError:
        return False
    tell_link(session, EventKind.IDENTITY_LINKED, None, row, now)
    return True


def _log_in(provider: Provider, token: str, settings: Settings) -> LogIn:
    key = derive_key(settings.secret_key, Purpose.SSO)

    def derived(what: str) -> str:
        text = f"{what}\x00{provider.id}\x00{token}"
        return b64url_encode(hmac.digest(key, text.encode(), "sha256"))

    return LogIn(
        redirect_uri=f"{settings.public_url}/sign-in/sso/{provider.id}/callback",
        state=derived("state"),
        nonce=derived("nonce"),
        verifier=derived("verifier"),
    )


def belongs(session: Session, user: UserRow, provider: Provider) -> bool:
    """Return whether an account's organisation comes in through a provider."""
    uscc = session.scalar(
        select(OrganisationRow.uscc).where(OrganisationRow.id == user.organisation_id)
    )
    return uscc in provider.organisations


def subject_index_of(provider: Provider, subject: str, vault: PersonalVault) -> str:
    """Return what is kept of who somebody is at a provider."""
    return vault.index(SUBJECT_FIELD, f"{provider.issuer}\x00{subject}")


def invitation_hash_of(given: str, settings: Settings) -> bytes:
    """Return what is kept of an invitation's code."""
    plain = "".join(character for character in given.upper() if character in RECOVERY_ALPHABET)
    return keyed_hash(settings.secret_key, Purpose.SSO, f"invitation\x00{plain}")


def tell_link(
    session: Session, kind: EventKind, actor: Actor | None, row: LinkedIdentityRow, now: datetime
) -> None:
    """Record what happened to a link; `actor` is `None` where its own first log-in made it."""
    data: Mapping[str, JsonValue] = {"user": str(row.user_id), "issuer": row.issuer}
    subjects = (Subject(SubjectKey.USER, str(row.user_id)),)
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data, subjects=subjects))
