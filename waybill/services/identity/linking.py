"""Which accounts may come in through a provider's log-in: an administrator says."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import DuplicateError, NotFoundError
from waybill.outbound.oidc_providers import Provider
from waybill.registry.access import Actor, Permission
from waybill.services.identity.api_keys import end_keys
from waybill.services.identity.factors import RECOVERY_ALPHABET
from waybill.services.identity.sessions import revoke_sessions
from waybill.services.identity.sso import (
    belongs,
    invitation_hash_of,
    subject_index_of,
    tell_link,
)
from waybill.settings import Settings
from waybill.storage.events import EventKind
from waybill.storage.factors import LinkedIdentityRow
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault

INVITED_FOR: Final = timedelta(days=3)
INVITATION_GROUPS: Final = 4
INVITATION_GROUP: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIdentity:
    """How an account is known to a provider. `code` is there once, when it is invited."""

    id: UUID
    issuer: str
    made_at: datetime
    linked_at: datetime | None
    expires_at: datetime | None
    code: str | None = field(default=None, repr=False)


def link_identity(
    session: Session,
    actor: Actor,
    user_id: UUID,
    provider: Provider,
    subject: str | None,
    *,
    vault: PersonalVault,
    settings: Settings,
    clock: Clock,
) -> LinkedIdentity:
    """Link an account to a provider's subject; without one, invite it: the first to come links.

    Raises:
        ForbiddenError: the account may not.
        NotFoundError: there is no such account, or the provider is not for its organisation.
        DuplicateError: the account or the subject is linked already.
    """
    actor.require(Permission.MANAGE_USERS)
    now = clock.now()
    user = session.scalar(select(UserRow).where(UserRow.id == user_id).with_for_update())
    if user is None or not belongs(session, user, provider):
        raise NotFoundError("user", user_id)
    code = None if subject is not None else _new_invitation()
    row = LinkedIdentityRow(
        user_id=user_id,
        issuer=provider.issuer,
        made_at=now,
        made_by=actor.user_id,
        subject_index=None if subject is None else subject_index_of(provider, subject, vault),
        linked_at=None if subject is None else now,
        code_hash=None if code is None else invitation_hash_of(code, settings),
        expires_at=None if code is None else now + INVITED_FOR,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DuplicateError(
            "该账号或该身份已关联。", "This account or this identity is linked already."
        ) from error
    kind = EventKind.IDENTITY_LINKED if code is None else EventKind.IDENTITY_INVITED
    tell_link(session, kind, actor, row, now)
    return _linked(row, code)


def is_for(session: Session, user_id: UUID, provider: Provider) -> bool:
    """Return whether a provider is for an account's organisation."""
    user = session.get(UserRow, user_id)
    return user is not None and belongs(session, user, provider)


def list_identities(session: Session, actor: Actor, user_id: UUID) -> tuple[LinkedIdentity, ...]:
    """Return how an account is known to providers."""
    actor.require(Permission.MANAGE_USERS)
    wanted = select(LinkedIdentityRow).where(LinkedIdentityRow.user_id == user_id)
    return tuple(_linked(row) for row in session.scalars(wanted.order_by(LinkedIdentityRow.id)))


def unlink_identity(
    session: Session, actor: Actor, user_id: UUID, identity_id: UUID, *, clock: Clock
) -> None:
    """End a link or an invitation, and what somebody else may have made through it.

    That is the account's sessions, and its API keys.

    Raises:
        ForbiddenError: the account may not.
        NotFoundError: the account has no such link.
    """
    actor.require(Permission.MANAGE_USERS)
    now = clock.now()
    session.scalar(select(UserRow.id).where(UserRow.id == user_id).with_for_update())
    row = session.scalar(
        select(LinkedIdentityRow)
        .where(LinkedIdentityRow.id == identity_id, LinkedIdentityRow.user_id == user_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("identity", identity_id)
    session.delete(row)
    revoke_sessions(session, user_id, now)
    end_keys(session, actor, user_id, now)
    tell_link(session, EventKind.IDENTITY_UNLINKED, actor, row, now)


def _new_invitation() -> str:
    groups = (
        "".join(secrets.choice(RECOVERY_ALPHABET) for _ in range(INVITATION_GROUP))
        for _ in range(INVITATION_GROUPS)
    )
    return "-".join(groups)


def _linked(row: LinkedIdentityRow, code: str | None = None) -> LinkedIdentity:
    return LinkedIdentity(
        id=row.id,
        issuer=row.issuer,
        made_at=row.made_at,
        linked_at=row.linked_at,
        expires_at=row.expires_at,
        code=code,
    )
