"""What the demonstration registered, by the names its tables use."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from waybill.registry.access import ROLE_PERMISSIONS, Actor, Role

OPERATOR: Final = UUID(int=0)
"""Who the log names where the installation itself acts, before there is any account."""


@dataclass(slots=True)
class Register:
    """What was registered, by the names the demonstration's tables use."""

    organisations: dict[str, UUID] = field(default_factory=dict)
    vehicles: dict[str, UUID] = field(default_factory=dict)
    tanks: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)
    users: dict[str, Actor] = field(default_factory=dict)
    facility: UUID = OPERATOR
    bays: list[UUID] = field(default_factory=list)


def acting(role: Role, organisation_id: UUID) -> Actor:
    """Return the operator acting for an organisation while the register is filled."""
    return Actor(
        user_id=OPERATOR,
        organisation_id=organisation_id,
        role=role,
        permissions=ROLE_PERMISSIONS[role],
    )
