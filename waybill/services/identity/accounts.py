"""Accounts: who may come in, made and changed by an administrator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from waybill.clock import Clock
from waybill.codec import JsonValue, new_id
from waybill.errors import (
    DuplicateError,
    FieldProblem,
    ForbiddenError,
    InvalidFieldError,
    NotFoundError,
    PreconditionFailedError,
)
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import OrganisationRole, SubjectKind
from waybill.registry.personal import Holder
from waybill.services.identity.api_keys import end_keys
from waybill.services.identity.passwords import check_new_password, hash_password
from waybill.services.identity.sessions import revoke_sessions
from waybill.services.paging import Page, PageRequest, page_of
from waybill.storage.devices import BadgeRow
from waybill.storage.events import Event, EventKind, Subject, SubjectKey, record_event
from waybill.storage.identity import UserRow
from waybill.storage.personal import PersonalVault
from waybill.storage.registry import OrganisationRow, PersonRow

NAME_FIELD: Final = "user-name"

ROLE_NEEDS: Final[Mapping[Role, OrganisationRole]] = {
    Role.CARRIER: OrganisationRole.CARRIER,
    Role.LOADER: OrganisationRole.LOADER,
    Role.SUPERVISOR: OrganisationRole.LOADER,
    Role.CONSIGNOR: OrganisationRole.CONSIGNOR,
    Role.CONSIGNEE: OrganisationRole.CONSIGNEE,
    Role.AUDITOR: OrganisationRole.AUTHORITY,
    Role.SENIOR_AUDITOR: OrganisationRole.AUTHORITY,
    Role.INSPECTOR: OrganisationRole.AUTHORITY,
    Role.ADMIN: OrganisationRole.AUTHORITY,
}
"""What an organisation must be, so that its account may have a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """An account as an administrator sees it; the person's name is not shown."""

    id: UUID
    username: str
    role: Role
    organisation_id: UUID
    person_id: UUID | None
    active: bool
    created_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """What a new account needs. `name` is the person's, kept as a personal value."""

    username: str
    password: str = field(repr=False)
    role: Role
    organisation_id: UUID
    name: str | None = field(default=None, repr=False)
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserChange:
    """What an administrator changes; `None` leaves as it is."""

    active: bool | None = None
    role: Role | None = None
    password: str | None = field(default=None, repr=False)


