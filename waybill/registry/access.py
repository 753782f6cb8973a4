"""Who may do what: roles, permissions and the table between them. Closed by default."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from waybill.errors import ForbiddenError


class Role(StrEnum):
    """What an account is for; one each."""

    CARRIER = "carrier"
    LOADER = "loader"
    SUPERVISOR = "supervisor"
    CONSIGNOR = "consignor"
    CONSIGNEE = "consignee"
    AUDITOR = "auditor"
    SENIOR_AUDITOR = "senior-auditor"
    INSPECTOR = "inspector"
    ADMIN = "admin"


class Permission(StrEnum):
    """One thing that can be allowed. Names are the scopes of API keys and stay for ever."""

    READ_GOODS = "goods:read"
    READ_DIRECTORY = "directory:read"
    READ_REGISTRY = "registry:read"
    WRITE_REGISTRY = "registry:write"
    SUSPEND_CREDENTIAL = "credential:suspend"
    READ_PERSONAL = "personal:read"
    READ_RESTRICTED = "personal:restricted"
    READ_ERASURE = "erasure:read"
    REQUEST_ERASURE = "erasure:request"
    DECIDE_ERASURE = "erasure:decide"
    READ_RETENTION = "retention:read"
    READ_REPORTS = "reports:read"
    WRITE_REPORTS = "reports:write"
    WRITE_ORGANISATIONS = "organisations:write"
    WRITE_FACILITIES = "facilities:write"
    READ_WAYBILL = "waybill:read"
    WRITE_WAYBILL = "waybill:write"
    ISSUE_WAYBILL = "waybill:issue"
    CANCEL_WAYBILL = "waybill:cancel"
    READ_CHECK = "check:read"
    CHECK_LOADING = "check:write"
    RELEASE_LOAD = "check:release"
    OVERRIDE_PLANT_ITEM = "check:override"
    CONSENT_LOADING = "check:consent"
    READ_COACHING = "coaching:read"
    ASSESS = "assessments:write"
    PREVIEW_EDITION = "editions:preview"
    VERIFY_CODE = "code:verify"
    READ_EVENTS = "events:read"
    READ_STATISTICS = "statistics:read"
    EXPORT_EVENTS = "events:export"
    WRITE_BLACK_LIST = "black-list:write"
    READ_BLACK_LIST = "black-list:read"
    READ_CASES = "cases:read"
    WRITE_CASES = "cases:write"
    ANSWER_CORRECTION = "corrections:answer"
    READ_MEASURES = "measures:read"
    PROPOSE_MEASURE = "measures:propose"
    APPROVE_MEASURE = "measures:approve"
    READ_DEVICES = "devices:read"
    WRITE_DEVICES = "devices:write"
    MANAGE_USERS = "users:write"
    MANAGE_OWN_KEYS = "api-keys:write"
    READ_OWN_ACCOUNT = "account:read"
    WRITE_OWN_ACCOUNT = "account:write"


_EVERYONE = frozenset(
    {
        Permission.READ_GOODS,
        Permission.READ_DIRECTORY,
        Permission.VERIFY_CODE,
        Permission.MANAGE_OWN_KEYS,
        Permission.READ_OWN_ACCOUNT,
        Permission.WRITE_OWN_ACCOUNT,
    }
)

_DESK: Final = frozenset(
    {
        Permission.READ_CASES,
        Permission.WRITE_CASES,
        Permission.READ_MEASURES,
        Permission.PROPOSE_MEASURE,
        Permission.READ_BLACK_LIST,
    }
)
"""What every auditor does with cases and measures; approving is a senior auditor's."""

