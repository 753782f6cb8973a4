"""API keys: for machines, in the name of an account, within scopes, until a date.

A key reads `wbk_<prefix>_<secret>`. The prefix is looked up and shown in lists; the secret is
shown once and kept as its hash only.

A machine does not know its owner's password, so keys outlive a change of it and a sign-out
everywhere unless their owner ends them then; what an administrator does to an account ends them.
"""

import hmac
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.errors import FieldProblem, InvalidFieldError, NotFoundError
from waybill.registry.access import ROLE_PERMISSIONS, Actor, Permission
from waybill.services.identity.access import actor_of, refused_token
from waybill.services.identity.secrets import Purpose, new_token, token_hash
from waybill.services.identity.sessions import lock_account
from waybill.services.paging import Page, PageRequest, page_of
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import ApiKeyRow, UserRow

KEY_MARK: Final = "wbk_"
MAX_LIFETIME: Final = timedelta(days=366)
ACCOUNT_ONLY: Final = frozenset(
    {
        Permission.MANAGE_OWN_KEYS,
        Permission.WRITE_OWN_ACCOUNT,
        Permission.MANAGE_USERS,
        Permission.WRITE_DEVICES,
        Permission.CONSENT_LOADING,
        Permission.OVERRIDE_PLANT_ITEM,
        Permission.APPROVE_MEASURE,
        Permission.DECIDE_ERASURE,
    }
)
"""What no key may do: one that is lost could make itself another key, guess at the password, make
itself an account, or a tablet and somebody's badge; and no second factor is asked of a key. And
what asks for a second person's own word: a program that says yes is nobody."""
_SHAPE: Final = re.compile(r"wbk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key as its owner sees it. `secret` is there once, when it is made."""

    id: UUID
    label: str
    prefix: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewApiKey:
    """What somebody asks for: a label, the permissions it needs, and its end."""

    label: str
    scopes: tuple[Permission, ...]
    expires_at: datetime


def create_api_key(session: Session, actor: Actor, wanted: NewApiKey, *, clock: Clock) -> ApiKey:
    """Make a key for the acting account, which is locked: what ends its keys ends this one too.

    Raises:
        AuthenticationError: the account does not count any more.
        InvalidFieldError: a scope that the account does not have itself or that no key may have,
            no scope, or an end that is past or more than 366 days away.
    """
    now = clock.now()
    problems = [*_scope_problems(wanted, actor), *_expiry_problems(wanted, now)]
    if problems:
        raise InvalidFieldError(problems)
    if lock_account(session, actor.user_id) is None:
        raise refused_token()
    prefix, secret = secrets.token_hex(6), new_token()
    row = ApiKeyRow(
        user_id=actor.user_id,
        created_at=now,
        label=wanted.label,
        prefix=prefix,
        secret_hash=token_hash(Purpose.API_KEY, secret),
        scopes=sorted({scope.value for scope in wanted.scopes}),
        expires_at=wanted.expires_at,
    )
    session.add(row)
    session.flush()
    _record(session, EventKind.API_KEY_CREATED, actor, row, now)
    return replace(_api_key(row), secret=f"{KEY_MARK}{prefix}_{secret}")


def list_api_keys(session: Session, actor: Actor, request: PageRequest) -> Page[ApiKey]:
    """Return the acting account's own keys, newest first."""
    wanted = select(ApiKeyRow).where(ApiKeyRow.user_id == actor.user_id)
    if request.after is not None:
        wanted = wanted.where(ApiKeyRow.id < request.after)
    rows = session.scalars(wanted.order_by(ApiKeyRow.id.desc()).limit(request.limit + 1)).all()
    return page_of(rows, request, item=_api_key, key=lambda row: row.id)


def revoke_api_key(session: Session, actor: Actor, key_id: UUID, *, clock: Clock) -> None:
    """Take one of the acting account's keys out of use, at once. Repeating it changes nothing.

    Raises:
        NotFoundError: the account has no such key.
    """
    row = session.scalar(
        select(ApiKeyRow)
        .where(ApiKeyRow.id == key_id, ApiKeyRow.user_id == actor.user_id)
        .with_for_update()
    )
    if row is None:
        raise NotFoundError("api-key", key_id)
    if row.revoked_at is None:
        row.revoked_at = clock.now()
        _record(session, EventKind.API_KEY_REVOKED, actor, row, row.revoked_at)


def keys_in_force(session: Session, actor: Actor, *, clock: Clock) -> tuple[ApiKey, ...]:
    """Return the acting account's own keys that count, newest first."""
    found = session.scalars(_in_force(actor.user_id, clock.now()))
    return tuple(_api_key(row) for row in found)


def end_own_keys(session: Session, actor: Actor, *, clock: Clock) -> None:
    """Take every key of the acting account out of use, at once. Repeating it changes nothing."""
    lock_account(session, actor.user_id)
    end_keys(session, actor, actor.user_id, clock.now())


def end_keys(session: Session, actor: Actor | None, user_id: UUID, now: datetime) -> None:
    """Take every key of an account out of use; the caller holds the account's lock."""
    for row in session.scalars(_in_force(user_id, now).with_for_update()).all():
        row.revoked_at = now
        _record(session, EventKind.API_KEY_REVOKED, actor, row, now)


def authenticate_api_key(session: Session, text: str, *, now: datetime) -> Actor:
    """Return who a key acts for, with the rights that role and scopes both give.

    Raises:
        AuthenticationError: the key is unknown, ended or revoked, or its account is inactive.
    """
    shape = _SHAPE.fullmatch(text)
    if shape is None:
        raise refused_token()
    found = session.execute(
        select(ApiKeyRow, UserRow)
        .join(UserRow, UserRow.id == ApiKeyRow.user_id)
        .where(ApiKeyRow.prefix == shape[1])
    ).one_or_none()
    given = token_hash(Purpose.API_KEY, shape[2])
    if found is None or not hmac.compare_digest(found[0].secret_hash, given):
        raise refused_token()
    key, user = found
    if key.revoked_at is not None or key.expires_at <= now or not user.active:
        raise refused_token()
    scopes = frozenset(key.scopes)
    allowed = frozenset(p for p in ROLE_PERMISSIONS[user.role] - ACCOUNT_ONLY if p.value in scopes)
    return replace(actor_of(user), permissions=allowed)


def _in_force(user_id: UUID, now: datetime) -> Select[ApiKeyRow]:
    return (
        select(ApiKeyRow)
        .where(
            ApiKeyRow.user_id == user_id,
            ApiKeyRow.revoked_at.is_(None),
            ApiKeyRow.expires_at > now,
        )
        .order_by(ApiKeyRow.id.desc())
    )


def _scope_problems(wanted: NewApiKey, actor: Actor) -> list[FieldProblem]:
    if not wanted.scopes:
        return [
            FieldProblem(
                pointer="/scopes",
                code="required",
                message_zh="至少需要一项权限。",
                message_en="At least one permission is needed.",
            )
        ]
    kept = [
        FieldProblem(
            pointer=f"/scopes/{place}",
            code="scope-not-for-keys",
            message_zh=f"“{scope.value}”只限本人登录后使用，不能授予密钥。",
            message_en=f"{scope.value} is for people who signed in, never for a key.",
        )
        for place, scope in enumerate(wanted.scopes)
        if scope in ACCOUNT_ONLY
    ]
    return kept + [
        FieldProblem(
            pointer=f"/scopes/{place}",
            code="scope-not-yours",
            message_zh=f"当前账号没有“{scope.value}”权限，不能授予。",
            message_en=f"This account lacks {scope.value} and cannot pass it on.",
        )
        for place, scope in enumerate(wanted.scopes)
        if scope not in actor.permissions
    ]


def _expiry_problems(wanted: NewApiKey, now: datetime) -> list[FieldProblem]:
    if now < wanted.expires_at <= now + MAX_LIFETIME:
        return []
    return [
        FieldProblem(
            pointer="/expires_at",
            code="expiry-out-of-range",
            message_zh=f"到期时间须晚于现在，且不超过 {MAX_LIFETIME.days} 天。",
            message_en=f"The end must be later than now and within {MAX_LIFETIME.days} days.",
        )
    ]


def _record(
    session: Session, kind: EventKind, actor: Actor | None, row: ApiKeyRow, now: datetime
) -> None:
    data = {"key": str(row.id), "prefix": row.prefix, "scopes": row.scopes}
    subjects = (Subject(SubjectKey.USER, str(row.user_id)),)
    record_event(session, Event(kind=kind, at=now, actor=actor, data=data, subjects=subjects))


def _api_key(row: ApiKeyRow) -> ApiKey:
    return ApiKey(
        id=row.id,
        label=row.label,
        prefix=row.prefix,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )
