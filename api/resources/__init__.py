"""The resources of the API: one module each, none importing another, listed here."""

from typing import Final

from api.blueprint import Blueprint
from api.resources import (
    api_keys,
    assessments,
    bays,
    black_list,
    cards,
    certificates,
    checks,
    codes,
    dangerous_goods,
    directory,
    edition_previews,
    events,
    facilities,
    keys,
    organisations,
    people,
    replays,
    rules,
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
    rules.blueprint,
    directory.blueprint,
    organisations.blueprint,
    facilities.blueprint,
    bays.blueprint,
    vehicles.blueprint,
    tanks.blueprint,
    people.blueprint,
    certificates.blueprint,
    black_list.blueprint,
    cards.blueprint,
    waybills.blueprint,
    checks.blueprint,
    assessments.blueprint,
    codes.blueprint,
    keys.blueprint,
    events.blueprint,
    replays.blueprint,
    edition_previews.blueprint,
)
"""In the order in which the API's description shows them."""