ROLE_PERMISSIONS: Final[Mapping[Role, frozenset[Permission]]] = {
    Role.CARRIER: _EVERYONE
    | {
        Permission.READ_REGISTRY,
        Permission.WRITE_REGISTRY,
        Permission.READ_PERSONAL,
        Permission.READ_ERASURE,
        Permission.REQUEST_ERASURE,
        Permission.READ_WAYBILL,
        Permission.WRITE_WAYBILL,
        Permission.ISSUE_WAYBILL,
        Permission.CANCEL_WAYBILL,
        Permission.READ_CHECK,
        Permission.ASSESS,
        Permission.ANSWER_CORRECTION,
    },
    Role.LOADER: _EVERYONE
    | {
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.CHECK_LOADING,
        Permission.RELEASE_LOAD,
        Permission.OVERRIDE_PLANT_ITEM,
        Permission.ASSESS,
    },
    Role.SUPERVISOR: _EVERYONE
    | {
        Permission.READ_REGISTRY,
        Permission.WRITE_REGISTRY,
        Permission.READ_PERSONAL,
        Permission.READ_ERASURE,
        Permission.REQUEST_ERASURE,
        Permission.WRITE_FACILITIES,
        Permission.READ_DEVICES,
        Permission.WRITE_DEVICES,
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.CHECK_LOADING,
        Permission.RELEASE_LOAD,
        Permission.OVERRIDE_PLANT_ITEM,
        Permission.CONSENT_LOADING,
        Permission.READ_COACHING,
        Permission.ASSESS,
    },
    Role.CONSIGNOR: _EVERYONE | {Permission.READ_WAYBILL},
    Role.CONSIGNEE: _EVERYONE | {Permission.READ_WAYBILL},
    Role.AUDITOR: _EVERYONE
    | _DESK
    | {
        Permission.READ_REGISTRY,
        Permission.READ_ERASURE,
        Permission.READ_RETENTION,
        Permission.READ_REPORTS,
        Permission.WRITE_REPORTS,
        Permission.READ_DEVICES,
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.READ_EVENTS,
        Permission.READ_STATISTICS,
        Permission.EXPORT_EVENTS,
        Permission.ASSESS,
        Permission.PREVIEW_EDITION,
    },
    Role.SENIOR_AUDITOR: _EVERYONE
    | _DESK
    | {
        Permission.READ_REGISTRY,
        Permission.READ_PERSONAL,
        Permission.READ_RESTRICTED,
        Permission.READ_ERASURE,
        Permission.DECIDE_ERASURE,
        Permission.READ_RETENTION,
        Permission.READ_REPORTS,
        Permission.WRITE_REPORTS,
        Permission.SUSPEND_CREDENTIAL,
        Permission.READ_DEVICES,
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.READ_EVENTS,
        Permission.READ_STATISTICS,
        Permission.EXPORT_EVENTS,
        Permission.ASSESS,
        Permission.PREVIEW_EDITION,
        Permission.APPROVE_MEASURE,
        Permission.WRITE_BLACK_LIST,
    },
    Role.INSPECTOR: _EVERYONE
    | {
        Permission.READ_DEVICES,
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.ASSESS,
    },
    Role.ADMIN: _EVERYONE
    | {
        Permission.READ_REGISTRY,
        Permission.READ_ERASURE,
        Permission.REQUEST_ERASURE,
        Permission.DECIDE_ERASURE,
        Permission.READ_RETENTION,
        Permission.READ_REPORTS,
        Permission.WRITE_ORGANISATIONS,
        Permission.PREVIEW_EDITION,
        Permission.READ_DEVICES,
        Permission.MANAGE_USERS,
    },
}

AT_A_BAY: Final = frozenset(
    {
        Permission.READ_GOODS,
        Permission.READ_DIRECTORY,
        Permission.READ_REGISTRY,
        Permission.READ_OWN_ACCOUNT,
        Permission.VERIFY_CODE,
        Permission.READ_WAYBILL,
        Permission.READ_CHECK,
        Permission.CHECK_LOADING,
        Permission.CONSENT_LOADING,
        Permission.RELEASE_LOAD,
        Permission.OVERRIDE_PLANT_ITEM,
        Permission.ASSESS,
    }
)
"""What somebody may do who signed on at a tablet with badge and PIN, as far as the role allows it.

Six digits on a shared screen open the work at the bay; what outlives the session (keys, passwords,
other tablets) and personal values in clear need the account's password.
"""


class Department(StrEnum):
    """Authorities that will read along. No account has one of these yet: they are not roles."""

    POLICE = "police"
    EMERGENCY_MANAGEMENT = "emergency-management"
    ECOLOGY = "ecology"
    MARKET_REGULATION = "market-regulation"
    INDUSTRY = "industry"


_READING: Final = _EVERYONE | {Permission.READ_WAYBILL, Permission.READ_CHECK}

DEPARTMENT_PERMISSIONS: Final[Mapping[Department, frozenset[Permission]]] = {
    Department.POLICE: _READING
    | {Permission.READ_REGISTRY, Permission.READ_BLACK_LIST, Permission.READ_MEASURES},
    Department.EMERGENCY_MANAGEMENT: _READING | {Permission.READ_REGISTRY},
    Department.ECOLOGY: _READING,
    Department.MARKET_REGULATION: _READING | {Permission.READ_REGISTRY},
    Department.INDUSTRY: _READING,
}
"""What each department will be allowed, all of it reading; nobody has it before it is a role."""

OVERSIGHT: Final = frozenset({Role.AUDITOR, Role.SENIOR_AUDITOR, Role.INSPECTOR, Role.ADMIN})
"""Roles that see every organisation's issued waybills and records; never a draft."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who is acting: an account, its organisation, and what it may do right now.

    `permissions` are the role's, narrowed by an API key's scopes or to `AT_A_BAY`. `device_id` is
    the tablet at which the account signed on, `None` for who came in otherwise.
    """

    user_id: UUID
    organisation_id: UUID
    role: Role
    permissions: frozenset[Permission]
    person_id: UUID | None = None
    device_id: UUID | None = None

    @property
    def oversees(self) -> bool:
        """Whether the account belongs to an authority and sees beyond its organisation."""
        return self.role in OVERSIGHT

    def require(self, permission: Permission) -> None:
        """Refuse an act that this account is not allowed.

        Raises:
            ForbiddenError: names the permission.
        """
        if permission not in self.permissions:
            raise ForbiddenError(
                f"当前账号没有“{permission.value}”权限。",
                f"This account lacks the permission {permission.value}.",
                next_step_zh="请联系本单位管理员。",
                next_step_en="Ask the administrator of your organisation.",
            )
