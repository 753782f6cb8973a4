"""The resources of the API: one module each, none importing another, listed here."""

from typing import Final

from api.blueprint import Blueprint
from api.resources import (
    api_keys,
    bays,
    black_list,
    certificates,
    checks,
    dangerous_goods,
    directory,
    events,
    facilities,
    organisations,
    people,
    tanks,
    tokens,
    users,
    vehicles,
    waybills,
)

BLUEPRINTS: Final[tuple[Blueprint, ...]] = (
    tokens.blueprint,
    api_keys.blueprint,
    users.blueprint,
    dangerous_goods.blueprint,
    directory.blueprint,
    organisations.blueprint,
    facilities.blueprint,
    bays.blueprint,
    vehicles.blueprint,
    tanks.blueprint,
    people.blueprint,
    certificates.blueprint,
    black_list.blueprint,
    waybills.blueprint,
    checks.blueprint,
    events.blueprint,
)
"""In the order in which the API's description shows them."""
