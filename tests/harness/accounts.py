"""Organisations and one account per role, for tests of the API."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from waybill.codec import new_id
from waybill.registry.access import Actor, Role
from waybill.registry.kinds import OrganisationRole
from waybill.services.identity.access import (
    AccessClaims,
    actor_of,
    credentials_version,
    issue_access_token,
)
from waybill.services.identity.secrets import Purpose, token_hash
from waybill.settings import Settings
from waybill.storage.identity import RefreshTokenRow, UserRow
from waybill.storage.registry import OrganisationRow

PASSWORD: Final = "correct horse battery"
SignIn = Callable[[Role | str], dict[str, str]]
"""Gives the headers of an account."""

OTHER_CARRIER: Final = "other-carrier"
"""Name of a second carrier's account, which must not see what is the first's."""
OTHER_SENIOR: Final = "other-senior-auditor"
"""Name of a second senior auditor's account, for what two of them must decide."""

ORGANISATIONS: Final = {
    "plant": (
        "91320800MA1AAAAA05",
        "淮安盐化有限公司",
        [OrganisationRole.LOADER, OrganisationRole.CONSIGNOR, OrganisationRole.CONSIGNEE],
    ),
    "carrier": ("91320800MA1BBBBB0D", "淮安危货运输有限公司", [OrganisationRole.CARRIER]),
    "other-carrier": ("91320800MA1CCCCC0M", "洪泽危货运输有限公司", [OrganisationRole.CARRIER]),
    "authority": ("11320800MA1DDDDD06", "淮安市交通运输局", [OrganisationRole.AUTHORITY]),
}
HOME: Final = {
    Role.CARRIER: "carrier",
    Role.LOADER: "plant",
    Role.SUPERVISOR: "plant",
    Role.CONSIGNOR: "plant",
    Role.CONSIGNEE: "plant",
    Role.AUDITOR: "authority",
    Role.SENIOR_AUDITOR: "authority",
    Role.INSPECTOR: "authority",
    Role.ADMIN: "authority",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounts:
    """What was seeded. Accounts are known by name: a role's value, `other-carrier` or
    `other-senior-auditor`."""

    organisations: dict[str, UUID]
    users: dict[str, UserRow]

    def actor(self, name: str) -> Actor:
        """Return who an account is."""
        return actor_of(self.users[name])


@cache
def password_hash() -> str:
    """Return the hash of `PASSWORD`, with the product's own parameters so that it stays."""
    hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
    return hasher.hash(PASSWORD)


def seed_accounts(session: Session, now: datetime) -> Accounts:
    """Write four organisations and an account of each role; of two roles one more."""
    organisations = {
        name: OrganisationRow(
            created_at=now, uscc=uscc, name=title, roles=[role.value for role in roles]
        )
        for name, (uscc, title, roles) in ORGANISATIONS.items()
    }
    session.add_all(organisations.values())
    session.flush()
    homes = {role.value: (role, home) for role, home in HOME.items()}
    homes[OTHER_CARRIER] = (Role.CARRIER, OTHER_CARRIER)
    homes[OTHER_SENIOR] = (Role.SENIOR_AUDITOR, "authority")
    users = {
        name: UserRow(
            organisation_id=organisations[home].id,
            created_at=now,
            username=name,
            password_hash=password_hash(),
            role=role,
        )
        for name, (role, home) in homes.items()
    }
    session.add_all(users.values())
    session.flush()
    return Accounts(
        organisations={name: row.id for name, row in organisations.items()}, users=users
    )


def access_token(session: Session, user: UserRow, *, settings: Settings, now: datetime) -> str:
    """Return a token as signing in gives it, without the time that hashing takes."""
    family = new_id()
    session.add(
        RefreshTokenRow(
            family=family,
            user_id=user.id,
            token_hash=token_hash(Purpose.REFRESH_TOKEN, str(family)),
            created_at=now,
            expires_at=now + settings.refresh_token_lifetime,
        )
    )
    session.flush()
    claims = AccessClaims(
        user_id=user.id, family=family, credentials_version=credentials_version(user)
    )
    return issue_access_token(claims, settings=settings, now=now)
