"""An account's second factors, seen by others, and taken away because their owner lost them."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import ForbiddenError, NotFoundError
from waybill.registry.access import Actor, Permission
from waybill.registry.factors import Factors
from waybill.services.identity.api_keys import end_keys
from waybill.services.identity.factors import factors_of, remove_all
from waybill.services.identity.sessions import revoke_sessions
from waybill.services.registry.validation import checked_reason
from waybill.settings import Settings
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow


def account_factors(
    session: Session, actor: Actor, user_id: UUID, *, settings: Settings
) -> Factors:
    """Return what another's account has as a second factor.

    Raises:
        ForbiddenError: the account may not.
        NotFoundError: there is no such account.
    """
    actor.require(Permission.MANAGE_USERS)
    row = session.get(UserRow, user_id)
    if row is None:
        raise NotFoundError("user", user_id)
    return factors_of(session, row, settings)


def reset_second_factor(
    session: Session, actor: Actor | None, user_id: UUID, reason: str, *, clock: Clock
) -> None:
    """Take every second factor and recovery code from another's account; end its sessions and keys.

    Who must have one makes a new one at the next sign-in. `actor` is `None` where the
    installation's operator does it by command.

    Raises:
        ForbiddenError: the account may not, or it is its own: then its own page is the way.
        NotFoundError: there is no such account.
        InvalidFieldError: no readable reason.
    """
    if actor is not None:
        actor.require(Permission.MANAGE_USERS)
        if actor.user_id == user_id:
            raise ForbiddenError(
                "不能重置自己的第二验证方式。",
                "Nobody resets their own second factor.",
                next_step_zh="请在“我的账号”页面更换，或请其他管理员重置。",
                next_step_en="Replace it on the page My account, or ask another administrator.",
            )
    row = session.scalar(select(UserRow).where(UserRow.id == user_id).with_for_update())
    if row is None:
        raise NotFoundError("user", user_id)
    settled, now = checked_reason(reason), clock.now()
    remove_all(session, row.id, now)
    revoke_sessions(session, row.id, now)
    end_keys(session, actor, row.id, now)
    record_event(
        session,
        Event(
            kind=EventKind.SECOND_FACTOR_RESET,
            at=now,
            actor=actor,
            data={"user": str(row.id), "reason": settled},
            subjects=(
                Subject(SubjectKey.USER, str(row.id)),
                Subject(SubjectKey.ORGANISATION, str(row.organisation_id)),
            ),
        ),
    )