def create_user(
    session: Session, actor: Actor | None, new: NewUser, *, vault: PersonalVault, clock: Clock
) -> User:
    """Make an account. `actor` is `None` where the installation's operator does it by command.

    Raises:
        InvalidFieldError: the password, the organisation, the person or the role does not fit.
        DuplicateError: the name is taken.
    """
    now = clock.now()
    check_new_password(new.password, new.username)
    _check_fit(session, new.role, new.organisation_id)
    _check_person(session, new)
    user_id = new_id()
    row = UserRow(
        id=user_id,
        organisation_id=new.organisation_id,
        created_at=now,
        username=new.username,
        password_hash=hash_password(new.password),
        role=new.role,
        name_ref=_protect_name(session, user_id, new, vault, now),
        person_id=new.person_id,
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        raise DuplicateError(
            "该账号名已被使用。", "This account name is taken.", pointer="/username"
        ) from error
    data = {"role": row.role.value, "organisation": str(row.organisation_id), "name": row.name_ref}
    _record(session, EventKind.USER_CREATED, actor, row, data, now=now)
    return _user(row)


def get_user(session: Session, user_id: UUID) -> User:
    """Return an account.

    Raises:
        NotFoundError: there is none.
    """
    row = session.get(UserRow, user_id)
    if row is None:
        raise NotFoundError("user", user_id)
    return _user(row)


def list_users(session: Session, request: PageRequest) -> Page[User]:
    """Return all accounts in the order of their making."""
    wanted = select(UserRow)
    if request.after is not None:
        wanted = wanted.where(UserRow.id > request.after)
    rows = session.scalars(wanted.order_by(UserRow.id).limit(request.limit + 1)).all()
    return page_of(rows, request, item=_user, key=lambda row: row.id)


def change_user(
    session: Session,
    actor: Actor | None,
    user_id: UUID,
    change: UserChange,
    *,
    expected_version: int,
    clock: Clock,
) -> User:
    """Change an account; each change ends all its sessions and API keys.

    A suspension takes the badge too: whoever comes back gets new ones.

    Raises:
        NotFoundError: there is none.
        PreconditionFailedError: it is no longer the version that was seen.
        InvalidFieldError: the role does not fit the organisation, or the password is too weak.
        ForbiddenError: it is one's own password, which is changed with the old one.
    """
    if actor is not None and actor.user_id == user_id and change.password is not None:
        raise ForbiddenError(
            "自己的密码不能在此更改。",
            "Nobody changes their own password here.",
            next_step_zh="请在“我的账号”页面用原密码更改。",
            next_step_en="Change it on the page My account, with the old one.",
        )
    row = session.scalar(select(UserRow).where(UserRow.id == user_id).with_for_update())
    if row is None:
        raise NotFoundError("user", user_id)
    if row.version != expected_version:
        raise PreconditionFailedError(current_version=row.version)
    now = clock.now()
    changed = _apply(session, row, change)
    if changed:
        row.credentials_changed_at = now
        session.flush()
        revoke_sessions(session, row.id, now)
        end_keys(session, actor, row.id, now)
        if not row.active:
            _take_badge(session, actor, row, now)
        _record(session, EventKind.USER_CHANGED, actor, row, {"changed": changed}, now=now)
    return _user(row)


def _take_badge(session: Session, actor: Actor | None, row: UserRow, now: datetime) -> None:
    taken = delete(BadgeRow).where(BadgeRow.user_id == row.id).returning(BadgeRow.user_id)
    if session.scalar(taken) is not None:
        _record(session, EventKind.BADGE_WITHDRAWN, actor, row, {"made": "nothing"}, now=now)


def _apply(session: Session, row: UserRow, change: UserChange) -> list[str]:
    changed = []
    if change.active is not None and change.active != row.active:
        row.active = change.active
        changed.append("active")
    if change.role is not None and change.role is not row.role:
        _check_fit(session, change.role, row.organisation_id)
        row.role = change.role
        changed.append("role")
    if change.password is not None:
        check_new_password(change.password, row.username)
        row.password_hash = hash_password(change.password)
        changed.append("password")
    return changed


def _protect_name(
    session: Session, user_id: UUID, new: NewUser, vault: PersonalVault, now: datetime
) -> str | None:
    if new.name is None:
        return None
    holder = Holder(kind=SubjectKind.USER, id=user_id, organisation_id=new.organisation_id)
    return vault.protect(session, NAME_FIELD, new.name, now, holder=holder)


def _check_fit(session: Session, role: Role, organisation_id: UUID) -> None:
    organisation = session.get(OrganisationRow, organisation_id)
    if organisation is None:
        raise InvalidFieldError(
            [_problem("/organisation_id", "unknown", "没有该单位。", "No such organisation.")]
        )
    needed = ROLE_NEEDS[role]
    if needed.value not in organisation.roles:
        raise InvalidFieldError(
            [
                _problem(
                    "/role",
                    "role-does-not-fit",
                    "该单位不具备此角色所需的身份。",
                    f"The organisation is no {needed.value}.",
                )
            ]
        )


def _check_person(session: Session, new: NewUser) -> None:
    if new.person_id is None:
        return
    person = session.get(PersonRow, new.person_id)
    if person is None or person.organisation_id != new.organisation_id:
        raise InvalidFieldError(
            [_problem("/person_id", "unknown", "该单位没有此人员。", "No such person there.")]
        )


def _problem(pointer: str, code: str, zh: str, en: str) -> FieldProblem:
    return FieldProblem(pointer=pointer, code=code, message_zh=zh, message_en=en)


def _record(
    session: Session,
    kind: EventKind,
    actor: Actor | None,
    row: UserRow,
    data: Mapping[str, "str | Sequence[str] | None"],
    *,
    now: datetime,
) -> None:
    body: Mapping[str, JsonValue] = {"user": str(row.id), **data}
    subjects = (
        Subject(SubjectKey.USER, str(row.id)),
        Subject(SubjectKey.ORGANISATION, str(row.organisation_id)),
    )
    record_event(session, Event(kind=kind, at=now, actor=actor, data=body, subjects=subjects))


def _user(row: UserRow) -> User:
    return User(
        id=row.id,
        username=row.username,
        role=row.role,
        organisation_id=row.organisation_id,
        person_id=row.person_id,
        active=row.active,
        created_at=row.created_at,
        version=row.version,
    )
