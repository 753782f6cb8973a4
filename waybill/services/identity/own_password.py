"""Giving one's own account a new password, in the three steps of signing in.

The old password is a guess like any other: it is counted, compared without a transaction, and a
wrong one leaves its event. It is counted for the session alone, so that nobody who guesses from
outside keeps the owner from changing a password that is being guessed at.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import AuthenticationError
from waybill.registry.access import Actor
from waybill.registry.factors import Door
from waybill.services.identity.api_keys import end_keys
from waybill.services.identity.passwords import check_new_password
from waybill.services.identity.secrets import Purpose, derive_key
from waybill.services.identity.sessions import RefusedSignIn, revoke_sessions
from waybill.services.identity.sign_in import SignIn, record_failure
from waybill.services.identity.throttle import count_attempt, forgive
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow

CHANGED: Final = ("password",)


def begin_password_change(
    session: Session,
    actor: Actor,
    family: UUID | None,
    new: str,
    address: str,
    *,
    settings: Settings,
    clock: Clock,
) -> SignIn:
    """Judge the new password and count the attempt; `prove` compares the old one.

    Args:
        session: the caller's transaction, which is committed before anything is hashed.
        actor: whose password it is.
        family: the session in which it is changed.
        new: the password that is wished for.
        address: where the attempt comes from.
        settings: the installation's settings.
        clock: the present moment.

    Raises:
        InvalidFieldError: the new password is too weak; nothing was counted.
        ThrottledError: too many failures in this session.
    """
    row = session.get_one(UserRow, actor.user_id)
    check_new_password(new, row.username, pointer="/new_password")
    key = derive_key(settings.secret_key, Purpose.THROTTLE)
    attempt = count_attempt(
        session, row.username, address, browser=f"session {family}", key=key, now=clock.now()
    )
    return SignIn(attempt=attempt, user_id=row.id, password_hash=row.password_hash)


def finish_password_change(
    session: Session,
    actor: Actor,
    proven: SignIn,
    new_hash: str | None,
    *,
    ends_keys: bool = False,
    clock: Clock,
) -> RefusedSignIn | None:
    """Store the new password and end all sessions, or record that the old one was wrong.

    `ends_keys` ends the account's API keys with them.

    Returns:
        `None` when it was done; a refusal waits for the caller to commit its event.
    """
    now = clock.now()
    row = _unchanged(session, proven) if proven.proven else None
    if row is None or new_hash is None:
        record_failure(session, proven, Door.OWN_PASSWORD, now)
        return RefusedSignIn(
            error=AuthenticationError("原密码不正确。", "The old password is not right.")
        )
    forgive(session, proven.attempt)
    row.password_hash = new_hash
    row.credentials_changed_at = now
    session.flush()
    revoke_sessions(session, row.id, now)
    if ends_keys:
        end_keys(session, actor, row.id, now)
    record_event(
        session,
        Event(
            kind=EventKind.USER_CHANGED,
            at=now,
            actor=actor,
            data={"user": str(row.id), "changed": CHANGED},
            subjects=_subjects(row.id, row.organisation_id),
        ),
    )
    return None


def _unchanged(session: Session, proven: SignIn) -> UserRow | None:
    """Return the account, locked, unless its password or standing changed since it was proven."""
    return session.scalar(
        select(UserRow)
        .where(
            UserRow.id == proven.user_id,
            UserRow.active,
            UserRow.password_hash == proven.password_hash,
        )
        .with_for_update()
    )


def _subjects(user_id: UUID, organisation_id: UUID) -> tuple[Subject, ...]:
    return (
        Subject(SubjectKey.USER, str(user_id)),
        Subject(SubjectKey.ORGANISATION, str(organisation_id)),
    )
